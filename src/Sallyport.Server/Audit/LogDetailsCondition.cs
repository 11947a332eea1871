using System.Globalization;
using Sallyport.Protocols.UserQuery;
using Sallyport.Server.Search;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Audit;

/// <summary>
/// Conditions on a value in the details of an entry, by its path: <c>details.request.method</c>. In an array, any item can match. A word
/// matches a text, and a whole number or boolean with the same spelling; wildcards match texts only.
/// </summary>
internal sealed class LogDetailsCondition(SearchQuery query)
{
    private const string Root = "details";

    public static bool IsIn(string field) => field == Root || field.StartsWith(Root + ".", StringComparison.Ordinal);

    /// <summary>Null, an empty array and an empty object do not count as values.</summary>
    public string Exists(QueryField field) =>
        field.Name == Root ? "l.details IS NOT NULL" : $"CAST({Value(Keys(field))} AS text) NOT IN ('null', '[]', '{{}}')";

    public string Matches(QueryField field, TermPattern pattern)
    {
        var keys = Keys(field);
        var test = TextTest.Of(query, pattern);
        var word = pattern.IsExact ? pattern.Pieces[0] : null;
        return query.Engine switch
        {
            Engine.PostgreSql => $"""
                EXISTS (SELECT 1 FROM (SELECT {Value(keys)} AS value OFFSET 0) f, json_array_elements(
                CASE json_typeof(f.value) WHEN 'array' THEN f.value ELSE json_build_array(f.value) END) AS i(value)
                WHERE json_typeof(i.value) IN ('string'{(IsWhole(word) ? ", 'number'" : "")}{(IsBoolean(word) ? ", 'boolean'" : "")})
                AND i.value #>> array[]::text[] {test})
                """,
            Engine.Sqlite => $"""
                EXISTS (SELECT 1 FROM (SELECT {query.Add(Path(keys))} AS path) f, json_each(l.details, f.path) i
                WHERE json_type(l.details, f.path) <> 'object'
                AND i.type IN ('text'{(IsWhole(word) ? ", 'integer'" : "")}{(IsBoolean(word) ? $", '{word}'" : "")})
                AND CASE i.type WHEN 'text' THEN i.atom WHEN 'integer' THEN CAST(i.atom AS text) ELSE i.type END {test})
                """,
        };
    }

    /// <summary>The value as JSON. PostgreSQL cannot read details that hold a NUL, which a request path can contain.</summary>
    private string Value(string[] keys) => query.Engine switch
    {
        Engine.PostgreSql =>
            $"(CASE WHEN strpos(l.details, '\\u0000') = 0 THEN CAST(l.details AS json) END -> {string.Join(" -> ", keys.Select(key => query.Add(key)))})",
        Engine.Sqlite => $"(l.details -> {query.Add(Path(keys))})",
    };

    private static string Path(string[] keys) => "$" + string.Concat(keys.Select(key => $".\"{key}\""));

    private static string[] Keys(QueryField field)
    {
        var keys = field.Name.Split('.')[1..];
        return keys.Length > 0 && !keys.Any(key => key.Length == 0 || key.Any(c => c is '"' or '\\' || char.IsControl(c)))
            ? keys
            : throw new SearchException(field.Position, "A value in the details is named by its path, such as details.request.method");
    }

    /// <summary>In the spelling of JSON.</summary>
    private static bool IsWhole(string? word) =>
        long.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
        && number.ToString(CultureInfo.InvariantCulture) == word;

    private static bool IsBoolean(string? word) => word is "true" or "false";
}

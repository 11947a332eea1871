using System.Text;
using Sallyport.Protocols.UserQuery;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Search;

/// <summary>Translates a query to a condition that is evaluated row by row. The table that has the fields translates the clauses.</summary>
internal abstract class RowCondition
{
    public const string Everything = "1 = 1";
    public const string Nothing = "1 = 0";

    /// <exception cref="SearchException">The query names a field or form that cannot be searched.</exception>
    public string OneByOne(QueryNode node) => node switch
    {
        AndNode and => Join(" AND ", and.Nodes.Select(OneByOne)),
        OrNode or => Join(" OR ", or.Nodes.Select(OneByOne)),
        // A clause on a missing value is neither true nor false.
        NotNode not => $"({OneByOne(not.Node)}) IS NOT TRUE",
        _ => Clause(node),
    };

    protected abstract string Clause(QueryNode node);

    protected static string Join(string between, IEnumerable<string> conditions) => $"({string.Join(between, conditions)})";
}

/// <summary>The part of a condition after a text column: compares it with a pattern, case-sensitively.</summary>
internal static class TextTest
{
    public static string Of(SearchQuery query, TermPattern pattern) =>
        pattern.IsExact ? $"= {query.Add(pattern.Pieces[0])}" : Like(query, pattern.Pieces);

    /// <param name="pieces">The texts between the wildcards.</param>
    public static string Like(SearchQuery query, IEnumerable<string> pieces) => query.Engine switch
    {
        Engine.PostgreSql => $"LIKE {query.Add(string.Join('%', pieces.Select(EscapeLike)))}",
        // LIKE ignores case on SQLite.
        Engine.Sqlite => $"GLOB {query.Add(string.Join('*', pieces.Select(EscapeGlob)))}",
    };

    private static string EscapeLike(string piece) => Escape(piece, "\\%_", c => "\\" + c);

    private static string EscapeGlob(string piece) => Escape(piece, "*?[", c => $"[{c}]");

    private static string Escape(string piece, string special, Func<char, string> escape)
    {
        var escaped = new StringBuilder(piece.Length);
        foreach (var c in piece)
        {
            escaped.Append(special.Contains(c, StringComparison.Ordinal) ? escape(c) : c.ToString());
        }

        return escaped.ToString();
    }
}

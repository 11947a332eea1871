using System.Text.RegularExpressions;
using Sallyport.Server.Http;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Users.Search;

/// <summary>In which order users are listed. The id decides between equals, so that pages neither overlap nor leave anybody out.</summary>
internal sealed partial record UserOrder(SearchField Field, bool IsDescending)
{
    private static readonly UserOrder Oldest = new(SearchFields.Find("created_at")!, IsDescending: false);

    /// <returns>Null where any order will do.</returns>
    /// <exception cref="ApiException">400 that names the parameter.</exception>
    public static UserOrder? Read(IQueryCollection query)
    {
        var isPrimary = QueryValues.Bool(query, "primary_order", fallback: true);
        if (QueryValues.Text(query, "sort") is not { } sort)
        {
            return isPrimary ? Oldest : null;
        }

        var match = SortPattern().Match(sort);
        return match.Success && SearchFields.Find(match.Groups[1].Value) is { IsSortable: true } field
            ? new UserOrder(field, match.Groups[2].Value == "-1")
            : throw new ApiException(ApiError.Query("Must be field:1 or field:-1 with a sortable field", "sort"));
    }

    /// <summary>A value that is missing sorts before all others.</summary>
    public string ToSql(Engine engine)
    {
        var direction = IsDescending ? " DESC" : "";
        if (Field.Column == "user_id")
        {
            return $"ORDER BY u.user_id{(engine == Engine.PostgreSql ? " COLLATE \"C\"" : "")}{direction}";
        }

        var nulls = !Field.IsNullable ? "" : IsDescending ? " NULLS LAST" : " NULLS FIRST";
        return $"ORDER BY u.{Field.Column}{direction}{nulls}, u.user_id{direction}";
    }

    [GeneratedRegex(@"^([a-zA-Z0-9_.]{1,40}):(1|-1)\z")]
    private static partial Regex SortPattern();
}

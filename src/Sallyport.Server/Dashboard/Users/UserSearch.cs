using Sallyport.Protocols.UserQuery;
using Sallyport.Server.Audit;
using Sallyport.Server.Http.Paging;
using Sallyport.Server.Search;
using Sallyport.Server.Users;
using Sallyport.Server.Users.Search;

namespace Sallyport.Server.Dashboard.Users;

/// <summary>What a person types in the search field: words, or a query.</summary>
internal sealed class UserSearch(UserQueries users)
{
    public const int PageSize = 25;

    /// <summary>Characters that have a meaning in the query language.</summary>
    private const string Special = "+-&|!(){}[]^\"~*?:\\/";

    private static readonly string[] Searched = ["email", "name", "given_name", "family_name", "username", "phone_number", "user_id"];

    /// <returns>Null if the search took too long.</returns>
    /// <exception cref="SearchException">The query cannot be read, or names a field that cannot be searched.</exception>
    public async ValueTask<UserPage?> RunAsync(CallContext call, string text, int page, CancellationToken cancellationToken)
    {
        var listing = new UserListing(new Page(page, PageSize, IncludeTotals: true), Connection: null, QueryOf(text), UserOrder.Newest);
        return await users.SearchAsync(call.Tenant, listing, cancellationToken);
    }

    /// <summary>A text without operators is searched for in the fields by which people are known.</summary>
    private static QueryNode? QueryOf(string text)
    {
        var words = text.Trim();
        return QueryParser.TryParse(IsQuery(words) ? words : Fields(words), QueryLimits.Default, out var node, out var error)
            ? node
            : throw new SearchException(error.Position, error.Message);
    }

    private static bool IsQuery(string text) =>
        text.Length == 0 || text.Contains(':', StringComparison.Ordinal) || text.Contains('"', StringComparison.Ordinal) || text.Contains('*', StringComparison.Ordinal)
        || text.Contains(" AND ", StringComparison.Ordinal) || text.Contains(" OR ", StringComparison.Ordinal) || text.StartsWith("NOT ", StringComparison.Ordinal);

    private static string Fields(string words)
    {
        var escaped = string.Concat(words.Select(c => Special.Contains(c, StringComparison.Ordinal) || c == ' ' ? $"\\{c}" : c.ToString()));
        return string.Join(" OR ", Searched.Select(field => $"{field}:{escaped}*"));
    }
}

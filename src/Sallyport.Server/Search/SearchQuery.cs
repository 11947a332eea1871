using Sallyport.Protocols.UserQuery;
using Sallyport.Server.Http;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Search;

/// <summary>The statements of one search, with the parameters of its condition.</summary>
internal sealed class SearchQuery(Engine engine, TenantId tenant)
{
    private readonly List<(string, SqlValue)> parameters = [("tenant_id", tenant.Value)];

    public Engine Engine => engine;

    /// <summary>The condition comes from the caller, so the statement is not cached.</summary>
    public bool IsMadeForOneRequest { get; init; } = true;

    /// <returns>The parameter as it is written in a statement.</returns>
    public string Add(SqlValue value)
    {
        var name = $"p{parameters.Count}";
        parameters.Add((name, value));
        return "@" + name;
    }

    public Statement ToStatement(string text, params (string, SqlValue)[] more) =>
        new(text, [.. parameters, .. more]) { IsMadeForOneRequest = IsMadeForOneRequest };
}

/// <summary>The text of the parameter <c>q</c>.</summary>
internal static class SearchText
{
    /// <returns>Null for an empty query.</returns>
    /// <exception cref="ApiException">400 that says what is wrong and where.</exception>
    public static QueryNode? Parse(string? text) =>
        QueryParser.TryParse(text ?? "", QueryLimits.Default, out var node, out var error)
            ? node
            : throw new ApiException(new SearchException(error.Position, error.Message).ToApiError());
}

/// <summary>A query that is well-formed but asks for something that cannot be searched.</summary>
/// <param name="position">The position of the character in the query, from 1.</param>
internal sealed class SearchException(int position, string message) : Exception($"{message}, at character {position}")
{
    public ApiError ToApiError() => ApiError.Query(Message, "q");
}

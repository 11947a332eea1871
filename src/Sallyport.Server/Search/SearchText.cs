using Sallyport.Protocols.UserQuery;

namespace Sallyport.Server.Search;

/// <summary>What callers write under <c>q</c>.</summary>
internal static class SearchText
{
    /// <returns>Null where nothing is asked for.</returns>
    /// <exception cref="Http.ApiException">400 that says what is not understood, and where.</exception>
    public static QueryNode? Parse(string? text) =>
        QueryParser.TryParse(text ?? "", QueryLimits.Default, out var node, out var error)
            ? node
            : throw SearchFault.At(error.Position, error.Message);
}

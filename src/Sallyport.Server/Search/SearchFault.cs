using Sallyport.Server.Http;

namespace Sallyport.Server.Search;

internal static class SearchFault
{
    /// <param name="position">Of the character in the query, counted from one.</param>
    public static ApiException At(int position, string message) => new(ApiError.Query($"{message}, at character {position}", "q"));
}

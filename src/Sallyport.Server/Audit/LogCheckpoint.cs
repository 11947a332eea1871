using Sallyport.Server.Http;

namespace Sallyport.Server.Audit;

/// <summary>Reading on through the whole log, oldest first (docs/management-api.md §E.3).</summary>
/// <param name="From">The id of the last entry that was read; empty to begin with the oldest.</param>
internal sealed record LogCheckpoint(string From, int Take)
{
    private const int DefaultTake = 50;
    private const int MaxTake = 100;

    /// <returns>Null where neither parameter is there.</returns>
    /// <exception cref="ApiException">400 that names the parameter.</exception>
    public static LogCheckpoint? Find(IQueryCollection query)
    {
        if (!query.ContainsKey("from") && !query.ContainsKey("take"))
        {
            return null;
        }

        var from = QueryValues.Text(query, "from") ?? "";
        if (from.Length > LogIds.Length || !from.All(char.IsAsciiDigit))
        {
            throw new ApiException(ApiError.Query("Must be the id of a log entry", "from"));
        }

        var take = QueryValues.Int(query, "take", DefaultTake, MaxTake);
        return take > 0
            ? new LogCheckpoint(from, take)
            : throw new ApiException(ApiError.Query("Value must not be less than 1", "take"));
    }

    /// <summary>There is always a next page: more will happen.</summary>
    public string Link(string publicUrl, string? last)
    {
        var next = last ?? From;
        var from = next.Length > 0 ? $"from={next}&" : "";
        return $"<{publicUrl}/api/v2/logs?{from}take={Take}>; rel=\"next\"";
    }
}

using Sallyport.Server.Configuration;
using Sallyport.Server.Search;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Audit;

/// <summary>The log, as it is shown.</summary>
internal sealed class ReadLog(Database database, SallyportOptions options, TimeProvider clock)
{
    private static readonly TenantId Tenant = TenantId.Default;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    /// <summary>
    /// On PostgreSQL an entry gets its id before its unit commits, and a later id may be committed first. Whoever reads on from
    /// the later one would never see the other, so a checkpoint stops short of what is younger than this. On SQLite one thread
    /// writes, in the order of the ids.
    /// </summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(1);

    private readonly string hostname = new Uri(options.PublicUrl).Authority;

    public string PublicUrl => options.PublicUrl;

    /// <returns>Null where it would have taken too long.</returns>
    /// <exception cref="Http.ApiException">The query asks for what cannot be searched.</exception>
    public async ValueTask<(IReadOnlyList<LogEntryResponse> Entries, long Total)?> ListAsync(
        LogListing listing, CancellationToken cancellationToken)
    {
        var query = new SearchQuery(database.Engine, Tenant) { IsMadeForOneRequest = listing.Query is not null };
        var where = LogStore.Where(listing, query, hostname);
        try
        {
            return await database.ReadWithinAsync(
                Limit,
                async session =>
                {
                    var entries = await session.QueryAsync(LogStore.Page(listing, query, where), LogStore.Read, cancellationToken);
                    var total = listing.Page.IncludeTotals
                        ? listing.Page.KnownTotal(entries.Count) ?? await LogStore.CountAsync(session, query, where, cancellationToken)
                        : 0;
                    return (Complete(entries), total);
                },
                cancellationToken);
        }
        catch (QueryTimeoutException)
        {
            return null;
        }
    }

    /// <returns>Null where it would have taken too long.</returns>
    public async ValueTask<IReadOnlyList<LogEntryResponse>?> ListAfterAsync(LogCheckpoint checkpoint, CancellationToken cancellationToken)
    {
        var settledAt = database.Engine == Engine.PostgreSql ? clock.GetUtcNow() - Settling : DateTimeOffset.MaxValue;
        try
        {
            return Complete(await database.ReadWithinAsync(
                Limit, session => LogStore.ListAfterAsync(session, Tenant, checkpoint, settledAt, cancellationToken), cancellationToken));
        }
        catch (QueryTimeoutException)
        {
            return null;
        }
    }

    public async ValueTask<LogEntryResponse?> FindAsync(string logId, CancellationToken cancellationToken)
    {
        var found = await database.ReadAsync(
            session => LogStore.FindAsync(session, Tenant, logId, cancellationToken), cancellationToken);
        return found is null ? null : Complete([found])[0];
    }

    private IReadOnlyList<LogEntryResponse> Complete(List<LogEntryResponse> entries) =>
    [
        .. entries.Select(entry => entry with
        {
            Hostname = hostname,
            Audience = entry.Type is AuditTypes.ApiOperation or AuditTypes.FailedApiOperation ? options.ManagementAudience : "",
        }),
    ];
}

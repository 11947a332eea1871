using Sallyport.Server.Configuration;
using Sallyport.Server.Search;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Audit;

/// <summary>Entries of the log, as the Management API shows them.</summary>
internal sealed class LogQueries(Database database, SallyportOptions options, TimeProvider clock)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    /// <summary>
    /// On PostgreSQL an entry gets its id before its unit commits, and an entry with a later id may be committed first. A reader that
    /// continues after that one would miss the other, so a checkpoint ends before entries that are younger than this. On
    /// SQLite one thread writes all entries in the order of their ids.
    /// </summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(1);

    private readonly string hostname = new Uri(options.PublicUrl).Authority;

    public string PublicUrl => options.PublicUrl;

    /// <returns>Null if the search took longer than its limit.</returns>
    /// <exception cref="SearchException">The query names a field or form that cannot be searched.</exception>
    public async ValueTask<LogPage?> SearchAsync(TenantId tenant, LogListing listing, CancellationToken cancellationToken)
    {
        var query = new SearchQuery(database.Engine, tenant) { IsMadeForOneRequest = listing.Query is not null };
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
                    return new LogPage(listing.Page.Start, listing.Page.Size, entries.Count, total, Complete(entries));
                },
                cancellationToken);
        }
        catch (QueryTimeoutException)
        {
            return null;
        }
    }

    /// <returns>Null if it took longer than the limit.</returns>
    public async ValueTask<IReadOnlyList<LogEntryResponse>?> ListAfterAsync(
        TenantId tenant, LogCheckpoint checkpoint, CancellationToken cancellationToken)
    {
        var settledAt = database.Engine == Engine.PostgreSql ? clock.GetUtcNow() - Settling : DateTimeOffset.MaxValue;
        try
        {
            return Complete(await database.ReadWithinAsync(
                Limit, session => LogStore.ListAfterAsync(session, tenant, checkpoint, settledAt, cancellationToken), cancellationToken));
        }
        catch (QueryTimeoutException)
        {
            return null;
        }
    }

    public async ValueTask<LogEntryResponse?> FindAsync(TenantId tenant, string logId, CancellationToken cancellationToken)
    {
        var found = await database.ReadAsync(session => LogStore.FindAsync(session, tenant, logId, cancellationToken), cancellationToken);
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

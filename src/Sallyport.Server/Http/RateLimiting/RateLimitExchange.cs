using System.Text.Json.Nodes;
using Sallyport.Server.BackgroundWork;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Http.RateLimiting;

/// <summary>
/// Shares with the other nodes what was taken from the buckets here, and learns how full the buckets are for all nodes together. A
/// caller that asks seldom costs nothing: only a sixteenth of a bucket or more is shared. On SQLite there is only one node.
/// </summary>
internal sealed class RateLimitExchange(
    Database database, RateLimiter limiter, TenantId tenant, TimeProvider clock, ILogger<RateLimitExchange> logger)
    : BackgroundWorker(new WorkerSchedule(Interval) { RunsAtStart = false, IsDisabled = database.Engine != Engine.PostgreSql }, clock, logger)
{
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private const int MaxBuckets = 5000;

    private readonly Database database = database;
    private readonly TimeProvider clock = clock;

    public async Task ExchangeAsync(CancellationToken cancellationToken)
    {
        var taken = limiter.DequeueUnsynced(MaxBuckets).Distinct()
            .ToDictionary(bucket => bucket.Caller, bucket => (Bucket: bucket, Taken: bucket.TakeUnsynced()));
        if (taken.Count == 0)
        {
            return;
        }

        try
        {
            var buckets = await database.WriteAsync(
                unit => RateBucketStore.AddAsync(
                    unit, tenant, taken.Select(pair => (pair.Key, pair.Value.Taken)), cancellationToken),
                cancellationToken);
            var now = clock.GetUtcNow().UtcTicks;
            buckets.ForEach(shared => taken[shared.Caller].Bucket.Set(now, TimeSpan.FromMilliseconds(shared.UntilFull)));
        }
        catch
        {
            foreach (var (bucket, unsynced) in taken.Values)
            {
                bucket.ReturnUnsynced(unsynced);
                limiter.EnqueueUnsynced(bucket);
            }

            throw;
        }
    }

    protected override async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        await ExchangeAsync(cancellationToken);
        return false;
    }
}

/// <summary>Table <c>rate_bucket</c> on PostgreSQL. The database's clock counts, because the clocks of the nodes may differ by more than a bucket holds.</summary>
internal static class RateBucketStore
{
    private const string Now = "CAST(extract(epoch FROM statement_timestamp()) * 1000 AS bigint)";

    /// <summary>Callers are written in their order, so that two nodes with the same callers wait for each other without a deadlock.</summary>
    /// <returns>How long it takes until each bucket is full, in milliseconds.</returns>
    public static ValueTask<List<(string Caller, long UntilFull)>> AddAsync(
        UnitOfWork unit, TenantId tenant, IEnumerable<(string Caller, long Taken)> taken, CancellationToken cancellationToken) =>
        unit.QueryAsync(
            new Statement($"""
                INSERT INTO rate_bucket (tenant_id, caller, full_at)
                SELECT @tenant_id, added.caller, {Now} + added.taken
                FROM json_to_recordset(CAST(@taken AS json)) AS added (caller text, taken bigint)
                ORDER BY added.caller
                ON CONFLICT (tenant_id, caller) DO UPDATE
                SET full_at = GREATEST(rate_bucket.full_at, {Now}) + (EXCLUDED.full_at - {Now})
                RETURNING caller, full_at - {Now}
                """,
                ("tenant_id", tenant.Value),
                ("taken", ToJson(taken))),
            row => (row.GetString(0), row.GetInt64(1)),
            cancellationToken);

    private static string ToJson(IEnumerable<(string Caller, long Taken)> taken) =>
        new JsonArray([.. taken.Select(added => (JsonNode)new JsonObject { ["caller"] = added.Caller, ["taken"] = added.Taken })])
            .ToJsonString();
}

using Sallyport.Server.Storage;

namespace Sallyport.Server.Http.RateLimiting;

/// <summary>
/// Tells the other nodes what was let through here, and learns how full the buckets are for all of them together. A caller who
/// asks seldom costs nothing: only what is worth a sixteenth of a bucket is told. One node on SQLite has nobody to tell.
/// </summary>
internal sealed class RateLimitExchange(Database database, RateLimiter limiter, TimeProvider clock, ILogger<RateLimitExchange> logger)
    : BackgroundService
{
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private const int MaxBuckets = 5000;

    public async Task ExchangeAsync(CancellationToken cancellationToken)
    {
        var taken = limiter.DequeueToTell(MaxBuckets).Distinct().ToDictionary(bucket => bucket.Caller, bucket => (Bucket: bucket, Taken: bucket.TakeUnsynced()));
        if (taken.Count == 0)
        {
            return;
        }

        try
        {
            var buckets = await database.WriteAsync(
                unit => RateBucketStore.TellAsync(
                    unit, TenantId.Default, taken.Select(told => (told.Key, told.Value.Taken)), cancellationToken),
                cancellationToken);
            var now = clock.GetUtcNow().UtcTicks;
            buckets.ForEach(told => taken[told.Caller].Bucket.Set(now, TimeSpan.FromMilliseconds(told.UntilFull)));
        }
        catch
        {
            foreach (var (bucket, unsynced) in taken.Values)
            {
                bucket.GiveBack(unsynced);
                limiter.TellAgain(bucket);
            }

            throw;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (database.Engine != Engine.PostgreSql)
        {
            return;
        }

        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await ExchangeAsync(stoppingToken);
            }
#pragma warning disable CA1031 // The database may be away for a while; each node goes on limiting by itself.
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                HttpLog.LimitsNotShared(logger, exception);
            }
#pragma warning restore CA1031
        }
    }
}

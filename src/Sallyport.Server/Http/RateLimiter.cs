using System.Collections.Concurrent;

namespace Sallyport.Server.Http;

/// <summary>
/// A token bucket for each caller that holds one second's worth, kept as the instant at which it will be full again
/// (the generic cell rate algorithm). Of this node alone: it keeps a caller from drowning the server, while the limits
/// that protect a person are counted in the database.
/// </summary>
internal sealed class RateLimiter(TimeProvider clock)
{
    private const int MaxBuckets = 100_000;

    private readonly ConcurrentDictionary<string, long> fullAt = new(StringComparer.Ordinal);

    public RateLimitDecision Take(string caller, int perSecond)
    {
        var now = clock.GetUtcNow().UtcTicks;
        var cost = TimeSpan.TicksPerSecond / perSecond;
        if (fullAt.Count > MaxBuckets)
        {
            Forget(now);
        }

        while (true)
        {
            var known = fullAt.TryGetValue(caller, out var stored);
            var busyUntil = Math.Max(stored, now);
            var allowed = busyUntil + cost <= now + TimeSpan.TicksPerSecond;
            var next = allowed ? busyUntil + cost : busyUntil;
            if (!allowed || (known ? fullAt.TryUpdate(caller, next, stored) : fullAt.TryAdd(caller, next)))
            {
                return new RateLimitDecision(allowed, perSecond, (int)((now + TimeSpan.TicksPerSecond - next) / cost), new DateTimeOffset(next, TimeSpan.Zero));
            }
        }
    }

    /// <summary>A bucket that is full again says nothing.</summary>
    private void Forget(long now)
    {
        foreach (var bucket in fullAt)
        {
            if (bucket.Value <= now)
            {
                fullAt.TryRemove(bucket);
            }
        }
    }
}

internal readonly record struct RateLimitDecision(bool IsAllowed, int Limit, int Remaining, DateTimeOffset FullAt);

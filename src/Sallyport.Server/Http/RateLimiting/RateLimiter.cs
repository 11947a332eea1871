using System.Collections.Concurrent;

namespace Sallyport.Server.Http.RateLimiting;

/// <summary>
/// A token bucket for each caller, kept as the instant at which it will be full again
/// (the generic cell rate algorithm). A request costs no round trip: what it has taken here is told to the other nodes
/// afterwards (<see cref="RateLimitExchange"/>).
/// </summary>
internal sealed class RateLimiter(TimeProvider clock)
{
    /// <summary>What a node may have taken from a bucket without telling: a sixteenth of one that holds a second's worth.</summary>
    public const long Unsynced = TimeSpan.TicksPerSecond / 16;

    private const int MaxBuckets = 100_000;

    private readonly ConcurrentDictionary<string, RateBucket> buckets = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<RateBucket> toTell = [];

    public RateLimitDecision Take(string caller, int perSecond) => Take(caller, RateLimit.PerSecond(perSecond));

    public RateLimitDecision Take(string caller, RateLimit limit)
    {
        var now = clock.GetUtcNow().UtcTicks;
        var cost = limit.Refill.Ticks;
        var whole = limit.Burst * cost;
        if (buckets.Count > MaxBuckets)
        {
            Forget(now);
        }

        var bucket = buckets.GetOrAdd(caller, static name => new RateBucket(name));
        while (true)
        {
            var stored = bucket.FullAt;
            var busyUntil = Math.Max(stored, now);
            if (busyUntil + cost > now + whole)
            {
                return new RateLimitDecision(false, limit.Burst, 0, At(busyUntil), TimeSpan.FromTicks(busyUntil + cost - now - whole));
            }

            if (bucket.TryFill(stored, busyUntil + cost))
            {
                if (bucket.Owe(cost))
                {
                    toTell.Enqueue(bucket);
                }

                var remaining = (int)((now + whole - busyUntil - cost) / cost);
                return new RateLimitDecision(true, limit.Burst, remaining, At(busyUntil + cost), TimeSpan.Zero);
            }
        }
    }

    /// <summary>Buckets from which enough was taken since the last time that the other nodes should know.</summary>
    public IReadOnlyList<RateBucket> DequeueToTell(int max)
    {
        var dequeued = new List<RateBucket>();
        while (dequeued.Count < max && toTell.TryDequeue(out var bucket))
        {
            dequeued.Add(bucket);
        }

        return dequeued;
    }

    public void TellAgain(RateBucket bucket) => toTell.Enqueue(bucket);

    /// <summary>A bucket that is full again says nothing.</summary>
    private void Forget(long now)
    {
        foreach (var bucket in buckets)
        {
            if (bucket.Value.FullAt <= now)
            {
                buckets.TryRemove(bucket);
            }
        }
    }

    private static DateTimeOffset At(long ticks) => new(ticks, TimeSpan.Zero);
}

/// <param name="Wait">How long until a request is let through again.</param>
internal readonly record struct RateLimitDecision(bool IsAllowed, int Limit, int Remaining, DateTimeOffset FullAt, TimeSpan Wait);

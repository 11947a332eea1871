using System.Collections.Concurrent;

namespace Sallyport.Server.Http.RateLimiting;

/// <summary>
/// A token bucket for each caller, stored as the instant at which it will be full again (the generic cell rate algorithm). A request
/// needs no round trip to the database: <see cref="RateLimitExchange"/> shares afterwards what was taken.
/// </summary>
internal sealed class RateLimiter(TimeProvider clock)
{
    /// <summary>How much a node takes from a bucket before it reports to the other nodes: a sixteenth of a bucket that holds one second.</summary>
    public const long Unsynced = TimeSpan.TicksPerSecond / 16;

    private const int MaxBuckets = 100_000;

    private readonly ConcurrentDictionary<string, RateBucket> buckets = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<RateBucket> unsynced = [];

    public RateLimitDecision Take(string caller, int perSecond) => Take(caller, RateLimit.PerSecond(perSecond));

    public RateLimitDecision Take(string caller, RateLimit limit)
    {
        var now = clock.GetUtcNow().UtcTicks;
        var cost = limit.Refill.Ticks;
        var capacity = limit.Burst * cost;
        if (buckets.Count > MaxBuckets)
        {
            RemoveFull(now);
        }

        var bucket = buckets.GetOrAdd(caller, static name => new RateBucket(name));
        while (true)
        {
            var stored = bucket.FullAt;
            var fullAt = Math.Max(stored, now);
            if (fullAt + cost > now + capacity)
            {
                return new RateLimitDecision(false, limit.Burst, 0, At(fullAt), TimeSpan.FromTicks(fullAt + cost - now - capacity));
            }

            if (bucket.TrySetFullAt(stored, fullAt + cost))
            {
                if (bucket.AddUnsynced(cost))
                {
                    unsynced.Enqueue(bucket);
                }

                var remaining = (int)((now + capacity - fullAt - cost) / cost);
                return new RateLimitDecision(true, limit.Burst, remaining, At(fullAt + cost), TimeSpan.Zero);
            }
        }
    }

    /// <summary>Removes from the queue the buckets from which so much was taken that the other nodes must know.</summary>
    public IReadOnlyList<RateBucket> DequeueUnsynced(int max)
    {
        var dequeued = new List<RateBucket>();
        while (dequeued.Count < max && unsynced.TryDequeue(out var bucket))
        {
            dequeued.Add(bucket);
        }

        return dequeued;
    }

    public void EnqueueUnsynced(RateBucket bucket) => unsynced.Enqueue(bucket);

    /// <summary>A full bucket is the same as no bucket.</summary>
    private void RemoveFull(long now)
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

/// <param name="Wait">How long until a request is allowed again.</param>
internal readonly record struct RateLimitDecision(bool IsAllowed, int Limit, int Remaining, DateTimeOffset FullAt, TimeSpan Wait);

/// <param name="Burst">The requests that a full bucket holds.</param>
/// <param name="Refill">The time in which one request is refilled.</param>
internal readonly record struct RateLimit(int Burst, TimeSpan Refill)
{
    public static RateLimit PerSecond(int requests) => new(requests, TimeSpan.FromTicks(TimeSpan.TicksPerSecond / requests));

    /// <summary>The burst is a tenth of the requests.</summary>
    public static RateLimit PerMinute(int requests) =>
        new(Math.Max(1, requests / 10), TimeSpan.FromTicks(TimeSpan.TicksPerMinute / requests));
}

/// <summary>The bucket of one caller on this node. Its unit is time: a request costs the time in which it is refilled.</summary>
internal sealed class RateBucket(string caller)
{
    private long fullAt;
    private long unsynced;

    public string Caller => caller;

    public long FullAt => Interlocked.Read(ref fullAt);

    public bool TrySetFullAt(long from, long to) => Interlocked.CompareExchange(ref fullAt, to, from) == from;

    /// <returns>True once, when there is enough to report to the other nodes.</returns>
    public bool AddUnsynced(long cost)
    {
        var sum = Interlocked.Add(ref unsynced, cost);
        return sum >= RateLimiter.Unsynced && sum - cost < RateLimiter.Unsynced;
    }

    /// <returns>The unsynced cost in whole milliseconds. The remainder stays for the next exchange.</returns>
    public long TakeUnsynced()
    {
        var taken = Interlocked.Exchange(ref unsynced, 0);
        Interlocked.Add(ref unsynced, taken % TimeSpan.TicksPerMillisecond);
        return taken / TimeSpan.TicksPerMillisecond;
    }

    public void ReturnUnsynced(long milliseconds) => Interlocked.Add(ref unsynced, milliseconds * TimeSpan.TicksPerMillisecond);

    /// <summary>Sets the state that all nodes together have produced, plus what was taken here meanwhile. A bucket may be overdrawn.</summary>
    public void Set(long now, TimeSpan untilFull)
    {
        var stored = FullAt;
        TrySetFullAt(stored, now + untilFull.Ticks + Interlocked.Read(ref unsynced));
    }
}

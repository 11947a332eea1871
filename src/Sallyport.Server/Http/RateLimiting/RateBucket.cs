namespace Sallyport.Server.Http.RateLimiting;

/// <summary>The bucket of one caller on this node. Its measure is time: a request takes the time in which it is refilled.</summary>
internal sealed class RateBucket(string caller)
{
    private long fullAt;
    private long unsynced;

    public string Caller => caller;

    public long FullAt => Interlocked.Read(ref fullAt);

    public bool TryFill(long from, long to) => Interlocked.CompareExchange(ref fullAt, to, from) == from;

    /// <returns>True once, when there is enough to tell the other nodes of.</returns>
    public bool Owe(long cost)
    {
        var owed = Interlocked.Add(ref unsynced, cost);
        return owed >= RateLimiter.Unsynced && owed - cost < RateLimiter.Unsynced;
    }

    /// <returns>What was taken and not told yet, in whole milliseconds; the rest is told another time.</returns>
    public long TakeUnsynced()
    {
        var owed = Interlocked.Exchange(ref unsynced, 0);
        Interlocked.Add(ref unsynced, owed % TimeSpan.TicksPerMillisecond);
        return owed / TimeSpan.TicksPerMillisecond;
    }

    public void GiveBack(long milliseconds) => Interlocked.Add(ref unsynced, milliseconds * TimeSpan.TicksPerMillisecond);

    /// <summary>As all nodes together have left it, and what was taken here meanwhile. A bucket may be in debt.</summary>
    public void Set(long now, TimeSpan untilFull)
    {
        var stored = FullAt;
        TryFill(stored, now + untilFull.Ticks + Interlocked.Read(ref unsynced));
    }
}

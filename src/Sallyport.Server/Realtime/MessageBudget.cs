namespace Sallyport.Server.Realtime;

/// <summary>
/// How fast one socket may send: some at once, then a few a second (the generic cell rate algorithm). A Guardian client sends
/// fewer than ten in all, and a heartbeat now and then.
/// </summary>
internal struct MessageBudget
{
    private const int AtOnce = 60;
    private static readonly long Cost = TimeSpan.FromMilliseconds(100).Ticks;

    private long busyUntil;

    public bool TryTake(DateTimeOffset now)
    {
        var next = Math.Max(busyUntil, now.UtcTicks) + Cost;
        if (next > now.UtcTicks + (AtOnce * Cost))
        {
            return false;
        }

        busyUntil = next;
        return true;
    }
}

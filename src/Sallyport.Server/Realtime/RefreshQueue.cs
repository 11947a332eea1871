namespace Sallyport.Server.Realtime;

/// <summary>Why the state of a transaction is read.</summary>
internal enum RefreshReason
{
    /// <summary>It was announced that something has changed.</summary>
    Notification,

    /// <summary>A client has just said whose it is.</summary>
    Authentication,

    /// <summary>Other nodes are heard again, after a time in which they were not.</summary>
    Reconnection,

    /// <summary>In case a notice was lost.</summary>
    Round,
}

/// <summary>Whose transactions are to be read. Those that wait for something go before those that are only looked after.</summary>
internal sealed class RefreshQueue
{
    private readonly Lock gate = new();
    private readonly Dictionary<Subscription, RefreshReason> urgent = [];
    private readonly Dictionary<Subscription, RefreshReason> routine = [];

    public void Add(IEnumerable<Subscription> subscriptions, RefreshReason reason)
    {
        var queue = reason is RefreshReason.Notification or RefreshReason.Authentication ? urgent : routine;
        lock (gate)
        {
            foreach (var subscription in subscriptions)
            {
                queue.TryAdd(subscription, reason);
            }
        }
    }

    /// <returns>Taken out before they are read, so that what changes from now on brings them in again.</returns>
    public List<(Subscription Subscription, RefreshReason Reason)> Take(int count)
    {
        lock (gate)
        {
            var queue = urgent.Count > 0 ? urgent : routine;
            var taken = queue.Take(count).Select(pair => (pair.Key, pair.Value)).ToList();
            taken.ForEach(pair => queue.Remove(pair.Key));
            return taken;
        }
    }
}

namespace Sallyport.Server.Realtime;

/// <summary>Why the state of a transaction is read.</summary>
internal enum RefreshReason
{
    /// <summary>This node or another one published a change.</summary>
    Notification,

    /// <summary>A client has just authenticated.</summary>
    Authentication,

    /// <summary>This node listens to other nodes again after an interruption.</summary>
    Reconnection,

    /// <summary>The periodic check that finds changes whose notification was lost.</summary>
    Periodic,
}

/// <summary>The subscriptions to refresh. Those with a reason to expect a change come first.</summary>
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

    /// <summary>Removes subscriptions before their state is read, so that a later change queues them again.</summary>
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

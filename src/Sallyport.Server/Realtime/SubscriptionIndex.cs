namespace Sallyport.Server.Realtime;

/// <summary>The subscriptions of this node, by user.</summary>
internal sealed class SubscriptionIndex
{
    private readonly Lock gate = new();
    private readonly Dictionary<UserKey, List<Subscription>> byUser = [];

    public void Add(Subscription subscription)
    {
        lock (gate)
        {
            if (!byUser.TryGetValue(subscription.User, out var others))
            {
                byUser.Add(subscription.User, others = new List<Subscription>(1));
            }

            others.Add(subscription);
        }
    }

    public void Remove(Subscription subscription)
    {
        lock (gate)
        {
            if (byUser.TryGetValue(subscription.User, out var others) && others.Remove(subscription) && others.Count == 0)
            {
                byUser.Remove(subscription.User);
            }
        }
    }

    public List<Subscription> Of(UserKey user)
    {
        lock (gate)
        {
            return byUser.TryGetValue(user, out var found) ? [.. found] : [];
        }
    }

    public List<Subscription> All()
    {
        lock (gate)
        {
            return [.. byUser.Values.SelectMany(subscriptions => subscriptions)];
        }
    }
}

using Sallyport.Server.Storage;
using Sallyport.Server.Transactions;

namespace Sallyport.Server.Realtime;

/// <summary>An authenticated namespace of a socket, and the events that were delivered to it.</summary>
internal sealed class Subscription(ClientSocket socket, string ns, TransactionIdentity identity)
{
    public ClientSocket Socket => socket;

    public string Namespace => ns;

    public TransactionIdentity Identity => identity;

    public UserKey User => new(identity.Tenant, identity.UserId);

    /// <summary>The client has left the namespace. All mutable properties may be used only inside <see cref="ClientSocket.Call"/>.</summary>
    public bool IsLeft { get; set; }

    /// <summary>The transaction was found alive, and <c>authenticated</c> was sent.</summary>
    public bool IsAuthenticated { get; set; }

    public DeliveredEvents DeliveredEvents { get; set; }
}

/// <summary>The user whose transactions change together: an enrollment in one affects the others.</summary>
internal readonly record struct UserKey(TenantId Tenant, string UserId);

/// <summary>The events that a client has received about its transaction. The default value means that it has received none.</summary>
internal readonly record struct DeliveredEvents(bool Enrollment, TransactionState State)
{
    /// <summary>No event follows, because an accepted transaction does not change any more.</summary>
    public bool IsComplete => State == TransactionState.Accepted;
}

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

    public List<Subscription> Find(UserKey user)
    {
        lock (gate)
        {
            return byUser.TryGetValue(user, out var found) ? [.. found] : [];
        }
    }

    public List<Subscription> ListAll()
    {
        lock (gate)
        {
            return [.. byUser.Values.SelectMany(subscriptions => subscriptions)];
        }
    }
}

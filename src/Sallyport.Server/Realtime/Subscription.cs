using Sallyport.Server.Storage;
using Sallyport.Server.Transactions;

namespace Sallyport.Server.Realtime;

/// <summary>A namespace of a socket that showed a transaction token, and what it has been told about the transaction.</summary>
internal sealed class Subscription(ClientSocket socket, string ns, TransactionIdentity identity)
{
    public ClientSocket Socket => socket;

    public string Namespace => ns;

    public TransactionIdentity Identity => identity;

    public UserKey User => new(identity.Tenant, identity.UserId);

    /// <summary>The client is gone from the namespace. This and the rest may only be touched inside of <see cref="ClientSocket.Call"/>.</summary>
    public bool IsLeft { get; set; }

    /// <summary>The transaction was found alive, and the client knows.</summary>
    public bool IsAuthenticated { get; set; }

    public DeliveredEvents DeliveredEvents { get; set; }
}

/// <summary>Whose transactions change together: an enrollment in one is news to the others.</summary>
internal readonly record struct UserKey(TenantId Tenant, string UserId);

/// <summary>What a client has heard; a new one has heard nothing.</summary>
internal readonly record struct DeliveredEvents(bool Enrollment, TransactionState State)
{
    /// <summary>An accepted transaction stays as it is.</summary>
    public bool IsAll => State == TransactionState.Accepted;
}

using Sallyport.Server.Storage;

namespace Sallyport.Server.Transactions;

/// <summary>The content of a verified transaction token.</summary>
internal readonly record struct TransactionIdentity(TenantId Tenant, string TransactionId, string UserId)
{
    /// <summary><see cref="Transaction.Enrolls"/>, so that an attempt is counted in the right place before anything is read.</summary>
    public bool Enrolls { get; init; }
}

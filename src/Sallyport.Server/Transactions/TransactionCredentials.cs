using Sallyport.Server.Storage;
using Sallyport.Server.Users;

namespace Sallyport.Server.Transactions;

/// <summary>Transactions, with their pending authenticators and their signed results, as credentials that end.</summary>
internal sealed class TransactionCredentials(IEnumerable<ITransactionOrigin> origins) : IUserCredential
{
    public IEnumerable<Statement> EndAll(TenantId tenant, string userId, DateTimeOffset now) =>
    [
        TransactionEndStore.EndAll(tenant, userId, now),
        TransactionEndStore.DeletePendingAuthenticators("true", tenant, ("user_id", userId)),
    ];

    public IEnumerable<Statement> EndSignIns(TenantId tenant, string userId, DateTimeOffset now)
    {
        foreach (var origin in origins.Where(origin => !origin.IsInvitation))
        {
            yield return TransactionEndStore.EndAllOf(tenant, userId, origin.Name, now);
            yield return DeletePending(tenant, userId, origin);
        }
    }

    public IEnumerable<Statement> EndWith(RemovedEnrollment removed, DateTimeOffset now)
    {
        yield return TransactionEndStore.EndProvedBy(removed.Tenant, removed.UserId, removed.AuthenticatorId, now);
        foreach (var origin in origins.Where(origin => !origin.IsInvitation))
        {
            yield return TransactionEndStore.EndOpen(removed.Tenant, removed.UserId, origin.Name, now);
            yield return DeletePending(removed.Tenant, removed.UserId, origin);
        }
    }

    private static Statement DeletePending(TenantId tenant, string userId, ITransactionOrigin origin) =>
        TransactionEndStore.DeletePendingAuthenticators("t.origin = @origin", tenant, ("user_id", userId), ("origin", origin.Name));
}

using Sallyport.Server.Storage;
using Sallyport.Server.Users;

namespace Sallyport.Server.Transactions;

/// <summary>Transactions, with their pending authenticators and their signed results, as credentials that end.</summary>
internal sealed class TransactionCredentials(IEnumerable<ITransactionOrigin> origins) : IUserCredential
{
    public IEnumerable<Statement> EndAll(TenantId tenant, string userId, DateTimeOffset now) =>
    [
        TransactionStore.EndAll(tenant, userId, now),
        TransactionStore.DeletePendingAuthenticators("true", tenant, ("user_id", userId)),
    ];

    public IEnumerable<Statement> EndSignIns(TenantId tenant, string userId, DateTimeOffset now)
    {
        foreach (var origin in origins.Where(origin => !origin.IsInvitation))
        {
            yield return TransactionStore.EndAllOf(tenant, userId, origin.Name, now);
            yield return DeletePending(tenant, userId, origin);
        }
    }

    public IEnumerable<Statement> EndWith(RemovedEnrollment removed, DateTimeOffset now)
    {
        yield return TransactionStore.EndProvedBy(removed.Tenant, removed.UserId, removed.AuthenticatorId, now);
        foreach (var origin in origins.Where(origin => !origin.IsInvitation))
        {
            yield return TransactionStore.EndOpen(removed.Tenant, removed.UserId, origin.Name, now);
            yield return DeletePending(removed.Tenant, removed.UserId, origin);
        }
    }

    private static Statement DeletePending(TenantId tenant, string userId, ITransactionOrigin origin) =>
        TransactionStore.DeletePendingAuthenticators("t.origin = @origin", tenant, ("user_id", userId), ("origin", origin.Name));
}

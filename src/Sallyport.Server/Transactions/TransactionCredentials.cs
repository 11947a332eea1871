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

    public IEnumerable<Statement> EndWith(RemovedEnrollment removed, DateTimeOffset now)
    {
        yield return TransactionStore.EndProvedBy(removed.Tenant, removed.UserId, removed.AuthenticatorId, now);
        foreach (var origin in origins.Where(origin => !origin.IsInvitation))
        {
            yield return TransactionStore.EndOpen(removed.Tenant, removed.UserId, origin.Name, now);
            yield return TransactionStore.DeletePendingAuthenticators(
                "t.origin = @origin", removed.Tenant, ("user_id", removed.UserId), ("origin", origin.Name));
        }
    }
}

using Sallyport.Server.Storage;
using Sallyport.Server.Users;

namespace Sallyport.Server.Transactions;

/// <summary>Transactions, with their pending authenticators and their signed results, as credentials that end.</summary>
internal sealed class TransactionCredentials : IUserCredential
{
    public IEnumerable<Statement> EndAll(TenantId tenant, string userId, DateTimeOffset now) =>
    [
        TransactionStore.EndAll(tenant, userId, now),
        TransactionStore.DeletePendingAuthenticators("true", tenant, ("user_id", userId)),
    ];

    public IEnumerable<Statement> EndWith(RemovedEnrollment removed, DateTimeOffset now) =>
        [TransactionStore.EndProvedBy(removed.Tenant, removed.UserId, removed.AuthenticatorId, now)];
}

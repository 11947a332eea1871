using Sallyport.Server.Storage;
using Sallyport.Server.Transactions;
using Sallyport.Server.Users;

namespace Sallyport.Server.SignIn;

/// <summary>
/// Open sign-ins as credentials that end. A sign-in lives for minutes and invites nobody, so the removal of an enrollment ends all of them:
/// otherwise one that is still open could enroll the successor.
/// </summary>
internal sealed class SignInCredentials : IUserCredential
{
    /// <summary>Nothing: all transactions end by <see cref="TransactionCredentials"/>.</summary>
    public IEnumerable<Statement> EndAll(TenantId tenant, string userId, DateTimeOffset now) => [];

    public IEnumerable<Statement> EndWith(RemovedEnrollment removed, DateTimeOffset now) =>
    [
        TransactionStore.EndOpen(removed.Tenant, removed.UserId, SignInOrigin.OriginName, now),
        TransactionStore.DeletePendingAuthenticators(
            "t.origin = @origin", removed.Tenant, ("user_id", removed.UserId), ("origin", SignInOrigin.OriginName)),
    ];
}

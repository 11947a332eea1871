using Sallyport.Server.Storage;

namespace Sallyport.Server.Users;

/// <summary>
/// A kind of rows that let their holder act for a user: tickets, transactions, pending authenticators. They end with the event that
/// makes them obsolete (docs/architecture.md, "When credentials end").
/// </summary>
internal interface IUserCredential
{
    /// <summary>Ends everything that is open.</summary>
    IEnumerable<Statement> EndAll(TenantId tenant, string userId, DateTimeOffset now);

    /// <summary>Ends sign-ins that are under way: their first factor was the password before.</summary>
    IEnumerable<Statement> EndSignIns(TenantId tenant, string userId, DateTimeOffset now) => [];

    /// <summary>Ends credentials that are older than a removed enrollment, and results that the enrollment proved.</summary>
    IEnumerable<Statement> EndWith(RemovedEnrollment removed, DateTimeOffset now);
}

/// <param name="ConfirmedAt">Credentials issued up to this instant end. A newer ticket stays, because it invites the user to enroll again.</param>
internal sealed record RemovedEnrollment(TenantId Tenant, string UserId, string AuthenticatorId, DateTimeOffset ConfirmedAt);

/// <summary>
/// Ends a user's credentials in the database transaction of the event. The caller holds the user first
/// (<see cref="Security.AttemptLimit.Hold"/>), as everything that confirms an enrollment does, so the two happen one after the other.
/// </summary>
internal sealed class EndCredentials(IEnumerable<IUserCredential> kinds, TimeProvider clock)
{
    /// <summary>
    /// Ends what a change of the user makes obsolete: everything if the user is blocked or the email address changes, the open sign-ins if the
    /// password changes.
    /// </summary>
    public void WithChange(UnitOfWork unit, TenantId tenant, User before, User after)
    {
        if ((after.Blocked == true && before.Blocked != true) || after.Email != before.Email)
        {
            All(unit, tenant, after.UserId);
        }
        else if (after.PasswordHash != before.PasswordHash)
        {
            SignIns(unit, tenant, after.UserId);
        }
    }

    /// <summary>For a reset of all factors, a block, a change of the email address, and withdrawn tickets.</summary>
    public void All(UnitOfWork unit, TenantId tenant, string userId) => Enqueue(unit, (kind, now) => kind.EndAll(tenant, userId, now));

    public void With(UnitOfWork unit, RemovedEnrollment removed) => Enqueue(unit, (kind, now) => kind.EndWith(removed, now));

    private void SignIns(UnitOfWork unit, TenantId tenant, string userId) => Enqueue(unit, (kind, now) => kind.EndSignIns(tenant, userId, now));

    private void Enqueue(UnitOfWork unit, Func<IUserCredential, DateTimeOffset, IEnumerable<Statement>> statementsOf)
    {
        var now = clock.GetUtcNow();
        foreach (var statement in kinds.SelectMany(kind => statementsOf(kind, now)))
        {
            unit.Enqueue(statement);
        }
    }
}

internal sealed class RememberedBrowsers : IUserCredential
{
    public IEnumerable<Statement> EndAll(TenantId tenant, string userId, DateTimeOffset now) => [UserStore.ForgetBrowsers(tenant, userId, now)];

    public IEnumerable<Statement> EndWith(RemovedEnrollment removed, DateTimeOffset now) => EndAll(removed.Tenant, removed.UserId, now);
}

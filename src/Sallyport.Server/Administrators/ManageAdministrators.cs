using Sallyport.Server.Audit;
using Sallyport.Server.Security;
using Sallyport.Server.Storage;
using Sallyport.Server.Users;

namespace Sallyport.Server.Administrators;

internal enum ManageAdministratorOutcome
{
    Done,
    NotFound,

    /// <summary>There would be no owner left who can sign in.</summary>
    LastOwner,
}

/// <summary>Changes and removes administrators. At least one owner who has signed in remains.</summary>
internal sealed class ManageAdministrators(Database database, AuditLog audit, TimeProvider clock)
{
    public ValueTask<IReadOnlyList<Administrator>> ListAsync(TenantId tenant, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<Administrator>>(
            async session => await AdministratorStore.ListAsync(session, tenant, clock.GetUtcNow(), cancellationToken), cancellationToken);

    public ValueTask<Administrator?> FindAsync(TenantId tenant, string userId, CancellationToken cancellationToken) =>
        database.ReadAsync(session => AdministratorStore.FindAsync(session, tenant, userId, clock.GetUtcNow(), cancellationToken), cancellationToken);

    public ValueTask<ManageAdministratorOutcome> SetRoleAsync(
        CallContext call, string userId, AdministratorRole role, CancellationToken cancellationToken) =>
        RunAsync(call, userId, role == AdministratorRole.Owner, AdministratorStore.SetRole(call.Tenant, userId, role), cancellationToken);

    /// <summary>Also removes the user, with the password, the factors, the sessions and the invitations.</summary>
    public ValueTask<ManageAdministratorOutcome> RemoveAsync(CallContext call, string userId, CancellationToken cancellationToken) =>
        RunAsync(call, userId, staysOwner: false, UserStore.Delete(call.Tenant, userId), cancellationToken);

    private ValueTask<ManageAdministratorOutcome> RunAsync(
        CallContext call, string userId, bool staysOwner, Statement change, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async unit =>
            {
                unit.Enqueue(AttemptLimit.HoldIfExists(call.Tenant, userId));
                var owners = await AdministratorStore.LockOwnersAsync(unit, call.Tenant, cancellationToken);
                var known = await AdministratorStore.FindAsync(unit, call.Tenant, userId, clock.GetUtcNow(), cancellationToken);
                if (known is null || (!staysOwner && owners.All(owner => owner == userId)))
                {
                    unit.Abandon();
                    return known is null ? ManageAdministratorOutcome.NotFound : ManageAdministratorOutcome.LastOwner;
                }

                unit.Enqueue(change);
                audit.Add(unit, call.Tenant, ApiOperation.Succeeded(call, userId));
                return ManageAdministratorOutcome.Done;
            },
            cancellationToken);
}

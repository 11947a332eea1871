using Sallyport.Server.Audit;
using Sallyport.Server.Security;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Users;

/// <summary>Gives a user who was locked out by wrong codes their attempts back. Not who was blocked by an administrator.</summary>
internal sealed class Unblock(Database database, AuditLog audit)
{
    private static readonly TenantId Tenant = TenantId.Default;

    /// <returns>False where there is no such user.</returns>
    public ValueTask<bool> RunAsync(string userId, AuditEntry entry, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async unit =>
            {
                unit.Enqueue(AttemptLimit.Restore(Tenant, userId));
                if (await UserStore.FindAsync(unit, Tenant, userId, cancellationToken) is null)
                {
                    unit.Abandon();
                    return false;
                }

                audit.Add(unit, Tenant, entry);
                return true;
            },
            cancellationToken);
}

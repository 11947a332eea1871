using Sallyport.Server.Audit;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Factors;

/// <summary>Takes an authenticator away from its user. To enroll again the user needs a new ticket.</summary>
internal sealed class DeleteEnrollment(Database database, AuditLog audit)
{
    /// <returns>False where there is no such authenticator.</returns>
    public ValueTask<bool> RunAsync(string id, AuditEntry entry, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async unit =>
            {
                var authenticator = await AuthenticatorStore.FindAsync(unit, TenantId.Default, id, cancellationToken);
                if (authenticator is null or { Factor: FactorNames.RecoveryCode }
                    || await unit.ExecuteAsync(AuthenticatorStore.Delete(TenantId.Default, id), cancellationToken) == 0)
                {
                    return false;
                }

                unit.Enqueue(AuthenticatorStore.DeleteOrphanedRecoveryCode(TenantId.Default, authenticator.UserId));
                audit.Add(unit, TenantId.Default, entry with { UserId = authenticator.UserId });
                audit.Add(unit, TenantId.Default, new AuditEntry(AuditTypes.Unenrolled, entry.Source) { UserId = authenticator.UserId });
                return true;
            },
            cancellationToken);
}

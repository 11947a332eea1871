using Sallyport.Server.Audit;
using Sallyport.Server.Security;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Factors;

/// <summary>
/// Gives a user a new recovery code; the one before it counts for nothing from then on. A user has one at a time, and one may be
/// made before anything is enrolled, as the published API does.
/// </summary>
internal sealed class RegenerateRecoveryCode(Database database, AuditLog audit, FactorCatalog catalog, TimeProvider clock)
{
    private static readonly TenantId Tenant = TenantId.Default;

    /// <returns>The code in clear, or null where there is no such user.</returns>
    public async ValueTask<string?> RunAsync(string userId, AuditEntry entry, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var (pending, code) = catalog.Get(FactorNames.RecoveryCode).Create(new NewAuthenticatorRequest(Tenant, userId, TransactionId: null, now));
        try
        {
            await database.WriteAsync(
                unit =>
                {
                    unit.Enqueue(AttemptLimit.Hold(Tenant, userId));
                    unit.Enqueue(AuthenticatorStore.DeleteRecoveryCode(Tenant, userId));
                    unit.Enqueue(AuthenticatorStore.Insert(pending with { Status = AuthenticatorStatus.Confirmed, EnrolledAt = now }));
                    audit.Add(unit, Tenant, entry);
                    return ValueTask.CompletedTask;
                },
                cancellationToken);
            return code;
        }
        catch (System.Data.Common.DbException exception) when (ConstraintViolation.IsForeignKey(exception))
        {
            return null;
        }
    }
}

using Sallyport.Server.Audit;
using Sallyport.Server.Security;
using Sallyport.Server.Storage;
using Sallyport.Server.Users;

namespace Sallyport.Server.Factors;

/// <summary>
/// Gives a user a new recovery code and invalidates the previous one. A user has one at a time, and one may be made before anything
/// is enrolled, as in the published API.
/// </summary>
internal sealed class RegenerateRecoveryCode(
    Database database, AuditLog audit, FactorCatalog catalog, FactorChangeNotices notices, TimeProvider clock)
{
    /// <param name="isByUser">The user asks for it, and not an administrator.</param>
    /// <returns>The code in clear, or null if there is no such user.</returns>
    public async ValueTask<string?> RunAsync(CallContext call, string userId, bool isByUser, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var fallback = catalog.Fallbacks.Single();
        var created = fallback.Begin(new EnrollmentRequest(call.Tenant, new EnrollingUser(userId), TransactionId: null, now))!;
        try
        {
            await database.WriteAsync(
                async unit =>
                {
                    unit.Enqueue(AttemptLimit.Hold(call.Tenant, userId));
                    unit.Enqueue(AuthenticatorStore.DeleteConfirmed(call.Tenant, userId, fallback.Traits.Name));
                    unit.Enqueue(AuthenticatorStore.Insert(
                        created.Authenticator with { Status = AuthenticatorStatus.Confirmed, EnrolledAt = now }));
                    audit.Add(unit, call.Tenant, ApiOperation.Succeeded(call, userId));
                    var user = await UserStore.FindAsync(unit, call.Tenant, userId, cancellationToken);
                    notices.Add(unit, call, new FactorChange(userId, user?.Email) { Replaced = [fallback.Traits.Name], IsByAdministrator = !isByUser });
                },
                cancellationToken);
            return created.RecoveryCode;
        }
        catch (System.Data.Common.DbException exception) when (ConstraintViolation.IsForeignKey(exception))
        {
            return null;
        }
    }
}

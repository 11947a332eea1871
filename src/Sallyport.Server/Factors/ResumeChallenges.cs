using Sallyport.Server.Audit;
using Sallyport.Server.Security;
using Sallyport.Server.Storage;
using Sallyport.Server.Users;

namespace Sallyport.Server.Factors;

/// <summary>Resumes the challenges of a user who has reported one as not their own.</summary>
internal sealed class ResumeChallenges(Database database, AuditLog audit)
{
    /// <returns>False if there is no such user.</returns>
    public ValueTask<bool> RunAsync(CallContext call, string userId, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async unit =>
            {
                if (await UserStore.FindAsync(unit, call.Tenant, userId, cancellationToken) is null)
                {
                    unit.Abandon();
                    return false;
                }

                unit.Enqueue(AttemptLimit.HoldIfExists(call.Tenant, userId));
                if (await unit.ExecuteAsync(AuthenticatorStore.Resume(call.Tenant, userId), cancellationToken) > 0)
                {
                    audit.Add(unit, call.Tenant, new AuditEntry(AuditTypes.PushResumed, call.Source) { UserId = userId });
                }

                audit.Add(unit, call.Tenant, ApiOperation.Succeeded(call, userId));
                return true;
            },
            cancellationToken);
}

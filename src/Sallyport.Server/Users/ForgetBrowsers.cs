using Sallyport.Server.Audit;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Users;

/// <summary>Makes all browsers that a user was remembered in ask for a second factor again.</summary>
internal sealed class ForgetBrowsers(Database database, AuditLog audit, TimeProvider clock)
{
    /// <returns>False if there is no such user.</returns>
    public ValueTask<bool> RunAsync(string userId, CallContext call, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async unit =>
            {
                if (await unit.ExecuteAsync(UserStore.ForgetBrowsers(call.Tenant, userId, clock.GetUtcNow()), cancellationToken) == 0)
                {
                    unit.Abandon();
                    return false;
                }

                audit.Add(unit, call.Tenant, ApiOperation.Succeeded(call, userId));
                return true;
            },
            cancellationToken);
}

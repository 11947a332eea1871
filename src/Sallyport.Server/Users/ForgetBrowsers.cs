using Sallyport.Server.Audit;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Users;

/// <summary>Invalidates all browsers of a user that were remembered before now.</summary>
internal sealed class ForgetBrowsers(Database database, AuditLog audit, TimeProvider clock)
{
    /// <returns>False if there is no such user.</returns>
    public ValueTask<bool> RunAsync(CallContext call, string userId, CancellationToken cancellationToken) =>
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

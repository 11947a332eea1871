using Sallyport.Server.Audit;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Users;

/// <summary>Draws a line: a browser that was remembered before now counts for nothing.</summary>
internal sealed class ForgetBrowsers(Database database, AuditLog audit, TimeProvider clock)
{
    /// <returns>False where there is no such user.</returns>
    public ValueTask<bool> RunAsync(string userId, AuditEntry entry, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async unit =>
            {
                if (await unit.ExecuteAsync(UserStore.ForgetBrowsers(TenantId.Default, userId, clock.GetUtcNow()), cancellationToken) == 0)
                {
                    unit.Abandon();
                    return false;
                }

                audit.Add(unit, TenantId.Default, entry);
                return true;
            },
            cancellationToken);
}

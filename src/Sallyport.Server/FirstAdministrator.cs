using Sallyport.Server.Administrators;
using Sallyport.Server.Audit;
using Sallyport.Server.Clients;
using Sallyport.Server.Configuration;
using Sallyport.Server.Storage;

namespace Sallyport.Server;

/// <summary>Invites the first administrator, at every start until an owner has signed in.</summary>
internal sealed class FirstAdministrator(Database database, InviteAdministrator invite, SallyportOptions options)
{
    /// <returns>The link; null if an owner has signed in, or no address is configured.</returns>
    public async ValueTask<string?> InviteAsync(CancellationToken cancellationToken)
    {
        if (options.FirstAdministrator is not { } email)
        {
            return null;
        }

        var tenant = CallContext.Internal(CallChannel.CommandLine).Tenant;
        return await database.WriteAsync(
            async unit =>
            {
                await StartupLock.TakeAsync(unit, cancellationToken);
                return await invite.InviteFirstAsync(unit, tenant, email, cancellationToken);
            },
            cancellationToken);
    }
}

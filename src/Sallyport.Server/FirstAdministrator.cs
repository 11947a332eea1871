using Sallyport.Server.Administrators;
using Sallyport.Server.Audit;
using Sallyport.Server.Configuration;
using Sallyport.Server.Storage;

namespace Sallyport.Server;

/// <summary>Creates the administrator whom the configuration names, or invites one in Development.</summary>
internal sealed class FirstAdministrator(Database database, ConfiguredAdministrator configured, InviteAdministrator invite, SallyportOptions options)
{
    /// <returns>Whether there is an administrator, and in Development a link that makes its holder an owner, until an owner has signed in.</returns>
    public async ValueTask<(bool Exists, string? InvitationUrl)> PrepareAsync(CancellationToken cancellationToken)
    {
        var tenant = CallContext.Internal(CallChannel.CommandLine).Tenant;
        await configured.CreateAsync(tenant, cancellationToken);
        if (options.InvitedAdministrator is not { } email)
        {
            return (await database.ReadAsync(session => AdministratorStore.AnyAsync(session, tenant, cancellationToken), cancellationToken), null);
        }

        var url = await database.WriteAsync(
            async unit =>
            {
                await StartupLock.TakeAsync(unit, cancellationToken);
                return await invite.InviteFirstAsync(unit, tenant, email, cancellationToken);
            },
            cancellationToken);
        return (true, url);
    }
}

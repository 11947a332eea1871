using Microsoft.AspNetCore.Identity;
using Sallyport.Server.Configuration;
using Sallyport.Server.Http;
using Sallyport.Server.Storage;
using Sallyport.Server.Users;

namespace Sallyport.Server.Administrators;

/// <summary>The owner whom the configuration names, with a password. The second factor is enrolled at the first sign-in.</summary>
internal sealed class ConfiguredAdministrator(Database database, PasswordHasher<User> hasher, SallyportOptions options, TimeProvider clock)
{
    /// <summary>Creates the owner unless there is an administrator with this address, whose password and role stay as they are.</summary>
    public async ValueTask CreateAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        if (options.BootstrapAdministrator is not { } configured)
        {
            return;
        }

        // Hashing is slow, so it is done before the unit of work, and only if the administrator does not exist.
        var email = UserRules.NormalizeEmail(configured.Email)!;
        var now = UserRules.Now(clock);
        if (await database.ReadAsync(session => FindAsync(session, tenant, email, cancellationToken), cancellationToken) is not null)
        {
            return;
        }

        var passwordHash = hasher.HashPassword(new User { UserId = AdministratorUsers.IdPrefix }, configured.Password);
        await database.WriteAsync(
            async unit =>
            {
                await StartupLock.TakeAsync(unit, cancellationToken);
                if (await FindAsync(unit, tenant, email, cancellationToken) is not null)
                {
                    unit.Abandon();
                    return;
                }

                AdministratorStore.Add(unit, tenant, new NewAdministrator(email, AdministratorRole.Owner, passwordHash), now);
            },
            cancellationToken);
    }

    /// <summary>The password of the configuration is enough to enroll the first factor, and never another one after that.</summary>
    public async ValueTask<bool> MayEnrollAsync(TenantId tenant, User user, CancellationToken cancellationToken) =>
        options.BootstrapAdministrator is { } configured && user.Email == UserRules.NormalizeEmail(configured.Email)
        && await database.ReadAsync(session => FindAsync(session, tenant, user.Email!, cancellationToken), cancellationToken) is { SignedInAt: null };

    private ValueTask<Administrator?> FindAsync(Session session, TenantId tenant, string email, CancellationToken cancellationToken) =>
        AdministratorStore.FindByEmailAsync(session, tenant, email, clock.GetUtcNow(), cancellationToken);
}

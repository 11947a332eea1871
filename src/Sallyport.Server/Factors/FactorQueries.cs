using Sallyport.Server.Factors.Settings;
using Sallyport.Server.Http;
using Sallyport.Server.Settings;
using Sallyport.Server.Storage;
using Sallyport.Server.Users;

namespace Sallyport.Server.Factors;

/// <summary>Reads factors and enrollments for the Management API.</summary>
internal sealed class FactorQueries(Database database, SettingReader settings)
{
    /// <returns>The names of the factors that are switched on, and the settings of codes by factor name if asked for.</returns>
    public ValueTask<(IReadOnlySet<string> Enabled, IReadOnlyDictionary<string, CodeSettings> Codes)> ListAsync(
        TenantId tenant, bool withSettings, CancellationToken cancellationToken) =>
        database.ReadAsync(
            async session => (
                await FactorStore.EnabledAsync(session, tenant, cancellationToken),
                withSettings ? await CodeLengths.FindAsync(session, tenant, settings, cancellationToken) : CodeLengths.None),
            cancellationToken);

    /// <returns>A user's confirmed enrollments, newest first; null if there is no such user.</returns>
    public ValueTask<IReadOnlyList<Authenticator>?> ListEnrollmentsAsync(TenantId tenant, string userId, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<Authenticator>?>(
            async session => await UserStore.FindAsync(session, tenant, userId, cancellationToken) is null
                ? null
                : [.. (await AuthenticatorStore.ListConfirmedAsync(session, tenant, userId, cancellationToken)).Where(a => a.IsEnrollment)],
            cancellationToken);

    /// <returns>The factors that the tenant offers, and the authenticators that the user has confirmed.</returns>
    public ValueTask<UserFactors> FindOfUserAsync(TenantId tenant, string userId, CancellationToken cancellationToken) =>
        database.ReadAsync(session => UserFactors.FindAsync(session, tenant, userId, cancellationToken), cancellationToken);

    /// <returns>Null if there is no such enrollment.</returns>
    public async ValueTask<Authenticator?> FindEnrollmentAsync(TenantId tenant, string id, CancellationToken cancellationToken)
    {
        var found = await database.ReadAsync(session => AuthenticatorStore.FindAsync(session, tenant, id, cancellationToken), cancellationToken);
        return found is { IsEnrollment: true } && !AdministratorUsers.Contains(found.UserId) ? found : null;
    }
}

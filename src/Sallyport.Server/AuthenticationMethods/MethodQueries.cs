using Sallyport.Server.Factors;
using Sallyport.Server.Storage;
using Sallyport.Server.Users;

namespace Sallyport.Server.AuthenticationMethods;

internal sealed class MethodQueries(Database database, FactorCatalog catalog)
{
    /// <returns>All methods of a user, oldest first; null if there is no such user.</returns>
    public ValueTask<IReadOnlyList<AuthenticationMethodResponse>?> ListAsync(
        TenantId tenant, string userId, CancellationToken cancellationToken) =>
        ReadAsync(tenant, userId, (_, _) => true, cancellationToken);

    /// <returns>None or one; null if there is no such user.</returns>
    public ValueTask<IReadOnlyList<AuthenticationMethodResponse>?> FindAsync(
        TenantId tenant, MethodPath path, CancellationToken cancellationToken) =>
        ReadAsync(tenant, path.UserId, (authenticator, traits) => MethodIds.Matches(authenticator, traits, path.MethodId), cancellationToken);

    private ValueTask<IReadOnlyList<AuthenticationMethodResponse>?> ReadAsync(
        TenantId tenant, string userId, Func<Authenticator, FactorTraits, bool> which, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<AuthenticationMethodResponse>?>(
            async session =>
            {
                if (await UserStore.FindAsync(session, tenant, userId, cancellationToken) is null)
                {
                    return null;
                }

                var owned = await AuthenticatorStore.ListAsync(session, tenant, userId, cancellationToken);
                var display = await MethodDisplay.ReadAsync(session, tenant, catalog, owned, cancellationToken);
                return
                [
                    .. from authenticator in owned
                       let factor = catalog.Stored(authenticator)
                       where MethodIds.IsMethod(authenticator, factor.Traits) && which(authenticator, factor.Traits)
                       select AuthenticationMethodResponse.Read(authenticator, factor, display),
                ];
            },
            cancellationToken);
}

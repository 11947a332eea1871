using Sallyport.Server.Factors;
using Sallyport.Server.Storage;
using Sallyport.Server.Users;

namespace Sallyport.Server.AuthenticationMethods;

/// <summary>What a user has enrolled, in whole or in part, as it is shown.</summary>
internal sealed class ReadAuthenticationMethods(Database database)
{
    private static readonly TenantId Tenant = TenantId.Default;

    /// <returns>Oldest first; null where there is no such user.</returns>
    public ValueTask<IReadOnlyList<AuthenticationMethodResponse>?> ListAsync(string userId, CancellationToken cancellationToken) =>
        ReadAsync(userId, _ => true, cancellationToken);

    /// <returns>None or one; null where there is no such user.</returns>
    public ValueTask<IReadOnlyList<AuthenticationMethodResponse>?> FindAsync(MethodPath path, CancellationToken cancellationToken) =>
        ReadAsync(path.UserId, authenticator => MethodTypes.IsNamed(authenticator, path.MethodId), cancellationToken);

    private ValueTask<IReadOnlyList<AuthenticationMethodResponse>?> ReadAsync(
        string userId, Func<Authenticator, bool> which, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<AuthenticationMethodResponse>?>(
            async session =>
            {
                if (await UserStore.FindAsync(session, Tenant, userId, cancellationToken) is null)
                {
                    return null;
                }

                var masks = await MethodMasksOfTenant.ReadAsync(session, Tenant, cancellationToken);
                var owned = await AuthenticatorStore.ListAsync(session, Tenant, userId, cancellationToken);
                return
                [
                    .. owned
                        .Where(authenticator => MethodTypes.IsMethod(authenticator) && which(authenticator))
                        .Select(authenticator => AuthenticationMethodResponse.Read(authenticator, masks)),
                ];
            },
            cancellationToken);
}

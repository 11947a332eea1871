using Sallyport.Server.Audit;
using Sallyport.Server.Clients;
using Sallyport.Server.Storage;
using Sallyport.Server.Users;

namespace Sallyport.Server.SignIn.OpenIdConnect;

/// <summary>Finds the user whom a request names in <c>login_hint</c> or <c>id_token_hint</c>.</summary>
internal sealed class HintedUsers(Database database, AccessTokens tokens)
{
    /// <summary>
    /// Reads the <c>id_token_hint</c>, an ID token of this server for the client. It may have expired (OpenID Connect Core section 3.1.2.1). Signed
    /// results have the same issuer and audience, but name a transaction.
    /// </summary>
    public async ValueTask<AuthorizationRequest> ReadHintAsync(AuthorizationRequest request)
    {
        if (request[AuthorizationRequest.HintName] is not { } hint)
        {
            return request;
        }

        var token = await tokens.VerifyExpiredAsync(hint, request.ClientId);
        return request.ReplaceHint(token is not null && !token.TryGetPayloadValue<string>("txid", out _) ? token.Subject : null);
    }

    /// <returns>The id of the user. Null if the request names none, more than one, or two different ones.</returns>
    public async ValueTask<string?> FindAsync(CallContext call, AuthorizationRequest request, CancellationToken cancellationToken)
    {
        if (request["login_hint"] is not { } hint)
        {
            return request.HintedUser is { Length: > 0 } named ? named : null;
        }

        var found = await database.ReadAsync(session => FindAsync(session, call.Tenant, hint, cancellationToken), cancellationToken);
        return found is not null && request.Admits(found) ? found : null;
    }

    private static async ValueTask<string?> FindAsync(Session session, TenantId tenant, string hint, CancellationToken cancellationToken)
    {
        if (await UserStore.FindAsync(session, tenant, hint, cancellationToken) is { } user)
        {
            return user.UserId;
        }

        return await UserStore.ListByEmailAsync(session, tenant, UserRules.NormalizeEmail(hint)!, cancellationToken) is [var only] ? only.UserId : null;
    }
}

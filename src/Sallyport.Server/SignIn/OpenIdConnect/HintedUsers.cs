using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Sallyport.Server.Configuration;
using Sallyport.Server.Security;
using Sallyport.Server.Storage;
using Sallyport.Server.Users;
using CallContext = Sallyport.Server.Audit.CallContext;

namespace Sallyport.Server.SignIn.OpenIdConnect;

/// <summary>Finds the user whom a request names in <c>login_hint</c> or <c>id_token_hint</c>.</summary>
internal sealed class HintedUsers(Database database, KeyRing ring, SallyportOptions options)
{
    private readonly JsonWebTokenHandler handler = new() { MapInboundClaims = false };

    /// <returns>The id of the user. Null if the request names none, more than one, or two different ones.</returns>
    public async ValueTask<string?> FindAsync(CallContext call, OpenAuthorization authorization, CancellationToken cancellationToken)
    {
        var request = authorization.Request;
        var fromToken = request["id_token_hint"] is { } token ? await FindSubjectAsync(token, request.ClientId) : null;
        if (request["login_hint"] is not { } hint)
        {
            return fromToken;
        }

        var fromHint = await database.ReadAsync(session => FindAsync(session, call.Tenant, hint, cancellationToken), cancellationToken);
        return request["id_token_hint"] is null || fromToken == fromHint ? fromHint : null;
    }

    /// <summary>Whether an ID token of this server for the client names the user. It may have expired (OpenID Connect Core section 3.1.2.1).</summary>
    public async ValueTask<bool> IsNamedAsync(OpenAuthorization authorization, string userId) =>
        authorization.Request["id_token_hint"] is not { } token
        || await FindSubjectAsync(token, authorization.Request.ClientId) == userId;

    private static async ValueTask<string?> FindAsync(Session session, TenantId tenant, string hint, CancellationToken cancellationToken)
    {
        if (await UserStore.FindAsync(session, tenant, hint, cancellationToken) is { } user)
        {
            return user.UserId;
        }

        return await UserStore.ListByEmailAsync(session, tenant, UserRules.NormalizeEmail(hint)!, cancellationToken) is [var only] ? only.UserId : null;
    }

    /// <summary>Signed results have the same issuer and audience, but name a transaction.</summary>
    private async ValueTask<string?> FindSubjectAsync(string token, string clientId)
    {
        var result = await handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = options.Issuer,
            AudienceValidator = (audiences, _, _) => audiences.Contains(clientId, StringComparer.Ordinal),
            ValidAlgorithms = [SecurityAlgorithms.RsaSha256],
            IssuerSigningKeys = ring.Current.VerificationKeys,
            TryAllIssuerSigningKeys = false,
            ValidateLifetime = false,
        });
        return result is { IsValid: true, SecurityToken: JsonWebToken jwt } && !jwt.TryGetPayloadValue<string>("txid", out _) ? jwt.Subject : null;
    }
}

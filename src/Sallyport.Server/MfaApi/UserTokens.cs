using System.Text.Json;
using Sallyport.Server.Clients;
using Sallyport.Server.Configuration;
using Sallyport.Server.ResourceServers;
using Sallyport.Server.Storage;
using Sallyport.Server.Tenants;
using Sallyport.Server.Users;

namespace Sallyport.Server.MfaApi;

/// <summary>The token that a client may get for a user.</summary>
internal sealed record TokenTarget(string Audience, string Scope, TimeSpan Lifetime);

/// <summary>Decides what a client may get for a user, and issues the access token and the ID token.</summary>
internal sealed class UserTokens(AccessTokens tokens, SallyportOptions options)
{
    public const string EnrollScope = "enroll";
    public const string ReadScope = "read:authenticators";
    public const string RemoveScope = "remove:authenticators";

    private const string OpenId = "openid";
    private const string Profile = "profile";
    private const string Email = "email";

    /// <summary>The published API does not let it be configured.</summary>
    private static readonly TimeSpan MfaLifetime = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan UserInfoLifetime = TimeSpan.FromDays(1);
    private static readonly TimeSpan DefaultIdTokenLifetime = TimeSpan.FromHours(10);

    /// <summary>The audience of tokens that manage the authenticators of their user.</summary>
    public string MfaAudience => options.PublicUrl + "/mfa/";

    /// <returns>Null if the client may not get a token of a user for this API.</returns>
    public async ValueTask<TokenTarget?> FindTargetAsync(
        Session session, TenantId tenant, AuthenticatedClient client, MfaData requested, CancellationToken cancellationToken)
    {
        var audience = requested.Audience ?? (await TenantStore.GetSettingsAsync(session, tenant, cancellationToken)).DefaultAudience;
        if (string.IsNullOrEmpty(audience))
        {
            return Target(options.PublicUrl + "/userinfo", granted: "", requested.Scope, UserInfoLifetime);
        }

        if (Audience.IsSame(audience, MfaAudience))
        {
            return Target(MfaAudience, $"{EnrollScope} {ReadScope} {RemoveScope}", requested.Scope, MfaLifetime);
        }

        // The Management API is for backends: its scopes would let a user act on every other one.
        if (Audience.IsSame(audience, options.ManagementAudience)
            || await ResourceServerStore.FindAsync(session, tenant, audience, cancellationToken) is not { IsSystem: false } api
            || api.Identifier != audience
            || await FindScopesAsync(session, tenant, client, api, cancellationToken) is not { } granted)
        {
            return null;
        }

        return Target(audience, granted, requested.Scope, api.TokenLifetime);
    }

    /// <param name="provedBy">The id of the authenticator that was the second factor; null if none was required.</param>
    public TokenResponse Issue(User user, AuthenticatedClient client, TokenTarget target, string? provedBy)
    {
        var claims = new Dictionary<string, object>
        {
            ["sub"] = user.UserId,
            ["azp"] = client.ClientId,
            ["scope"] = target.Scope,
            ["gty"] = "password",
        };
        if (provedBy is not null && target.Audience == MfaAudience)
        {
            claims[AccessTokenPrincipal.ProvedByClaim] = provedBy;
        }

        return new TokenResponse(
            tokens.Issue(target.Audience, target.Lifetime, claims), target.Scope, (int)target.Lifetime.TotalSeconds, "Bearer")
        {
            IdToken = target.Scope.Split(' ') is var scopes && scopes.Contains(OpenId)
                ? tokens.Issue(client.ClientId, IdTokenLifetime(client), IdClaims(user, scopes))
                : null,
        };
    }

    private static async ValueTask<string?> FindScopesAsync(
        Session session, TenantId tenant, AuthenticatedClient client, ResourceServer api, CancellationToken cancellationToken)
    {
        switch (api.UserPolicy)
        {
            case "allow_all":
                return string.Join(' ', api.Scopes);
            case "require_client_grant":
                var grant = await ClientGrantStore.FindAsync(
                    session, tenant, (client.ClientId, api.Identifier, ClientGrant.ForUser), cancellationToken);
                return grant is null ? null : api.Offered(string.Join(' ', grant.Scope));
            default:
                return null;
        }
    }

    /// <summary>The scopes of OpenID Connect need no grant: they open only what the user has just signed in with.</summary>
    private static TokenTarget Target(string audience, string granted, string? requested, TimeSpan lifetime)
    {
        string[] standard = [.. new[] { OpenId, Profile, Email }.Where(scope => (requested ?? "").Split(' ').Contains(scope, StringComparer.Ordinal))];
        var own = Audience.Narrow(granted, requested).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return new TokenTarget(audience, string.Join(' ', standard.Concat(own).Distinct(StringComparer.Ordinal)), lifetime);
    }

    private static TimeSpan IdTokenLifetime(AuthenticatedClient client) =>
        client.Settings.JwtConfiguration?.GetValueOrDefault("lifetime_in_seconds") is { ValueKind: JsonValueKind.Number } value
        && value.TryGetInt32(out var seconds) && seconds > 0
            ? TimeSpan.FromSeconds(seconds)
            : DefaultIdTokenLifetime;

    /// <summary>Without <c>acr</c> and <c>amr</c>: ID tokens of the MFA API do not have them (docs/wire.md §8).</summary>
    private static Dictionary<string, object> IdClaims(User user, string[] scopes)
    {
        var claims = new Dictionary<string, object?> { ["sub"] = user.UserId };
        if (scopes.Contains(Email))
        {
            (claims["email"], claims["email_verified"]) = (user.Email, user.Email is null ? null : user.EmailVerified ?? false);
        }

        if (scopes.Contains(Profile))
        {
            (claims["name"], claims["nickname"], claims["picture"]) = (user.Name, user.Nickname, user.Picture);
            (claims["given_name"], claims["family_name"]) = (user.GivenName, user.FamilyName);
            claims["updated_at"] = user.UpdatedAt.ToUnixTimeSeconds();
        }

        return claims.Where(claim => claim.Value is not null).ToDictionary(claim => claim.Key, claim => claim.Value!);
    }
}

using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Sallyport.Server.Configuration;
using Sallyport.Server.ResourceServers;
using Sallyport.Server.Storage;
using Sallyport.Server.Tenants;
using Sallyport.Server.Users;

namespace Sallyport.Server.Clients;

/// <summary>The token that a client may get for a user.</summary>
internal sealed record TokenTarget(string Audience, string Scope, TimeSpan Lifetime);

/// <summary>How the user has signed in, as far as the tokens say it.</summary>
internal sealed record TokenGrounds
{
    /// <summary>For the claim <c>gty</c> of the access token; null leaves it out.</summary>
    public string? GrantType { get; init; }

    /// <summary>The id of the authenticator that was the second factor; null if none was used.</summary>
    public string? ProvedBy { get; init; }

    /// <summary>When it was used; null if just now.</summary>
    public DateTimeOffset? ProvedAt { get; init; }

    /// <summary>The id of the access token (<c>jti</c>), by which it can be revoked; null leaves it out.</summary>
    public string? TokenId { get; init; }

    /// <summary>Claims of the ID token beside those about the user.</summary>
    public IReadOnlyDictionary<string, object> IdClaims { get; init; } = new Dictionary<string, object>();
}

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

    /// <summary>How long a token that this server verifies is valid at most.</summary>
    public static readonly TimeSpan MaxRevocableLifetime = UserInfoLifetime;

    private static readonly TimeSpan DefaultIdTokenLifetime = TimeSpan.FromHours(10);

    /// <summary>The audience of tokens that manage the authenticators of their user.</summary>
    public string MfaAudience => options.PublicUrl + "/mfa/";

    /// <summary>The audience of tokens that were issued for no API.</summary>
    public string UserInfoAudience => options.PublicUrl + "/userinfo";

    /// <returns>Null if the client may not get a token of a user for this API.</returns>
    public async ValueTask<TokenTarget?> FindTargetAsync(
        Session session, TenantId tenant, AuthenticatedClient client, (string? Audience, string? Scope) requested, CancellationToken cancellationToken)
    {
        var audience = requested.Audience ?? (await TenantStore.GetSettingsAsync(session, tenant, cancellationToken)).DefaultAudience;
        if (string.IsNullOrEmpty(audience) || Audience.IsSame(audience, UserInfoAudience))
        {
            return Target(UserInfoAudience, granted: "", requested.Scope, UserInfoLifetime);
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

    public TokenResponse Issue(User user, AuthenticatedClient client, TokenTarget target, TokenGrounds grounds)
    {
        var claims = new Dictionary<string, object>
        {
            ["sub"] = user.UserId,
            ["azp"] = client.ClientId,
            ["scope"] = target.Scope,
        };
        if (grounds.GrantType is { } grantType)
        {
            claims["gty"] = grantType;
        }

        if (grounds.TokenId is { } tokenId)
        {
            claims["jti"] = tokenId;
        }

        if (grounds.ProvedBy is { } provedBy && target.Audience == MfaAudience)
        {
            claims[AccessTokenPrincipal.ProvedByClaim] = provedBy;
            if (grounds.ProvedAt is { } provedAt)
            {
                claims[AccessTokenPrincipal.ProvedAtClaim] = provedAt.ToUnixTimeSeconds();
            }
        }

        var accessToken = tokens.Issue(target.Audience, target.Lifetime, claims);
        return new TokenResponse(accessToken, target.Scope, (int)target.Lifetime.TotalSeconds, "Bearer")
        {
            IdToken = target.Scope.Split(' ') is var scopes && scopes.Contains(OpenId)
                ? tokens.Issue(client.ClientId, IdTokenLifetime(client), new Dictionary<string, object>(ClaimsOf(user, scopes).Concat(grounds.IdClaims))
                {
                    ["at_hash"] = HashOf(accessToken),
                })
                : null,
        };
    }

    /// <summary>Binds the access token to the ID token: the left half of its hash (OpenID Connect Core section 3.1.3.6).</summary>
    private static string HashOf(string accessToken) =>
        Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(accessToken)).AsSpan(..(SHA256.HashSizeInBytes / 2)));

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

    /// <summary>The claims about the user that the scopes ask for, for the ID token and for <c>/userinfo</c> (OpenID Connect Core section 5.4).</summary>
    public static Dictionary<string, object> ClaimsOf(User user, IReadOnlyCollection<string> scopes)
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

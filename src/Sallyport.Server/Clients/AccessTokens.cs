using System.Collections.Concurrent;
using System.Security.Claims;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Sallyport.Server.Configuration;
using Sallyport.Server.Http;
using Sallyport.Server.Security;

namespace Sallyport.Server.Clients;

/// <summary>Issues access tokens and verifies those for the Management API. They are RS256, because others verify them too.</summary>
internal sealed class AccessTokens(KeyRing ring, AccessTokenRevocations revocations, SallyportOptions options, TimeProvider clock)
{
    private const int MaxVerified = 10_000;

    private readonly JsonWebTokenHandler handler = new() { SetDefaultTimesOnTokenCreation = false, MapInboundClaims = false };
    private readonly ConcurrentDictionary<string, Verified> verified = new(StringComparer.Ordinal);

    public string Issue(string clientId, string audience, string scope, TimeSpan lifetime) =>
        Issue(audience, lifetime, new Dictionary<string, object>
        {
            ["sub"] = clientId + "@clients",
            ["azp"] = clientId,
            ["scope"] = scope,
            ["gty"] = "client-credentials",
        });

    /// <param name="claims">Those beside <c>iss</c>, <c>aud</c>, <c>iat</c> and <c>exp</c>.</param>
    public string Issue(string audience, TimeSpan lifetime, IDictionary<string, object> claims)
    {
        var now = clock.GetUtcNow();
        return handler.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = options.Issuer,
            Audience = audience,
            IssuedAt = now.UtcDateTime,
            Expires = (now + lifetime).UtcDateTime,
            Claims = claims,
            SigningCredentials = new SigningCredentials(ring.Current.SigningKey, SecurityAlgorithms.RsaSha256),
        });
    }

    /// <summary>
    /// Verifies a token for the Management API. The signature is verified once for each token and state of the key ring; later calls check only whether the token
    /// has expired and whether its client was deleted.
    /// </summary>
    public async ValueTask<AccessTokenResult> ValidateAsync(string token)
    {
        var keys = ring.Current;
        if (!verified.TryGetValue(token, out var known) || known.Keys != keys)
        {
            var result = await VerifyAsync(token, options.ManagementAudience);
            if (result.Principal is null)
            {
                return result;
            }

            if (verified.Count >= MaxVerified)
            {
                verified.Clear();
            }

            known = new Verified(keys, result);
            verified[token] = known;
        }

        return Check(known.Result);
    }

    /// <summary>Verifies a token of a user for another audience.</summary>
    public async ValueTask<AccessTokenResult> ValidateAsync(string token, string audience, CancellationToken cancellationToken)
    {
        var result = Check(await VerifyAsync(token, audience));
        return result.Principal?.TokenId is { } id && await revocations.Tokens.IncludesAsync(id, cancellationToken) ? AccessTokenResult.Invalid : result;
    }

    /// <summary>Verifies a token of this server that may have expired. Null if it is not one for the audience.</summary>
    public async ValueTask<JsonWebToken?> VerifyExpiredAsync(string token, string audience)
    {
        var parameters = Parameters(audience);
        (parameters.ValidateLifetime, parameters.LifetimeValidator) = (false, null);
        return await handler.ValidateTokenAsync(token, parameters) is { IsValid: true, SecurityToken: JsonWebToken verified } ? verified : null;
    }

    private AccessTokenResult Check(AccessTokenResult result) =>
        result.Principal is not { } caller ? result
            : caller.Expires <= clock.GetUtcNow() ? AccessTokenResult.Expired
            : revocations.Clients.Includes(caller.ClientId, caller.IssuedAt) ? AccessTokenResult.Invalid
            : result;

    private async Task<AccessTokenResult> VerifyAsync(string token, string audience)
    {
        var result = await handler.ValidateTokenAsync(token, Parameters(audience));
        if (result.Exception is SecurityTokenSignatureKeyNotFoundException)
        {
            // Another node may have just rotated the keys.
            await ring.RefreshForUnknownKeyAsync(CancellationToken.None);
            result = await handler.ValidateTokenAsync(token, Parameters(audience));
        }

        if (result is { IsValid: true, SecurityToken: JsonWebToken jwt })
        {
            return new AccessTokenResult(new AccessTokenPrincipal(jwt), null);
        }

        return result.Exception switch
        {
            SecurityTokenExpiredException => AccessTokenResult.Expired,
            SecurityTokenSignatureKeyNotFoundException or SecurityTokenInvalidSignatureException =>
                new AccessTokenResult(null, "Invalid signature received for JSON Web Token validation"),
            _ => AccessTokenResult.Invalid,
        };
    }

    private TokenValidationParameters Parameters(string audience) => new()
    {
        ValidIssuer = options.Issuer,
        // An exact comparison: the library ignores a final slash of the audience.
        AudienceValidator = (audiences, _, _) => audiences.Contains(audience, StringComparer.Ordinal),
        ValidAlgorithms = [SecurityAlgorithms.RsaSha256],
        IssuerSigningKeys = ring.Current.VerificationKeys,
        TryAllIssuerSigningKeys = false,
        RequireExpirationTime = true,
        LifetimeValidator = IsNotExpired,
    };

    private bool IsNotExpired(DateTime? notBefore, DateTime? expires, SecurityToken token, TokenValidationParameters parameters) =>
        expires > clock.GetUtcNow().UtcDateTime ? true : throw new SecurityTokenExpiredException();

    private sealed record Verified(KeySnapshot Keys, AccessTokenResult Result);
}

/// <summary>What makes a token worthless before it expires.</summary>
internal sealed record AccessTokenRevocations(ClientRevocations Clients, ITokenRevocations Tokens);

/// <summary>The tokens that were revoked one by one.</summary>
internal interface ITokenRevocations
{
    ValueTask<bool> IncludesAsync(string tokenId, CancellationToken cancellationToken);
}

internal sealed record AccessTokenResult(AccessTokenPrincipal? Principal, string? Fault)
{
    public static readonly AccessTokenResult Invalid = new(null, "Invalid token");

    public static readonly AccessTokenResult Expired = new(null, "Expired token received for JSON Web Token validation");
}

/// <summary>The client, or the user of a client, behind a verified access token.</summary>
internal sealed class AccessTokenPrincipal : ClaimsPrincipal, ICaller
{
    /// <summary>Ours: the id of the authenticator that was the second factor.</summary>
    public const string ProvedByClaim = "proved_by";

    /// <summary>When the second factor was used, if that was before the token was issued.</summary>
    public const string ProvedAtClaim = "auth_time";

    public AccessTokenPrincipal(JsonWebToken token)
        : base(new ClaimsIdentity(ICaller.AuthenticationScheme))
    {
        Subject = token.Subject;
        ProvedBy = token.TryGetPayloadValue<string>(ProvedByClaim, out var provedBy) ? provedBy : null;
        TokenId = token.Id is { Length: > 0 } id ? id : null;
        ClientId = token.TryGetPayloadValue<string>("azp", out var clientId) ? clientId : token.Subject;
        IssuedAt = new DateTimeOffset(token.IssuedAt, TimeSpan.Zero);
        Expires = new DateTimeOffset(token.ValidTo, TimeSpan.Zero);
        ProvedAt = token.TryGetPayloadValue<long>(ProvedAtClaim, out var provedAt) ? DateTimeOffset.FromUnixTimeSeconds(provedAt) : IssuedAt;
        Scopes = token.TryGetPayloadValue<string>("scope", out var scope)
            ? scope.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.Ordinal)
            : [];
    }

    /// <summary>The id of the user in a token that was issued for one.</summary>
    public string Subject { get; }

    /// <summary>Null if the token cannot be revoked by itself.</summary>
    public string? TokenId { get; }

    /// <summary>Null if the token was issued without a second factor.</summary>
    public string? ProvedBy { get; }

    /// <summary>When the user has signed in.</summary>
    public DateTimeOffset ProvedAt { get; }

    public string ClientId { get; }

    public DateTimeOffset IssuedAt { get; }

    public DateTimeOffset Expires { get; }

    public IReadOnlySet<string> Scopes { get; }
}

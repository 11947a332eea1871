using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Sallyport.Server.Storage;
using Sallyport.Server.Users;
using CallContext = Sallyport.Server.Audit.CallContext;

namespace Sallyport.Server.SignIn.OpenIdConnect;

/// <summary>The user of Entra for whom a second factor is asked.</summary>
/// <param name="Subject">Repeated in the answer.</param>
internal sealed record EntraUser(string Subject, string ObjectId, string? PreferredUsername);

internal enum EntraHintOutcome
{
    Valid,

    /// <summary>Entra's keys cannot be fetched.</summary>
    Unavailable,

    /// <summary>It is no token of Entra for this client, of another tenant, or too old.</summary>
    Invalid,
}

/// <summary>Verifies the <c>id_token_hint</c> of Entra, and finds its user here.</summary>
internal sealed class EntraHints(Database database, EntraKeys keys, TimeProvider clock)
{
    /// <summary>Entra issues hints that have expired, so that they are good for nothing else. It waits for the answer for about ten minutes.</summary>
    private static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(5);

    private readonly JsonWebTokenHandler handler = new() { MapInboundClaims = false };

    public async ValueTask<(EntraHintOutcome Outcome, EntraUser? User)> VerifyAsync(
        string hint, EntraSettings settings, CancellationToken cancellationToken)
    {
        if (!handler.CanReadToken(hint) || TryRead(hint) is not { } unverified)
        {
            return (EntraHintOutcome.Invalid, null);
        }

        if (await keys.FindAsync(settings.Tenant, unverified.Kid, cancellationToken) is not { } metadata)
        {
            return (EntraHintOutcome.Unavailable, null);
        }

        var result = await handler.ValidateTokenAsync(hint, new TokenValidationParameters
        {
            ValidIssuer = metadata.Issuer,
            AudienceValidator = (audiences, _, _) => audiences.ToList() is [var only] && only == settings.ApplicationId,
            ValidAlgorithms = [SecurityAlgorithms.RsaSha256],
            IssuerSigningKeys = metadata.Keys,
            TryAllIssuerSigningKeys = false,
            ValidateLifetime = false,
        });
        return result is { IsValid: true, SecurityToken: JsonWebToken token } && IsFresh(token) && UserOf(token, settings) is { } user
            ? (EntraHintOutcome.Valid, user)
            : (EntraHintOutcome.Invalid, null);
    }

    /// <returns>The id of the user. Null if there is none, or more than one.</returns>
    public async ValueTask<string?> FindUserAsync(CallContext call, EntraUser user, EntraSettings settings, CancellationToken cancellationToken) =>
        await database.ReadAsync(
            async session => settings.MatchesByEmail
                ? user.PreferredUsername is { } email
                    && await UserStore.ListByEmailAsync(session, call.Tenant, UserRules.NormalizeEmail(email)!, cancellationToken) is [var only]
                        ? only.UserId
                        : null
                : (await UserStore.FindAsync(session, call.Tenant, $"auth0|{user.ObjectId}", cancellationToken))?.UserId,
            cancellationToken);

    private JsonWebToken? TryRead(string hint)
    {
        try
        {
            return handler.ReadJsonWebToken(hint);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private bool IsFresh(JsonWebToken token)
    {
        var age = clock.GetUtcNow() - new DateTimeOffset(token.IssuedAt, TimeSpan.Zero);
        return age <= MaxAge && age >= -ClockSkew;
    }

    private static EntraUser? UserOf(JsonWebToken token, EntraSettings settings) =>
        token.TryGetPayloadValue<string>("tid", out var tenant) && tenant == settings.Tenant
            && token.TryGetPayloadValue<string>("oid", out var objectId) && objectId.Length > 0 && token.Subject is { Length: > 0 } subject
            ? new EntraUser(subject, objectId, token.TryGetPayloadValue<string>("preferred_username", out var name) ? name : null)
            : null;
}

using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Sallyport.Server.Configuration;
using Sallyport.Server.Security;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Transactions;

/// <summary>The content of a verified <see cref="DeviceTokens"/> token.</summary>
internal readonly record struct DeviceTokenContent(TransactionIdentity Identity, string AuthenticatorId);

/// <summary>
/// The token in a push message (<c>txtkn</c>, docs/wire.md §3.4), with which one device answers one challenge. Only this server verifies it.
/// </summary>
internal sealed class DeviceTokens(KeyRing ring, SallyportOptions options, TimeProvider clock)
{
    private readonly JsonWebTokenHandler handler = new() { SetDefaultTimesOnTokenCreation = false, MapInboundClaims = false };

    private string Audience => options.GuardianUrl + "/api/resolve-transaction";

    public string Issue(Transaction transaction, string authenticatorId, DateTimeOffset expiresAt) => handler.CreateToken(new SecurityTokenDescriptor
    {
        Issuer = options.GuardianUrl,
        Audience = Audience,
        IssuedAt = clock.GetUtcNow().UtcDateTime,
        Expires = expiresAt.UtcDateTime,
        Claims = new Dictionary<string, object>
        {
            ["sub"] = transaction.UserId,
            ["txid"] = transaction.Id,
            ["dai"] = authenticatorId,
            ["enrolls"] = transaction.Enrolls,
        },
        SigningCredentials = new SigningCredentials(ring.Current.TransactionKey, SecurityAlgorithms.HmacSha256),
    });

    /// <returns>Null for a token that this server did not issue, or that has expired.</returns>
    public async ValueTask<DeviceTokenContent?> ValidateAsync(TenantId tenant, string token)
    {
        var result = await handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = options.GuardianUrl,
            ValidAudience = Audience,
            ValidAlgorithms = [SecurityAlgorithms.HmacSha256],
            IssuerSigningKey = ring.Current.TransactionKey,
            RequireExpirationTime = true,
            LifetimeValidator = (_, expires, _, _) => expires > clock.GetUtcNow().UtcDateTime,
        });
        return result is { IsValid: true, SecurityToken: JsonWebToken jwt }
            && jwt.TryGetPayloadValue<string>("txid", out var id) && jwt.TryGetPayloadValue<string>("dai", out var authenticatorId)
            ? new DeviceTokenContent(new TransactionIdentity(tenant, id, jwt.Subject) { Enrolls = jwt.GetPayloadValue<bool>("enrolls") }, authenticatorId)
            : null;
    }
}

using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Sallyport.Server.Configuration;
using Sallyport.Server.Security;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Transactions;

/// <summary>
/// Transaction tokens (docs/wire.md §3.2). Clients read <c>txid</c> and <c>exp</c>; only this server verifies them, so they
/// carry an HMAC instead of an RSA signature, which costs several hundred times as much.
/// </summary>
internal sealed class TransactionTokens(KeyRing ring, SallyportOptions options, TimeProvider clock)
{
    private readonly JsonWebTokenHandler handler = new() { SetDefaultTimesOnTokenCreation = false, MapInboundClaims = false };

    public string Issuer => options.GuardianUrl;

    private string Audience => options.GuardianUrl + "/api";

    /// <summary>The audience of request tokens: they start a transaction and do nothing else.</summary>
    private string RequestAudience => options.GuardianUrl + "/api/start-flow";

    /// <summary>The audience of tokens of the MFA API.</summary>
    private string MfaAudience => options.PublicUrl + "/mfa/";

    public string Issue(Transaction transaction) =>
        Issue(transaction, Audience, new() { ["azp"] = "browser", ["enrolls"] = transaction.Enrolls });

    /// <summary>The request token of a sign-in (docs/wire.md §3.1).</summary>
    public string IssueRequest(Transaction transaction) => Issue(transaction, RequestAudience, []);

    /// <summary>The <c>mfa_token</c> of a sign-in through the MFA API.</summary>
    public string IssueMfa(Transaction transaction) => Issue(transaction, MfaAudience, []);

    /// <returns>Null for a token that this server did not issue, or that has expired.</returns>
    public ValueTask<TransactionIdentity?> ValidateAsync(TenantId tenant, string token) => ValidateAsync(tenant, token, Audience);

    /// <returns>Null for a request token that this server did not issue, or that has expired.</returns>
    public ValueTask<TransactionIdentity?> ValidateRequestAsync(TenantId tenant, string token, bool mayBeExpired = false) =>
        ValidateAsync(tenant, token, RequestAudience, mayBeExpired);

    /// <returns>Null for a token that this server did not issue. It may have expired: clients are told the difference.</returns>
    public ValueTask<TransactionIdentity?> ValidateMfaAsync(TenantId tenant, string token) =>
        ValidateAsync(tenant, token, MfaAudience, mayBeExpired: true);

    private string Issue(Transaction transaction, string audience, Dictionary<string, object> claims) => handler.CreateToken(new SecurityTokenDescriptor
    {
        Issuer = Issuer,
        Audience = audience,
        IssuedAt = clock.GetUtcNow().UtcDateTime,
        Expires = transaction.ExpiresAt.UtcDateTime,
        Claims = new Dictionary<string, object>(claims) { ["sub"] = transaction.UserId, ["txid"] = transaction.Id },
        SigningCredentials = new SigningCredentials(ring.Current.TransactionKey, SecurityAlgorithms.HmacSha256),
    });

    private async ValueTask<TransactionIdentity?> ValidateAsync(TenantId tenant, string token, string audience, bool mayBeExpired = false)
    {
        var result = await handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = Issuer,
            ValidAudience = audience,
            ValidAlgorithms = [SecurityAlgorithms.HmacSha256],
            IssuerSigningKey = ring.Current.TransactionKey,
            RequireExpirationTime = true,
            LifetimeValidator = (_, expires, _, _) => mayBeExpired || expires > clock.GetUtcNow().UtcDateTime,
        });
        return result is { IsValid: true, SecurityToken: JsonWebToken jwt } && jwt.TryGetPayloadValue<string>("txid", out var id)
            ? new TransactionIdentity(tenant, id, jwt.Subject) { Enrolls = jwt.TryGetPayloadValue<bool>("enrolls", out var enrolls) && enrolls }
            : null;
    }
}

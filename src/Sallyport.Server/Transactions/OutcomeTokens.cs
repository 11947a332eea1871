using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Sallyport.Server.Configuration;
using Sallyport.Server.Security;

namespace Sallyport.Server.Transactions;

/// <summary>
/// The signed result of an accepted transaction (docs/wire.md §3.3): RS256, because the application verifies it. It is signed when it
/// is fetched, not when the transaction is accepted.
/// </summary>
internal sealed class OutcomeTokens(IEnumerable<ITransactionOrigin> origins, KeyRing ring, SallyportOptions options, TimeProvider clock)
{
    private readonly JsonWebTokenHandler handler = new() { SetDefaultTimesOnTokenCreation = false };

    /// <returns>The transaction of which the token is the signed result; null for any other token, and for one that has expired.</returns>
    public async ValueTask<string?> FindTransactionIdAsync(string token)
    {
        var result = await handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = options.Issuer,
            ValidateAudience = false,
            ValidAlgorithms = [SecurityAlgorithms.RsaSha256],
            IssuerSigningKeys = ring.Current.VerificationKeys,
            RequireExpirationTime = true,
            LifetimeValidator = (_, expires, _, _) => expires > clock.GetUtcNow().UtcDateTime,
        });
        return result is { IsValid: true, SecurityToken: JsonWebToken jwt } && jwt.TryGetPayloadValue<string>("txid", out var id) ? id : null;
    }

    public string Issue(Transaction transaction)
    {
        var now = clock.GetUtcNow();
        var result = origins.Single(origin => origin.Name == transaction.Origin).ResultOf(transaction);
        return handler.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = options.Issuer,
            IssuedAt = now.UtcDateTime,
            Expires = (now + result.Lifetime).UtcDateTime,
            Claims = new Dictionary<string, object>(result.Claims)
            {
                ["sub"] = transaction.UserId,
                ["txid"] = transaction.Id,
                ["status"] = "ok",
            },
            SigningCredentials = new SigningCredentials(ring.Current.SigningKey, SecurityAlgorithms.RsaSha256),
        });
    }
}

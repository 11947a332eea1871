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

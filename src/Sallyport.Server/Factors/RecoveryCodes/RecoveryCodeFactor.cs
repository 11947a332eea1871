using System.Security.Cryptography;
using Sallyport.Server.Security;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Factors.RecoveryCodes;

/// <summary>A one-time secret for who has lost every other factor. Using it gives a new one.</summary>
internal sealed class RecoveryCodeFactor(SecretHash hash) : IFactor
{
    /// <summary>24 upper-case letters and digits, 120 bits.</summary>
    private const int CodeLength = 24;

    public string Name => FactorNames.RecoveryCode;

    public string Method => "recovery-code";

    public NewAuthenticator Create(NewAuthenticatorRequest request)
    {
        var code = Tokens.NewLegible(CodeLength);
        var authenticator = new Authenticator
        {
            Tenant = request.Tenant,
            Id = Authenticator.NewId(),
            UserId = request.UserId,
            Factor = Name,
            Status = AuthenticatorStatus.Pending,
            TransactionId = request.TransactionId,
            SecretHash = hash.RecoveryCode(request.UserId, code),
            CreatedAt = request.Now,
        };
        return new NewAuthenticator(authenticator, code);
    }

    public Acceptance? Accept(Authenticator authenticator, string code, DateTimeOffset now)
    {
        var given = hash.RecoveryCode(authenticator.UserId, Canonical(code));
        if (!CryptographicOperations.FixedTimeEquals(given, authenticator.SecretHash))
        {
            return null;
        }

        var replacement = Tokens.NewLegible(CodeLength);
        return new Acceptance(Replace(authenticator, given, hash.RecoveryCode(authenticator.UserId, replacement), now), replacement);
    }

    /// <summary>People copy a code in groups and in lower case.</summary>
    private static string Canonical(string code) =>
        code.Length > 4 * CodeLength ? "" : code.Replace(" ", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).ToUpperInvariant();

    private static Statement Replace(Authenticator authenticator, byte[] used, byte[] replacement, DateTimeOffset now) =>
        new("""
            UPDATE authenticator SET secret_hash = @replacement, last_auth_at = @now
            WHERE tenant_id = @tenant_id AND authenticator_id = @authenticator_id AND secret_hash = @used
            """,
            ("tenant_id", authenticator.Tenant.Value),
            ("authenticator_id", authenticator.Id),
            ("used", used),
            ("replacement", replacement),
            ("now", now.ToUnixTimeMilliseconds()));
}

using System.Security.Cryptography;
using System.Text.Json;
using Sallyport.Server.Audit;
using Sallyport.Server.Security;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Factors.RecoveryCodes;

/// <summary>A one-time secret for a person who has lost every other factor. Each use replaces it by a new one.</summary>
internal sealed class RecoveryCodeFactor(SecretHash hash) : IFactor
{
    /// <summary>24 upper-case letters and digits, 120 bits.</summary>
    private const int CodeLength = 24;

    public FactorTraits Traits { get; } = new(FactorNames.RecoveryCode, "recovery-code", "recovery-code")
    {
        Label = texts => texts.FactorRecoveryCode,
        Amr = ["otp"],
        Rank = 100,
        IsEnrollment = false,
        IsFallback = true,
        LogTypes = new FactorLogTypes(AuditTypes.RecoverySucceeded, AuditTypes.RecoveryFailed, AuditTypes.RecoveryAttemptsExhausted),
    };

    public ResponseKind ResponseKind => ResponseKind.RecoveryCode;

    public NewAuthenticator? Begin(EnrollmentRequest request)
    {
        var code = Tokens.NewLegible(CodeLength);
        var userId = request.User.UserId;
        var stored = new StoredData(Write(hash.RecoveryCode(userId, code)), UniqueKey: "recovery-code:" + userId);
        return new NewAuthenticator(Authenticator.Pending(request, Traits, Authenticator.NewId(), stored)) { RecoveryCode = code };
    }

    public Acceptance? Verify(Authenticator authenticator, Challenge? open, FactorResponse response, DateTimeOffset now)
    {
        var data = FactorDataJson.Read(authenticator.Data, FactorDataJson.Default.RecoveryCodeDataV1);
        var given = hash.RecoveryCode(authenticator.UserId, Canonical(response.Value));
        if (!CryptographicOperations.FixedTimeEquals(given, data.CodeHash))
        {
            return null;
        }

        var replacement = Tokens.NewLegible(CodeLength);
        return new Acceptance(AuthenticatorStore.Use(authenticator, Write(hash.RecoveryCode(authenticator.UserId, replacement)), now))
        {
            NewRecoveryCode = replacement,
        };
    }

    /// <exception cref="NotSupportedException">Always: the Management API never writes a recovery code of the caller's.</exception>
    public StoredData Store(AuthenticatorDetails details, TenantId tenant, string authenticatorId) =>
        throw new NotSupportedException("A recovery code is made here, not taken from a caller.");

    public AuthenticatorDetails Describe(Authenticator authenticator) => AuthenticatorDetails.None;

    public bool IsSame(Authenticator known, AuthenticatorDetails details) => false;

    /// <summary>People copy a code in groups and in lower case.</summary>
    private static string Canonical(string code) =>
        code.Length > 4 * CodeLength ? "" : code.Replace(" ", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).ToUpperInvariant();

    private static string Write(byte[] codeHash) =>
        JsonSerializer.Serialize(new RecoveryCodeDataV1(codeHash), FactorDataJson.Default.RecoveryCodeDataV1);
}

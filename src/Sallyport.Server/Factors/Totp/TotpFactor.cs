using System.Security.Cryptography;
using System.Text.Json;
using Sallyport.Protocols.Otp;
using Sallyport.Server.Security;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Factors.Totp;

/// <summary>An authenticator app (RFC 6238).</summary>
internal sealed class TotpFactor(ColumnCipher cipher) : IFactor
{
    /// <summary>160 bits, as RFC 4226 section 4 recommends; 32 Base32 characters for those who type them.</summary>
    private const int SecretLength = 20;

    public FactorTraits Traits { get; } = new(FactorNames.Otp, "otp", "totp")
    {
        Label = texts => texts.FactorApp,
        Amr = ["otp"],
        Rank = 10,
        TicketName = "otp",
        EnrollmentMethod = "authenticator",
    };

    public ResponseKind ResponseKind => ResponseKind.Code;

    public NewAuthenticator? Begin(EnrollmentRequest request)
    {
        var secret = RandomNumberGenerator.GetBytes(SecretLength);
        var id = Authenticator.NewId();
        var stored = Store(new AuthenticatorDetails { TotpSecret = secret }, request.Tenant, id);
        return new NewAuthenticator(Authenticator.Pending(request, Traits, id, stored)) { OtpSecret = Base32.Encode(secret) };
    }

    public string ShowOtpSecret(Authenticator pending)
    {
        var secret = OpenSecret(pending, Read(pending));
        var text = Base32.Encode(secret);
        CryptographicOperations.ZeroMemory(secret);
        return text;
    }

    public Acceptance? Verify(Authenticator authenticator, Challenge? open, FactorResponse response, DateTimeOffset now)
    {
        var data = Read(authenticator);
        var secret = OpenSecret(authenticator, data);
        var step = Protocols.Otp.Totp.Verify(secret, response.Value, now, data.LastStep, TotpParameters.Default);
        CryptographicOperations.ZeroMemory(secret);
        // RFC 6238 section 5.2: a step, once accepted, is never accepted again, nor is one before it.
        return step is { } accepted
            ? new Acceptance(AuthenticatorStore.Use(authenticator, Write(data with { LastStep = accepted }), now))
            : null;
    }

    public StoredData Store(AuthenticatorDetails details, TenantId tenant, string authenticatorId) =>
        new(Write(new TotpDataV1(cipher.Seal(details.TotpSecret, Place(tenant, authenticatorId)))));

    public AuthenticatorDetails Describe(Authenticator authenticator) => AuthenticatorDetails.None;

    public bool IsSame(Authenticator known, AuthenticatorDetails details)
    {
        var secret = OpenSecret(known, Read(known));
        var isSame = CryptographicOperations.FixedTimeEquals(secret, details.TotpSecret);
        CryptographicOperations.ZeroMemory(secret);
        return isSame;
    }

    private byte[] OpenSecret(Authenticator authenticator, TotpDataV1 data) =>
        cipher.Open(data.SealedSecret, Place(authenticator.Tenant, authenticator.Id));

    private static TotpDataV1 Read(Authenticator authenticator) => FactorDataJson.Read(authenticator.Data, FactorDataJson.Default.TotpDataV1);

    private static string Write(TotpDataV1 data) => JsonSerializer.Serialize(data, FactorDataJson.Default.TotpDataV1);

    private static AssociatedData Place(TenantId tenant, string id) => new(tenant, "authenticator", "data", id);
}

using System.Text.Json;
using System.Text.Json.Serialization;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Factors.WebAuthn;

/// <summary>A WebAuthn credential. Stored for the Management API; this version performs no ceremonies.</summary>
internal sealed class WebAuthnFactor(FactorTraits traits) : IStoredFactor
{
    public FactorTraits Traits => traits;

    public static WebAuthnFactor Roaming { get; } =
        new(new FactorTraits(FactorNames.WebAuthnRoaming, "webauthn-roaming", "webauthn-roaming")
        {
            Label = texts => texts.FactorSecurityKey,
            Rank = 40,
            TicketName = "webauthn-roaming",
            EnrollmentMethod = "webauthn-roaming",
        });

    public static WebAuthnFactor Platform { get; } =
        new(new FactorTraits(FactorNames.WebAuthnPlatform, "webauthn-platform", "webauthn-platform")
        {
            Label = texts => texts.FactorDevice,
            Rank = 50,
            TicketName = "webauthn-platform",
            EnrollmentMethod = "webauthn-platform",
        });

    public static WebAuthnFactor Passkey { get; } =
        new(new FactorTraits(FactorNames.Passkey, "passkey", "passkey")
        {
            Label = texts => texts.FactorPasskey,
            Rank = 90,
            IsEnrollment = false,
            IsFirstFactor = true,
        });

    /// <summary>WebAuthn level 3 section 7.1 step 26: a credential belongs to one user.</summary>
    public StoredData Store(AuthenticatorDetails details, TenantId tenant, string authenticatorId) => new(
        JsonSerializer.Serialize(new WebAuthnDataV1(details.KeyId, details.Credential), FactorDataJson.Default.WebAuthnDataV1),
        details.KeyId is null ? null : "webauthn:" + details.KeyId);

    public AuthenticatorDetails Describe(Authenticator authenticator)
    {
        var data = FactorDataJson.Read(authenticator.Data, FactorDataJson.Default.WebAuthnDataV1);
        return new AuthenticatorDetails { KeyId = data.KeyId, Credential = data.Credential };
    }

    public bool IsSame(Authenticator known, AuthenticatorDetails details) => Describe(known).KeyId == details.KeyId;
}

/// <param name="KeyId">The credential's id, base64url.</param>
internal sealed record WebAuthnDataV1(string? KeyId, WebAuthnCredential? Credential)
{
    [JsonPropertyName("v")]
    public int Version { get; init; } = 1;
}

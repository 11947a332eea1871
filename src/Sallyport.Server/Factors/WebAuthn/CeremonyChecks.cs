using System.Buffers.Text;
using System.Formats.Cbor;
using System.Security.Cryptography;
using System.Text.Json;
using Fido2NetLib;
using Fido2NetLib.Exceptions;
using Fido2NetLib.Objects;

namespace Sallyport.Server.Factors.WebAuthn;

/// <summary>Why a response is refused, as words for the log (docs/webauthn.md).</summary>
internal static class RefusalReasons
{
    public const string AaguidNotAllowed = "aaguid_not_allowed";
    public const string BackupState = "backup_state";
    public const string Challenge = "challenge";
    public const string Invalid = "invalid";
    public const string Malformed = "malformed";
    public const string Origin = "origin";
    public const string PublicKey = "public_key";
    public const string RelyingParty = "relying_party";
    public const string SignCount = "sign_count";
    public const string Signature = "signature";
    public const string Type = "type";
    public const string UserVerification = "user_verification";
}

/// <summary>What both ceremonies check, and how they call Fido2.</summary>
internal static class CeremonyChecks
{
    /// <summary>
    /// Checks the client data more strictly than Fido2: the origin is compared as it was sent, and a page in a frame of another origin is refused
    /// (WebAuthn level 3 sections 7.1 and 7.2, steps 7 to 12).
    /// </summary>
    /// <returns>The reason for the refusal; null if the client data is right.</returns>
    public static string? FindClientDataFault(byte[] json, string type, WebAuthnChallengeDataV1 expected)
    {
        using var document = JsonDocument.Parse(json);
        var data = document.RootElement;
        return TextOf(data, "type") != type ? RefusalReasons.Type
            : TextOf(data, "challenge") is not { } challenge || !IsChallenge(challenge, expected.Challenge) ? RefusalReasons.Challenge
            : TextOf(data, "origin") != expected.RelyingParty.Origin ? RefusalReasons.Origin
            : data.TryGetProperty("crossOrigin", out var crossOrigin) && crossOrigin.ValueKind != JsonValueKind.False ? RefusalReasons.Origin
            : data.TryGetProperty("topOrigin", out _) ? RefusalReasons.Origin
            : null;
    }

    private static string? TextOf(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static bool IsChallenge(string text, byte[] expected) =>
        Base64Url.IsValid(text) && CryptographicOperations.FixedTimeEquals(Base64Url.DecodeFromChars(text), expected);

    public static Fido2Configuration ConfigurationFor(WebAuthnChallengeDataV1 expected) => new()
    {
        RPID = expected.RelyingParty.Id,
        RPName = expected.RelyingParty.Id,
        Origins = new HashSet<string>(StringComparer.Ordinal) { expected.RelyingParty.Origin },
    };

    public static UserVerificationRequirement RequirementOf(WebAuthnChallengeDataV1 expected) =>
        expected.RequiresUserVerification ? UserVerificationRequirement.Required : UserVerificationRequirement.Discouraged;

    /// <returns>Null for an exception that no response can cause: a fault of this server.</returns>
    public static string? ReasonOf(Exception exception) => exception switch
    {
        Fido2VerificationException { Code: Fido2ErrorCode.InvalidSignature } => RefusalReasons.Signature,
        Fido2VerificationException { Code: Fido2ErrorCode.InvalidRpidHash } => RefusalReasons.RelyingParty,
        Fido2VerificationException { Code: Fido2ErrorCode.UserVerificationRequirementNotMet } => RefusalReasons.UserVerification,
        Fido2VerificationException { Code: Fido2ErrorCode.InvalidBackupFlags } => RefusalReasons.BackupState,
        Fido2VerificationException => RefusalReasons.Invalid,
        JsonException or CborContentException or CryptographicException or FormatException or ArgumentException or InvalidOperationException
            or InvalidCastException or KeyNotFoundException or OverflowException or NullReferenceException or IndexOutOfRangeException
            or NotSupportedException => RefusalReasons.Malformed,
        // The CBOR reader of Fido2 throws the base type for items that it does not know.
        _ => exception.GetType() == typeof(Exception) ? RefusalReasons.Malformed : null,
    };
}

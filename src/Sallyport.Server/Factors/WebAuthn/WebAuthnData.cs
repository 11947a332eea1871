using System.Buffers.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sallyport.Server.Factors.WebAuthn;

/// <param name="KeyId">The credential's id, base64url; null until it is registered.</param>
internal sealed record WebAuthnDataV1(string? KeyId, WebAuthnCredential? Credential)
{
    [JsonPropertyName("v")]
    public int Version { get; init; } = 1;

    /// <summary>The signature counter of the last assertion.</summary>
    public long SignCount { get; init; }

    public static WebAuthnDataV1 Of(Authenticator authenticator) =>
        FactorDataJson.Read(authenticator.Data, FactorDataJson.Default.WebAuthnDataV1);

    public string ToJson() => JsonSerializer.Serialize(this, FactorDataJson.Default.WebAuthnDataV1);

    /// <summary>WebAuthn level 3 section 7.1 step 26: a credential belongs to one user.</summary>
    public StoredData ToStored() => new(ToJson(), KeyId is null ? null : "webauthn:" + KeyId);
}

/// <summary>The values that the response to a challenge must have.</summary>
internal sealed record WebAuthnChallengeDataV1(RelyingParty RelyingParty, byte[] Challenge, bool RequiresUserVerification)
{
    [JsonPropertyName("v")]
    public int Version { get; init; } = 1;

    /// <summary>For an assertion: the ids of the authenticators that may answer.</summary>
    public IReadOnlyList<string>? Authenticators { get; init; }

    /// <summary>For a registration: the handle of the user, the same for all of their credentials.</summary>
    public byte[]? UserHandle { get; init; }

    /// <summary>For a registration: the only models that may be registered; null for any.</summary>
    public IReadOnlyList<string>? AllowedAaguids { get; init; }

    /// <summary>For a registration: the name of a credential whose model is unknown.</summary>
    public string? DefaultName { get; init; }

    /// <summary>For a registration: the names of the user's other credentials.</summary>
    public IReadOnlyList<string>? OtherNames { get; init; }

    public override string ToString() => "***";
}

/// <summary>Binary values as texts.</summary>
internal static class BinaryText
{
    /// <summary>The Management API takes base64 and base64url, with padding or without.</summary>
    /// <returns>Null where the text is neither.</returns>
    public static byte[]? TryDecode(string? text)
    {
        var url = text?.TrimEnd('=').Replace('+', '-').Replace('/', '_');
        return url is not null && Base64Url.IsValid(url) ? Base64Url.DecodeFromChars(url) : null;
    }
}

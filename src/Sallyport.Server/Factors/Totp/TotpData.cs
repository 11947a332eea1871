using System.Text.Json.Serialization;

namespace Sallyport.Server.Factors.Totp;

/// <summary>The data column of an authenticator app.</summary>
/// <param name="SealedSecret">The key, sealed with the authenticator as associated data.</param>
/// <param name="LastStep">The last time step whose code was accepted (RFC 6238 section 5.2).</param>
internal sealed record TotpDataV1(byte[] SealedSecret, long? LastStep = null)
{
    [JsonPropertyName("v")]
    public int Version { get; init; } = 1;
}

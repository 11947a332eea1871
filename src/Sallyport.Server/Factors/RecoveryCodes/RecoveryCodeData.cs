using System.Text.Json.Serialization;

namespace Sallyport.Server.Factors.RecoveryCodes;

/// <param name="CodeHash">A keyed hash of the code, bound to its user.</param>
internal sealed record RecoveryCodeDataV1(byte[] CodeHash)
{
    [JsonPropertyName("v")]
    public int Version { get; init; } = 1;
}

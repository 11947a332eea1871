using System.Text.Json.Serialization;

namespace Sallyport.Server.Factors.Duo;

/// <param name="Username">The name of the account at Duo; null for an authenticator that an administrator has made.</param>
internal sealed record DuoDataV1(string? Username)
{
    [JsonPropertyName("v")]
    public int Version { get; init; } = 1;
}

/// <param name="Username">The account that Duo must confirm.</param>
/// <param name="Nonce">Repeated in the ID token.</param>
/// <param name="BrowserHash">A keyed hash of the secret in the cookie of the browser that was sent to Duo.</param>
internal sealed record DuoChallengeDataV1(string Username, string Nonce, byte[] BrowserHash)
{
    [JsonPropertyName("v")]
    public int Version { get; init; } = 1;
}

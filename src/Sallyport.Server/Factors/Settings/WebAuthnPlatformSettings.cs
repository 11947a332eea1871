using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Sallyport.Server.Factors.Settings;

/// <summary>Of devices with a fingerprint reader or a camera of their own.</summary>
public sealed record WebAuthnPlatformSettings
{
    [JsonPropertyName("overrideRelyingParty")]
    public bool? OverrideRelyingParty { get; init; }

    [JsonPropertyName("relyingPartyIdentifier"), RegularExpression("^[A-Za-z0-9.-]{0,253}$")]
    public string? RelyingPartyIdentifier { get; init; }
}

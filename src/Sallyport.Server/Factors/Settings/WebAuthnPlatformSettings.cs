using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Sallyport.Server.Factors.Settings;

/// <summary>The settings of authenticators that are built into a device.</summary>
public sealed record WebAuthnPlatformSettings
{
    [JsonPropertyName("overrideRelyingParty")]
    public bool? OverrideRelyingParty { get; init; }

    [JsonPropertyName("relyingPartyIdentifier"), RegularExpression("^[A-Za-z0-9.-]{0,253}$")]
    public string? RelyingPartyIdentifier { get; init; }
}

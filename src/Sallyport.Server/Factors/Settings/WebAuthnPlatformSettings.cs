using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Sallyport.Server.Http.Payloads;

namespace Sallyport.Server.Factors.Settings;

/// <summary>The settings of authenticators that are built into a device.</summary>
public sealed record WebAuthnPlatformSettings
{
    [JsonPropertyName("overrideRelyingParty")]
    public bool? OverrideRelyingParty { get; init; }

    [JsonPropertyName("relyingPartyIdentifier"), RegularExpression("^[A-Za-z0-9.-]{0,253}$")]
    public string? RelyingPartyIdentifier { get; init; }

    /// <summary>Ours: the only models that may be registered. Empty for any.</summary>
    [JsonPropertyName("allowedAaguids"), MaxLength(100), ItemPattern("^[0-9A-Fa-f]{8}-([0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}$")]
    public string[]? AllowedAaguids { get; init; }
}

using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Sallyport.Server.Http.Payloads;

namespace Sallyport.Server.Factors.Settings;

/// <summary>The settings of security keys. The names are in camel case, as in the published clients that have them.</summary>
public sealed record WebAuthnRoamingSettings
{
    [JsonPropertyName("userVerification"), AllowedValues("required", "preferred", "discouraged")]
    public string? UserVerification { get; init; }

    [JsonPropertyName("overrideRelyingParty")]
    public bool? OverrideRelyingParty { get; init; }

    [JsonPropertyName("relyingPartyIdentifier"), RegularExpression("^[A-Za-z0-9.-]{0,253}$")]
    public string? RelyingPartyIdentifier { get; init; }

    /// <summary>Ours: the only models that may be registered. Empty for any.</summary>
    [JsonPropertyName("allowedAaguids"), MaxLength(100), ItemPattern("^[0-9A-Fa-f]{8}-([0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}$")]
    public string[]? AllowedAaguids { get; init; }
}

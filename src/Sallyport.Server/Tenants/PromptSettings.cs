using Sallyport.Server.Http.Payloads;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Sallyport.Server.Tenants;

/// <summary>How the pages of the sign-in behave (docs/management-api.md §C.7).</summary>
public sealed record PromptSettings
{
    [JsonPropertyName("universal_login_experience"), AllowedValues("new", "classic")]
    public string? UniversalLoginExperience { get; init; }

    [JsonPropertyName("identifier_first"), NullableOnWire]
    public bool? IdentifierFirst { get; init; }

    [JsonPropertyName("webauthn_platform_first_factor"), NullableOnWire]
    public bool? WebAuthnPlatformFirstFactor { get; init; }
}

using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Sallyport.Server.Http;

namespace Sallyport.Server.Tenants;

/// <summary>Body of <c>PATCH /tenants/settings</c>.</summary>
public sealed record TenantSettingsPatch
{
    [JsonPropertyName("friendly_name"), NullableOnWire, StringLength(300)]
    public string? FriendlyName { get; init; }

    [JsonPropertyName("picture_url"), NullableOnWire, WebAddress]
    public string? PictureUrl { get; init; }

    [JsonPropertyName("support_email"), NullableOnWire, RegularExpression("^$|^[^@\\s]+@[^@\\s]+$")]
    public string? SupportEmail { get; init; }

    [JsonPropertyName("support_url"), NullableOnWire, WebAddress]
    public string? SupportUrl { get; init; }

    [JsonPropertyName("enabled_locales"), NullableOnWire, MinLength(1)]
    public string[]? EnabledLocales { get; init; }

    [JsonPropertyName("guardian_mfa_page"), NullableOnWire]
    public GuardianMfaPagePatch? GuardianMfaPage { get; init; }
}

public sealed record GuardianMfaPagePatch
{
    [JsonPropertyName("enabled")]
    public bool? Enabled { get; init; }

    [JsonPropertyName("html")]
    public string? Html { get; init; }
}

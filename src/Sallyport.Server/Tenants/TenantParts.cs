using Sallyport.Server.Http.Payloads;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sallyport.Server.Tenants;

/// <summary>The objects among the settings of a tenant, as they are sent and as they are shown.</summary>
public sealed record ChangePasswordPage
{
    [JsonPropertyName("enabled")]
    public bool? Enabled { get; init; }

    [JsonPropertyName("html")]
    public string? Html { get; init; }
}

public sealed record ErrorPage
{
    [JsonPropertyName("html")]
    public string? Html { get; init; }

    [JsonPropertyName("show_log_link")]
    public bool? ShowLogLink { get; init; }

    [JsonPropertyName("url"), WebAddress]
    public string? Url { get; init; }
}

public sealed record DeviceFlow
{
    [JsonPropertyName("charset"), AllowedValues("base20", "digits")]
    public string? Charset { get; init; }

    [JsonPropertyName("mask"), StringLength(20)]
    public string? Mask { get; init; }
}

public sealed record SessionCookie
{
    [JsonPropertyName("mode"), JsonRequired, AllowedValues("persistent", "non-persistent")]
    public string Mode { get; init; } = "";
}

public sealed record Sessions
{
    [JsonPropertyName("oidc_logout_prompt_enabled")]
    public bool? OidcLogoutPromptEnabled { get; init; }

    [JsonPropertyName("anonymous"), NullableOnWire]
    public Dictionary<string, JsonElement>? Anonymous { get; init; }
}

public sealed record OidcLogout
{
    [JsonPropertyName("rp_logout_end_session_endpoint_discovery")]
    public bool? EndSessionEndpointDiscovery { get; init; }
}

public sealed record MutualTls
{
    [JsonPropertyName("enable_endpoint_aliases")]
    public bool? EnableEndpointAliases { get; init; }
}

public sealed record CountryCodes
{
    [JsonPropertyName("list"), JsonRequired, UniqueItems, ItemPattern("^[A-Z]{2}\\z")]
    public string[] List { get; init; } = [];

    [JsonPropertyName("mode"), JsonRequired, AllowedValues("allow", "deny")]
    public string Mode { get; init; } = "";
}

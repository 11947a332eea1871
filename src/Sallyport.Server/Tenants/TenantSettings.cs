using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Sallyport.Server.Http.Payloads;

namespace Sallyport.Server.Tenants;

/// <summary>The settings of a tenant (docs/management-api.md §C.1). A setting that is not set is null.</summary>
public sealed record TenantSettings
{
    [JsonPropertyName("friendly_name")]
    public string? FriendlyName { get; init; }

    [JsonPropertyName("picture_url")]
    public string? PictureUrl { get; init; }

    [JsonPropertyName("support_email")]
    public string? SupportEmail { get; init; }

    [JsonPropertyName("support_url")]
    public string? SupportUrl { get; init; }

    [JsonPropertyName("enabled_locales")]
    public IReadOnlyList<string>? EnabledLocales { get; init; }

    [JsonPropertyName("guardian_mfa_page")]
    public GuardianMfaPage? GuardianMfaPage { get; init; }

    [JsonPropertyName("change_password")]
    public ChangePasswordPage? ChangePassword { get; init; }

    [JsonPropertyName("error_page")]
    public ErrorPage? ErrorPage { get; init; }

    [JsonPropertyName("device_flow")]
    public DeviceFlow? DeviceFlow { get; init; }

    [JsonPropertyName("default_audience")]
    public string? DefaultAudience { get; init; }

    [JsonPropertyName("default_directory")]
    public string? DefaultDirectory { get; init; }

    [JsonPropertyName("default_redirection_uri")]
    public string? DefaultRedirectionUri { get; init; }

    [JsonPropertyName("allowed_logout_urls")]
    public IReadOnlyList<string>? AllowedLogoutUrls { get; init; }

    [JsonPropertyName("session_lifetime")]
    public double? SessionLifetime { get; init; }

    [JsonPropertyName("idle_session_lifetime")]
    public double? IdleSessionLifetime { get; init; }

    [JsonPropertyName("ephemeral_session_lifetime")]
    public double? EphemeralSessionLifetime { get; init; }

    [JsonPropertyName("idle_ephemeral_session_lifetime")]
    public double? IdleEphemeralSessionLifetime { get; init; }

    [JsonPropertyName("sandbox_version")]
    public string? SandboxVersion { get; init; }

    [JsonPropertyName("legacy_sandbox_version")]
    public string? LegacySandboxVersion { get; init; }

    [JsonPropertyName("session_cookie")]
    public SessionCookie? SessionCookie { get; init; }

    [JsonPropertyName("sessions")]
    public Sessions? Sessions { get; init; }

    [JsonPropertyName("oidc_logout")]
    public OidcLogout? OidcLogout { get; init; }

    [JsonPropertyName("mtls")]
    public MutualTls? Mtls { get; init; }

    [JsonPropertyName("universal_login")]
    public Dictionary<string, JsonElement>? UniversalLogin { get; init; }

    [JsonPropertyName("security_headers")]
    public Dictionary<string, JsonElement>? SecurityHeaders { get; init; }

    [JsonPropertyName("default_token_quota")]
    public Dictionary<string, JsonElement>? DefaultTokenQuota { get; init; }

    [JsonPropertyName("country_codes")]
    public CountryCodes? CountryCodes { get; init; }

    [JsonPropertyName("acr_values_supported")]
    public IReadOnlyList<string>? AcrValuesSupported { get; init; }

    [JsonPropertyName("customize_mfa_in_postlogin_action")]
    public bool? CustomizeMfaInPostloginAction { get; init; }

    [JsonPropertyName("allow_organization_name_in_authentication_api")]
    public bool? AllowOrganizationNameInAuthenticationApi { get; init; }

    [JsonPropertyName("pushed_authorization_requests_supported")]
    public bool? PushedAuthorizationRequestsSupported { get; init; }

    [JsonPropertyName("authorization_response_iss_parameter_supported")]
    public bool? AuthorizationResponseIssParameterSupported { get; init; }

    [JsonPropertyName("skip_non_verifiable_callback_uri_confirmation_prompt")]
    public bool? SkipNonVerifiableCallbackUriConfirmationPrompt { get; init; }

    [JsonPropertyName("resource_parameter_profile")]
    public string? ResourceParameterProfile { get; init; }

    [JsonPropertyName("client_id_metadata_document_supported")]
    public bool? ClientIdMetadataDocumentSupported { get; init; }

    [JsonPropertyName("enable_ai_guide")]
    public bool? EnableAiGuide { get; init; }

    [JsonPropertyName("phone_consolidated_experience")]
    public bool? PhoneConsolidatedExperience { get; init; }

    [JsonPropertyName("include_session_metadata_in_tenant_logs")]
    public bool? IncludeSessionMetadataInTenantLogs { get; init; }

    [JsonPropertyName("dynamic_client_registration_security_mode")]
    public string? DynamicClientRegistrationSecurityMode { get; init; }

    [JsonPropertyName("flags")]
    public TenantFlags? Flags { get; init; }

    /// <summary>Returned by GET only.</summary>
    [JsonPropertyName("sandbox_versions_available")]
    public IReadOnlyList<string>? SandboxVersionsAvailable { get; init; }

    [JsonIgnore]
    public string DisplayName => FriendlyName is { Length: > 0 } ? FriendlyName : "Sallyport";

    /// <summary><c>null</c> removes a property, pages and flags are merged, and anything else is replaced.</summary>
    internal static string Merge(string stored, JsonElement patch)
    {
        var settings = JsonNode.Parse(stored)!.AsObject();
        Merge(settings, patch);
        TenantDefaults.ConvertMinutesToHours(settings);
        return settings.ToJsonString();
    }

    /// <param name="html">Null to change nothing.</param>
    /// <param name="isEnabled">Null to change nothing.</param>
    internal static string WithPage(string stored, string? html, bool? isEnabled = null)
    {
        var settings = JsonNode.Parse(stored)!.AsObject();
        if (settings["guardian_mfa_page"] is not JsonObject page)
        {
            settings["guardian_mfa_page"] = page = [];
        }

        if (html is not null)
        {
            page["html"] = html;
        }

        if (isEnabled is { } enabled)
        {
            page["enabled"] = enabled;
        }

        return settings.ToJsonString();
    }

    /// <summary>The settings with addresses that a browser can follow: an address without a scheme is used as https.</summary>
    internal TenantSettings WithAbsoluteAddresses() => this with
    {
        PictureUrl = WebAddressAttribute.ToAbsolute(PictureUrl),
        SupportUrl = WebAddressAttribute.ToAbsolute(SupportUrl),
        ErrorPage = ErrorPage is null ? null : ErrorPage with { Url = WebAddressAttribute.ToAbsolute(ErrorPage.Url) },
    };

    internal static TenantSettings Parse(string stored) =>
        JsonSerializer.Deserialize(TenantDefaults.Complete(stored), TenantJson.Default.TenantSettings)!;

    private static void Merge(JsonObject target, JsonElement patch)
    {
        foreach (var member in patch.EnumerateObject())
        {
            if (member.Value.ValueKind == JsonValueKind.Null)
            {
                target.Remove(member.Name);
            }
            else if (member.Value.ValueKind == JsonValueKind.Object
                && TenantDefaults.Merging.Contains(member.Name)
                && target[member.Name] is JsonObject existing)
            {
                Merge(existing, member.Value);
            }
            else
            {
                target[member.Name] = JsonNode.Parse(member.Value.GetRawText());
            }
        }
    }
}

/// <summary>The hosted page of the tenant. Its HTML is kept while the page is disabled.</summary>
public sealed record GuardianMfaPage
{
    [JsonPropertyName("enabled")]
    public bool Enabled { get; init; }

    [JsonPropertyName("html")]
    public string? Html { get; init; }
}

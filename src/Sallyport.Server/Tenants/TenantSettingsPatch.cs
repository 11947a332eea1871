using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using Sallyport.Server.Http;
using Sallyport.Server.Http.Payloads;

namespace Sallyport.Server.Tenants;

/// <summary>Body of <c>PATCH /tenants/settings</c>.</summary>
[SettingsDocument, NotEmpty]
public sealed record TenantSettingsPatch : ICheckedBody
{
    private const int MaxHours = 8760;
    private const int MaxMinutes = MaxHours * 60;

    [JsonPropertyName("friendly_name"), StringLength(300)]
    public string? FriendlyName { get; init; }

    [JsonPropertyName("picture_url"), WebAddress(AllowsMissingScheme = true)]
    public string? PictureUrl { get; init; }

    [JsonPropertyName("support_email"), RegularExpression("^$|^[^@\\s]+@[^@\\s]+$")]
    public string? SupportEmail { get; init; }

    [JsonPropertyName("support_url"), WebAddress(AllowsMissingScheme = true)]
    public string? SupportUrl { get; init; }

    [JsonPropertyName("enabled_locales"), MinLength(1), UniqueItems, Locales]
    public string[]? EnabledLocales { get; init; }

    [JsonPropertyName("guardian_mfa_page")]
    public GuardianMfaPagePatch? GuardianMfaPage { get; init; }

    [JsonPropertyName("change_password")]
    public ChangePasswordPage? ChangePassword { get; init; }

    [JsonPropertyName("error_page")]
    public ErrorPage? ErrorPage { get; init; }

    [JsonPropertyName("device_flow")]
    public DeviceFlow? DeviceFlow { get; init; }

    [JsonPropertyName("default_audience"), StringLength(600)]
    public string? DefaultAudience { get; init; }

    [JsonPropertyName("default_directory"), StringLength(600)]
    public string? DefaultDirectory { get; init; }

    [JsonPropertyName("default_redirection_uri"), RegularExpression("^$|^https://[^\\s/]\\S*$"), WebAddress]
    public string? DefaultRedirectionUri { get; init; }

    [JsonPropertyName("allowed_logout_urls"), ItemPattern("^(?!(?i)javascript:)[A-Za-z][A-Za-z0-9+.-]*://\\S+\\z")]
    public string[]? AllowedLogoutUrls { get; init; }

    [JsonPropertyName("session_lifetime"), Range(1d / 60, MaxHours)]
    public double? SessionLifetime { get; init; }

    [JsonPropertyName("session_lifetime_in_minutes"), Range(1, MaxMinutes)]
    public int? SessionLifetimeInMinutes { get; init; }

    [JsonPropertyName("idle_session_lifetime"), Range(1d / 60, MaxHours)]
    public double? IdleSessionLifetime { get; init; }

    [JsonPropertyName("idle_session_lifetime_in_minutes"), Range(1, MaxMinutes)]
    public int? IdleSessionLifetimeInMinutes { get; init; }

    [JsonPropertyName("ephemeral_session_lifetime"), Range(1d / 60, MaxHours)]
    public double? EphemeralSessionLifetime { get; init; }

    [JsonPropertyName("ephemeral_session_lifetime_in_minutes"), Range(1, MaxMinutes)]
    public int? EphemeralSessionLifetimeInMinutes { get; init; }

    [JsonPropertyName("idle_ephemeral_session_lifetime"), Range(1d / 60, MaxHours)]
    public double? IdleEphemeralSessionLifetime { get; init; }

    [JsonPropertyName("idle_ephemeral_session_lifetime_in_minutes"), Range(1, MaxMinutes)]
    public int? IdleEphemeralSessionLifetimeInMinutes { get; init; }

    [JsonPropertyName("sandbox_version"), StringLength(8)]
    public string? SandboxVersion { get; init; }

    [JsonPropertyName("legacy_sandbox_version"), StringLength(8)]
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

    [JsonPropertyName("acr_values_supported"), UniqueItems, ItemPattern("^.{1,200}\\z")]
    public string[]? AcrValuesSupported { get; init; }

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

    [JsonPropertyName("resource_parameter_profile"), AllowedValues("audience", "compatibility")]
    public string? ResourceParameterProfile { get; init; }

    [JsonPropertyName("client_id_metadata_document_supported")]
    public bool? ClientIdMetadataDocumentSupported { get; init; }

    [JsonPropertyName("enable_ai_guide")]
    public bool? EnableAiGuide { get; init; }

    [JsonPropertyName("phone_consolidated_experience")]
    public bool? PhoneConsolidatedExperience { get; init; }

    [JsonPropertyName("include_session_metadata_in_tenant_logs")]
    public bool? IncludeSessionMetadataInTenantLogs { get; init; }

    [JsonPropertyName("dynamic_client_registration_security_mode"), AllowedValues("strict", "permissive")]
    public string? DynamicClientRegistrationSecurityMode { get; init; }

    [JsonPropertyName("flags")]
    public TenantFlags? Flags { get; init; }

    ApiError? ICheckedBody.FindFault() =>
        NotTogether("session_lifetime", SessionLifetime, SessionLifetimeInMinutes)
        ?? NotTogether("idle_session_lifetime", IdleSessionLifetime, IdleSessionLifetimeInMinutes)
        ?? NotTogether("ephemeral_session_lifetime", EphemeralSessionLifetime, EphemeralSessionLifetimeInMinutes)
        ?? NotTogether("idle_ephemeral_session_lifetime", IdleEphemeralSessionLifetime, IdleEphemeralSessionLifetimeInMinutes);

    private static ApiError? NotTogether(string name, double? hours, int? minutes) =>
        hours is null || minutes is null ? null : ApiError.Payload($"{name} and {name}_in_minutes cannot be set together", name);
}

public sealed record GuardianMfaPagePatch
{
    [JsonPropertyName("enabled")]
    public bool? Enabled { get; init; }

    [JsonPropertyName("html")]
    public string? Html { get; init; }
}

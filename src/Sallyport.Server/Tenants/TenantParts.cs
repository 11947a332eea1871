using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using Sallyport.Server.Http.Payloads;

namespace Sallyport.Server.Tenants;

/// <summary>The page for changing a password. Stored and shown only.</summary>
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

    [JsonPropertyName("url"), WebAddress(AllowsMissingScheme = true)]
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

/// <summary>The feature flags of a tenant. Most have no effect here and are stored for the tools that set them.</summary>
public sealed record TenantFlags
{
    [JsonPropertyName("allow_changing_enable_sso")]
    public bool? AllowChangingEnableSso { get; init; }

    [JsonPropertyName("allow_legacy_delegation_grant_types")]
    public bool? AllowLegacyDelegationGrantTypes { get; init; }

    [JsonPropertyName("allow_legacy_ro_grant_types")]
    public bool? AllowLegacyRoGrantTypes { get; init; }

    [JsonPropertyName("allow_legacy_tokeninfo_endpoint")]
    public bool? AllowLegacyTokeninfoEndpoint { get; init; }

    [JsonPropertyName("cannot_change_enforce_client_authentication_on_passwordless_start")]
    public bool? CannotChangeEnforceClientAuthenticationOnPasswordlessStart { get; init; }

    [JsonPropertyName("change_pwd_flow_v1")]
    public bool? ChangePwdFlowV1 { get; init; }

    [JsonPropertyName("custom_domains_provisioning")]
    public bool? CustomDomainsProvisioning { get; init; }

    [JsonPropertyName("dashboard_insights_view")]
    public bool? DashboardInsightsView { get; init; }

    [JsonPropertyName("dashboard_log_streams_next")]
    public bool? DashboardLogStreamsNext { get; init; }

    [JsonPropertyName("dashboard_new_onboarding")]
    public bool? DashboardNewOnboarding { get; init; }

    [JsonPropertyName("disable_clickjack_protection_headers")]
    public bool? DisableClickjackProtectionHeaders { get; init; }

    [JsonPropertyName("disable_fields_map_fix")]
    public bool? DisableFieldsMapFix { get; init; }

    [JsonPropertyName("disable_impersonation")]
    public bool? DisableImpersonation { get; init; }

    [JsonPropertyName("disable_management_api_sms_obfuscation")]
    public bool? DisableManagementApiSmsObfuscation { get; init; }

    [JsonPropertyName("enable_adfs_waad_email_verification")]
    public bool? EnableAdfsWaadEmailVerification { get; init; }

    [JsonPropertyName("enable_apis_section")]
    public bool? EnableApisSection { get; init; }

    [JsonPropertyName("enable_client_connections")]
    public bool? EnableClientConnections { get; init; }

    [JsonPropertyName("enable_custom_domain_in_emails")]
    public bool? EnableCustomDomainInEmails { get; init; }

    [JsonPropertyName("enable_dynamic_client_registration")]
    public bool? EnableDynamicClientRegistration { get; init; }

    [JsonPropertyName("enable_idtoken_api2")]
    public bool? EnableIdtokenApi2 { get; init; }

    [JsonPropertyName("enable_legacy_logs_search_v2")]
    public bool? EnableLegacyLogsSearchV2 { get; init; }

    [JsonPropertyName("enable_legacy_profile")]
    public bool? EnableLegacyProfile { get; init; }

    [JsonPropertyName("enable_pipeline2")]
    public bool? EnablePipeline2 { get; init; }

    [JsonPropertyName("enable_public_signup_user_exists_error")]
    public bool? EnablePublicSignupUserExistsError { get; init; }

    [JsonPropertyName("enable_sso")]
    public bool? EnableSso { get; init; }

    [JsonPropertyName("enforce_client_authentication_on_passwordless_start")]
    public bool? EnforceClientAuthenticationOnPasswordlessStart { get; init; }

    [JsonPropertyName("genai_trial")]
    public bool? GenaiTrial { get; init; }

    [JsonPropertyName("improved_signup_bot_detection_in_classic")]
    public bool? ImprovedSignupBotDetectionInClassic { get; init; }

    [JsonPropertyName("local_resource_discovery")]
    public bool? LocalResourceDiscovery { get; init; }

    [JsonPropertyName("mfa_show_factor_list_on_enrollment")]
    public bool? MfaShowFactorListOnEnrollment { get; init; }

    [JsonPropertyName("new_universal_login_experience_enabled")]
    public bool? NewUniversalLoginExperienceEnabled { get; init; }

    [JsonPropertyName("no_disclose_enterprise_connections")]
    public bool? NoDiscloseEnterpriseConnections { get; init; }

    [JsonPropertyName("remove_alg_from_jwks")]
    public bool? RemoveAlgFromJwks { get; init; }

    [JsonPropertyName("require_pushed_authorization_requests")]
    public bool? RequirePushedAuthorizationRequests { get; init; }

    [JsonPropertyName("require_signed_request_object")]
    public bool? RequireSignedRequestObject { get; init; }

    [JsonPropertyName("revoke_refresh_token_grant")]
    public bool? RevokeRefreshTokenGrant { get; init; }

    [JsonPropertyName("trust_azure_adfs_email_verified_connection_property")]
    public bool? TrustAzureAdfsEmailVerifiedConnectionProperty { get; init; }

    [JsonPropertyName("universal_login")]
    public bool? UniversalLogin { get; init; }

    [JsonPropertyName("use_scope_descriptions_for_consent")]
    public bool? UseScopeDescriptionsForConsent { get; init; }
}

/// <summary>The language tags of the published API.</summary>
internal static class TenantLocales
{
    public static readonly string[] All =
    [
        "am", "ar", "ar-EG", "ar-SA", "az", "bg", "bn", "bs", "ca-ES", "cnr", "cs", "cy", "da", "de", "el", "en", "en-CA", "es", "es-419",
        "es-AR", "es-MX", "et", "eu-ES", "fa", "fi", "fr", "fr-CA", "fr-FR", "gl-ES", "gu", "he", "hi", "hr", "hu", "hy", "id", "is", "it",
        "ja", "ka", "kk", "kn", "ko", "lt", "lv", "mk", "ml", "mn", "mr", "ms", "my", "nb", "nl", "nn", "no", "pa", "pl", "pt", "pt-BR",
        "pt-PT", "ro", "ru", "sk", "sl", "so", "sq", "sr", "sv", "sw", "ta", "te", "th", "tl", "tr", "uk", "ur", "vi", "zgh", "zh-CN",
        "zh-HK", "zh-MO", "zh-TW",
    ];
}

/// <summary>Every text of the array is one of <see cref="TenantLocales"/>.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class LocalesAttribute() : AllowedItemsAttribute(TenantLocales.All);

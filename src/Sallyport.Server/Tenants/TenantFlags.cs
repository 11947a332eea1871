using System.Text.Json.Serialization;

namespace Sallyport.Server.Tenants;

/// <summary>The switches of a tenant. Most are kept for the tools that set them and have no effect here.</summary>
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

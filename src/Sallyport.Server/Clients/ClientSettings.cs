using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using Sallyport.Server.Http.Payloads;

namespace Sallyport.Server.Clients;

/// <summary>
/// The settings of a client. The token endpoint applies <c>grant_types</c> and <c>token_endpoint_auth_method</c>; the rest is stored and
/// shown.
/// </summary>
public abstract record ClientSettings : ClientSignInSettings
{
    internal const string Address = @"^[^\x00-\x20<>""\\]{1,2048}$";

    [JsonPropertyName("description"), StringLength(140)]
    public string? Description { get; init; }

    [JsonPropertyName("logo_uri"), WebAddress, StringLength(2048)]
    public string? LogoUri { get; init; }

    /// <summary>Product names are stored for sign-in to these products.</summary>
    [JsonPropertyName("app_type"), AllowedValues(
        "native", "spa", "regular_web", "non_interactive", "resource_server", "sso_integration", "rms", "box", "cloudbees", "concur",
        "dropbox", "mscrm", "echosign", "egnyte", "newrelic", "office365", "salesforce", "sentry", "sharepoint", "slack", "springcm",
        "zendesk", "zoom", "oag", "express_configuration")]
    public string? AppType { get; init; }

    [JsonPropertyName("is_first_party")]
    public bool? IsFirstParty { get; init; }

    [JsonPropertyName("oidc_conformant")]
    public bool? OidcConformant { get; init; }

    [JsonPropertyName("callbacks"), ItemPattern(Address)]
    public string[]? Callbacks { get; init; }

    [JsonPropertyName("allowed_logout_urls"), ItemPattern(Address)]
    public string[]? AllowedLogoutUrls { get; init; }

    [JsonPropertyName("allowed_origins"), ItemPattern(Address)]
    public string[]? AllowedOrigins { get; init; }

    [JsonPropertyName("web_origins"), ItemPattern(Address)]
    public string[]? WebOrigins { get; init; }

    [JsonPropertyName("client_aliases"), ItemPattern(Address)]
    public string[]? ClientAliases { get; init; }

    [JsonPropertyName("allowed_clients"), ItemPattern(Address)]
    public string[]? AllowedClients { get; init; }

    [JsonPropertyName("grant_types"), AllowedItems(
        GrantType.ClientCredentials, GrantType.AuthorizationCode, GrantType.Implicit, GrantType.RefreshToken, GrantType.Password,
        GrantType.PasswordRealm, GrantType.MfaOtp, GrantType.MfaOob, GrantType.MfaRecoveryCode, GrantType.DeviceCode)]
    public string[]? GrantTypes { get; init; }

    [JsonPropertyName("token_endpoint_auth_method"),
        AllowedValues(AuthMethods.None, AuthMethods.Post, AuthMethods.Basic)]
    public string? TokenEndpointAuthMethod { get; init; }

    [JsonPropertyName("jwt_configuration")]
    public Dictionary<string, JsonElement>? JwtConfiguration { get; init; }

    [JsonPropertyName("refresh_token")]
    public Dictionary<string, JsonElement>? RefreshToken { get; init; }

    [JsonPropertyName("native_social_login")]
    public Dictionary<string, JsonElement>? NativeSocialLogin { get; init; }

    [JsonPropertyName("mobile")]
    public Dictionary<string, JsonElement>? Mobile { get; init; }

    [JsonPropertyName("client_metadata"), TextValues(255)]
    public Dictionary<string, JsonElement>? ClientMetadata { get; init; }

    [JsonPropertyName("sso")]
    public bool? Sso { get; init; }

    [JsonPropertyName("sso_disabled")]
    public bool? SsoDisabled { get; init; }

    [JsonPropertyName("cross_origin_authentication")]
    public bool? CrossOriginAuthentication { get; init; }

    [JsonPropertyName("cross_origin_loc"), WebAddress, StringLength(2048)]
    public string? CrossOriginLocation { get; init; }

    [JsonPropertyName("initiate_login_uri"), WebAddress, StringLength(2048)]
    public string? InitiateLoginUri { get; init; }

    [JsonPropertyName("custom_login_page"), StringLength(200_000)]
    public string? CustomLoginPage { get; init; }

    [JsonPropertyName("custom_login_page_on")]
    public bool? CustomLoginPageOn { get; init; }

    [JsonPropertyName("is_token_endpoint_ip_header_trusted")]
    public bool? IsTokenEndpointIpHeaderTrusted { get; init; }

    [JsonPropertyName("require_pushed_authorization_requests")]
    public bool? RequirePushedAuthorizationRequests { get; init; }
}

/// <summary>Body of <c>POST /clients</c>.</summary>
public sealed record CreateClientRequest : ClientSettings
{
    internal const string NamePattern = "^[^<>]+$";

    [JsonPropertyName("name"), JsonRequired, StringLength(255, MinimumLength = 1), RegularExpression(NamePattern)]
    public string Name { get; init; } = "";
}

/// <summary>Body of <c>PATCH /clients/{id}</c>. A member that is <c>null</c> is removed.</summary>
public sealed record PatchClientRequest : ClientSettings
{
    internal const string SecretName = "client_secret";

    [JsonPropertyName("name"), NeverNull, StringLength(255, MinimumLength = 1), RegularExpression(CreateClientRequest.NamePattern)]
    public string? Name { get; init; }

    /// <summary>For operators that rotate secrets elsewhere. The minimum length is the same as for the client in the configuration.</summary>
    [JsonPropertyName(SecretName), NeverNull, Secret, StringLength(255, MinimumLength = 16)]
    public string? ClientSecret { get; init; }

    public override string ToString() => $"PatchClientRequest {Name}";
}

/// <summary>Settings of a client that matter to sign-in only. They are stored and shown, so that a tool reads back what it wrote.</summary>
[SettingsDocument]
public abstract record ClientSignInSettings
{
    [JsonPropertyName("oidc_logout")]
    public Dictionary<string, JsonElement>? OidcLogout { get; init; }

    /// <summary>The former name of <c>oidc_logout</c>.</summary>
    [JsonPropertyName("oidc_backchannel_logout")]
    public Dictionary<string, JsonElement>? OidcBackchannelLogout { get; init; }

    [JsonPropertyName("session_transfer")]
    public Dictionary<string, JsonElement>? SessionTransfer { get; init; }

    [JsonPropertyName("token_exchange")]
    public Dictionary<string, JsonElement>? TokenExchange { get; init; }

    /// <summary>A public key and its certificate.</summary>
    [JsonPropertyName("encryption_key"), TextValues(4096)]
    public Dictionary<string, JsonElement>? EncryptionKey { get; init; }

    [JsonPropertyName("default_organization")]
    public Dictionary<string, JsonElement>? DefaultOrganization { get; init; }

    [JsonPropertyName("organization_usage"), AllowedValues("deny", "allow", "require")]
    public string? OrganizationUsage { get; init; }

    [JsonPropertyName("organization_require_behavior"), AllowedValues("no_prompt", "pre_login_prompt", "post_login_prompt")]
    public string? OrganizationRequireBehavior { get; init; }

    [JsonPropertyName("organization_discovery_methods"), AllowedItems("email", "organization_name"), UniqueItems]
    public string[]? OrganizationDiscoveryMethods { get; init; }

    [JsonPropertyName("custom_login_page_preview"), StringLength(200_000)]
    public string? CustomLoginPagePreview { get; init; }

    [JsonPropertyName("form_template"), StringLength(200_000)]
    public string? FormTemplate { get; init; }

    [JsonPropertyName("resource_server_identifier"), StringLength(600, MinimumLength = 1)]
    public string? ResourceServerIdentifier { get; init; }

    [JsonPropertyName("par_request_expiry"), Range(10, 600)]
    public int? ParRequestExpiry { get; init; }

    [JsonPropertyName("skip_non_verifiable_callback_uri_confirmation_prompt")]
    public bool? SkipNonVerifiableCallbackUriConfirmationPrompt { get; init; }

    [JsonPropertyName("async_approval_notification_channels"), AllowedItems("guardian-push", "email"), UniqueItems]
    public string[]? AsyncApprovalNotificationChannels { get; init; }

    [JsonPropertyName("redirection_policy"), AllowedValues("allow_always", "open_redirect_protection")]
    public string? RedirectionPolicy { get; init; }

    [JsonPropertyName("third_party_security_mode"), AllowedValues("strict", "permissive")]
    public string? ThirdPartySecurityMode { get; init; }

    /// <summary>The token endpoint does not fulfil any other level.</summary>
    [JsonPropertyName("compliance_level"), AllowedValues("none")]
    public string? ComplianceLevel { get; init; }
}

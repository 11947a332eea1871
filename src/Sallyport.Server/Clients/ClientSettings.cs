using Sallyport.Server.Http.Payloads;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sallyport.Server.Clients;

/// <summary>
/// What may be set of a client. <c>grant_types</c> and <c>token_endpoint_auth_method</c> are kept to by the token endpoint;
/// the rest is kept and shown.
/// </summary>
public abstract record ClientSettings : ClientSignInSettings
{
    internal const string Address = @"^[^\x00-\x20<>""\\]{1,2048}$";

    [JsonPropertyName("description"), NullableOnWire, StringLength(140)]
    public string? Description { get; init; }

    [JsonPropertyName("logo_uri"), NullableOnWire, WebAddress, StringLength(2048)]
    public string? LogoUri { get; init; }

    /// <summary>The names of products are kept for those who sign in to them.</summary>
    [JsonPropertyName("app_type"), NullableOnWire, AllowedValues(
        "native", "spa", "regular_web", "non_interactive", "resource_server", "sso_integration", "rms", "box", "cloudbees", "concur",
        "dropbox", "mscrm", "echosign", "egnyte", "newrelic", "office365", "salesforce", "sentry", "sharepoint", "slack", "springcm",
        "zendesk", "zoom", "oag", "express_configuration")]
    public string? AppType { get; init; }

    [JsonPropertyName("is_first_party")]
    public bool? IsFirstParty { get; init; }

    [JsonPropertyName("oidc_conformant")]
    public bool? OidcConformant { get; init; }

    [JsonPropertyName("callbacks"), NullableOnWire, ItemPattern(Address)]
    public string[]? Callbacks { get; init; }

    [JsonPropertyName("allowed_logout_urls"), NullableOnWire, ItemPattern(Address)]
    public string[]? AllowedLogoutUrls { get; init; }

    [JsonPropertyName("allowed_origins"), NullableOnWire, ItemPattern(Address)]
    public string[]? AllowedOrigins { get; init; }

    [JsonPropertyName("web_origins"), NullableOnWire, ItemPattern(Address)]
    public string[]? WebOrigins { get; init; }

    [JsonPropertyName("client_aliases"), NullableOnWire, ItemPattern(Address)]
    public string[]? ClientAliases { get; init; }

    [JsonPropertyName("allowed_clients"), NullableOnWire, ItemPattern(Address)]
    public string[]? AllowedClients { get; init; }

    [JsonPropertyName("grant_types"), NullableOnWire, AllowedItems(
        GrantType.ClientCredentials, GrantType.AuthorizationCode, GrantType.Implicit, GrantType.RefreshToken, GrantType.Password,
        GrantType.PasswordRealm, GrantType.MfaOtp, GrantType.MfaOob, GrantType.MfaRecoveryCode, GrantType.DeviceCode)]
    public string[]? GrantTypes { get; init; }

    [JsonPropertyName("token_endpoint_auth_method"), NullableOnWire,
        AllowedValues(AuthMethods.None, AuthMethods.Post, AuthMethods.Basic)]
    public string? TokenEndpointAuthMethod { get; init; }

    [JsonPropertyName("jwt_configuration"), NullableOnWire]
    public Dictionary<string, JsonElement>? JwtConfiguration { get; init; }

    [JsonPropertyName("refresh_token"), NullableOnWire]
    public Dictionary<string, JsonElement>? RefreshToken { get; init; }

    [JsonPropertyName("native_social_login"), NullableOnWire]
    public Dictionary<string, JsonElement>? NativeSocialLogin { get; init; }

    [JsonPropertyName("mobile"), NullableOnWire]
    public Dictionary<string, JsonElement>? Mobile { get; init; }

    [JsonPropertyName("client_metadata"), NullableOnWire, TextValues(255)]
    public Dictionary<string, JsonElement>? ClientMetadata { get; init; }

    [JsonPropertyName("sso")]
    public bool? Sso { get; init; }

    [JsonPropertyName("sso_disabled")]
    public bool? SsoDisabled { get; init; }

    [JsonPropertyName("cross_origin_authentication")]
    public bool? CrossOriginAuthentication { get; init; }

    [JsonPropertyName("cross_origin_loc"), NullableOnWire, WebAddress, StringLength(2048)]
    public string? CrossOriginLocation { get; init; }

    [JsonPropertyName("initiate_login_uri"), NullableOnWire, WebAddress, StringLength(2048)]
    public string? InitiateLoginUri { get; init; }

    [JsonPropertyName("custom_login_page"), NullableOnWire, StringLength(200_000)]
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

/// <summary>Body of <c>PATCH /clients/{id}</c>: what is sent is set, <c>null</c> removes.</summary>
public sealed record PatchClientRequest : ClientSettings
{
    internal const string SecretName = "client_secret";

    [JsonPropertyName("name"), StringLength(255, MinimumLength = 1), RegularExpression(CreateClientRequest.NamePattern)]
    public string? Name { get; init; }

    /// <summary>Chosen by whoever rotates secrets elsewhere. As long as that of the client of the configuration, at least.</summary>
    [JsonPropertyName(SecretName), Secret, StringLength(255, MinimumLength = 16)]
    public string? ClientSecret { get; init; }

    public override string ToString() => $"PatchClientRequest {Name}";
}

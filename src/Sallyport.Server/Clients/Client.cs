using System.Text.Json;
using System.Text.Json.Nodes;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Clients;

/// <summary>An application that calls the APIs.</summary>
internal sealed record Client(string ClientId, string Name, byte[] SecretHash)
{
    /// <summary>The global client stands for all applications of the tenant and cannot call anything itself.</summary>
    public bool IsGlobal { get; init; }

    /// <summary>A JSON object with the members of <see cref="ClientSettings"/> that are set.</summary>
    public string Settings { get; init; } = "{}";

    /// <returns>The settings of a new client, with the defaults of the published API; null if they are too large.</returns>
    public static string? NewSettings(CreateClientRequest request)
    {
        var defaults = new JsonObject
        {
            ["is_first_party"] = true,
            ["is_token_endpoint_ip_header_trusted"] = false,
            ["oidc_conformant"] = request.AppType == ResourceServerType,
            ["sso_disabled"] = false,
            ["cross_origin_authentication"] = false,
            ["custom_login_page_on"] = true,
            ["jwt_configuration"] = new JsonObject { ["alg"] = "RS256", ["secret_encoded"] = false },
            ["grant_types"] = new JsonArray([.. DefaultGrantTypes(request.AppType).Select(type => (JsonNode)type)]),
            ["refresh_token"] = DefaultRefreshToken(),
        };
        if (request.AppType != ResourceServerType)
        {
            defaults["jwt_configuration"]!["lifetime_in_seconds"] = 36000;
            defaults["token_endpoint_auth_method"] = IsPublic(request.AppType) ? AuthMethods.None : AuthMethods.Post;
        }

        var sent = JsonSerializer.SerializeToElement(request, ClientJson.Default.CreateClientRequest);
        return StoredSettings.Merge(defaults.ToJsonString(), sent, "name");
    }

    /// <summary>A client that stands for an API and requests no tokens of its own.</summary>
    private const string ResourceServerType = "resource_server";

    private static bool IsPublic(string? appType) => appType is "native" or "spa";

    private static string[] DefaultGrantTypes(string? appType) => appType switch
    {
        ResourceServerType => [],
        "non_interactive" => [GrantType.ClientCredentials],
        _ when IsPublic(appType) => [GrantType.AuthorizationCode, GrantType.Implicit, GrantType.RefreshToken],
        _ => [GrantType.AuthorizationCode, GrantType.Implicit, GrantType.RefreshToken, GrantType.ClientCredentials],
    };

    private static JsonObject DefaultRefreshToken() => new()
    {
        ["rotation_type"] = "non-rotating",
        ["expiration_type"] = "non-expiring",
        ["leeway"] = 0,
        ["token_lifetime"] = 2_592_000,
        ["infinite_token_lifetime"] = true,
        ["infinite_idle_token_lifetime"] = true,
        ["idle_token_lifetime"] = 1_296_000,
    };
}

/// <summary>The published grant types that a client may be allowed.</summary>
internal static class GrantType
{
    public const string ClientCredentials = "client_credentials";
    public const string AuthorizationCode = "authorization_code";
    public const string Implicit = "implicit";
    public const string RefreshToken = "refresh_token";
    public const string Password = "password";
    public const string PasswordRealm = "http://auth0.com/oauth/grant-type/password-realm";
    public const string MfaOtp = "http://auth0.com/oauth/grant-type/mfa-otp";
    public const string MfaOob = "http://auth0.com/oauth/grant-type/mfa-oob";
    public const string MfaRecoveryCode = "http://auth0.com/oauth/grant-type/mfa-recovery-code";
    public const string DeviceCode = "urn:ietf:params:oauth:grant-type:device_code";
}

/// <summary>How a client authenticates at the token endpoint (RFC 7591 section 2).</summary>
internal static class AuthMethods
{
    public const string None = "none";
    public const string Post = "client_secret_post";
    public const string Basic = "client_secret_basic";

    /// <summary>A client without a registered method may authenticate in either way.</summary>
    public static bool Allows(string? registered, bool isBasic) => registered switch
    {
        Basic => isBasic,
        Post => !isBasic,
        None => false,
        _ => true,
    };
}

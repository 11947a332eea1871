using System.Text.Json.Serialization;
using Microsoft.IdentityModel.Tokens;
using Sallyport.Server.Configuration;

namespace Sallyport.Server.Clients;

/// <summary>The discovery document (OpenID Connect Discovery 1.0 section 3). It lists only what is served.</summary>
public sealed record DiscoveryDocument
{
    [JsonPropertyName("issuer")]
    public required string Issuer { get; init; }

    [JsonPropertyName("authorization_endpoint")]
    public string? AuthorizationEndpoint { get; init; }

    [JsonPropertyName("token_endpoint")]
    public required string TokenEndpoint { get; init; }

    [JsonPropertyName("userinfo_endpoint")]
    public string? UserInfoEndpoint { get; init; }

    [JsonPropertyName("pushed_authorization_request_endpoint")]
    public string? PushedAuthorizationRequestEndpoint { get; init; }

    /// <summary>Not of OpenID Connect: clients of the MFA API look for it.</summary>
    [JsonPropertyName("mfa_challenge_endpoint")]
    public required string MfaChallengeEndpoint { get; init; }

    [JsonPropertyName("jwks_uri")]
    public required string JwksUri { get; init; }

    [JsonPropertyName("grant_types_supported")]
    public required IReadOnlyList<string> GrantTypesSupported { get; init; }

    [JsonPropertyName("response_types_supported")]
    public required IReadOnlyList<string> ResponseTypesSupported { get; init; }

    [JsonPropertyName("subject_types_supported")]
    public required IReadOnlyList<string> SubjectTypesSupported { get; init; }

    [JsonPropertyName("id_token_signing_alg_values_supported")]
    public required IReadOnlyList<string> IdTokenSigningAlgValuesSupported { get; init; }

    [JsonPropertyName("token_endpoint_auth_methods_supported")]
    public required IReadOnlyList<string> TokenEndpointAuthMethodsSupported { get; init; }

    [JsonPropertyName("response_modes_supported")]
    public IReadOnlyList<string>? ResponseModesSupported { get; init; }

    [JsonPropertyName("code_challenge_methods_supported")]
    public IReadOnlyList<string>? CodeChallengeMethodsSupported { get; init; }

    [JsonPropertyName("scopes_supported")]
    public IReadOnlyList<string>? ScopesSupported { get; init; }

    [JsonPropertyName("claims_supported")]
    public IReadOnlyList<string>? ClaimsSupported { get; init; }

    [JsonPropertyName("acr_values_supported")]
    public IReadOnlyList<string>? AcrValuesSupported { get; init; }

    [JsonPropertyName("prompt_values_supported")]
    public IReadOnlyList<string>? PromptValuesSupported { get; init; }

    /// <summary>RFC 9207.</summary>
    [JsonPropertyName("authorization_response_iss_parameter_supported")]
    public bool? AuthorizationResponseIssParameterSupported { get; init; }

    /// <summary>Missing means true.</summary>
    [JsonPropertyName("request_uri_parameter_supported")]
    public bool? RequestUriParameterSupported { get; init; }

    internal static DiscoveryDocument For(SallyportOptions options, IReadOnlyList<string> grantTypes) => new()
    {
        Issuer = options.Issuer,
        TokenEndpoint = options.PublicUrl + "/oauth/token",
        MfaChallengeEndpoint = options.PublicUrl + "/mfa/challenge",
        JwksUri = options.PublicUrl + "/.well-known/jwks.json",
        GrantTypesSupported = grantTypes,
        ResponseTypesSupported = [],
        SubjectTypesSupported = ["public"],
        IdTokenSigningAlgValuesSupported = ["RS256"],
        TokenEndpointAuthMethodsSupported = ["client_secret_basic", "client_secret_post", "none"],
    };
}

/// <summary>A feature's part of the discovery document.</summary>
internal interface IDiscoveryPart
{
    DiscoveryDocument AddTo(DiscoveryDocument document, SallyportOptions options);
}

/// <summary>A JSON Web Key Set (RFC 7517 section 5).</summary>
public sealed record JsonWebKeySetResponse([property: JsonPropertyName("keys")] IReadOnlyList<PublicKey> Keys);

/// <summary>An RSA public key (RFC 7518 section 6.3.1).</summary>
public sealed record PublicKey(
    [property: JsonPropertyName("kty")] string Type,
    [property: JsonPropertyName("use")] string Use,
    [property: JsonPropertyName("alg")] string Algorithm,
    [property: JsonPropertyName("kid")] string KeyId,
    [property: JsonPropertyName("n")] string Modulus,
    [property: JsonPropertyName("e")] string Exponent,
    [property: JsonPropertyName("x5c")] IReadOnlyList<string> Certificates)
{
    /// <param name="certificate">DER.</param>
    internal static PublicKey Of(RsaSecurityKey key, byte[] certificate)
    {
        var parameters = key.Rsa.ExportParameters(includePrivateParameters: false);
        return new PublicKey(
            "RSA", "sig", SecurityAlgorithms.RsaSha256, key.KeyId,
            Base64UrlEncoder.Encode(parameters.Modulus), Base64UrlEncoder.Encode(parameters.Exponent),
            [Convert.ToBase64String(certificate)]);
    }
}

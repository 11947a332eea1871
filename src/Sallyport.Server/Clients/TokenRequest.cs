using System.ComponentModel.DataAnnotations;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Sallyport.Server.Http;
using Sallyport.Server.Http.Payloads;

namespace Sallyport.Server.Clients;

/// <summary>A request to <c>/oauth/token</c>, or to another endpoint at which clients authenticate.</summary>
internal sealed record TokenRequest
{
    public string? GrantType => this["grant_type"];

    public required string? ClientId { get; init; }

    public required string? ClientSecret { get; init; }

    /// <summary>The client authenticates with HTTP Basic.</summary>
    public required bool IsBasic { get; init; }

    public string? Audience => this["audience"];

    public string? Scope => this["scope"];

    public required IReadOnlyDictionary<string, string> Parameters { get; init; }

    /// <returns>Null for a parameter that is absent or empty: both mean the same (RFC 6749 section 3.2).</returns>
    public string? this[string name] => Parameters.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;

    public override string ToString() => $"{GrantType} for {ClientId}";
}

/// <summary>
/// Reads a token request: a form or JSON, with the client's secret in the body or in HTTP Basic (RFC 6749 section 2.3.1). Unknown parameters
/// are ignored (RFC 6749 section 3.2), and so are JSON members that are <c>null</c>: auth0-python and ruby-auth0 always send
/// <c>"organization": null</c>.
/// </summary>
internal static class TokenRequestReader
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 32, AllowDuplicateProperties = false };

    private static readonly string[] Known =
    [
        "grant_type", "client_id", "client_secret", "audience", "scope", "username", "password", "realm", "mfa_token", "otp", "oob_code",
        "binding_code", "recovery_code", "challenge_type", "authenticator_id", "oob_channel", "code", "code_verifier", "redirect_uri",
    ];

    public static ValueTask<(TokenRequest? Request, OAuthError? Error)> ReadAsync(HttpContext context) => ReadAsync(context, Known);

    /// <param name="known">The names of the parameters that the endpoint takes, with <c>client_id</c> and <c>client_secret</c>.</param>
    /// <returns>The request, or the error.</returns>
    public static async ValueTask<(TokenRequest? Request, OAuthError? Error)> ReadAsync(HttpContext context, IReadOnlyCollection<string> known)
    {
        var parameters = new Dictionary<string, string>(StringComparer.Ordinal);
        var error = await FormReader.IsFormAsync(context.Request)
            ? await ReadFormAsync(context, known, parameters)
            : await ReadJsonAsync(context, known, parameters);
        if (error is not null)
        {
            return (null, error);
        }

        var basic = ReadBasic(context.Request.Headers.Authorization);
        return (new TokenRequest
        {
            ClientId = basic?.Id ?? parameters.GetValueOrDefault("client_id"),
            ClientSecret = basic?.Secret ?? parameters.GetValueOrDefault("client_secret"),
            IsBasic = basic is not null,
            Parameters = parameters,
        }, null);
    }

    private static async ValueTask<OAuthError?> ReadFormAsync(
        HttpContext context, IReadOnlyCollection<string> known, Dictionary<string, string> parameters)
    {
        if (await FormReader.ReadAsync(context.Request) is not { } form)
        {
            return OAuthError.InvalidRequest("The form is malformed");
        }

        foreach (var (name, values) in form.Where(field => known.Contains(field.Key)))
        {
            // RFC 6749 section 3.2: a parameter must not be sent twice.
            if (values.Count != 1 || !IsText(values[0]))
            {
                return OAuthError.InvalidRequest($"Parameter {name} must be sent once, as text");
            }

            parameters[name] = values[0]!;
        }

        return null;
    }

    private static async ValueTask<OAuthError?> ReadJsonAsync(
        HttpContext context, IReadOnlyCollection<string> known, Dictionary<string, string> parameters)
    {
        try
        {
            using var document = await JsonDocument.ParseAsync(context.Request.Body, Options, context.RequestAborted);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                return OAuthError.InvalidRequest("The body must be a JSON object");
            }

            foreach (var member in document.RootElement.EnumerateObject())
            {
                if (!known.Contains(member.Name) || member.Value.ValueKind == JsonValueKind.Null)
                {
                    continue;
                }

                if (member.Value.ValueKind != JsonValueKind.String || !IsText(member.Value.GetString()))
                {
                    return OAuthError.InvalidRequest($"Parameter {member.Name} must be a text");
                }

                parameters[member.Name] = member.Value.GetString()!;
            }

            return null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return OAuthError.InvalidRequest("The body must be a form or a JSON object");
        }
    }

    private static bool IsText(string? value) => value is not null && !value.Contains('\0');

    private static (string Id, string Secret)? ReadBasic(string? header)
    {
        if (header is null || !header.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var encoded = header["Basic ".Length..].Trim();
        var bytes = new byte[encoded.Length];
        if (!Convert.TryFromBase64String(encoded, bytes, out var length))
        {
            return null;
        }

        var parts = Encoding.UTF8.GetString(bytes, 0, length).Split(':', 2);
        return parts.Length == 2 && Decode(parts[0]) is var id && Decode(parts[1]) is var secret && IsText(id) && IsText(secret)
            ? (id, secret)
            : null;
    }

    private static string Decode(string value) => Uri.UnescapeDataString(value.Replace('+', ' '));
}

/// <summary>The parameters, for the OpenAPI document. Client id and secret may be in HTTP Basic instead.</summary>
public sealed record TokenParameters(
    [property: JsonPropertyName("grant_type"), AllowedValues(
        Clients.GrantType.ClientCredentials, Clients.GrantType.AuthorizationCode, Clients.GrantType.Password, Clients.GrantType.PasswordRealm,
        Clients.GrantType.MfaOtp, Clients.GrantType.MfaOob, Clients.GrantType.MfaRecoveryCode)] string GrantType,
    [property: JsonPropertyName("client_id")] string? ClientId,
    [property: JsonPropertyName("client_secret")] string? ClientSecret,
    [property: JsonPropertyName("audience")] string? Audience,
    [property: JsonPropertyName("scope")] string? Scope)
{
    [JsonPropertyName("code")]
    public string? Code { get; init; }

    [JsonPropertyName("code_verifier")]
    public string? CodeVerifier { get; init; }

    [JsonPropertyName("redirect_uri")]
    public string? RedirectUri { get; init; }

    [JsonPropertyName("username")]
    public string? Username { get; init; }

    [JsonPropertyName("password")]
    public string? Password { get; init; }

    /// <summary>The name of a connection.</summary>
    [JsonPropertyName("realm")]
    public string? Realm { get; init; }

    [JsonPropertyName("mfa_token")]
    public string? MfaToken { get; init; }

    [JsonPropertyName("otp")]
    public string? Otp { get; init; }

    [JsonPropertyName("oob_code")]
    public string? OobCode { get; init; }

    [JsonPropertyName("binding_code")]
    public string? BindingCode { get; init; }

    [JsonPropertyName("recovery_code")]
    public string? RecoveryCode { get; init; }

    public override string ToString() => "***";
}

/// <summary>The answer to a token request (RFC 6749 section 5.1).</summary>
public sealed record TokenResponse(
    [property: JsonPropertyName("access_token")] string AccessToken,
    [property: JsonPropertyName("scope")] string Scope,
    [property: JsonPropertyName("expires_in")] int ExpiresIn,
    [property: JsonPropertyName("token_type")] string TokenType)
{
    /// <summary>Only if the scope <c>openid</c> was requested for a user.</summary>
    [JsonPropertyName("id_token")]
    public string? IdToken { get; init; }

    /// <summary>The recovery code that replaces the one just used.</summary>
    [JsonPropertyName("recovery_code")]
    public string? RecoveryCode { get; init; }

    public override string ToString() => $"{TokenType} ***";
}

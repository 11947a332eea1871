using System.Text.Json;
using System.Text.Json.Serialization;
using Sallyport.Server.Http.Payloads;
using Sallyport.Server.Policies;

namespace Sallyport.Server.SignIn.OpenIdConnect;

/// <summary>Why a request is refused (RFC 6749 section 4.1.2.1).</summary>
/// <param name="Description">For developers. Never repeats a value of the request.</param>
internal sealed record AuthorizationFault(string Error, string Description)
{
    /// <summary>The person cannot mend it by signing in again.</summary>
    public bool IsOfApplication { get; init; }

    public static AuthorizationFault InvalidRequest(string description) => new("invalid_request", description);
}

/// <summary>The parameters of an authorization request (OpenID Connect Core section 3.1.2.1). Unknown ones are left out.</summary>
internal sealed record AuthorizationRequest(IReadOnlyDictionary<string, string> Parameters)
{
    public const string RequestUriName = "request_uri";

    /// <summary>More than any client sends. What is longer is refused before it is stored.</summary>
    public const int MaxLength = 4096;

    /// <summary>In UTF-8, of all values together: anybody can have requests stored.</summary>
    public const int MaxTotalLength = 8192;

    public static readonly IReadOnlyList<string> Known =
    [
        "client_id", "redirect_uri", "response_type", "response_mode", "scope", "audience", "resource", "state", "nonce", "prompt", "max_age",
        "acr_values", "login_hint", "id_token_hint", "code_challenge", "code_challenge_method", "ui_locales", "request", RequestUriName,
        EntraRules.ClaimsName,
    ];

    public string ClientId => this["client_id"] ?? "";

    public string RedirectUri => this["redirect_uri"] ?? "";

    public string? Scope => this["scope"];

    /// <summary>The API that the access token is for. <c>resource</c> is the name in RFC 8707.</summary>
    public string? Audience => this["audience"] ?? this["resource"];

    public string? CodeChallenge => this["code_challenge"];

    public string? AcrValues => this["acr_values"];

    public bool IsSilent => SignInCircumstances.Split(this["prompt"]).Contains("none", StringComparer.Ordinal);

    /// <returns>Null for a parameter that is absent or empty: both mean the same (RFC 6749 section 3.1).</returns>
    public string? this[string name] => Parameters.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;

    public static AuthorizationRequest Parse(string json) =>
        new(JsonSerializer.Deserialize(json, AuthorizationJson.Default.DictionaryStringString)!);

    public string ToJson() => JsonSerializer.Serialize(new Dictionary<string, string>(Parameters), AuthorizationJson.Default.DictionaryStringString);

    public override string ToString() => $"authorization request of {ClientId}";
}

/// <summary>Reads a request from the address or, for a POST, from the form (OpenID Connect Core section 3.1.2.1).</summary>
internal static class AuthorizationRequestReader
{
    public static async ValueTask<(AuthorizationRequest? Request, AuthorizationFault? Fault)> ReadAsync(HttpRequest request)
    {
        IEnumerable<KeyValuePair<string, Microsoft.Extensions.Primitives.StringValues>>? sent = request.Query;
        if (HttpMethods.IsPost(request.Method))
        {
            sent = request.HasFormContentType ? await FormReader.ReadAsync(request) : null;
        }

        if (sent is null)
        {
            return (null, AuthorizationFault.InvalidRequest("The body must be a form"));
        }

        var parameters = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, values) in sent.Where(field => AuthorizationRequest.Known.Contains(field.Key)))
        {
            // RFC 6749 section 3.1: a parameter must not be sent twice.
            if (values.Count != 1 || values[0] is not { } value || value.Contains('\0'))
            {
                return (null, AuthorizationFault.InvalidRequest($"Parameter {name} must be sent once, as text"));
            }

            parameters[name] = value;
        }

        return (new AuthorizationRequest(parameters), null);
    }
}

[JsonSerializable(typeof(Dictionary<string, string>))]
[JsonSerializable(typeof(Dictionary<string, object>))]
[JsonSerializable(typeof(bool))]
[JsonSerializable(typeof(long))]
[JsonSerializable(typeof(PushedRequestResponse))]
internal sealed partial class AuthorizationJson : JsonSerializerContext;

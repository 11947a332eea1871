using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.OpenApi;
using Sallyport.Server.Http.OpenApi;
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
    public const string HintName = "id_token_hint";

    /// <summary>A request as a token (OpenID Connect Core section 6.1). It is read to be refused.</summary>
    public const string UnsupportedName = "request";

    /// <summary>Not of the request, so nobody can send them.</summary>
    private const string HintedUserName = "hinted_user";
    private const string HintedSubjectName = "hinted_subject";

    private const int MaxLocalesLength = 200;

    /// <summary>More than any client sends. What is longer is refused before it is stored.</summary>
    public const int MaxLength = 4096;

    /// <summary>In UTF-8, of all values together: anybody can have requests stored.</summary>
    public const int MaxTotalLength = 8192;

    public static readonly IReadOnlyList<string> Known =
    [
        "client_id", "redirect_uri", "response_type", "response_mode", "scope", "audience", "resource", "state", "nonce", "prompt", "max_age",
        "acr_values", "login_hint", HintName, "code_challenge", "code_challenge_method", "ui_locales", UnsupportedName, RequestUriName,
        EntraRules.ClaimsName,
    ];

    /// <summary>For the OpenAPI document.</summary>
    public static IEnumerable<QueryParameter> Described =>
        Known.Where(name => name is not UnsupportedName).Select(name => new QueryParameter(name, JsonSchemaType.String, IsRequired: name is "client_id"));

    public string ClientId => this["client_id"] ?? "";

    public string RedirectUri => this["redirect_uri"] ?? "";

    public string? Scope => this["scope"];

    /// <summary>The API that the access token is for. <c>resource</c> is the name in RFC 8707.</summary>
    public string? Audience => this["audience"] ?? this["resource"];

    /// <summary>
    /// The id of the user whom the <c>id_token_hint</c> names; empty if it names none. Stored in place of the token, which contains claims about the
    /// user. Null if there was no hint, or it was not read yet.
    /// </summary>
    public string? HintedUser => Parameters.GetValueOrDefault(HintedUserName);

    /// <summary>The subject of a hint of Microsoft Entra, to be repeated in the answer.</summary>
    public string? HintedSubject => Parameters.GetValueOrDefault(HintedSubjectName);

    /// <summary>The first languages: addresses repeat them, and nobody reads more.</summary>
    public string? UiLocales => this["ui_locales"] switch
    {
        { Length: > MaxLocalesLength } locales => locales.LastIndexOf(' ', MaxLocalesLength) is > 0 and var end ? locales[..end] : null,
        var locales => locales,
    };

    public string? CodeChallenge => this["code_challenge"];

    public string? AcrValues => this["acr_values"];

    public bool IsSilent => SignInCircumstances.Split(this["prompt"]).Contains("none", StringComparer.Ordinal);

    /// <returns>Null for a parameter that is absent or empty: both mean the same (RFC 6749 section 3.1).</returns>
    public string? this[string name] => Parameters.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;

    public static AuthorizationRequest Parse(string json) =>
        new(JsonSerializer.Deserialize(json, AuthorizationJson.Default.DictionaryStringString)!);

    /// <summary>Whether it does not exclude that the user signs in.</summary>
    public bool Admits(string userId) => HintedUser is null || HintedUser == userId;

    /// <summary>Replaces the <c>id_token_hint</c> by what was read from it.</summary>
    public AuthorizationRequest ReplaceHint(string? userId, string? subject = null)
    {
        var parameters = new Dictionary<string, string>(Parameters) { [HintedUserName] = userId ?? "" };
        parameters.Remove(HintName);
        if (subject is not null)
        {
            parameters[HintedSubjectName] = subject;
        }

        return new AuthorizationRequest(parameters);
    }

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
internal sealed partial class AuthorizationJson : JsonSerializerContext;

/// <summary>The bodies of the endpoints, also for the OpenAPI document.</summary>
[JsonSerializable(typeof(PushedRequestResponse))]
[JsonSerializable(typeof(PushParameters))]
[JsonSerializable(typeof(UserInfoClaims))]
internal sealed partial class AuthorizationApiJson : JsonSerializerContext;

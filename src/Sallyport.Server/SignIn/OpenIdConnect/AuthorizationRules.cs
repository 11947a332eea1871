using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.WebUtilities;
using Sallyport.Server.Clients;
using Sallyport.Server.Policies;

namespace Sallyport.Server.SignIn.OpenIdConnect;

/// <summary>Which authorization requests are valid (OpenID Connect Core section 3.1.2, ADR 17). Without I/O.</summary>
internal static partial class AuthorizationRules
{
    public const string ResponseType = "code";
    public const string ChallengeMethod = "S256";

    public const string Query = "query";
    public const string Fragment = "fragment";
    public const string FormPost = "form_post";

    private const string FirstFactorSetting = "first_factor";
    private const string RememberSetting = "allow_remember_browser";

    /// <summary>A parameter of responses (RFC 9207). A callback that has it already could pass off one server as another.</summary>
    private const string IssuerParameter = "iss";

    public static readonly IReadOnlyList<string> PromptValues = ["none", "login", "consent", "select_account"];

    public static readonly IReadOnlyList<string> ResponseModes = [Query, Fragment, FormPost];

    /// <summary>Faults that are shown to the person, because the redirect address may be the attacker's.</summary>
    /// <param name="client">Null if there is no such client.</param>
    public static AuthorizationFault? FindAddressFault(AuthorizationRequest request, ClientResponse? client) =>
        request.Parameters.FirstOrDefault(parameter => parameter.Value.Length > AuthorizationRequest.MaxLength) is { Key: { } name }
            ? AuthorizationFault.InvalidRequest($"Parameter {name} is too long")
        : request.Parameters.Values.Sum(Encoding.UTF8.GetByteCount) > AuthorizationRequest.MaxTotalLength
            ? AuthorizationFault.InvalidRequest("The request is too long")
        : request[AuthorizationRequest.RequestUriName] is not null
            ? new AuthorizationFault("request_uri_not_supported", "The request_uri must be one of the pushed_authorization_request_endpoint")
        : request.ClientId.Length == 0 ? AuthorizationFault.InvalidRequest("Parameter client_id is missing")
        : client is not { Global: false } ? AuthorizationFault.InvalidRequest("There is no such client")
        : !CallbackAddress.IsRedirectUriOf(client.Callbacks, request.RedirectUri)
            ? AuthorizationFault.InvalidRequest("The redirect_uri must be exactly one of the client's callbacks")
        : FindReservedPart(new Uri(request.RedirectUri)) is { } part
            ? AuthorizationFault.InvalidRequest($"The redirect_uri must not have {part}")
        : null;

    /// <summary>Faults that are sent to the client.</summary>
    public static AuthorizationFault? FindFault(AuthorizationRequest request, ClientResponse client, bool isPushed) =>
        EntraSettings.Of(client) is not null ? EntraRules.FindFault(request)
        : client.GrantTypes?.Contains(GrantType.AuthorizationCode, StringComparer.Ordinal) != true
            ? new AuthorizationFault("unauthorized_client", "Grant type 'authorization_code' not allowed for the client.")
        : client.RequirePushedAuthorizationRequests == true && !isPushed
            ? AuthorizationFault.InvalidRequest("The client must push its requests to the pushed_authorization_request_endpoint")
        : FindParameterFault(request) ?? FindChallengeFault(request, client);

    /// <summary>
    /// Whether the client checks the first factor itself (<c>client_metadata.first_factor</c> is <c>application</c>). Otherwise Sallyport asks for the
    /// password.
    /// </summary>
    public static bool ChecksFirstFactor(ClientResponse client) => IsSetTo(client, FirstFactorSetting, "application") == true;

    /// <summary>Whether Sallyport asks for the password. Microsoft Entra has checked the first factor, too.</summary>
    public static bool AsksForPassword(ClientResponse client) => !ChecksFirstFactor(client) && EntraSettings.Of(client) is null;

    /// <summary>OAuth 2.0 Multiple Response Type Encoding Practices, section 5: tokens never come in the query, nor errors about them.</summary>
    public static string DefaultModeOf(AuthorizationRequest request) =>
        SignInCircumstances.Split(request["response_type"]).Any(type => type is "token" or EntraRules.ResponseType) ? Fragment : Query;

    /// <summary>Any value of <c>client_metadata.allow_remember_browser</c> but <c>true</c> switches it off.</summary>
    public static bool MayRememberBrowsers(ClientResponse client) => IsSetTo(client, RememberSetting, "true") != false;

    public static bool IsPublic(ClientResponse client) => client.TokenEndpointAuthMethod == AuthMethods.None;

    /// <returns>Null if the client does not have the setting.</returns>
    private static bool? IsSetTo(ClientResponse client, string setting, string value) =>
        client.ClientMetadata?.TryGetValue(setting, out var found) == true ? found.ToString().Equals(value, StringComparison.OrdinalIgnoreCase) : null;

    /// <summary>The response has parameters in the query or in the fragment (RFC 6749 section 3.1.2).</summary>
    private static string? FindReservedPart(Uri address) =>
        address.OriginalString.Contains('#', StringComparison.Ordinal) ? "a fragment"
        : QueryHelpers.ParseQuery(address.Query).ContainsKey(IssuerParameter) ? "a parameter iss"
        : null;

    private static AuthorizationFault? FindParameterFault(AuthorizationRequest request) =>
        request[AuthorizationRequest.UnsupportedName] is not null ? new AuthorizationFault("request_not_supported", "Parameter request is not supported")
        : request["response_type"] is not { } type ? AuthorizationFault.InvalidRequest("Parameter response_type is missing")
        : type != ResponseType ? new AuthorizationFault("unsupported_response_type", "The response_type must be code")
        : request["response_mode"] is { } mode && !ResponseModes.Contains(mode, StringComparer.Ordinal)
            ? AuthorizationFault.InvalidRequest($"The response_mode must be one of {string.Join(", ", ResponseModes)}")
        : request["resource"] is { } resource && !IsResource(resource)
            ? AuthorizationFault.InvalidRequest("The resource must be an absolute address without a fragment")
        : !IsPrompt(SignInCircumstances.Split(request["prompt"]))
            ? AuthorizationFault.InvalidRequest($"The prompt must be none, or some of {string.Join(", ", PromptValues.Skip(1))}")
        : request["max_age"] is { } age && !int.TryParse(age, NumberStyles.None, CultureInfo.InvariantCulture, out _)
            ? AuthorizationFault.InvalidRequest("The max_age must be a number of seconds")
        : null;

    /// <summary>RFC 8707 section 2.</summary>
    private static bool IsResource(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Fragment.Length == 0 && address.OriginalString.Contains(':', StringComparison.Ordinal);

    private static bool IsPrompt(IReadOnlyCollection<string> values) =>
        values.All(value => PromptValues.Contains(value, StringComparer.Ordinal)) && (values.Count <= 1 || !values.Contains(PromptValues[0], StringComparer.Ordinal));

    /// <summary>A client without a secret proves with the code_verifier that it has made the request (RFC 9700 section 2.1.1).</summary>
    private static AuthorizationFault? FindChallengeFault(AuthorizationRequest request, ClientResponse client) =>
        (request.CodeChallenge, request["code_challenge_method"]) switch
        {
            (null, null) => IsPublic(client) ? AuthorizationFault.InvalidRequest("A public client must send a code_challenge") : null,
            (null, _) => AuthorizationFault.InvalidRequest("A code_challenge_method needs a code_challenge"),
            (_, not ChallengeMethod) => AuthorizationFault.InvalidRequest("The code_challenge_method must be S256"),
            ({ } challenge, _) => Sha256().IsMatch(challenge)
                ? null
                : AuthorizationFault.InvalidRequest("The code_challenge is not an SHA-256 hash in base64url"),
        };

    [GeneratedRegex(@"^[A-Za-z0-9_-]{43}\z")]
    private static partial Regex Sha256();
}

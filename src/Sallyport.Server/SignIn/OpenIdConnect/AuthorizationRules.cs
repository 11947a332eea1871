using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging.Abstractions;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using Sallyport.Server.Clients;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlers.Authentication;

namespace Sallyport.Server.SignIn.OpenIdConnect;

/// <summary>
/// Which authorization requests are valid. Without I/O. OpenIddict checks what the specifications say, with single handlers of its server
/// (ADR 15); the rules of this server are below.
/// </summary>
internal static partial class AuthorizationRules
{
    private const string FirstFactorSetting = "first_factor";
    private const string RememberSetting = "allow_remember_browser";

    /// <summary>The checks that must pass before an error may be sent to the redirect address.</summary>
    private static readonly IOpenIddictServerHandler<ValidateAuthorizationRequestContext>[] AddressChecks =
        [new ValidateRequestUriParameter(), new ValidateClientIdParameter(), new ValidateRedirectUriParameter()];

    private static readonly IOpenIddictServerHandler<ValidateAuthorizationRequestContext>[] Checks =
    [
        new ValidateRequestParameter(), new ValidateResponseTypeParameter(), new ValidateResponseModeParameter(), new ValidateResourceParameter(),
        new ValidatePromptParameter(), new ValidateProofKeyForCodeExchangeParameters(),
    ];

    public static readonly IReadOnlyList<string> PromptValues = ["none", "login", "consent", "select_account"];

    public static readonly IReadOnlyList<string> ResponseModes = ["query", "fragment", "form_post"];

    private static readonly OpenIddictServerOptions Options = CreateOptions();

    /// <summary>Faults that are shown to the person, because the redirect address may be the attacker's.</summary>
    /// <param name="client">Null if there is no such client.</param>
    public static async ValueTask<AuthorizationFault?> FindAddressFaultAsync(AuthorizationRequest request, ClientResponse? client)
    {
        if (request.Parameters.FirstOrDefault(parameter => parameter.Value.Length > AuthorizationRequest.MaxLength) is { Key: { } name })
        {
            return AuthorizationFault.InvalidRequest($"Parameter {name} is too long");
        }

        if (request.Parameters.Values.Sum(Encoding.UTF8.GetByteCount) > AuthorizationRequest.MaxTotalLength)
        {
            return AuthorizationFault.InvalidRequest("The request is too long");
        }

        return await FindFaultAsync(request, AddressChecks) is { } fault ? fault
            : client is not { Global: false } ? AuthorizationFault.InvalidRequest("There is no such client")
            : !CallbackAddress.IsRedirectUriOf(client.Callbacks, request.RedirectUri)
                ? AuthorizationFault.InvalidRequest("The redirect_uri must be exactly one of the client's callbacks")
            : null;
    }

    /// <summary>Faults that are sent to the client.</summary>
    public static async ValueTask<AuthorizationFault?> FindFaultAsync(AuthorizationRequest request, ClientResponse client, bool isPushed) =>
        EntraSettings.Of(client) is not null ? EntraRules.FindFault(request)
        : client.GrantTypes?.Contains(GrantType.AuthorizationCode, StringComparer.Ordinal) != true
            ? new AuthorizationFault("unauthorized_client", "Grant type 'authorization_code' not allowed for the client.")
        : client.RequirePushedAuthorizationRequests == true && !isPushed
            ? AuthorizationFault.InvalidRequest("The client must push its requests to the pushed_authorization_request_endpoint")
        : await FindFaultAsync(request, Checks) is { } fault ? fault
        : FindChallengeFault(request, client)
            ?? (request["max_age"] is { } age && !int.TryParse(age, NumberStyles.None, CultureInfo.InvariantCulture, out _)
                ? AuthorizationFault.InvalidRequest("The max_age must be a number of seconds")
                : null);

    /// <summary>
    /// Whether the client checks the first factor itself (<c>client_metadata.first_factor</c> is <c>application</c>). Otherwise Sallyport asks for the
    /// password.
    /// </summary>
    public static bool ChecksFirstFactor(ClientResponse client) => IsSetTo(client, FirstFactorSetting, "application") == true;

    /// <summary>Whether Sallyport asks for the password. Microsoft Entra has checked the first factor, too.</summary>
    public static bool AsksForPassword(ClientResponse client) => !ChecksFirstFactor(client) && EntraSettings.Of(client) is null;

    /// <summary>Any value of <c>client_metadata.allow_remember_browser</c> but <c>true</c> switches it off.</summary>
    public static bool MayRememberBrowsers(ClientResponse client) => IsSetTo(client, RememberSetting, "true") != false;

    public static bool IsPublic(ClientResponse client) => client.TokenEndpointAuthMethod == AuthMethods.None;

    /// <returns>Null if the client does not have the setting.</returns>
    private static bool? IsSetTo(ClientResponse client, string setting, string value) =>
        client.ClientMetadata?.TryGetValue(setting, out var found) == true ? found.ToString().Equals(value, StringComparison.OrdinalIgnoreCase) : null;

    /// <summary>A client without a secret proves with the code_verifier that it has made the request (RFC 9700 section 2.1.1).</summary>
    private static AuthorizationFault? FindChallengeFault(AuthorizationRequest request, ClientResponse client) =>
        request.CodeChallenge is { } challenge
            ? !Sha256().IsMatch(challenge) ? AuthorizationFault.InvalidRequest("The code_challenge is not an SHA-256 hash in base64url") : null
            : IsPublic(client) ? AuthorizationFault.InvalidRequest("A public client must send a code_challenge") : null;

    private static async ValueTask<AuthorizationFault?> FindFaultAsync(
        AuthorizationRequest request, IEnumerable<IOpenIddictServerHandler<ValidateAuthorizationRequestContext>> checks)
    {
        var context = new ValidateAuthorizationRequestContext(new OpenIddictServerTransaction
        {
            EndpointType = OpenIddictServerEndpointType.Authorization,
            Logger = NullLogger.Instance,
            Options = Options,
            Request = ToOpenIddict(request),
        });
        foreach (var check in checks)
        {
            await check.HandleAsync(context);
            if (context.IsRejected)
            {
                return new AuthorizationFault(context.Error ?? OpenIddictConstants.Errors.InvalidRequest, context.ErrorDescription ?? "");
            }
        }

        return null;
    }

    public static OpenIddictRequest ToOpenIddict(AuthorizationRequest request) =>
        new(request.Parameters.Select(parameter => KeyValuePair.Create<string, string?>(parameter.Key, parameter.Value)));

    private static OpenIddictServerOptions CreateOptions()
    {
        var options = new OpenIddictServerOptions();
        options.GrantTypes.Add(GrantType.AuthorizationCode);
        options.ResponseTypes.Add(OpenIddictConstants.ResponseTypes.Code);
        options.CodeChallengeMethods.Clear();
        options.CodeChallengeMethods.Add(OpenIddictConstants.CodeChallengeMethods.Sha256);
        options.ResponseModes.Clear();
        options.ResponseModes.UnionWith(ResponseModes);
        options.PromptValues.Clear();
        options.PromptValues.UnionWith(PromptValues);
        return options;
    }

    [GeneratedRegex(@"^[A-Za-z0-9_-]{43}\z")]
    private static partial Regex Sha256();
}

using Sallyport.Server.Clients;

namespace Sallyport.Server.SignIn.OpenIdConnect;

internal enum AuthorizationOutcome
{
    /// <summary>The fault is shown to the person, because the redirect address is not trusted or belongs to another browser's request.</summary>
    Refused,

    /// <summary>The browser takes the response to the client: a code or an error.</summary>
    Answered,

    /// <summary>The browser goes to a page of this server, which asks for the next factor.</summary>
    Asks,
}

/// <summary>The answer to the browser after a step of an authorization.</summary>
internal readonly record struct AuthorizationResult(AuthorizationOutcome Outcome)
{
    public AuthorizationFault? Fault { get; init; }

    public AuthorizationResponse? Response { get; init; }

    public string? PageUrl { get; init; }

    /// <summary>The cookie that the browser gets; null if it has it.</summary>
    public BrowserBinding? Binding { get; init; }

    public static AuthorizationResult Refuse(AuthorizationFault fault) => new(AuthorizationOutcome.Refused) { Fault = fault };

    public static AuthorizationResult Refuse(string description) => Refuse(AuthorizationFault.InvalidRequest(description));

    public static AuthorizationResult Answer(AuthorizationResponse response) => new(AuthorizationOutcome.Answered) { Response = response };

    public static AuthorizationResult Ask(string pageUrl) => new(AuthorizationOutcome.Asks) { PageUrl = pageUrl };

    public override string ToString() => Outcome.ToString();
}

/// <summary>A response to a client, through the browser.</summary>
/// <param name="Mode">One of <see cref="AuthorizationRules.ResponseModes"/>.</param>
/// <param name="RequestId">The request that it answers, if it was stored.</param>
internal sealed record AuthorizationResponse(
    string RedirectUri, string Mode, IReadOnlyList<KeyValuePair<string, string?>> Parameters, string? RequestId)
{
    public override string ToString() => "***";
}

/// <summary>An authorization that has not been answered yet.</summary>
internal sealed record OpenAuthorization(string Id, ClientResponse Client, AuthorizationRequest Request);

/// <summary>Binds an authorization to the browser that has begun it: a secret in a cookie of that browser.</summary>
internal sealed record BrowserBinding(string RequestId, string Secret)
{
    public override string ToString() => "***";
}

/// <summary>Composes responses to clients.</summary>
/// <param name="issuer">Repeated in each response, so that a client that uses several servers can tell them apart (RFC 9207).</param>
internal sealed class AuthorizationResponses(string issuer)
{
    public AuthorizationResult Code(OpenAuthorization authorization, string code) =>
        Respond(authorization.Request, authorization.Id, KeyValuePair.Create<string, string?>("code", code));

    /// <summary>Without <c>iss</c>, because the token has it.</summary>
    public AuthorizationResult IdToken(OpenAuthorization authorization, string token) =>
        Respond(authorization.Request, authorization.Id, KeyValuePair.Create<string, string?>("id_token", token));

    public AuthorizationResult Error(OpenAuthorization authorization, string error, string description) =>
        Error(authorization.Request, new AuthorizationFault(error, description), authorization.Id);

    public AuthorizationResult Error(AuthorizationRequest request, AuthorizationFault fault, string? requestId = null) =>
        Respond(
            request, requestId,
            KeyValuePair.Create<string, string?>("error", fault.Error), KeyValuePair.Create<string, string?>("error_description", fault.Description));

    private AuthorizationResult Respond(AuthorizationRequest request, string? requestId, params KeyValuePair<string, string?>[] parameters)
    {
        var mode = AuthorizationRules.ResponseModes.FirstOrDefault(known => known == request["response_mode"]) ?? AuthorizationRules.DefaultModeOf(request);
        List<KeyValuePair<string, string?>> all = [.. parameters];
        if (request["state"] is { } state)
        {
            all.Add(KeyValuePair.Create<string, string?>("state", state));
        }

        if (parameters[0].Key != "id_token")
        {
            all.Add(KeyValuePair.Create<string, string?>("iss", issuer));
        }

        return AuthorizationResult.Answer(new AuthorizationResponse(request.RedirectUri, mode, all, requestId));
    }
}

using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Sallyport.Server.Audit;
using Sallyport.Server.Clients;
using Sallyport.Server.Storage;

namespace Sallyport.Server.SignIn.OpenIdConnect;

/// <param name="IsAuthenticated">The client has a secret and has proved it: what it says about the user is believed.</param>
internal sealed record PushedRequest(AuthorizationRequest Request, bool IsAuthenticated);

internal enum PushAuthorizationOutcome
{
    Pushed,
    ClientUnauthorized,
    Invalid,
}

/// <param name="Fault">Set for <see cref="PushAuthorizationOutcome.Invalid"/>.</param>
internal readonly record struct PushAuthorizationResult(PushAuthorizationOutcome Outcome, PushedRequestResponse? Response, AuthorizationFault? Fault)
{
    public override string ToString() => Outcome.ToString();
}

/// <summary>Takes an authorization request from a client directly (RFC 9126), and gives it a reference that works once.</summary>
internal sealed class PushAuthorization(Database database, AuthenticateClient authenticate, AuthorizationSecrets secrets, HintedUsers users)
{
    public const string UriPrefix = "urn:ietf:params:oauth:request_uri:";

    /// <summary>Unless the client has <c>par_request_expiry</c>.</summary>
    private const int LifetimeInSeconds = 90;

    public async ValueTask<PushAuthorizationResult> RunAsync(CallContext call, TokenRequest sent, CancellationToken cancellationToken)
    {
        if (await authenticate.RunAsync(call.Tenant, sent, cancellationToken) is not { } client)
        {
            return new PushAuthorizationResult(PushAuthorizationOutcome.ClientUnauthorized, null, null);
        }

        var request = new AuthorizationRequest(sent.Parameters
            .Where(parameter => AuthorizationRequest.Known.Contains(parameter.Key))
            .Prepend(KeyValuePair.Create("client_id", client.ClientId))
            .DistinctBy(parameter => parameter.Key)
            .ToDictionary());
        if (FindFault(request, client.Settings) is { } fault)
        {
            return new PushAuthorizationResult(PushAuthorizationOutcome.Invalid, null, fault);
        }

        var reference = AuthorizationSecrets.NewSecret();
        var lifetime = client.Settings.ParRequestExpiry ?? LifetimeInSeconds;
        var pushed = new PushedRequest(await users.ReadHintAsync(request), IsAuthenticated: !AuthorizationRules.IsPublic(client.Settings));
        await database.WriteAsync(
            unit =>
            {
                unit.Enqueue(PushedRequestStore.Insert(
                    call.Tenant, secrets.HashPushed(reference), pushed, secrets.Now + TimeSpan.FromSeconds(lifetime)));
                return ValueTask.CompletedTask;
            },
            cancellationToken);
        return new PushAuthorizationResult(PushAuthorizationOutcome.Pushed, new PushedRequestResponse(UriPrefix + reference, lifetime), null);
    }

    private static AuthorizationFault? FindFault(AuthorizationRequest request, ClientResponse client) =>
        request[AuthorizationRequest.RequestUriName] is not null ? AuthorizationFault.InvalidRequest("A pushed request has no request_uri")
        : EntraSettings.Of(client) is not null ? AuthorizationFault.InvalidRequest("A client for Microsoft Entra cannot push requests")
        : AuthorizationRules.FindAddressFault(request, client) ?? AuthorizationRules.FindFault(request, client, isPushed: true);
}

/// <summary>The parameters, for the OpenAPI document: those of <c>/authorize</c>, and the secret, which may be in HTTP Basic instead.</summary>
public sealed record PushParameters(
    [property: JsonPropertyName("client_id")] string? ClientId,
    [property: JsonPropertyName("client_secret")] string? ClientSecret,
    [property: JsonPropertyName("redirect_uri")] string RedirectUri,
    [property: JsonPropertyName("response_type"), AllowedValues(AuthorizationRules.ResponseType)] string ResponseType,
    [property: JsonPropertyName("response_mode"), AllowedValues(AuthorizationRules.Query, AuthorizationRules.Fragment, AuthorizationRules.FormPost)] string? ResponseMode,
    [property: JsonPropertyName("scope")] string? Scope,
    [property: JsonPropertyName("audience")] string? Audience,
    [property: JsonPropertyName("resource")] string? Resource,
    [property: JsonPropertyName("state")] string? State,
    [property: JsonPropertyName("nonce")] string? Nonce,
    [property: JsonPropertyName("prompt")] string? Prompt,
    [property: JsonPropertyName("max_age")] string? MaxAge,
    [property: JsonPropertyName("acr_values")] string? AcrValues,
    [property: JsonPropertyName("login_hint")] string? LoginHint,
    [property: JsonPropertyName("id_token_hint")] string? IdTokenHint,
    [property: JsonPropertyName("code_challenge")] string? CodeChallenge,
    [property: JsonPropertyName("code_challenge_method"), AllowedValues(AuthorizationRules.ChallengeMethod)] string? CodeChallengeMethod,
    [property: JsonPropertyName("ui_locales")] string? UiLocales)
{
    public override string ToString() => "***";
}

/// <summary>The answer to a pushed request (RFC 9126 section 2.2).</summary>
public sealed record PushedRequestResponse(
    [property: JsonPropertyName("request_uri")] string RequestUri, [property: JsonPropertyName("expires_in")] int ExpiresIn)
{
    public override string ToString() => "***";
}

using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Sallyport.Server.Audit;
using Sallyport.Server.Factors;
using Sallyport.Server.Http;
using Sallyport.Server.Http.Payloads;

namespace Sallyport.Server.Transactions.Guardian;

/// <summary>The ceremonies of WebAuthn (docs/wire.md §1.13). They are ours: the published clients know none.</summary>
internal static class WebAuthnEndpoints
{
    private static readonly ApiError InvalidCredential = ApiError.Forbidden("Invalid credential.", ErrorCodes.InvalidCredential);

    public static void MapWebAuthn(this IEndpointRouteBuilder guardian)
    {
        var group = guardian.MapGroup("/webauthn").WithTags("Guardian");
        group.MapPost("/challenge", ChallengeAsync).Produces<ApiErrorBody>(404).Produces<ApiErrorBody>(429);
        group.MapPost("/verify", VerifyAsync).Produces<ApiErrorBody>(403).Produces<ApiErrorBody>(409);
        group.MapPost("/name", NameAsync).Produces<ApiErrorBody>(404);
    }

    private static async Task<Results<Ok<WebAuthnChallengeResponse>, ApiError>> ChallengeAsync(
        [AsParameters] WebAuthnChallengeParameters parameters, CallContext call, HttpContext context, FactorCatalog catalog, SendChallenge send)
    {
        var (bearer, body) = parameters;
        var factor = catalog.FindBySendName(body.Value.Method);
        var request = new SendChallengeRequest(bearer.Identity, factor, context.Request.Headers.AcceptLanguage) { IsShown = true };
        var result = await send.RunAsync(call, request, context.RequestAborted);
        return result.Outcome switch
        {
            SendChallengeOutcome.Sent => TypedResults.Ok(
                new WebAuthnChallengeResponse(bearer.Identity.Enrolls ? "create" : "get", JsonElement.Parse(result.Shown!))),
            SendChallengeOutcome.NotAvailable or SendChallengeOutcome.NotReachable or SendChallengeOutcome.NotConfigured or SendChallengeOutcome.AddressRefused
                or SendChallengeOutcome.CountryRefused or SendChallengeOutcome.Unavailable =>
                ChallengeEndpoints.MethodNotAvailable,
            SendChallengeOutcome.TooSoon or SendChallengeOutcome.TooMany or SendChallengeOutcome.QuotaExhausted =>
                ChallengeEndpoints.TooMany(context.Response, result),
            SendChallengeOutcome.TransactionGone => GuardianCredential.Refused,
        };
    }

    private static async Task<Results<Ok<WebAuthnVerifyResponse>, ApiError>> VerifyAsync(
        TransactionBearer bearer, Body<WebAuthnVerifyRequest> body, CallContext call, HttpResponse response, VerifyResponse verify)
    {
        var credential = new FactorResponse(ResponseKind.Credential, body.Value.Credential.GetRawText());
        var result = await verify.RunAsync(call, bearer.Identity, credential, response.HttpContext.RequestAborted);
        return result.Outcome == VerifyOutcome.Accepted
            ? TypedResults.Ok(new WebAuthnVerifyResponse(result.AuthenticatorName))
            : GuardianEndpoints.Refuse(response, result, InvalidCredential);
    }

    private static async Task<Results<Ok<EmptyResponse>, ApiError>> NameAsync(
        TransactionBearer bearer, Body<WebAuthnNameRequest> body, NameAuthenticator name, CancellationToken cancellationToken) =>
        await name.RunAsync(bearer.Identity, body.Value.Name, cancellationToken)
            ? TypedResults.Ok(EmptyResponse.Value)
            : ChallengeEndpoints.MethodNotAvailable;
}

internal readonly record struct WebAuthnChallengeParameters(TransactionBearer Bearer, Body<WebAuthnChallengeRequest> Body);

public sealed record WebAuthnChallengeRequest : GuardianRequest
{
    /// <summary><c>webauthn-roaming</c> or <c>webauthn-platform</c>.</summary>
    [JsonPropertyName("method"), JsonRequired, StringLength(32, MinimumLength = 1)]
    public string Method { get; init; } = "";
}

/// <param name="Ceremony">The call of the browser's <c>navigator.credentials</c>: <c>create</c> or <c>get</c>.</param>
/// <param name="PublicKey">Its options as JSON (WebAuthn level 3 sections 5.1.9 and 5.1.10).</param>
public sealed record WebAuthnChallengeResponse(
    [property: JsonPropertyName("ceremony")] string Ceremony,
    [property: JsonPropertyName("public_key")] JsonElement PublicKey);

public sealed record WebAuthnVerifyRequest : GuardianRequest
{
    /// <summary>What the browser has answered, as JSON (WebAuthn level 3 section 5.1.8).</summary>
    [JsonPropertyName("credential"), JsonRequired]
    public JsonElement Credential { get; init; }

    public override string ToString() => "***";
}

/// <param name="Name">The name that a new credential has got; left out at a sign-in.</param>
public sealed record WebAuthnVerifyResponse([property: JsonPropertyName("name")] string? Name);

public sealed record WebAuthnNameRequest : GuardianRequest
{
    [JsonPropertyName("name"), JsonRequired, StringLength(Authenticator.MaxNameLength, MinimumLength = 1)]
    [RegularExpression(@"^(?!\s)([^\p{Cc}\p{Cs}]|[\uD800-\uDBFF][\uDC00-\uDFFF])+(?<!\s)$")]
    public string Name { get; init; } = "";
}

using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Sallyport.Server.Audit;
using Sallyport.Server.Clients;
using Sallyport.Server.Http;
using Sallyport.Server.Http.Payloads;
using Sallyport.Server.Http.RateLimiting;

namespace Sallyport.Server.MfaApi;

/// <summary>The MFA API: challenges and authenticators (docs/mfa-api.md). The grants are in <see cref="SecondFactorGrants"/>.</summary>
internal static class MfaEndpoints
{
    public static void MapMfaApi(this IEndpointRouteBuilder routes)
    {
        // Rate limits count by address: a token is not verified before.
        var group = routes.MapGroup("/mfa").WithTags("MFA API").WithMetadata(new OAuthSurface()).RequireRateLimit(RateLimitKind.Address);
        group.MapPost("/challenge", ChallengeAsync).WithName("ChallengeAuthenticator")
            .WithMetadata(new BodyMetadata(typeof(MfaChallengeParameters)) { IsClosed = false })
            .Produces<OAuthErrorBody>(401).Produces<OAuthErrorBody>(403);
        group.MapPost("/associate", AssociateAsync).WithName("AssociateAuthenticator").Produces<OAuthErrorBody>(401).Produces<OAuthErrorBody>(403);
        group.MapGet("/authenticators", ListAsync).WithName("ListAuthenticators").Produces<OAuthErrorBody>(401).Produces<OAuthErrorBody>(403);
        group.MapDelete("/authenticators/{id}", DeleteAsync).WithName("DeleteAuthenticator")
            .Produces<OAuthErrorBody>(401).Produces<OAuthErrorBody>(403).Produces<OAuthErrorBody>(404);
    }

    private static async Task<Results<Ok<MfaChallengeResponse>, OAuthError>> ChallengeAsync(
        HttpContext context, CallContext call, ChallengeAuthenticator challenge, CancellationToken cancellationToken)
    {
        context.Response.Headers.CacheControl = "no-store";
        var (request, fault) = await TokenRequestReader.ReadAsync(context);
        if (fault is not null)
        {
            return fault;
        }

        var result = await challenge.RunAsync(
            request!, call with { Source = AuditSource.Of(context, request!.ClientId) }, LanguageOf(context), cancellationToken);
        return result.Outcome switch
        {
            ChallengeOutcome.Challenged => TypedResults.Ok(MfaChallengeResponse.Of(result)),
            ChallengeOutcome.ClientUnauthorized => TokenErrors.InvalidClient,
            ChallengeOutcome.TokenMissing => TokenErrors.Missing("mfa_token"),
            ChallengeOutcome.TokenRefused => MfaErrors.Of(result.TokenState),
            ChallengeOutcome.NotEnrolled => new OAuthError(403, "association_required", "User does not have any authenticators enrolled."),
            ChallengeOutcome.AuthenticatorUnknown => OAuthError.InvalidRequest("authenticator_id names no active authenticator"),
            ChallengeOutcome.TypeNotSupported => MfaErrors.UnsupportedType,
            ChallengeOutcome.TooMany => MfaErrors.TooManyMessages(result.RetryAfter),
        };
    }

    private static async Task<Results<Ok<MfaAssociationResponse>, OAuthError>> AssociateAsync(
        MfaBearer bearer, Body<MfaAssociateRequest> body, HttpContext context, CallContext call, AssociateAuthenticator associate)
    {
        context.Response.Headers.CacheControl = "no-store";
        var result = await associate.RunAsync(
            call, body.Value.ToRequest(bearer.Token, LanguageOf(context)), context.RequestAborted);
        return result.Outcome switch
        {
            AssociateOutcome.Begun => TypedResults.Ok(MfaAssociationResponse.Of(result.Association!)),
            AssociateOutcome.TokenRefused => MfaErrors.Of(result.TokenState),
            AssociateOutcome.AlreadyEnrolled => MfaErrors.AlreadyEnrolled,
            AssociateOutcome.NotOffered => MfaErrors.UnsupportedType,
            AssociateOutcome.OtherAddress => OAuthError.InvalidRequest("email must be the verified address of the user"),
            AssociateOutcome.AddressMissing => OAuthError.InvalidRequest("phone_number is required"),
            AssociateOutcome.AddressRefused => OAuthError.InvalidRequest("phone_number must be a valid number with its country code, such as +14255550123"),
            AssociateOutcome.CountryRefused => OAuthError.InvalidRequest("No messages are sent to the country of the phone_number"),
            AssociateOutcome.TooMany => MfaErrors.TooManyMessages(result.RetryAfter),
            AssociateOutcome.TooManyStarts => MfaErrors.TooManyStarts,
        };
    }

    /// <summary>A backend names the language of its user in a header of the published API.</summary>
    private static string? LanguageOf(HttpContext context) =>
        context.Request.Headers["x-request-language"].FirstOrDefault() ?? context.Request.Headers.AcceptLanguage;

    private static async Task<Results<Ok<IReadOnlyList<MfaAuthenticatorResponse>>, OAuthError>> ListAsync(
        MfaBearer bearer, CallContext call, ListAuthenticators list, CancellationToken cancellationToken)
    {
        var (state, authenticators) = await list.RunAsync(call, bearer.Token, cancellationToken);
        return authenticators is null
            ? MfaErrors.Of(state)
            : TypedResults.Ok<IReadOnlyList<MfaAuthenticatorResponse>>([.. authenticators.Select(MfaAuthenticatorResponse.Of)]);
    }

    private static async Task<Results<NoContent, OAuthError>> DeleteAsync(
        string id, MfaBearer bearer, CallContext call, DeleteAuthenticator delete, CancellationToken cancellationToken)
    {
        var (state, isRemoved) = await delete.RunAsync(call, bearer.Token, id, cancellationToken);
        return isRemoved switch
        {
            null => MfaErrors.Of(state),
            true => TypedResults.NoContent(),
            false => new OAuthError(404, "invalid_request", "The authenticator does not exist."),
        };
    }
}

/// <summary>The token in the <c>Authorization</c> header: an <c>mfa_token</c> or an access token. Empty if there is none.</summary>
internal sealed record MfaBearer(string Token)
{
    private const string Prefix = "Bearer ";

    public static ValueTask<MfaBearer> BindAsync(HttpContext context, ParameterInfo _)
    {
        string? header = context.Request.Headers.Authorization;
        return ValueTask.FromResult(new MfaBearer(
            header?.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) == true ? header[Prefix.Length..].Trim() : ""));
    }

    public override string ToString() => "***";
}

/// <summary>The parameters of <c>POST /mfa/challenge</c>, for the OpenAPI document.</summary>
public sealed record MfaChallengeParameters(
    [property: JsonPropertyName("mfa_token")] string MfaToken,
    [property: JsonPropertyName("client_id")] string? ClientId,
    [property: JsonPropertyName("client_secret")] string? ClientSecret,
    [property: JsonPropertyName("challenge_type")] string? ChallengeType,
    [property: JsonPropertyName("authenticator_id")] string? AuthenticatorId,
    [property: JsonPropertyName("oob_channel")] string? OobChannel)
{
    public override string ToString() => "***";
}

/// <summary>The answer to <c>POST /mfa/challenge</c>.</summary>
public sealed record MfaChallengeResponse(
    [property: JsonPropertyName("challenge_type")] string ChallengeType,
    [property: JsonPropertyName("oob_code")] string? OobCode,
    [property: JsonPropertyName("binding_method")] string? BindingMethod)
{
    internal static MfaChallengeResponse Of(ChallengeResult result) => result.ChallengeId is null
        ? new(MfaFactorNames.Otp, null, null)
        : new(MfaFactorNames.OutOfBand, result.ChallengeId, result.NeedsCode ? MfaAssociationResponse.Prompt : null);
}

/// <summary>Body of <c>POST /mfa/associate</c>.</summary>
public sealed record MfaAssociateRequest
{
    [JsonPropertyName("authenticator_types"), JsonRequired, MinLength(1), AllowedItems("otp", "oob")]
    public string[] AuthenticatorTypes { get; init; } = [];

    /// <summary>Required with <c>oob</c>.</summary>
    [JsonPropertyName("oob_channels"), AllowedItems("email", "sms", "voice", "auth0")]
    public string[]? OobChannels { get; init; }

    /// <summary>Must be the verified address of the user.</summary>
    [JsonPropertyName("email"), StringLength(320, MinimumLength = 1)]
    public string? Email { get; init; }

    /// <summary>Required with <c>sms</c> and <c>voice</c>.</summary>
    [JsonPropertyName("phone_number"), StringLength(40, MinimumLength = 1)]
    public string? PhoneNumber { get; init; }

    /// <summary>Some clients send their credentials. The token in the header decides.</summary>
    [JsonPropertyName("client_id"), StringLength(255)]
    public string? ClientId { get; init; }

    [JsonPropertyName("client_secret"), Secret, StringLength(1024)]
    public string? ClientSecret { get; init; }

    internal AssociateRequest ToRequest(string token, string? acceptLanguage) => new(
        token,
        [.. AuthenticatorTypes.SelectMany(type => type == MfaFactorNames.OutOfBand ? OobChannels ?? [] : [type]).Distinct()],
        Email,
        acceptLanguage)
    {
        PhoneNumber = PhoneNumber,
    };

    public override string ToString() => "***";
}

/// <summary>The answer to <c>POST /mfa/associate</c>. Secrets are shown here once.</summary>
public sealed record MfaAssociationResponse
{
    /// <summary>The user types the code that was sent.</summary>
    internal const string Prompt = "prompt";

    [JsonPropertyName("authenticator_type")]
    public required string AuthenticatorType { get; init; }

    /// <summary>Base32.</summary>
    [JsonPropertyName("secret")]
    public string? Secret { get; init; }

    [JsonPropertyName("barcode_uri")]
    public string? BarcodeUri { get; init; }

    [JsonPropertyName("oob_channel")]
    public string? OobChannel { get; init; }

    [JsonPropertyName("oob_code")]
    public string? OobCode { get; init; }

    [JsonPropertyName("binding_method")]
    public string? BindingMethod { get; init; }

    /// <summary>Only with the first authenticator of a user.</summary>
    [JsonPropertyName("recovery_codes")]
    public IReadOnlyList<string>? RecoveryCodes { get; init; }

    internal static MfaAssociationResponse Of(NewAssociation association) => new()
    {
        AuthenticatorType = MfaFactorNames.AuthenticatorTypeOf(association.Traits),
        Secret = association.Secret,
        BarcodeUri = association.BarcodeUri,
        OobChannel = association.Channel,
        OobCode = association.ChallengeId,
        BindingMethod = association.NeedsCode ? Prompt : null,
        RecoveryCodes = association.RecoveryCode is { } code ? [code] : null,
    };

    public override string ToString() => "***";
}

/// <summary>An item of <c>GET /mfa/authenticators</c>.</summary>
public sealed record MfaAuthenticatorResponse(
    [property: JsonPropertyName("id")] string Id,
    [property: JsonPropertyName("authenticator_type")] string AuthenticatorType,
    [property: JsonPropertyName("active")] bool Active,
    [property: JsonPropertyName("oob_channel")] string? OobChannel,
    [property: JsonPropertyName("name")] string? Name,
    [property: JsonPropertyName("type")] string Type)
{
    internal static MfaAuthenticatorResponse Of(ListedAuthenticator listed) => new(
        listed.Id,
        MfaFactorNames.AuthenticatorTypeOf(listed.Traits),
        listed.IsActive,
        listed.Channel,
        listed.Name,
        MfaFactorNames.TypeOf(listed.Traits).Type);
}

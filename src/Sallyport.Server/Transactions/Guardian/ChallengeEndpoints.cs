using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Sallyport.Server.Audit;
using Sallyport.Server.Factors;
using Sallyport.Server.Http;
using Sallyport.Server.Http.Payloads;

namespace Sallyport.Server.Transactions.Guardian;

/// <summary>The calls of the Guardian API that send a challenge (docs/wire.md §1.3).</summary>
internal static class ChallengeEndpoints
{
    private const string Phone = "sms";

    public static readonly ApiError MethodNotAvailable =
        ApiError.NotFound("The user has no enrollment of this method that could be challenged.", ErrorCodes.EnrollmentNotFound);

    private static readonly ApiError NotReachable =
        ApiError.Forbidden("The user's devices cannot be reached, or their messages are halted.", ErrorCodes.PushEndpointDisabled);

    private static readonly ApiError InvalidPhoneNumber = ApiError.BadRequest(
        "The phone_number is not one that can be enrolled. It must be a valid number with its country code, such as +14255550123.",
        ErrorCodes.InvalidPhoneNumber) with
    {
        Property = "phone_number",
    };

    private static readonly ApiError CountryRefused = ApiError.BadRequest(
        "No messages are sent to the country of the phone_number. An administrator can allow it.", ErrorCodes.InvalidPhoneNumber) with
    {
        Property = "phone_number",
    };

    private static readonly ApiError PhoneExists = ApiError.Conflict("The user has enrolled this phone_number already.", ErrorCodes.EnrollmentConflict);

    public static void MapChallenges(this IEndpointRouteBuilder guardian)
    {
        var group = guardian.MapGroup("").WithTags("Guardian");
        group.MapPost("/send-{method}", SendAsync).Produces<ApiErrorBody>(403).Produces<ApiErrorBody>(404).Produces<ApiErrorBody>(429);
        group.MapPost("/device-accounts/{id}/sms-enroll", EnrollPhoneAsync)
            .Produces<ApiErrorBody>(404).Produces<ApiErrorBody>(409).Produces<ApiErrorBody>(429);
    }

    /// <summary>Sends a challenge, or sends it again: <c>send-sms</c>, <c>send-push-notification</c>, …; <c>send-voice</c> calls the phone.</summary>
    private static async Task<Results<Ok<SentChallengeResponse>, ApiError>> SendAsync(
        [AsParameters] SendParameters parameters, CallContext call, HttpContext context, FactorCatalog catalog, SendChallenge send)
    {
        var factor = catalog.FindBySendName(parameters.Method);
        var request = new SendChallengeRequest(parameters.Bearer.Identity, factor, context.Request.Headers.AcceptLanguage)
        {
            Channel = parameters.Body.Value?.MessageType ?? (parameters.Method == factor?.Traits.SendName ? null : parameters.Method),
        };
        var result = await send.RunAsync(call, request, context.RequestAborted);
        return result.Outcome == SendChallengeOutcome.Sent
            ? TypedResults.Ok(new SentChallengeResponse(result.Channel, result.BindingMessage))
            : RefusalOf(context.Response, result);
    }

    public static ApiError RefusalOf(HttpResponse response, SendChallengeResult result) => result.Outcome switch
    {
        SendChallengeOutcome.NotAvailable => MethodNotAvailable,
        SendChallengeOutcome.NotReachable => NotReachable,
        SendChallengeOutcome.NotConfigured => ApiError.NotFound("The provider is not configured.", result.ProviderErrorCode),
        SendChallengeOutcome.Unavailable => ApiError.NotFound("The provider does not answer.", result.ProviderErrorCode),
        SendChallengeOutcome.TooSoon or SendChallengeOutcome.TooMany or SendChallengeOutcome.QuotaExhausted => TooMany(response, result),
        SendChallengeOutcome.AddressRefused => InvalidPhoneNumber,
        SendChallengeOutcome.CountryRefused => CountryRefused,
        SendChallengeOutcome.TransactionGone => GuardianCredential.Refused,
        SendChallengeOutcome.Sent => throw new InvalidOperationException("A challenge that was sent is not a refusal."),
    };

    /// <summary>Stores the number and sends a code. Called again, it corrects the number.</summary>
    private static async Task<Results<Ok<SmsEnrollResponse>, ApiError>> EnrollPhoneAsync(
        [AsParameters] SmsEnrollParameters parameters, CallContext call, HttpContext context, FactorCatalog catalog, EnrollAddress enroll)
    {
        var body = parameters.Body.Value;
        var request = new EnrollAddressRequest(
            parameters.Bearer.Identity, catalog.FindBySendName(Phone), body.PhoneNumber, context.Request.Headers.AcceptLanguage)
        {
            AuthenticatorId = parameters.Id,
            Channel = body.MessageType,
        };
        var result = await enroll.RunAsync(call, request, context.RequestAborted);
        return result.Outcome switch
        {
            EnrollAddressOutcome.Sent => TypedResults.Ok(new SmsEnrollResponse(result.Masked!, result.Sent.Channel)),
            EnrollAddressOutcome.AddressRefused => InvalidPhoneNumber,
            EnrollAddressOutcome.CountryRefused => CountryRefused,
            EnrollAddressOutcome.Exists => PhoneExists,
            EnrollAddressOutcome.NotAvailable => MethodNotAvailable,
            EnrollAddressOutcome.TooMany => TooMany(context.Response, result.Sent),
            EnrollAddressOutcome.TransactionGone => GuardianCredential.Refused,
        };
    }

    public static ApiError TooMany(HttpResponse response, SendChallengeResult refused)
    {
        response.Headers.RetryAfter = Math.Max(1, Math.Ceiling(refused.RetryAfter.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        return refused.Outcome == SendChallengeOutcome.QuotaExhausted
            ? ApiError.TooManyRequests("Too many messages are being sent. Try again later, or use another method.", refused.Limit!.TenantErrorCode)
            : ApiError.TooManyRequests("Too many messages. Wait before asking for another one.", refused.Limit!.ErrorCode);
    }
}

internal readonly record struct SendParameters(string Method, TransactionBearer Bearer, OptionalBody<SendRequest> Body);

internal readonly record struct SmsEnrollParameters(string Id, TransactionBearer Bearer, Body<SmsEnrollRequest> Body);

public sealed record SendRequest : GuardianRequest
{
    /// <summary>Ours: how the code reaches a phone. Left out for the way that the person prefers.</summary>
    [JsonPropertyName("message_type"), AllowedValues("sms", "voice")]
    public string? MessageType { get; init; }
}

public sealed record SmsEnrollRequest : GuardianRequest
{
    [JsonPropertyName("phone_number"), JsonRequired]
    public string PhoneNumber { get; init; } = "";

    /// <summary>Ours: how codes reach the phone. Left out for the usual way.</summary>
    [JsonPropertyName("message_type"), AllowedValues("sms", "voice")]
    public string? MessageType { get; init; }

    public override string ToString() => "***";
}

/// <summary>Published clients read nothing from it.</summary>
/// <param name="MessageType">Ours: how the code reaches a phone. Left out for other factors.</param>
/// <param name="BindingMessage">Ours: what the person compares with the phone. Left out if nothing is compared.</param>
public sealed record SentChallengeResponse(
    [property: JsonPropertyName("message_type")] string? MessageType,
    [property: JsonPropertyName("binding_message")] string? BindingMessage);

/// <param name="PhoneNumber">In part.</param>
/// <param name="MessageType">Ours: how the code reaches the phone. Left out if an earlier code still works and none was sent.</param>
public sealed record SmsEnrollResponse(
    [property: JsonPropertyName("phone_number")] string PhoneNumber,
    [property: JsonPropertyName("message_type")] string? MessageType);

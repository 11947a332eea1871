using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Sallyport.Server.Audit;
using Sallyport.Server.Http;
using Sallyport.Server.Http.Payloads;
using Sallyport.Server.Messages;

namespace Sallyport.Server.Factors.Sms.Providers;

internal static class PhoneProviderEndpoints
{
    private static readonly ApiError NotConfigured = ApiError.NotFound("The provider is not configured", errorCode: null);

    public static void MapPhoneProviders(this IEndpointRouteBuilder api) =>
        api.MapPost("/guardian/factors/phone/providers/{name}/test", TestAsync)
            .WithTags("Factor settings")
            .RequireScope(ManagementScopes.UpdateFactors)
            .WithName("TestPhoneProvider")
            .Produces<ApiErrorBody>(404);

    private static async Task<Results<Ok<PhoneTestResponse>, ApiError>> TestAsync(
        string name, Body<PhoneTest> body, CallContext call, TestPhoneProvider test, CancellationToken cancellationToken)
    {
        var request = new TestPhoneProviderRequest(name, body.Value.MessageType ?? Message.Sms, body.Value.To);
        var result = await test.RunAsync(call, request, cancellationToken);
        return result.Outcome switch
        {
            TestPhoneProviderOutcome.Accepted => TypedResults.Ok(new PhoneTestResponse(Accepted: true, MessageId: result.Detail, Error: null)),
            TestPhoneProviderOutcome.Refused => TypedResults.Ok(new PhoneTestResponse(Accepted: false, MessageId: null, Error: result.Detail)),
            TestPhoneProviderOutcome.NotConfigured => NotConfigured,
        };
    }
}

/// <summary>Where to send the test message.</summary>
public sealed record PhoneTest
{
    [JsonPropertyName("to"), JsonRequired, RegularExpression(@"^\+[1-9][0-9]{6,14}$")]
    public string To { get; init; } = "";

    /// <summary><c>sms</c> if it is left out.</summary>
    [JsonPropertyName("message_type"), AllowedValues("sms", "voice")]
    public string? MessageType { get; init; }
}

/// <param name="Accepted">Whether the provider accepted the message. It may still not arrive.</param>
/// <param name="MessageId">The id that the provider gave the message.</param>
/// <param name="Error">What the provider said, without numbers and secrets.</param>
public sealed record PhoneTestResponse(
    [property: JsonPropertyName("accepted")] bool Accepted,
    [property: JsonPropertyName("message_id")] string? MessageId,
    [property: JsonPropertyName("error")] string? Error);

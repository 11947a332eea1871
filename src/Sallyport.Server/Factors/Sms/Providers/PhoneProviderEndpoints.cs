using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Sallyport.Server.Audit;
using Sallyport.Server.Http;
using Sallyport.Server.Http.Payloads;
using Sallyport.Server.Messages;
using Sallyport.Server.Messages.Providers;

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

    private static async Task<Results<Ok<ProviderTestResponse>, ApiError>> TestAsync(
        string name, Body<PhoneTest> body, CallContext call, TestPhoneProvider test, CancellationToken cancellationToken)
    {
        var request = new TestPhoneProviderRequest(name, body.Value.MessageType ?? Message.Sms, body.Value.To);
        var result = await test.RunAsync(call, request, cancellationToken);
        return ProviderTestResponse.Of(result) is { } response ? TypedResults.Ok(response) : NotConfigured;
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

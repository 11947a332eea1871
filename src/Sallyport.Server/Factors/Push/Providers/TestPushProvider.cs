using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Sallyport.Server.Audit;
using Sallyport.Server.Configuration;
using Sallyport.Server.Http;
using Sallyport.Server.Http.Payloads;
using Sallyport.Server.Messages;
using Sallyport.Server.Messages.Providers;

namespace Sallyport.Server.Factors.Push.Providers;

/// <summary>Sends a message to one phone through a provider, selected or not. The app cannot answer it, because it does not belong to a sign-in.</summary>
internal sealed class TestPushProvider(
    PushChannel channel, IEnumerable<IMessageProvider> providers, TestDelivery delivery, SallyportOptions options, TimeProvider clock)
{
    public async ValueTask<TestDeliveryResult> RunAsync(CallContext call, string name, PushTarget target, CancellationToken cancellationToken)
    {
        var choice = await channel.GetProviderAsync(call.Tenant, name, cancellationToken);
        return PushChannel.IsComplete(choice, target.Service)
            ? await delivery.RunAsync(call, ProviderOf(name).Connect(choice.Settings), Write(target), cancellationToken)
            : TestDeliveryResult.NotConfigured;
    }

    private IMessageProvider ProviderOf(string name) => providers.Single(known => known.Channel == Message.Push && known.Name == name);

    private Message Write(PushTarget target)
    {
        var now = clock.GetUtcNow();
        var facts = new PushFacts
        {
            Server = options.PublicUrl,
            AuthenticatorId = "dev_test",
            AnswerToken = "test",
            Nonce = "test",
            At = now,
            Title = "Test",
            Body = "This is a test message.",
        };
        return PushFactor.NewMessage(target, facts, now);
    }
}

internal static class PushProviderEndpoints
{
    private static readonly ApiError NotConfigured = ApiError.NotFound("The provider is not configured", errorCode: null);

    public static void MapPushProviders(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/guardian/factors/push-notification/providers").WithTags("Factor settings");
        group.MapPost("/apns/test", TestApnsAsync).RequireScope(ManagementScopes.UpdateFactors).WithName("TestApns").Produces<ApiErrorBody>(404);
        group.MapPost("/fcmv1/test", TestFcmAsync).RequireScope(ManagementScopes.UpdateFactors).WithName("TestFcm").Produces<ApiErrorBody>(404);
        group.MapPost("/sns/test", TestSnsAsync).RequireScope(ManagementScopes.UpdateFactors).WithName("TestSns").Produces<ApiErrorBody>(404);
    }

    private static Task<Results<Ok<ProviderTestResponse>, ApiError>> TestApnsAsync(
        Body<PushTest> body, CallContext call, TestPushProvider test, CancellationToken cancellationToken) =>
        ShowAsync(test.RunAsync(call, DirectPushProvider.ProviderName, new PushTarget(PushPayload.Apns, body.Value.Token), cancellationToken));

    private static Task<Results<Ok<ProviderTestResponse>, ApiError>> TestFcmAsync(
        Body<PushTest> body, CallContext call, TestPushProvider test, CancellationToken cancellationToken) =>
        ShowAsync(test.RunAsync(call, DirectPushProvider.ProviderName, new PushTarget(PushPayload.Gcm, body.Value.Token), cancellationToken));

    private static Task<Results<Ok<ProviderTestResponse>, ApiError>> TestSnsAsync(
        Body<SnsPushTest> body, CallContext call, TestPushProvider test, CancellationToken cancellationToken) =>
        ShowAsync(test.RunAsync(call, SnsPushProvider.ProviderName, new PushTarget(body.Value.Service, body.Value.Token), cancellationToken));

    private static async Task<Results<Ok<ProviderTestResponse>, ApiError>> ShowAsync(ValueTask<TestDeliveryResult> test) =>
        ProviderTestResponse.Of(await test) is { } response ? TypedResults.Ok(response) : NotConfigured;
}

/// <summary>Where to send the test message.</summary>
public record PushTest
{
    /// <summary>The address of an app at the push service.</summary>
    [JsonPropertyName("token"), JsonRequired, StringLength(4096, MinimumLength = 1)]
    public string Token { get; init; } = "";
}

/// <summary>Where to send the test message through Amazon SNS.</summary>
public sealed record SnsPushTest : PushTest
{
    /// <summary>The push service that the token is of.</summary>
    [JsonPropertyName("service"), JsonRequired, AllowedValues(PushPayload.Apns, PushPayload.Gcm)]
    public string Service { get; init; } = "";
}

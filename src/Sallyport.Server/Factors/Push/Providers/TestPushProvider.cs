using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Sallyport.Server.Audit;
using Sallyport.Server.Configuration;
using Sallyport.Server.Http;
using Sallyport.Server.Http.Payloads;
using Sallyport.Server.Messages;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Factors.Push.Providers;

/// <param name="Accepted">Null if there are no credentials for the service.</param>
/// <param name="Error">Why the message was not accepted.</param>
internal readonly record struct TestPushResult(bool? Accepted, string? Error = null);

/// <summary>
/// Sends a message to one phone with the stored credentials, selected or not, at once and not through the outbox. The app cannot answer it: it
/// names no sign-in.
/// </summary>
internal sealed class TestPushProvider(Database database, PushChannel channel, DirectPushProvider provider, SallyportOptions options, AuditLog audit)
{
    /// <param name="target">The push service, and the address of the app there.</param>
    public async ValueTask<TestPushResult> RunAsync(CallContext call, (string Service, string Token) target, CancellationToken cancellationToken)
    {
        var settings = await database.ReadAsync(
            session => channel.FindCredentialsAsync(session, call.Tenant, cancellationToken), cancellationToken);
        if (!PushChannel.Has(settings, target.Service))
        {
            return new TestPushResult(Accepted: null);
        }

        var now = await database.WriteAsync(
            unit =>
            {
                audit.Add(unit, call.Tenant, ApiOperation.Succeeded(call, userId: null));
                return ValueTask.FromResult(provider.Now);
            },
            cancellationToken);
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
        var content = PushFactor.NewMessage(target.Service, target.Token, facts, now).Content;
        await using var connection = provider.Connect(settings);
        try
        {
            await connection.SendAsync(new OutgoingMessage($"test_{Guid.CreateVersion7():N}", Message.Push, now, content), cancellationToken);
            return new TestPushResult(Accepted: true);
        }
        catch (DeliveryException exception)
        {
            return new TestPushResult(Accepted: false, exception.Message);
        }
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
    }

    private static Task<Results<Ok<PushTestResponse>, ApiError>> TestApnsAsync(
        Body<PushTest> body, CallContext call, TestPushProvider test, CancellationToken cancellationToken) =>
        TestAsync(call, test, (PushPayload.Apns, body.Value.Token), cancellationToken);

    private static Task<Results<Ok<PushTestResponse>, ApiError>> TestFcmAsync(
        Body<PushTest> body, CallContext call, TestPushProvider test, CancellationToken cancellationToken) =>
        TestAsync(call, test, (PushPayload.Gcm, body.Value.Token), cancellationToken);

    private static async Task<Results<Ok<PushTestResponse>, ApiError>> TestAsync(
        CallContext call, TestPushProvider test, (string Service, string Token) target, CancellationToken cancellationToken) =>
        await test.RunAsync(call, target, cancellationToken) is { Accepted: { } accepted } result
            ? TypedResults.Ok(new PushTestResponse(accepted, result.Error))
            : NotConfigured;
}

/// <summary>Where to send the test message.</summary>
public sealed record PushTest
{
    /// <summary>The address of an app at the push service.</summary>
    [JsonPropertyName("token"), JsonRequired, StringLength(4096, MinimumLength = 1)]
    public string Token { get; init; } = "";
}

/// <param name="Accepted">Whether the push service accepted the message. It may still not arrive.</param>
/// <param name="Error">What the push service said.</param>
public sealed record PushTestResponse(
    [property: JsonPropertyName("accepted")] bool Accepted,
    [property: JsonPropertyName("error")] string? Error);

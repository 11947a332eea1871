using System.Text.Json.Serialization;
using Sallyport.Server.Audit;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Messages.Providers;

internal enum TestDeliveryOutcome
{
    Accepted,

    /// <summary>The provider refused the message, or did not answer.</summary>
    Refused,

    /// <summary>There is no such provider, or it has no settings.</summary>
    NotConfigured,

    /// <summary>The provider is stored, but this version cannot send through it.</summary>
    NotSupported,
}

/// <param name="Detail">The id that the provider gave the message, or why the message was not accepted.</param>
internal readonly record struct TestDeliveryResult(TestDeliveryOutcome Outcome, string? Detail = null)
{
    public static readonly TestDeliveryResult NotConfigured = new(TestDeliveryOutcome.NotConfigured);

    public static readonly TestDeliveryResult NotSupported = new(TestDeliveryOutcome.NotSupported);
}

/// <summary>Sends a message of an administrator at once and not through the outbox, and returns what the provider says.</summary>
internal sealed class TestDelivery(Database database, AuditLog audit, TimeProvider clock)
{
    /// <param name="connection">Is disposed.</param>
    public async ValueTask<TestDeliveryResult> RunAsync(
        CallContext call, IMessageConnection connection, Message message, CancellationToken cancellationToken)
    {
        await database.WriteAsync(
            unit =>
            {
                audit.Add(unit, call.Tenant, ApiOperation.Succeeded(call, userId: null));
                return ValueTask.CompletedTask;
            },
            cancellationToken);
        using var timeout = new CancellationTokenSource(DeliveryLane.Timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        await using (connection)
        {
            try
            {
                var outgoing = new OutgoingMessage($"test{Guid.CreateVersion7():N}", message.Channel, clock.GetUtcNow(), message.Content);
                await connection.SendAsync(outgoing, either.Token);
                return new TestDeliveryResult(TestDeliveryOutcome.Accepted, connection.LastMessageId);
            }
            catch (DeliveryException exception)
            {
                return new TestDeliveryResult(TestDeliveryOutcome.Refused, exception.Message);
            }
            catch (OperationCanceledException) when (timeout.IsCancellationRequested)
            {
                return new TestDeliveryResult(
                    TestDeliveryOutcome.Refused, $"The provider did not answer within {DeliveryLane.Timeout.TotalSeconds} seconds.");
            }
        }
    }
}

/// <param name="Accepted">Whether the provider accepted the message. It may still not arrive.</param>
/// <param name="MessageId">The id that the provider gave the message, or the reply of the mail server.</param>
/// <param name="Error">What the provider said, without addresses, numbers and secrets.</param>
public sealed record ProviderTestResponse(
    [property: JsonPropertyName("accepted")] bool Accepted,
    [property: JsonPropertyName("message_id")] string? MessageId,
    [property: JsonPropertyName("error")] string? Error)
{
    /// <returns>Null if there is no provider to test.</returns>
    internal static ProviderTestResponse? Of(TestDeliveryResult result) => result.Outcome switch
    {
        TestDeliveryOutcome.Accepted => new ProviderTestResponse(Accepted: true, result.Detail, Error: null),
        TestDeliveryOutcome.Refused => new ProviderTestResponse(Accepted: false, MessageId: null, result.Detail),
        TestDeliveryOutcome.NotConfigured or TestDeliveryOutcome.NotSupported => null,
    };
}

using System.Text.Json.Nodes;
using System.Threading.Channels;
using Sallyport.Server.Audit;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Messages;

internal enum DeliveryOutcome
{
    Delivered,

    /// <summary>The lease ended first, or the server stops.</summary>
    NotTried,

    /// <summary>The tenant has switched this kind of message off.</summary>
    NotWanted,

    FailedForNow,
    FailedPermanently,
}

internal sealed record DeliveryResult(DueMessage Message, DeliveryOutcome Outcome, string? Error = null)
{
    public bool IsConfigurationFault { get; private init; }

    /// <summary>The shortest pause before the next attempt.</summary>
    public TimeSpan RetryAfter { get; private init; }

    public static DeliveryResult Of(DueMessage message, DeliveryException exception) =>
        new(message, exception.IsPermanent ? DeliveryOutcome.FailedPermanently : DeliveryOutcome.FailedForNow, exception.Message)
        {
            IsConfigurationFault = exception.IsConfigurationFault,
            RetryAfter = exception.RetryAfter ?? TimeSpan.Zero,
        };

    /// <summary>Its link or code had stopped working before a provider accepted it.</summary>
    public bool HasExpired { get; init; }

    /// <summary><see cref="IMessageChannel.FailureType"/>.</summary>
    public string FailureType { get; init; } = AuditTypes.MessageNotDelivered;
}

/// <summary>
/// Writes the results of deliveries to the database: all that have gathered while the previous ones were written go into one transaction.
/// A result that is lost with its node means that the message is delivered again.
/// </summary>
internal sealed class DeliveryRecorder(
    Database database, AuditLog audit, MessageMetrics metrics, TimeProvider clock, ILogger<DeliveryRecorder> logger) : IHostedLifecycleService, IDisposable
{
    private const int MaxErrorLength = 300;

    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(1);

    private readonly Channel<DeliveryResult> results = Channel.CreateUnbounded<DeliveryResult>(new UnboundedChannelOptions { SingleReader = true });
    private readonly CallContext call = CallContext.Internal(CallChannel.Worker);
    private readonly CancellationTokenSource stopping = new();
    private Task recording = Task.CompletedTask;

    public void Dispose() => stopping.Dispose();

    public void Add(DeliveryResult result) => results.Writer.TryWrite(result);

    public void LogUnexpected(DueMessage message, Exception exception) => MessagesLog.DeliveryFailed(logger, message.Id, message.Channel, exception);

    /// <summary>Called before the lanes start.</summary>
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        recording = Task.Run(RecordAllAsync, CancellationToken.None);
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Called after the lanes have stopped. Writes what they have added.</summary>
    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        results.Writer.TryComplete();
        await stopping.CancelAsync();
        await recording;
    }

    private async Task RecordAllAsync()
    {
        while (await results.Reader.WaitToReadAsync(CancellationToken.None))
        {
            var batch = new List<DeliveryResult>();
            while (results.Reader.TryRead(out var result))
            {
                batch.Add(Complete(result));
            }

            while (!await TryRecordAsync(batch) && !stopping.IsCancellationRequested)
            {
                await Task.Delay(PauseAfterFailure, clock, stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private DeliveryResult Complete(DeliveryResult result) => result with
    {
        Outcome = result.Outcome == DeliveryOutcome.FailedForNow && IsLastAttempt(result) ? DeliveryOutcome.FailedPermanently : result.Outcome,
        Error = result.Error is null ? null : HeaderText.Clean(result.Error, MaxErrorLength),
    };

    private bool IsLastAttempt(DeliveryResult result) => result.IsConfigurationFault
        ? clock.GetUtcNow() - result.Message.CreatedAt >= RetrySchedule.MaxMisconfiguredAge
        : result.Message.Attempts >= RetrySchedule.MaxAttempts;

    private async Task<bool> TryRecordAsync(List<DeliveryResult> batch)
    {
        try
        {
            await database.WriteAsync(
                unit =>
                {
                    batch.ForEach(result => Record(unit, result));
                    return ValueTask.CompletedTask;
                },
                CancellationToken.None);
        }
#pragma warning disable CA1031 // The database may be unreachable for a while; the results are kept until it is back.
        catch (Exception exception)
        {
            MessagesLog.ResultsNotRecorded(logger, batch.Count, exception);
            return false;
        }
#pragma warning restore CA1031

        Report(batch);
        return true;
    }

    private void Record(UnitOfWork unit, DeliveryResult result)
    {
        var (message, now) = (result.Message, clock.GetUtcNow());
        unit.Enqueue(result.Outcome switch
        {
            DeliveryOutcome.Delivered => MessageStore.Delivered(message, now),
            DeliveryOutcome.NotTried => MessageStore.Release(message, now),
            DeliveryOutcome.NotWanted => MessageStore.Delete(message),
            DeliveryOutcome.FailedForNow => MessageStore.Retry(
                message,
                result.Error!,
                now + RetrySchedule.NextPause(message.Attempts, result.RetryAfter),
                result.IsConfigurationFault ? RetrySchedule.MaxMisconfiguredAttempts : RetrySchedule.MaxAttempts),
            DeliveryOutcome.FailedPermanently => MessageStore.GiveUp(message, result.Error!, now),
        });
        if (result.Outcome == DeliveryOutcome.FailedPermanently)
        {
            var details = new JsonObject
            {
                ["channel"] = message.Channel,
                ["message_id"] = message.Id,
                ["attempts"] = message.Attempts,
                ["reason"] = result.HasExpired ? "expired" : "provider",
                ["error"] = result.Error,
            };
            if (message.Destination is { } destination)
            {
                details["destination"] = destination;
            }

            audit.Add(unit, message.Tenant, new AuditEntry(result.FailureType, call.Source)
            {
                UserId = message.UserId,
                Details = details.ToJsonString(),
            });
        }
    }

    /// <summary>One line for all messages of a batch that failed for the same reason: an outage must not flood the log.</summary>
    private void Report(List<DeliveryResult> batch)
    {
        foreach (var group in batch.GroupBy(result => (result.Message.Channel, result.Outcome, result.Error, result.IsConfigurationFault)))
        {
            var (channel, outcome, error, isConfigurationFault) = group.Key;
            metrics.Add(channel, outcome, group.Count());
            if (outcome == DeliveryOutcome.FailedForNow && isConfigurationFault)
            {
                MessagesLog.Misconfigured(logger, group.Count(), channel, error!);
            }
            else if (outcome == DeliveryOutcome.FailedForNow)
            {
                MessagesLog.WillRetry(logger, group.Count(), channel, error!);
            }
            else if (outcome == DeliveryOutcome.FailedPermanently)
            {
                MessagesLog.GivenUp(logger, group.Count(), channel, error!, string.Join(", ", group.Select(result => result.Message.Id)));
            }
        }
    }
}

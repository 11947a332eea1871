using Sallyport.Server.Messages.Smtp;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Messages;

/// <summary>Takes due messages and delivers them; tries again with growing pauses, and gives up visibly.</summary>
internal sealed class OutboxWorker(
    Database database, Outbox outbox, MessageDispatcher route, TimeProvider clock, ILogger<OutboxWorker> logger)
    : BackgroundService
{
    private const int MaxAttempts = 8;

    /// <summary>So many mail servers may be silent at once before others wait for them.</summary>
    private const int MaxAtOnce = 4;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);
    private static readonly TenantId Tenant = TenantId.Default;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                while (await DeliverDueAsync(stoppingToken) > 0)
                {
                    // A full batch may have left more behind.
                }
            }
#pragma warning disable CA1031 // The database may be away for a while; what is due stays due.
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                MessagesLog.OutboxNotRead(logger, exception);
            }
#pragma warning restore CA1031

            await outbox.WaitAsync(Interval, stoppingToken);
        }
    }

    private async Task<int> DeliverDueAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var due = await database.WriteAsync(
            unit => MessageStore.TakeDueAsync(unit, Tenant, now, now + Lease, cancellationToken), cancellationToken);
        await Parallel.ForEachAsync(
            due,
            new ParallelOptions { MaxDegreeOfParallelism = MaxAtOnce, CancellationToken = cancellationToken },
            (message, token) => DeliverWithinAsync(now + Lease, message, token));
        return due.Count;
    }

    private async ValueTask DeliverWithinAsync(DateTimeOffset leaseEnd, DueMessage message, CancellationToken cancellationToken)
    {
        if (clock.GetUtcNow() + SmtpSender.Limit > leaseEnd)
        {
            // A slow server: what is left is taken again when the lease has ended, here or elsewhere.
            return;
        }

        var result = await DeliverAsync(message, cancellationToken);
        await database.WriteAsync(
            unit =>
            {
                unit.Enqueue(result);
                return ValueTask.CompletedTask;
            },
            cancellationToken);
    }

    /// <returns>What is to be written about it.</returns>
    private async Task<Statement> DeliverAsync(DueMessage due, CancellationToken cancellationToken)
    {
        try
        {
            await route.DeliverAsync(due.Id, outbox.Open(Tenant, due), cancellationToken);
            return MessageStore.Delivered(Tenant, due.Id, clock.GetUtcNow());
        }
#pragma warning disable CA1031 // One message that cannot be delivered does not hold up the others.
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            MessagesLog.NotDelivered(logger, due.Id, due.Attempts, exception);
            return due.Attempts >= MaxAttempts || exception is SmtpException { IsPermanent: true }
                ? MessageStore.GiveUp(Tenant, due.Id, exception.Message, clock.GetUtcNow())
                : MessageStore.Retry(Tenant, due.Id, exception.Message, clock.GetUtcNow() + Pause(due.Attempts));
        }
#pragma warning restore CA1031
    }

    private static TimeSpan Pause(long attempts) => TimeSpan.FromSeconds(5 * Math.Pow(2, attempts - 1));
}

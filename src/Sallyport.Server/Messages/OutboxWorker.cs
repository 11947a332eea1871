using Sallyport.Server.Audit;
using Sallyport.Server.BackgroundWork;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Messages;

/// <summary>Moves due messages of one channel from the table to the lane that delivers them. Runs on every node.</summary>
internal sealed class OutboxWorker(Database database, DeliveryLane lane, TimeProvider clock, ILogger<OutboxWorker> logger)
    : BackgroundWorker(new WorkerSchedule(TimeSpan.FromSeconds(5)), clock, logger)
{
    /// <summary>After a crash, the messages of a node wait for the rest of it.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);

    private readonly CallContext call = CallContext.Internal(CallChannel.Worker);
    private readonly TimeProvider clock = clock;

    public string Channel => lane.Channel;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        lane.Start();
        return base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await lane.StopAsync();
    }

    protected override async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        var places = await lane.ReserveAsync(cancellationToken);
        List<DueMessage> due = [];
        try
        {
            var now = clock.GetUtcNow();
            due = await database.WriteAsync(
                unit => MessageStore.TakeDueAsync(unit, new DueQuery(call.Tenant, Channel, places), now, now + Lease, cancellationToken),
                cancellationToken);
        }
        finally
        {
            lane.Add(due, places);
        }

        return due.Count == places;
    }
}

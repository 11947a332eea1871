using Sallyport.Server.BackgroundWork;
using Sallyport.Server.Storage;
using Sallyport.Server.Transactions;

namespace Sallyport.Server.Realtime;

/// <summary>
/// Reads the current state of subscribed transactions, many in one statement, and passes it to <see cref="SocketNotifier"/>. A single
/// worker does this, so no event is sent twice.
/// </summary>
internal sealed class ChangeDispatcher(
    Database database, SubscriptionIndex index, SocketNotifier notifier, TimeProvider clock, ILogger<ChangeDispatcher> logger)
    : BackgroundWorker(new WorkerSchedule(PeriodicRefresh.Interval) { PauseAfterFailure = RetryPause }, clock, logger)
{
    private const int BatchSize = 256;

    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(1);

    private readonly RefreshQueue queue = new();

    public void Refresh(UserKey user) => Refresh(index.Find(user), RefreshReason.Notification);

    public void RefreshAll(RefreshReason reason) => Refresh(index.ListAll(), reason);

    public void Refresh(IReadOnlyCollection<Subscription> subscriptions, RefreshReason reason)
    {
        if (subscriptions.Count > 0)
        {
            queue.Add(subscriptions, reason);
            Wake();
        }
    }

    protected override async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        var batch = queue.Take(BatchSize);
        try
        {
            await DispatchAsync(batch, cancellationToken);
        }
        catch
        {
            batch.ForEach(refresh => queue.Add([refresh.Subscription], refresh.Reason));
            throw;
        }

        return batch.Count > 0;
    }

    private async Task DispatchAsync(List<(Subscription Subscription, RefreshReason Reason)> batch, CancellationToken cancellationToken)
    {
        foreach (var group in batch.GroupBy(refresh => refresh.Subscription.Identity.Tenant))
        {
            var ids = group.Select(refresh => refresh.Subscription.Identity.TransactionId).Distinct().ToList();
            var views = await database.ReadAsync(
                session => TransactionViewStore.FindManyAsync(session, group.Key, ids, Clock.GetUtcNow(), cancellationToken), cancellationToken);
            foreach (var (subscription, reason) in group)
            {
                notifier.Notify(subscription, views.GetValueOrDefault(subscription.Identity.TransactionId), reason);
            }
        }
    }
}

/// <summary>Refreshes all subscriptions at an interval, so that a lost notification delays an event but does not lose it (ADR 8).</summary>
internal sealed class PeriodicRefresh(ChangeDispatcher dispatcher, TimeProvider clock, ILogger<PeriodicRefresh> logger)
    : BackgroundWorker(new WorkerSchedule(Interval) { RunsAtStart = false }, clock, logger)
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    protected override Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        dispatcher.RefreshAll(RefreshReason.Periodic);
        return Task.FromResult(false);
    }
}

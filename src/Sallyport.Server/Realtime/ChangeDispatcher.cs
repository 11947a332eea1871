using Sallyport.Server.Storage;
using Sallyport.Server.Transactions;

namespace Sallyport.Server.Realtime;

/// <summary>
/// Reads the state of transactions whose clients listen on this node, many in one statement, and has them told what is new. A
/// notice only says where to look; in rounds it looks at all of them, so that a lost notice costs seconds and no event.
/// </summary>
internal sealed class ChangeDispatcher(
    Database database, SubscriptionIndex index, SocketNotifier notifier, TimeProvider clock, ILogger<ChangeDispatcher> logger)
    : BackgroundService
{
    private const int BatchSize = 256;

    private static readonly TimeSpan RoundInterval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(1);

    private readonly RefreshQueue queue = new();
    private readonly WakeSignal signal = new();

    public void Look(IReadOnlyCollection<Subscription> subscriptions, RefreshReason reason)
    {
        if (subscriptions.Count > 0)
        {
            queue.Add(subscriptions, reason);
            signal.Set();
        }
    }

    public void LookAt(UserKey user) => Look(index.Of(user), RefreshReason.Notification);

    public void LookAtAll(RefreshReason reason) => Look(index.All(), reason);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(ReadAsync(stoppingToken), GoRoundAsync(stoppingToken));

    private async Task GoRoundAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(RoundInterval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            LookAtAll(RefreshReason.Round);
        }
    }

    private async Task ReadAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var taken = queue.Take(BatchSize);
            try
            {
                await (taken.Count == 0 ? signal.WaitAsync(stoppingToken) : ReadAsync(taken, stoppingToken));
            }
#pragma warning disable CA1031 // The database may be away for a while; what was to be read stays to be read.
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                RealtimeLog.NotRead(logger, exception);
                taken.ForEach(look => queue.Add([look.Subscription], look.Reason));
                await Task.Delay(RetryPause, clock, stoppingToken);
            }
#pragma warning restore CA1031
        }
    }

    private async Task ReadAsync(List<(Subscription Subscription, RefreshReason Reason)> taken, CancellationToken cancellationToken)
    {
        foreach (var group in taken.GroupBy(look => look.Subscription.Identity.Tenant))
        {
            var ids = group.Select(look => look.Subscription.Identity.TransactionId).Distinct().ToList();
            var views = await database.ReadAsync(
                session => TransactionStore.FindManyAsync(session, group.Key, ids, clock.GetUtcNow(), cancellationToken), cancellationToken);
            foreach (var (subscription, reason) in group)
            {
                notifier.Tell(subscription, views.GetValueOrDefault(subscription.Identity.TransactionId), reason);
            }
        }
    }
}

using System.Text.Json;
using Sallyport.Server.BackgroundWork;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Realtime;

/// <summary>
/// Receives change notifications from other nodes. Each time it starts to listen, it refreshes all subscriptions, because earlier
/// notifications may be lost. While it cannot listen, <see cref="PeriodicRefresh"/> finds the changes.
/// </summary>
internal sealed class ChangeListener(
    Database database, ChangeDispatcher dispatcher, TransactionChangePublisher publisher, TimeProvider clock, ILogger<ChangeListener> logger)
    : BackgroundWorker(new WorkerSchedule(RetryPause) { IsDisabled = database.Engine != Engine.PostgreSql }, clock, logger)
{
    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(1);

    protected override async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        await database.ListenAsync(
            ChangeNotification.Channel, () => dispatcher.RefreshAll(RefreshReason.Reconnection), Receive, cancellationToken);
        return false;
    }

    private void Receive(string payload)
    {
        if (ChangeNotification.Read(payload) is { } notification && notification.Node != publisher.Node)
        {
            dispatcher.Refresh(notification.User);
        }
    }
}

/// <summary>
/// The message between nodes: a transaction of this user has changed. It contains only ids, because everyone who can connect to the
/// database can listen.
/// </summary>
/// <param name="Node">The sending node, which ignores its own notification.</param>
internal sealed record ChangeNotification(string Node, UserKey User)
{
    public const string Channel = "sallyport_transaction";

    public string Write() => JsonSerializer.Serialize([Node, User.Tenant.Value, User.UserId], RealtimeJson.Default.StringArray);

    /// <returns>Null for a payload that no node wrote.</returns>
    public static ChangeNotification? Read(string payload)
    {
        try
        {
            return JsonSerializer.Deserialize(payload, RealtimeJson.Default.StringArray) is [{ } node, { } tenant, { } user]
                ? new ChangeNotification(node, new UserKey(new TenantId(tenant), user))
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

using Sallyport.Server.Storage;

namespace Sallyport.Server.Realtime;

/// <summary>Hears the notices of other nodes. Whenever it begins to listen it looks at everything: what was told before is lost.</summary>
internal sealed class ChangeListener(
    Database database, ChangeDispatcher reader, TransactionChangePublisher publisher, TimeProvider clock, ILogger<ChangeListener> logger)
    : BackgroundService
{
    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (database.Engine != Engine.PostgreSql)
        {
            return;
        }

        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await database.ListenAsync(
                    ChangeNotification.Channel, () => reader.LookAtAll(RefreshReason.Reconnection), Hear, stoppingToken);
            }
#pragma warning disable CA1031 // The database may be away for a while; until then the state is read in rounds.
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                RealtimeLog.NotListening(logger, exception);
                await Task.Delay(RetryPause, clock, stoppingToken);
            }
#pragma warning restore CA1031
        }
    }

    private void Hear(string payload)
    {
        if (ChangeNotification.Read(payload) is { } notice && notice.Node != publisher.Node)
        {
            reader.LookAt(notice.User);
        }
    }
}

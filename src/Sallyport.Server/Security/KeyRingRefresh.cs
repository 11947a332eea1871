namespace Sallyport.Server.Security;

/// <summary>Learns of keys that another node has rotated.</summary>
internal sealed class KeyRingRefresh(KeyRing ring, TimeProvider clock, ILogger<KeyRingRefresh> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(KeyRing.RefreshInterval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await ring.RefreshAsync(stoppingToken);
            }
#pragma warning disable CA1031 // The database may be away for a while; the keys in memory go on working.
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                SecurityLog.KeyRingNotRead(logger, exception);
            }
#pragma warning restore CA1031
        }
    }
}

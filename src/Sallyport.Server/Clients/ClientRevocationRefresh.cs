namespace Sallyport.Server.Clients;

/// <summary>Learns of clients that another node has removed.</summary>
internal sealed class ClientRevocationRefresh(ClientRevocations revocations, TimeProvider clock, ILogger<ClientRevocationRefresh> logger)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(ClientRevocations.RefreshInterval, clock);
        do
        {
            try
            {
                await revocations.RefreshAsync(stoppingToken);
            }
#pragma warning disable CA1031 // The database may be away for a while; what is known goes on being refused.
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                ClientsLog.RevocationsNotRead(logger, exception);
            }
#pragma warning restore CA1031
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}

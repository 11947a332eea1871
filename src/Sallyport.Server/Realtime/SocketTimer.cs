namespace Sallyport.Server.Realtime;

/// <summary>Moves the sockets through time, and ends them before the server stops listening.</summary>
internal sealed class SocketTimer(SocketRegistry registry, IHostApplicationLifetime lifetime, TimeProvider clock, ILogger<SocketTimer> logger)
    : BackgroundService
{
    /// <summary>Short beside every wait of the protocol; an upgrade waits for it at most once.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var registration = lifetime.ApplicationStopping.Register(registry.Stop);
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            foreach (var socket in registry.ListDue())
            {
                Advance(socket);
            }
        }
    }

    private void Advance(ClientSocket socket)
    {
        try
        {
            socket.Call((session, now) => session.Advance(now));
        }
#pragma warning disable CA1031 // One socket must not stop the time of all others.
        catch (Exception exception)
        {
            RealtimeLog.NotAdvanced(logger, exception);
        }
#pragma warning restore CA1031
    }
}

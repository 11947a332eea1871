using Sallyport.Server.BackgroundWork;

namespace Sallyport.Server.Realtime;

/// <summary>Advances the time of the sockets, and closes them before the server stops listening.</summary>
internal sealed class SocketTimer(SocketRegistry registry, IHostApplicationLifetime lifetime, TimeProvider clock, ILogger<SocketTimer> logger)
    : BackgroundWorker(new WorkerSchedule(Interval), clock, logger)
{
    /// <summary>Short compared to every timeout of the protocol. It delays an upgrade at most once.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        lifetime.ApplicationStopping.Register(registry.Stop);
        return base.StartAsync(cancellationToken);
    }

    protected override Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        foreach (var socket in registry.ListDue())
        {
            Advance(socket);
        }

        return Task.FromResult(false);
    }

    private void Advance(ClientSocket socket)
    {
        try
        {
            socket.Call((session, now) => session.Advance(now));
        }
#pragma warning disable CA1031 // A failure in one socket must not stop the others.
        catch (Exception exception)
        {
            RealtimeLog.AdvanceFailed(logger, exception);
        }
#pragma warning restore CA1031
    }
}

/// <summary>Event ids 1500 to 1599.</summary>
internal static partial class RealtimeLog
{
    [LoggerMessage(1500, LogLevel.Error, "The timer of a socket failed")]
    public static partial void AdvanceFailed(ILogger logger, Exception exception);
}

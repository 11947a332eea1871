using System.Threading.Channels;

namespace Sallyport.Server.BackgroundWork;

/// <summary>
/// Runs a piece of work again and again until the server stops: after each interval, and at once when <see cref="Wake"/> is
/// called. A run that fails is logged and repeated after a pause, because the database may be unreachable for a while.
/// </summary>
internal abstract class BackgroundWorker(WorkerSchedule schedule, TimeProvider clock, ILogger logger) : BackgroundService
{
    private readonly Channel<bool> wakeSignal = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    protected TimeProvider Clock => clock;

    /// <summary>Starts the next run now. Calls during a run cause one more run.</summary>
    public void Wake() => wakeSignal.Writer.TryWrite(true);

    /// <returns>True if there may be more to do: the next run starts at once.</returns>
    protected abstract Task<bool> RunAsync(CancellationToken cancellationToken);

    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (schedule.IsDisabled)
        {
            return;
        }

        if (!schedule.RunsAtStart)
        {
            await WaitAsync(schedule.Interval, stoppingToken);
        }

        while (!stoppingToken.IsCancellationRequested)
        {
            if (await TryRunAsync(stoppingToken) is { } pause)
            {
                await WaitAsync(pause, stoppingToken);
            }
        }
    }

    /// <returns>How long to wait before the next run; null for no time.</returns>
    private async Task<TimeSpan?> TryRunAsync(CancellationToken stoppingToken)
    {
        try
        {
            return await RunAsync(stoppingToken) ? null : schedule.Interval;
        }
#pragma warning disable CA1031 // A worker must survive every failure of one run.
        catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
        {
            var pause = schedule.PauseAfterFailure ?? schedule.Interval;
            BackgroundWorkLog.RunFailed(logger, GetType().Name, pause, exception);
            if (schedule.PauseAfterFailure is null)
            {
                return pause;
            }

            await Task.Delay(pause, clock, stoppingToken);
            return null;
        }
#pragma warning restore CA1031
    }

    private async Task WaitAsync(TimeSpan pause, CancellationToken stoppingToken)
    {
        using var timeout = new CancellationTokenSource(pause, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, stoppingToken);
        try
        {
            await wakeSignal.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!stoppingToken.IsCancellationRequested)
        {
            // The pause is over.
        }
    }
}

/// <param name="Interval">The pause between two runs.</param>
internal sealed record WorkerSchedule(TimeSpan Interval)
{
    /// <summary>False: the first run comes after one interval.</summary>
    public bool RunsAtStart { get; init; } = true;

    /// <summary>
    /// Wake-ups do not shorten it, so that many of them cannot flood an unreachable database and the log. Null for
    /// <see cref="Interval"/>, which they do shorten.
    /// </summary>
    public TimeSpan? PauseAfterFailure { get; init; }

    /// <summary>The worker has nothing to do on this installation, for example on an engine with one node.</summary>
    public bool IsDisabled { get; init; }
}

/// <summary>Event ids 2200 to 2299.</summary>
internal static partial class BackgroundWorkLog
{
    [LoggerMessage(2200, LogLevel.Warning, "{Worker} failed and runs again in {Pause}")]
    public static partial void RunFailed(ILogger logger, string worker, TimeSpan pause, Exception exception);
}

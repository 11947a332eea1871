using System.Threading.Channels;

namespace Sallyport.Server.Jobs;

/// <summary>Works at jobs, one at a time on each node: those that were asked for here, and those that another node has left.</summary>
internal sealed class JobWorker(RunImports imports, TimeProvider clock, ILogger<JobWorker> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly Channel<bool> signal = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>A signal that is missed costs one interval, not a job.</summary>
    public void Wake() => signal.Writer.TryWrite(true);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                while (await imports.RunNextAsync(stoppingToken))
                {
                    // There may be another.
                }
            }
#pragma warning disable CA1031 // The database may be away for a while; what is due stays due.
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                JobsLog.NotDone(logger, exception);
            }
#pragma warning restore CA1031

            await WaitAsync(stoppingToken);
        }
    }

    private async Task WaitAsync(CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(Interval, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            await signal.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Time to look anyway.
        }
    }
}

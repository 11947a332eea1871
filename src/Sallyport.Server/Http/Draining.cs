using Sallyport.Server.Configuration;

namespace Sallyport.Server.Http;

/// <summary>
/// When the server is told to stop, it serves requests for <see cref="SallyportOptions.DrainTime"/> longer, so that load balancers notice that
/// it is no longer ready before it refuses connections.
/// </summary>
internal sealed class Draining(SallyportOptions options, IHostApplicationLifetime lifetime, TimeProvider clock) : IHostedLifecycleService
{
    private volatile bool isStopping;

    public bool IsStopping => isStopping || lifetime.ApplicationStopping.IsCancellationRequested;

    /// <summary>Called before the server stops listening.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        isStopping = true;
        if (options.DrainTime > TimeSpan.Zero)
        {
            await Task.Delay(options.DrainTime, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Makes clients and proxies close their connections, because a request on an idle connection could cross its end.</summary>
    public Task CloseConnectionAsync(HttpContext context, RequestDelegate next)
    {
        if (IsStopping && HttpProtocol.IsHttp11(context.Request.Protocol) && !context.WebSockets.IsWebSocketRequest)
        {
            context.Response.Headers.Connection = "close";
        }

        return next(context);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

using Sallyport.Server.Http.RateLimiting;

namespace Sallyport.Server.Telemetry;

internal static class TelemetryServices
{
    private const string MetricsPath = "/metrics";

    public static void AddTelemetry(this IServiceCollection services)
    {
        services.AddSingleton<TelemetryPipeline>();
        services.AddHostedService(provider => provider.GetRequiredService<TelemetryPipeline>());
    }

    public static void MapTelemetry(this IEndpointRouteBuilder routes) =>
        routes.MapGet(MetricsPath, async (HttpContext context, TelemetryPipeline telemetry) => await telemetry.WriteMetricsAsync(context))
            .ExcludeFromDescription()
            .RequireRateLimit(RateLimitKind.Address);

    /// <summary>
    /// Serves metrics on their own port only, and nothing else there. The port is the one of the connection, because a client
    /// chooses the <c>Host</c> header.
    /// </summary>
    public static void UseMetricsPort(this WebApplication app, int? port)
    {
        if (port is not null)
        {
            app.UseWhen(
                context => context.Request.Path.StartsWithSegments(MetricsPath) != (context.Connection.LocalPort == port),
                other => other.Run(context =>
                {
                    context.Response.StatusCode = StatusCodes.Status404NotFound;
                    return Task.CompletedTask;
                }));
        }
    }
}

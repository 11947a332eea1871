using Npgsql;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Sallyport.Server.Http.RateLimiting;
using Sallyport.Server.Messages;
using Sallyport.Server.Realtime;

namespace Sallyport.Server.Telemetry;

/// <summary>
/// Metrics at <c>/metrics</c>, and metrics and traces over OTLP when the standard variable
/// <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> names a collector.
/// </summary>
internal static class TelemetryServices
{
    private const string OtlpEndpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private const string MetricsPath = "/metrics";

    public static void AddTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        var exports = !string.IsNullOrEmpty(configuration[OtlpEndpoint]);
        var telemetry = services.AddOpenTelemetry().ConfigureResource(resource => resource.AddService("sallyport"));
        telemetry.WithMetrics(metrics =>
        {
            metrics.AddAspNetCoreInstrumentation()
                .AddHttpClientInstrumentation()
                .AddRuntimeInstrumentation()
                .AddNpgsqlInstrumentation()
                .AddMeter(RealtimeMetrics.MeterName, MessageMetrics.MeterName)
                .AddPrometheusExporter(prometheus => prometheus.ScrapeResponseCacheDurationMilliseconds = 0);
            if (exports)
            {
                metrics.AddOtlpExporter(UseHttp);
            }
        });
        if (exports)
        {
            telemetry.WithTracing(traces => traces
                .AddAspNetCoreInstrumentation()
                .AddHttpClientInstrumentation()
                .AddNpgsql()
                .AddOtlpExporter(UseHttp));
        }
    }

    public static void MapTelemetry(this WebApplication app) =>
        app.MapPrometheusScrapingEndpoint(MetricsPath).ExcludeFromDescription().RequireRateLimit(RateLimitKind.Address);

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

    private static void UseHttp(OtlpExporterOptions options) => options.Protocol = OtlpExportProtocol.HttpProtobuf;
}

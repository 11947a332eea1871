using Sallyport.Server.Http.RateLimiting;
using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Sallyport.Server.Messages;
using Sallyport.Server.Realtime;

namespace Sallyport.Server.Telemetry;

/// <summary>
/// Metrics at <c>/metrics</c>, and metrics and traces over OTLP where the standard variable
/// <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> names a collector.
/// </summary>
internal static class TelemetryServices
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private const string MetricsPath = "/metrics";

    private static readonly string[] Meters =
        ["Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime", "Npgsql", RealtimeMetrics.MeterName, MessageMetrics.MeterName];

    public static void AddTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        var exports = !string.IsNullOrEmpty(configuration[Endpoint]);
        services.AddSingleton<PrometheusReader>();
        services.AddSingleton(provider => BuildMetrics(provider.GetRequiredService<PrometheusReader>(), exports));
        if (exports)
        {
            services.AddSingleton(_ => Sdk.CreateTracerProviderBuilder()
                .ConfigureResource(resource => resource.AddService("sallyport"))
                .AddSource("Microsoft.AspNetCore", "Npgsql")
                .AddOtlpExporter(Export)
                .Build());
        }
    }

    public static void MapTelemetry(this WebApplication app)
    {
        // Both count from the first request on, so they are made before it.
        app.Services.GetRequiredService<MeterProvider>();
        app.Services.GetService<TracerProvider>();
        app.MapGet(MetricsPath, (PrometheusReader reader) => TypedResults.Text(reader.Read(), "text/plain; version=0.0.4"))
            .ExcludeFromDescription()
            .RequireRateLimit(RateLimitKind.Address);
    }

    /// <summary>First in the pipeline, so that it sees how every request ended.</summary>
    public static void UseTelemetry(this WebApplication app) => app.Use(NameSpanAsync);

    /// <summary>
    /// Where metrics have a port of their own, nothing else is answered there and they nowhere else. The port is that of the
    /// connection: a <c>Host</c> header is anybody's to write.
    /// </summary>
    public static void UseMetricsPort(this WebApplication app, int? port)
    {
        if (port is not null)
        {
            app.UseWhen(
                context => context.Request.Path.StartsWithSegments(MetricsPath) != (context.Connection.LocalPort == port),
                foreign => foreign.Run(context =>
                {
                    context.Response.StatusCode = StatusCodes.Status404NotFound;
                    return Task.CompletedTask;
                }));
        }
    }

    private static MeterProvider BuildMetrics(PrometheusReader reader, bool exports)
    {
        var builder = Sdk.CreateMeterProviderBuilder()
            .ConfigureResource(resource => resource.AddService("sallyport"))
            .AddMeter(Meters)
            .AddReader(reader.Reader);
        return exports ? builder.AddOtlpExporter(Export).Build() : builder.Build();
    }

    private static void Export(OtlpExporterOptions options) => options.Protocol = OtlpExportProtocol.HttpProtobuf;

    /// <summary>ASP.NET Core starts the span of a request without a name or tags of the conventions.</summary>
    private static async Task NameSpanAsync(HttpContext context, RequestDelegate next)
    {
        await next(context);
        if (Activity.Current is { } span)
        {
            var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText;
            span.DisplayName = route is null ? context.Request.Method : $"{context.Request.Method} {route}";
            span.SetTag("http.request.method", context.Request.Method);
            span.SetTag("http.route", route);
            span.SetTag("http.response.status_code", context.Response.StatusCode);
        }
    }
}

using System.Diagnostics;
using Npgsql;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Sallyport.Server.Messages;
using Sallyport.Server.Realtime;

namespace Sallyport.Server.Telemetry;

/// <summary>
/// Collects metrics for <c>/metrics</c>, and sends metrics and traces over OTLP when the standard variable
/// <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> names a collector. It starts when the server listens: OpenTelemetry needs a fifth of the time of a
/// start, and no request needs OpenTelemetry.
/// </summary>
internal sealed class TelemetryPipeline(IServiceProvider services, IConfiguration configuration, IHostApplicationLifetime lifetime) : BackgroundService
{
    private const string OtlpEndpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private readonly TaskCompletionSource<RequestDelegate> metrics = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private OpenTelemetrySdk? sdk;

    /// <summary>Answers a request with the metrics in the format of Prometheus.</summary>
    public async Task WriteMetricsAsync(HttpContext context)
    {
        var write = await metrics.Task.WaitAsync(context.RequestAborted);
        await write(context);
    }

    public override void Dispose()
    {
        // Sends what was not sent yet.
        sdk?.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var listening = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stoppingToken);
        try
        {
            sdk = OpenTelemetrySdk.Create(Configure);
            var branch = new ApplicationBuilder(services);
            branch.UseOpenTelemetryPrometheusScrapingEndpoint(sdk.MeterProvider, _ => true, path: null, configureBranchedPipeline: null, optionsName: null);
            metrics.SetResult(branch.Build());
        }
        catch (Exception exception)
        {
            metrics.SetException(exception);
            throw;
        }
    }

    private void Configure(IOpenTelemetryBuilder telemetry)
    {
        var exports = !string.IsNullOrEmpty(configuration[OtlpEndpoint]);
        telemetry.Services.AddSingleton(configuration);
        telemetry.ConfigureResource(resource => resource.AddService("sallyport"));
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
                .AddHttpClientInstrumentation(http => http.EnrichWithHttpRequestMessage = RemovePath)
                .AddNpgsql()
                .AddOtlpExporter(UseHttp));
        }
    }

    /// <summary>Paths of providers contain device tokens and account ids, and those of webhooks may contain secrets.</summary>
    private static void RemovePath(Activity activity, HttpRequestMessage request) =>
        activity.SetTag("url.full", request.RequestUri!.GetLeftPart(UriPartial.Authority));

    private static void UseHttp(OtlpExporterOptions options) => options.Protocol = OtlpExportProtocol.HttpProtobuf;
}

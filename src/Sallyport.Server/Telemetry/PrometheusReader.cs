using OpenTelemetry.Metrics;

namespace Sallyport.Server.Telemetry;

/// <summary>Collects when it is asked.</summary>
internal sealed class PrometheusReader : IDisposable
{
    private readonly PrometheusExporter exporter = new();
    private readonly Lock collecting = new();

    public PrometheusReader() => Reader = new BaseExportingMetricReader(exporter);

    public BaseExportingMetricReader Reader { get; }

    public string Read()
    {
        lock (collecting)
        {
            Reader.Collect();
            return exporter.Text;
        }
    }

    public void Dispose()
    {
        Reader.Dispose();
        exporter.Dispose();
    }
}

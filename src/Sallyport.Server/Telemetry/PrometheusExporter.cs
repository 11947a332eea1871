using System.Globalization;
using System.Text;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Sallyport.Server.Telemetry;

/// <summary>Writes metrics in the Prometheus text format 0.0.4.</summary>
internal sealed class PrometheusExporter : BaseExporter<Metric>
{
    public string Text { get; private set; } = "";

    public override ExportResult Export(in Batch<Metric> batch)
    {
        var text = new StringBuilder();
        foreach (var metric in batch)
        {
            Write(text, metric);
        }

        Text = text.ToString();
        return ExportResult.Success;
    }

    private static void Write(StringBuilder text, Metric metric)
    {
        var name = Name(metric);
        var type = metric.MetricType switch
        {
            MetricType.Histogram => "histogram",
            MetricType.LongSum or MetricType.DoubleSum => "counter",
            _ => "gauge",
        };
        text.Append(CultureInfo.InvariantCulture, $"# TYPE {name} {type}\n");
        foreach (ref readonly var point in metric.GetMetricPoints())
        {
            var labels = Labels(point.Tags);
            switch (metric.MetricType)
            {
                case MetricType.Histogram:
                    WriteHistogram(text, name, labels, point);
                    break;
                case MetricType.LongSum or MetricType.LongSumNonMonotonic:
                    Line(text, name, labels, point.GetSumLong());
                    break;
                case MetricType.DoubleSum or MetricType.DoubleSumNonMonotonic:
                    Line(text, name, labels, point.GetSumDouble());
                    break;
                case MetricType.LongGauge:
                    Line(text, name, labels, point.GetGaugeLastValueLong());
                    break;
                case MetricType.DoubleGauge:
                    Line(text, name, labels, point.GetGaugeLastValueDouble());
                    break;
            }
        }
    }

    private static void WriteHistogram(StringBuilder text, string name, string labels, in MetricPoint point)
    {
        long below = 0;
        foreach (var bucket in point.GetHistogramBuckets())
        {
            below += bucket.BucketCount;
            var bound = double.IsPositiveInfinity(bucket.ExplicitBound) ? "+Inf" : bucket.ExplicitBound.ToString(CultureInfo.InvariantCulture);
            Line(text, name + "_bucket", labels.Length == 0 ? $"le=\"{bound}\"" : $"{labels},le=\"{bound}\"", below);
        }

        Line(text, name + "_sum", labels, point.GetHistogramSum());
        Line(text, name + "_count", labels, point.GetHistogramCount());
    }

    private static void Line(StringBuilder text, string name, string labels, double value) =>
        text.Append(name)
            .Append(labels.Length == 0 ? "" : $"{{{labels}}}")
            .Append(CultureInfo.InvariantCulture, $" {value}\n");

    /// <summary>The unit is part of the name: <c>http.server.request.duration</c> in <c>s</c> becomes <c>…_seconds</c>.</summary>
    private static string Name(Metric metric)
    {
        var name = string.Concat(metric.Name.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_'));
        var unit = metric.Unit switch { "s" => "_seconds", "By" => "_bytes", _ => "" };
        var total = metric.MetricType is MetricType.LongSum or MetricType.DoubleSum ? "_total" : "";
        return name + unit + total;
    }

    private static string Labels(in ReadOnlyTagCollection tags)
    {
        var labels = new List<string>();
        foreach (var (key, value) in tags)
        {
            var escaped = value?.ToString()?.Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\n", "\\n");
            labels.Add($"{key.Replace('.', '_')}=\"{escaped}\"");
        }

        return string.Join(',', labels);
    }
}

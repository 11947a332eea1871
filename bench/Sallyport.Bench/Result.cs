using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sallyport.Bench;

/// <summary>One row of the table, and one object of the JSON file.</summary>
internal sealed record Result
{
    [JsonPropertyName("scenario")]
    public required string Scenario { get; init; }

    [JsonPropertyName("storage")]
    public required string Storage { get; init; }

    [JsonPropertyName("clients")]
    public required int Clients { get; init; }

    [JsonPropertyName("rate")]
    public required double Rate { get; init; }

    [JsonPropertyName("p50_ms")]
    public required double P50 { get; init; }

    [JsonPropertyName("p95_ms")]
    public required double P95 { get; init; }

    [JsonPropertyName("p99_ms")]
    public required double P99 { get; init; }

    [JsonPropertyName("max_ms")]
    public required double Max { get; init; }

    [JsonPropertyName("errors")]
    public required long Errors { get; init; }

    [JsonPropertyName("limit_rate")]
    public required double LimitRate { get; init; }

    [JsonPropertyName("ratio")]
    public required double Ratio { get; init; }

    /// <summary>The server's memory per idle socket; only in the scenario <c>sockets</c>.</summary>
    [JsonPropertyName("idle_socket_kb"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? IdleSocketKilobytes { get; init; }

    public static Result Of(Measured measured, string scenario, Options options, Load load)
    {
        var (recorder, limit) = (measured.Recorder, options.Rate("--limit-rate"));
        var rate = measured.Time > TimeSpan.Zero ? recorder.Whole.Count / measured.Time.TotalSeconds : 0;
        return new Result
        {
            Scenario = scenario,
            Storage = options.Text("--storage"),
            Clients = load.Clients,
            Rate = Math.Round(rate, 1),
            P50 = Milliseconds(recorder.Whole, 0.50),
            P95 = Milliseconds(recorder.Whole, 0.95),
            P99 = Milliseconds(recorder.Whole, 0.99),
            Max = Milliseconds(recorder.Whole, 1),
            // A run without a single measured operation has failed.
            Errors = Math.Max(recorder.Errors, recorder.Whole.Count == 0 ? 1 : 0),
            LimitRate = limit,
            Ratio = Math.Round(rate / limit, 3),
        };
    }

    /// <summary>Includes the processor time of an operation, and the p99 of each request when an operation has several.</summary>
    public string ToRow(Measured measured)
    {
        var row = string.Create(CultureInfo.InvariantCulture,
            $"{Scenario,-14}{Storage,-12}{Clients,7}{Rate,10:F1}{P50,8:F1}{P95,8:F1}{P99,8:F1}{Max,8:F1}{Errors,7}{LimitRate,11:F1}{Ratio,7:F2}{Cost(measured.ServerTime, measured),10:F0}{Cost(measured.DriverTime, measured),10:F0}");
        var requests = measured.Recorder.Requests
            .Select(request => string.Create(CultureInfo.InvariantCulture, $"{request.Key} {Milliseconds(request.Value, 0.99):F1}"));
        row = measured.Recorder.Requests.Count == 0 ? row : $"{row}   p99 of {string.Join(", ", requests)}";
        return IdleSocketKilobytes is { } kilobytes
            ? string.Create(CultureInfo.InvariantCulture, $"{row}; {kilobytes:F1} kB per socket with {Sockets.IdleSockets.Count} idle sockets")
            : row;
    }

    private static double Cost(TimeSpan processor, Measured measured) =>
        processor.TotalMicroseconds / Math.Max(1, measured.Recorder.Whole.Count);

    public void AppendTo(string? file)
    {
        if (file is not null)
        {
            File.AppendAllText(file, JsonSerializer.Serialize(this, ResultJson.Default.Result) + "\n");
        }
    }

    private static double Milliseconds(Histogram histogram, double share) =>
        Math.Round(histogram.Percentile(share).TotalMilliseconds, 2);
}

[JsonSerializable(typeof(Result))]
[JsonSerializable(typeof(string))]
internal sealed partial class ResultJson : JsonSerializerContext;

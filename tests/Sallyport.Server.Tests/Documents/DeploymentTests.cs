using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Sallyport.Server.Configuration;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Architecture;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Documents;

/// <summary>The files in <c>deploy</c> name settings, addresses and metrics that this server has.</summary>
public sealed partial class DeploymentTests
{
    /// <summary>Exist outside of the process, or at the first request only.</summary>
    private static readonly string[] OtherMetrics = ["up"];

    public static TheoryData<string> FilesWithSettings => ["Dockerfile", "compose.yaml", "systemd/sallyport.service", "kubernetes/deployment.yaml", "kubernetes/secret.example.yaml"];

    public static TheoryData<string> FilesWithMetrics => ["monitoring/alerts.yaml", "monitoring/grafana.json"];

    [Theory, MemberData(nameof(FilesWithSettings))]
    public void Every_setting_exists(string file)
    {
        var names = SettingName().Matches(Read(file)).Select(match => match.Value.Replace("__", ":", StringComparison.Ordinal)).ToList();
        names.ShouldNotBeEmpty();

        var reader = new ConfigurationReader(
            new ConfigurationBuilder().AddInMemoryCollection(names.Select(name => KeyValuePair.Create(name, (string?)"x"))).Build(), isDevelopment: false);
        reader.Read();

        reader.Faults.ShouldNotContain(fault => fault.Contains("is not the name of a setting"));
    }

    [Fact]
    public async Task Every_probe_is_answered()
    {
        await using var server = await TestServer.StartAsync(Engine.Sqlite);
        var paths = ProbePath().Matches(Read("kubernetes/deployment.yaml")).Select(match => match.Groups[1].Value).ToList();
        paths.Count.ShouldBe(3);

        foreach (var path in paths)
        {
            using var response = await server.Http.GetAsync(path, TestContext.Current.CancellationToken);
            response.StatusCode.ShouldBe(HttpStatusCode.OK, path);
        }
    }

    [Theory, MemberData(nameof(FilesWithMetrics))]
    public async Task Every_metric_exists(string file)
    {
        var instruments = new ConcurrentDictionary<string, string?>();
        using var listener = new MeterListener { InstrumentPublished = (instrument, _) => instruments[instrument.Name] = instrument.Unit };
        listener.Start();
        await using var server = await TestServer.StartAsync(Engine.Sqlite);
        // Telemetry has started when it serves metrics.
        await server.Http.GetAsync("/metrics", TestContext.Current.CancellationToken);

        var existing = instruments.SelectMany(instrument => PrometheusNames(instrument.Key, instrument.Value)).Concat(OtherMetrics).ToHashSet();
        var names = MetricName().Matches(Read(file)).Select(match => match.Value).Distinct().ToList();
        names.ShouldNotBeEmpty();
        names.Except(existing).ShouldBeEmpty();
    }

    private static string Read(string file) => File.ReadAllText(Repository.PathOf($"deploy/{file}"));

    /// <summary>The names that the exporter makes of an instrument's name and unit. Annotations such as <c>{request}</c> are not units.</summary>
    private static IEnumerable<string> PrometheusNames(string instrument, string? unit)
    {
        var name = instrument.Replace('.', '_') + (unit switch { "s" => "_seconds", "By" => "_bytes", _ => "" });
        return [name, name + "_total", name + "_count", name + "_bucket", name + "_sum"];
    }

    [GeneratedRegex(@"\b(Sallyport|ConnectionStrings)(__\w+?)+\b")]
    private static partial Regex SettingName();

    [GeneratedRegex(@"path: (/health/\w+)")]
    private static partial Regex ProbePath();

    /// <summary>A name in front of its labels, or one of the product.</summary>
    [GeneratedRegex(@"\b(\w+(?=\{job=)|sallyport_\w+)")]
    private static partial Regex MetricName();
}

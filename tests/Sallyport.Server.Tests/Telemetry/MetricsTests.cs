using System.Net;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Telemetry;

public sealed class MetricsTests
{
    [Fact]
    public async Task Metrics_count_the_requests_of_each_route()
    {
        await using var server = await TestServer.StartAsync(Engine.Sqlite);
        // Telemetry has started when it serves metrics.
        await server.Http.GetAsync("/metrics", TestContext.Current.CancellationToken);
        await new ManagementApi(server).CreateUserAsync();

        var text = await server.Http.GetStringAsync("/metrics", TestContext.Current.CancellationToken);

        text.ShouldContain("# TYPE http_server_request_duration_seconds histogram\n");
        text.ShouldContain("http_route=\"/api/v2/users\"");
    }

    [Fact]
    public async Task A_separate_address_serves_metrics_only_and_no_other_address_serves_them()
    {
        var url = $"http://127.0.0.1:{Ports.Free()}";
        await using var server = await TestServer.StartAsync(Engine.Sqlite, ("Sallyport:MetricsUrl", url));
        using var inside = new HttpClient { BaseAddress = new Uri(url) };

        (await StatusAsync(inside, "/metrics")).ShouldBe(HttpStatusCode.OK);
        (await StatusAsync(server.Http, "/health/live")).ShouldBe(HttpStatusCode.OK);
        foreach (var path in new[] { "/metrics", "/METRICS", "/metrics/", "/%6Detrics" })
        {
            // The port in the Host header does not count.
            (await StatusAsync(server.Http, path, host: new Uri(url).Authority)).ShouldBe(HttpStatusCode.NotFound, path);
        }

        foreach (var path in new[] { "/health/live", "/api/v2/users", "/", "/.well-known/jwks.json" })
        {
            (await StatusAsync(inside, path, host: new Uri(server.Url).Authority)).ShouldBe(HttpStatusCode.NotFound, path);
        }
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient http, string path, string? host = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Host = host } };
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        return response.StatusCode;
    }
}

using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sallyport.Server.Configuration;
using Sallyport.Server.Messages.Providers;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Telemetry;

public sealed class TraceTests
{
    private const string TicketId = "a-ticket-id-that-must-not-leave";

    [Theory, Engines]
    public async Task Traces_and_metrics_go_to_the_collector_without_the_ticket_of_a_link_and_the_path_of_a_provider(Engine engine)
    {
        var received = new ConcurrentDictionary<string, string>();
        await using var provider = await FakeProvider.StartAsync();
        await using var collector = await StartCollectorAsync(received);
        await using (var server = await TestServer.StartAsync(engine, ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Urls.First())))
        {
            // Telemetry has started when it serves metrics.
            await server.Http.GetAsync("/metrics", TestContext.Current.CancellationToken);
            await new ManagementApi(server).CreateUserAsync();
            await server.Http.GetAsync($"/mfa/enrollment?ticket={TicketId}", TestContext.Current.CancellationToken);
            await CallProviderAsync(server, provider.Url + "/devices/a-device-token?key=a-key");
        }

        // The last batch is sent when the server stops.
        received["/v1/traces"].ShouldContain("POST /api/v2/users");
        received["/v1/traces"].ShouldContain("GET /mfa/enrollment");
        received["/v1/metrics"].ShouldContain("http.server.request.duration");
        received["/v1/traces"].ShouldContain(provider.Url);
        string.Concat(received.Values).ShouldNotContain(TicketId);
        // The server of the test has spans, too, which contain the path alone.
        received["/v1/traces"].ShouldNotContain(provider.Url + "/");
        if (engine == Engine.PostgreSql)
        {
            received["/v1/traces"].ShouldContain("db.query.text");
        }
    }

    private static async Task CallProviderAsync(TestServer server, string url)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url);
        await server.Services.GetRequiredKeyedService<ProviderClient>(ProviderAddresses.Twilio).SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>Keeps the texts of OTLP messages, which are readable inside protobuf.</summary>
    private static async Task<WebApplication> StartCollectorAsync(ConcurrentDictionary<string, string> received)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            var text = Encoding.UTF8.GetString(body.ToArray());
            received.AddOrUpdate(context.Request.Path, text, (_, before) => before + text);
        });
        await app.StartAsync();
        return app;
    }
}

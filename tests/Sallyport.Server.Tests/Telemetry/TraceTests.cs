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

    /// <summary>Addresses of a sign-in contain request tokens, codes and states, and its forms passwords and signed results.</summary>
    [Theory, Engines]
    public async Task Traces_contain_no_secret_of_a_sign_in(Engine engine)
    {
        var received = new ConcurrentDictionary<string, string>();
        var secrets = new List<string> { MfaClient.Password, RelyingParty.Verifier };
        await using var collector = await StartCollectorAsync(received);
        await using (var server = await TestServer.StartAsync(engine, ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Urls.First())))
        {
            await server.Http.GetAsync("/metrics", TestContext.Current.CancellationToken);
            var party = await RelyingParty.CreateAsync(server, new() { ["client_metadata"] = new System.Text.Json.Nodes.JsonObject() });
            var user = await MfaClient.CreateAsync(server);
            var enrolled = await user.EnrollAsync();
            server.Clock.Advance(TimeSpan.FromSeconds(30));
            var browser = new Browser(server);
            var page = (await browser.OpenAsync(RelyingParty.AuthorizePath(party.Parameters(("login_hint", user.Email), ("state", "a-state-to-hide"))))).Location!;
            var asked = await browser.PostAsync(page, ("username", user.Email), ("password", MfaClient.Password));
            await browser.OpenAsync(asked.Location!);
            var started = await user.Guardian.SendAsync("start-flow", "Bearer " + asked.Query("request_token"));
            var flow = new Flow(started.ShouldBe(System.Net.HttpStatusCode.Created));
            var otp = user.Guardian.CodeOf(enrolled, 1);
            (await user.Guardian.VerifyAsync(flow, otp)).ShouldBe(System.Net.HttpStatusCode.OK);
            var signature = (string)(await user.Guardian.GetStateAsync(flow))["token"]!;
            var code = (await browser.ResumeAsync(signature)).Code;
            var tokens = (await party.ExchangeAsync(code)).ShouldBe(System.Net.HttpStatusCode.OK);
            (await party.GetUserInfoAsync((string)tokens["access_token"]!)).ShouldBe(System.Net.HttpStatusCode.OK);
            secrets.AddRange(
            [
                user.Email, Uri.EscapeDataString(user.Email), "a-state-to-hide", party.Secret, asked.Query("request_token")!, flow.Token, enrolled.RecoveryCode!,
                signature, code, (string)tokens["access_token"]!, (string)tokens["id_token"]!,
            ]);
        }

        received["/v1/traces"].ShouldContain("POST /oauth/token");
        received["/v1/traces"].ShouldContain("/authorize/resume");
        var sent = string.Concat(received.Values);
        secrets.Where(secret => sent.Contains(secret, StringComparison.Ordinal)).ShouldBeEmpty();
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

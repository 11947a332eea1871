using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Sallyport.Protocols.Otp;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Documents;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Durability;

/// <summary>Replaces two nodes one after the other, behind the load balancer of <c>docs/operating.md</c>.</summary>
public sealed class UpgradeTests
{
    private const string DrainSeconds = "3";

    /// <summary>The load balancer has found the new node by then.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(3.5);

    [Fact]
    public async Task No_request_fails_while_two_nodes_are_replaced_by_a_version_with_a_newer_schema()
    {
        LoadBalancerProcess.Require("haproxy");
        var (port, one, other) = (Ports.Free(), Ports.Free(), Ports.Free());
        var settings = Settings(port, await PostgreSqlCluster.CreateDatabaseAsync());
        using var oldOne = StartOld(settings, one);
        using var oldOther = StartOld(settings, other);
        await using var balancer = await LoadBalancerProcess.StartAsync("haproxy", Configuration(port, one, other));
        await using var load = await Load.StartAsync(port);

        await StopAsync(oldOne);
        await using var newOne = await StartNewAsync(settings, one);
        await Task.Delay(Settling, TimeProvider.System, TestContext.Current.CancellationToken);
        var beforeTheSecond = load.Completed;
        await StopAsync(oldOther);
        await using var newOther = await StartNewAsync(settings, other);
        await Task.Delay(Settling, TimeProvider.System, TestContext.Current.CancellationToken);

        (await load.StopAsync()).ShouldBeEmpty();
        beforeTheSecond.ShouldBeGreaterThan(5, "The load was too small to prove anything.");
        load.Completed.ShouldBeGreaterThan(beforeTheSecond);
        (await newOne.Database.QueryAsync(new Statement("SELECT count(*) FROM upgraded"), row => row.GetInt64(0), CancellationToken.None)).ShouldBe([0]);
    }

    [Fact]
    public async Task A_node_that_stops_is_not_ready_but_serves_until_the_end_of_its_drain_time()
    {
        var url = new Uri($"http://127.0.0.1:{Ports.Free()}");
        using var server = ServerProcess.Start(("urls", url.OriginalString), ("Sallyport:DrainSeconds", DrainSeconds));
        using var http = new HttpClient { BaseAddress = url };
        await Eventually.GetAsync(() => StatusAsync(http, "/health/ready"), status => status == 200);

        await server.TerminateAsync();

        await Eventually.GetAsync(() => StatusAsync(http, "/health/ready"), status => status == 503);
        using var response = await http.GetAsync("/health/live", TestContext.Current.CancellationToken);
        response.IsSuccessStatusCode.ShouldBeTrue();
        response.Headers.ConnectionClose.ShouldBe(true);
        (await server.WaitForExitAsync()).ShouldBe(0);
        server.Errors.ShouldBeEmpty();
    }

    private static (string Key, string Value)[] Settings(int port, string connectionString) =>
    [
        ("Sallyport:PublicUrl", $"http://127.0.0.1:{port}"),
        ("Sallyport:Storage", "PostgreSql"),
        ("ConnectionStrings:Sallyport", connectionString),
        ("Sallyport:Keys:Master", Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))),
        ("Sallyport:Bootstrap:ClientId", TestServer.ClientId),
        ("Sallyport:Bootstrap:ClientSecret", TestServer.ClientSecret),
        ("Sallyport:RateLimits:Management", "0"),
        ("Sallyport:RateLimits:Guardian", "0"),
        ("Sallyport:DrainSeconds", DrainSeconds),
    ];

    private static ServerProcess StartOld((string Key, string Value)[] settings, int port) =>
        ServerProcess.Start([.. settings, ("urls", $"http://127.0.0.1:{port}")]);

    /// <summary>A server with one more migration, as a newer version has.</summary>
    private static Task<TestServer> StartNewAsync((string Key, string Value)[] settings, int port) => TestServer.StartAsync(
        Engine.PostgreSql,
        services =>
        {
            services.AddSingleton(TimeProvider.System);
            services.AddSingleton<IReadOnlyList<Migration>>([.. Migration.For(Engine.PostgreSql), Newer]);
        },
        [.. settings, ("urls", $"http://127.0.0.1:{port}")]);

    private static Migration Newer => new(
        9999, "9999_upgraded.sql", "newer", ["ALTER TABLE ticket ADD COLUMN upgraded text", "CREATE TABLE upgraded (id bigint NOT NULL PRIMARY KEY)"]);

    private static async Task StopAsync(ServerProcess server)
    {
        await server.TerminateAsync();
        (await server.WaitForExitAsync()).ShouldBe(0);
        server.Errors.ShouldBeEmpty();
    }

    private static string Configuration(int port, int one, int other) =>
        DocumentedCommands.Read("docs/operating.md", "### HAProxy", "haproxy").ShouldHaveSingleItem()
            .Replace("10.0.0.1:5080", $"127.0.0.1:{one}", StringComparison.Ordinal)
            .Replace("10.0.0.2:5080", $"127.0.0.1:{other}", StringComparison.Ordinal)
            .Replace("bind :80", $"bind 127.0.0.1:{port}", StringComparison.Ordinal);

    private static async Task<int> StatusAsync(HttpClient http, string path)
    {
        try
        {
            using var response = await http.GetAsync(path);
            return (int)response.StatusCode;
        }
        catch (HttpRequestException)
        {
            return 0;
        }
    }

    /// <summary>Clients that enroll one user after the other: token, user, ticket, start-flow, code.</summary>
    private sealed class Load : IAsyncDisposable
    {
        private const int Clients = 3;

        private readonly HttpClient http;
        private readonly CancellationTokenSource stop = new();
        private readonly ConcurrentQueue<string> failures = [];
        private readonly List<Task> running = [];
        private int completed;

        private Load(int port) => http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };

        /// <summary>Finished enrollments.</summary>
        public int Completed => completed;

        public static async Task<Load> StartAsync(int port)
        {
            var load = new Load(port);
            await Eventually.GetAsync(() => StatusAsync(load.http, "/health/ready"), status => status == 200);
            await load.EnrollAsync("first");
            load.running.AddRange(Enumerable.Range(0, Clients).Select(load.RunAsync));
            return load;
        }

        public async Task<IReadOnlyList<string>> StopAsync()
        {
            await stop.CancelAsync();
            await Task.WhenAll(running);
            return [.. failures];
        }

        public async ValueTask DisposeAsync()
        {
            await StopAsync();
            http.Dispose();
            stop.Dispose();
        }

        private async Task RunAsync(int client)
        {
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                try
                {
                    await EnrollAsync($"{client}-{i}");
                    Interlocked.Increment(ref completed);
                }
                catch (Exception exception) when (exception is HttpRequestException or InvalidOperationException or TaskCanceledException)
                {
                    failures.Enqueue($"{TimeProvider.System.GetUtcNow():mm:ss.fff} {exception.Message} {exception.InnerException?.Message}");
                }
            }
        }

        private async Task EnrollAsync(string name)
        {
            var token = (string)(await SendAsync("/oauth/token", null, new JsonObject
            {
                ["grant_type"] = "client_credentials",
                ["client_id"] = TestServer.ClientId,
                ["client_secret"] = TestServer.ClientSecret,
                ["audience"] = http.BaseAddress + "api/v2/",
            }))["access_token"]!;
            var user = await SendAsync("/api/v2/users", "Bearer " + token, new JsonObject
            {
                ["connection"] = "Username-Password-Authentication",
                ["email"] = string.Create(CultureInfo.InvariantCulture, $"upgrade-{name}@example.com"),
            });
            var ticket = await SendAsync(
                "/api/v2/guardian/enrollments/ticket", "Bearer " + token, new JsonObject { ["user_id"] = (string)user["user_id"]! });
            var flow = new Flow(await SendAsync("/appliance-mfa/api/start-flow", $"Ticket id=\"{ticket["ticket_id"]}\"", []));
            var code = Totp.Code(flow.Secret, TimeProvider.System.GetUtcNow(), TotpParameters.Default);
            await SendAsync("/appliance-mfa/api/verify-otp", "Bearer " + flow.Token, new JsonObject { ["type"] = "manual_input", ["code"] = code });
        }

        private async Task<JsonNode> SendAsync(string path, string? authorization, JsonObject body)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
            request.Headers.Authorization = authorization is null ? null : AuthenticationHeaderValue.Parse(authorization);
            using var response = await http.SendAsync(request);
            var text = await response.Content.ReadAsStringAsync();
            return response.IsSuccessStatusCode
                ? JsonNode.Parse(text.Length == 0 ? "{}" : text)!
                : throw new InvalidOperationException($"{path}: {(int)response.StatusCode} {text}");
        }
    }
}

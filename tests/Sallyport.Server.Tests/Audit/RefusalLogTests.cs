using System.Net;
using System.Text.Json.Nodes;
using Sallyport.Server.Audit;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Audit;

/// <summary>A refusal that a caller repeats does not fill the log.</summary>
public sealed class RefusalLogTests(Servers servers) : IClassFixture<Servers>
{
    private static readonly AuditSource Source = new("client", "192.0.2.1", "agent/1");

    private static readonly AuditEntry Entry = new(AuditTypes.AttemptsExhausted, Source) { UserId = "auth0|1" };

    [Theory, Engines]
    public async Task Repeated_refusals_of_one_minute_are_one_entry_that_counts_them(Engine engine)
    {
        await using var nodes = await Nodes.StartAsync(engine);

        await nodes.AddAsync(Entry with { Details = """{"error":"x"}""" });
        await nodes.AddAsync(Entry with { Details = """{"error":"y"}""", Source = Source with { UserAgent = "agent/2" } });
        nodes.Clock.Advance(TimeSpan.FromMinutes(1));
        await nodes.AddAsync(Entry);

        var rows = await nodes.ListAsync();
        rows.Select(row => row.Details).ShouldBe(["""{"error":"y","count":2}""", """{"count":1}"""]);
        rows.Select(row => row.UserAgent).ShouldBe(["agent/2", "agent/1"]);
    }

    [Theory, Engines]
    public async Task Refusals_that_differ_in_type_cause_user_client_or_address_have_separate_entries(Engine engine)
    {
        await using var nodes = await Nodes.StartAsync(engine);

        await nodes.AddAsync(Entry);
        await nodes.AddAsync(Entry with { Type = AuditTypes.RecoveryAttemptsExhausted });
        await nodes.AddAsync(Entry, "another cause");
        await nodes.AddAsync(Entry with { UserId = "auth0|2" });
        await nodes.AddAsync(Entry with { Source = Source with { ClientId = "other" } });
        await nodes.AddAsync(Entry with { Source = Source with { Address = "192.0.2.2" } });
        await nodes.AddAsync(Entry with { Source = Source with { Address = "2001:db8::1" } });
        await nodes.AddAsync(Entry with { Source = Source with { Address = "2001:db8::2" } });
        await nodes.AddAsync(Entry with { Source = Source with { Address = "::ffff:192.0.2.1" } });

        (await nodes.ListAsync()).Select(row => (int)JsonNode.Parse(row.Details)!["count"]!).ShouldBe([2, 1, 1, 1, 1, 1, 2]);
    }

    [Theory, Engines]
    public async Task Two_nodes_that_refuse_at_the_same_time_lose_no_refusal(Engine engine)
    {
        await using var nodes = await Nodes.StartAsync(engine);

        await Task.WhenAll(Enumerable.Range(0, 64).Select(i => Task.Run(() => nodes.AddAsync(Entry, node: i % 2))));

        (await nodes.ListAsync()).ShouldHaveSingleItem().Details.ShouldBe("""{"count":64}""");
    }

    [Theory, Engines]
    public async Task Anonymous_callers_share_one_entry_beyond_a_limit_of_addresses(Engine engine)
    {
        const int TooMany = 5;
        await using var nodes = await Nodes.StartAsync(engine);

        await nodes.Databases[0].WriteAsync(
            unit =>
            {
                for (var i = 0; i < AuditLog.MaxAnonymousAddresses + TooMany; i++)
                {
                    var source = Source with { ClientId = $"invented{i}", Address = $"198.51.{i / 256}.{i % 256}" };
                    nodes.Logs[0].AddAnonymousRefusal(unit, TenantId.Default, Entry with { Source = source }, "cause");
                    nodes.Logs[0].AddAnonymousRefusal(unit, TenantId.Default, Entry with { Source = source with { ClientId = "other" } }, "cause");
                }

                return ValueTask.CompletedTask;
            },
            CancellationToken.None);

        var rows = await nodes.ListAsync();
        rows.Count.ShouldBe(AuditLog.MaxAnonymousAddresses + 1);
        rows.Single(row => row.Address is null).Details.ShouldBe($$"""{"count":{{2 * TooMany}}}""");
        rows.Where(row => row.Address is not null).ShouldAllBe(row => row.Details == """{"count":2}""");
    }

    [Theory, Engines]
    public async Task Refused_writes_share_an_entry_by_route_and_error(Engine engine)
    {
        var server = await servers.GetCleanAsync(engine);
        var management = new ManagementApi(server);
        var reader = new ManagementApi(server, "read:users");

        for (var i = 0; i < 3; i++)
        {
            (await management.SendAsync(HttpMethod.Patch, $"/users/auth0%7Cnobody{i}", new { name = "x" })).Status.ShouldBe(HttpStatusCode.NotFound);
        }

        (await management.SendAsync(HttpMethod.Patch, "/users/auth0%7Cnobody", new { name = 1 })).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await reader.SendAsync(HttpMethod.Patch, "/users/auth0%7Cnobody", new { name = "x" })).Status.ShouldBe(HttpStatusCode.Forbidden);

        // Written after the answer.
        var entries = await Eventually.GetAsync(
            () => LogEntry.ListAsync(server, "fapi"), entries => entries.Sum(entry => (int)entry.Json["count"]!) == 5);
        entries.Select(entry => $"{entry.Json["response"]!["statusCode"]} {entry.Json["count"]}").ShouldBe(["404 3", "400 1", "403 1"]);
        ((string)entries[0].Json["request"]!["path"]!).ShouldBe("/api/v2/users/auth0|nobody2");
    }

    [Theory, Engines]
    public async Task The_count_can_be_searched(Engine engine)
    {
        var server = await servers.GetCleanAsync(engine);
        var oauth = new OAuthApi(server);
        await oauth.SendAsync(("client_secret", "wrong"));
        await oauth.SendAsync(("client_secret", "wrong"));

        var found = (await new ManagementApi(server).GetAsync("/logs?q=" + Uri.EscapeDataString("type:feccft AND details.count:2"))).AsArray();

        found.ShouldHaveSingleItem()!["details"]!["error"].ShouldNotBeNull();
    }

    /// <summary>Two nodes on one database. On SQLite one process is the only node.</summary>
    private sealed class Nodes : IAsyncDisposable
    {
        private readonly TestDatabase shared;

        private Nodes(TestDatabase shared, Database[] databases) => (this.shared, Databases) = (shared, databases);

        public ManualClock Clock { get; } = new();

        public Database[] Databases { get; }

        public AuditLog[] Logs => field ??= [new AuditLog(Clock), new AuditLog(Clock)];

        public static async Task<Nodes> StartAsync(Engine engine)
        {
            var shared = await TestDatabase.CreateAsync(engine);
            var first = await shared.OpenMigratedAsync();
            return new Nodes(shared, engine == Engine.PostgreSql ? [first, shared.Open()] : [first, first]);
        }

        public async Task AddAsync(AuditEntry entry, string cause = "cause", int node = 0) => await Databases[node].WriteAsync(
            unit =>
            {
                Logs[node].AddRefusal(unit, TenantId.Default, entry, cause);
                return ValueTask.CompletedTask;
            },
            CancellationToken.None);

        /// <returns>Oldest first.</returns>
        public async Task<List<(string Details, string? Address, string? UserAgent)>> ListAsync() => await Databases[0].QueryAsync(
            new Statement("SELECT details, ip, user_agent FROM log ORDER BY log_id"),
            row => (row.GetString(0), row.GetStringOrNull(1), row.GetStringOrNull(2)),
            CancellationToken.None);

        public ValueTask DisposeAsync() => shared.DisposeAsync();
    }
}

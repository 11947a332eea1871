using System.Diagnostics;
using System.Net;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;
using Sallyport.Server.Users;

namespace Sallyport.Server.Tests.Users.Search;

public sealed class SearchTimeoutTests
{
    private const string Endless = """
        WITH RECURSIVE n(i) AS (SELECT CAST(1 AS bigint) UNION ALL SELECT i + 1 FROM n WHERE i < 100000000000)
        SELECT count(*) FROM n
        """;

    [Theory, Engines]
    public async Task A_search_that_takes_too_long_is_refused_and_frees_its_connection(Engine engine)
    {
        await using var server = await StartAsync(engine);
        var management = new ManagementApi(server);
        await management.GetAsync("/users?per_page=1");
        var started = Stopwatch.GetTimestamp();

        var answers = await server.WithLockAsync("user", () => Task.WhenAll(Enumerable.Range(0, 3)
            .Select(_ => management.SendAsync(HttpMethod.Get, "/users?include_totals=true&q=" + Hostile()))));

        var elapsed = Stopwatch.GetElapsedTime(started);
        answers.ShouldAllBe(answer => answer.Status == HttpStatusCode.ServiceUnavailable && answer.ErrorCode == "service_unavailable");
        ((string)answers[0].Json!["message"]!).ShouldContain("2 seconds");
        elapsed.ShouldBeInRange(TimeSpan.FromSeconds(1.9), TimeSpan.FromSeconds(8));
        (await management.GetAsync("/users?per_page=1&q=name:a*")).AsArray().Count.ShouldBe(1);
        (await CountRunningAsync(server)).ShouldBe(0);
    }

    [Fact]
    public async Task Expensive_searches_do_not_delay_other_requests()
    {
        await using var server = await StartAsync(Engine.Sqlite);
        var management = new ManagementApi(server);
        var ticketId = await management.CreateTicketAsync("auth0|0");
        var started = Stopwatch.GetTimestamp();

        var searches = Task.WhenAll(Enumerable.Range(0, 60)
            .Select(_ => management.SendAsync(HttpMethod.Get, "/users?include_totals=true&q=" + Hostile())));
        var live = await server.Http.GetAsync("/health/live", TestContext.Current.CancellationToken);
        var flow = await new GuardianApi(server).StartFlowAsync(ticketId);
        var othersAfter = Stopwatch.GetElapsedTime(started);
        var answers = await searches;

        live.StatusCode.ShouldBe(HttpStatusCode.OK);
        flow.Status.ShouldBe(HttpStatusCode.Created);
        answers.ShouldAllBe(answer => answer.ErrorCode == "service_unavailable");
        othersAfter.ShouldBeLessThan(TimeSpan.FromSeconds(4));
        Stopwatch.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(8), "Waiting for a turn counts against the two seconds of a search");
    }

    [Theory, Engines]
    public async Task Statements_of_a_session_share_its_time_limit_and_other_reads_have_none(Engine engine)
    {
        await using var shared = await TestDatabase.CreateAsync(engine);
        var database = shared.Open();
        var limit = TimeSpan.FromMilliseconds(300);

        for (var i = 0; i < 3; i++)
        {
            await Should.ThrowAsync<QueryTimeoutException>(async () => await database.ReadWithinAsync(limit, Count, CancellationToken.None));
            await Should.ThrowAsync<QueryTimeoutException>(async () => await database.ReadWithinAsync(limit, WaitAndCountAsync, CancellationToken.None));
        }

        var rows = await database.QueryAsync(new Statement(Endless.Replace("100000000000", "3000000", StringComparison.Ordinal)), row => row.GetInt64(0), CancellationToken.None);
        rows.ShouldBe([3_000_000L]);

        static ValueTask<List<long>> Count(Session session) => session.QueryAsync(new Statement(Endless), row => row.GetInt64(0), CancellationToken.None);

        static async ValueTask<List<long>> WaitAndCountAsync(Session session)
        {
            Thread.Sleep(TimeSpan.FromMilliseconds(350));
            return await session.QueryAsync(new Statement(Endless), row => row.GetInt64(0), CancellationToken.None);
        }
    }

    /// <summary>A pattern that matches in many ways, repeated up to the limit of clauses.</summary>
    private static string Hostile() =>
        Uri.EscapeDataString(string.Join(" OR ", Enumerable.Range(0, 190).Select(i => $"name:*a*a*a*a{i}z*")));

    private static async Task<TestServer> StartAsync(Engine engine)
    {
        var server = await TestServer.StartAsync(engine);
        var users = Enumerable.Range(0, 8000).Select(i => new User
        {
            UserId = $"auth0|{i}",
            Connection = "c",
            Name = new string('a', 290),
            CreatedAt = DateTimeOffset.UnixEpoch,
            UpdatedAt = DateTimeOffset.UnixEpoch,
        });
        await server.Database.WriteAsync(
            unit =>
            {
                UserStore.Insert(unit, TenantId.Default, [.. users]);
                return ValueTask.CompletedTask;
            },
            CancellationToken.None);
        return server;
    }

    /// <summary>On SQLite a statement runs on the thread of its caller, so none is left.</summary>
    private static async Task<long> CountRunningAsync(TestServer server)
    {
        if (server.Database.Engine == Engine.Sqlite)
        {
            return 0;
        }

        var rows = await server.Database.QueryAsync(
            new Statement("""
                SELECT count(*) FROM pg_stat_activity
                WHERE datname = current_database() AND state <> 'idle' AND pid <> pg_backend_pid() AND query LIKE '%LIKE%'
                """),
            row => row.GetInt64(0),
            CancellationToken.None);
        return rows[0];
    }
}

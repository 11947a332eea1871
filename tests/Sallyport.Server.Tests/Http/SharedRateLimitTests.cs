using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Sallyport.Server.Http.RateLimiting;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Http;

/// <summary>Nodes on one PostgreSQL database. Each has a limiter and an exchange, as a server has.</summary>
public sealed class SharedRateLimitTests
{
    [Fact]
    public async Task Requests_that_one_node_allowed_count_on_another()
    {
        await using var shared = await MigrateAsync();
        var (first, second) = (new Node(shared.Open()), new Node(shared.Open()));

        // Only the database's clock runs, and a bucket refills within a second. If the machine stalls, the test starts again.
        for (var attempt = 0; ; attempt++)
        {
            var caller = "client " + attempt;
            var watch = Stopwatch.StartNew();
            first.Limiter.Take(caller, 1).IsAllowed.ShouldBeTrue();
            await first.Exchange.ExchangeAsync(CancellationToken.None);
            second.Limiter.Take(caller, 1).IsAllowed.ShouldBeTrue("The second node has not exchanged yet");
            await second.Exchange.ExchangeAsync(CancellationToken.None);
            second.Clock.Advance(TimeSpan.FromSeconds(1));
            var afterOneSecond = second.Limiter.Take(caller, 1);
            if (watch.Elapsed < TimeSpan.FromMilliseconds(500))
            {
                afterOneSecond.IsAllowed.ShouldBeFalse("Both nodes together allowed two requests, so the bucket is in debt");
                afterOneSecond.Remaining.ShouldBe(0);
                afterOneSecond.Wait.ShouldBeGreaterThan(TimeSpan.FromMilliseconds(400));
                second.Clock.Advance(TimeSpan.FromSeconds(1));
                second.Limiter.Take(caller, 1).IsAllowed.ShouldBeTrue();
                return;
            }

            attempt.ShouldBeLessThan(20);
        }
    }

    /// <summary>The documented precision: in the long run the rate of one node, at the start at most one bucket per node.</summary>
    [Fact]
    public async Task Two_nodes_under_constant_load_together_allow_the_rate_of_one()
    {
        const int Rate = 100;
        await using var shared = await MigrateAsync();
        var nodes = new[] { new Node(shared.Open(), TimeProvider.System), new Node(shared.Open(), TimeProvider.System) };
        var watch = Stopwatch.StartNew();

        var asking = nodes.Select(node => AskAsync(node, Rate, TimeSpan.FromSeconds(3))).ToList();
        var allowed = await Task.WhenAll(asking);

        var seconds = watch.Elapsed.TotalSeconds;
        ((double)allowed.Sum()).ShouldBeInRange(Rate * seconds * 0.8, (Rate * seconds) + (2 * Rate) + (Rate * 0.5));
        allowed.ShouldAllBe(count => count > Rate);
    }

    [Fact]
    public async Task A_caller_with_few_requests_costs_no_statement()
    {
        await using var shared = await MigrateAsync();
        var database = shared.Open();
        var node = new Node(database);

        node.Limiter.Take("address 203.0.113.1", 50);
        await node.Exchange.ExchangeAsync(CancellationToken.None);
        (await CountAsync(database)).ShouldBe(0);

        for (var i = 0; i < 4; i++)
        {
            node.Limiter.Take("address 203.0.113.1", 50);
        }

        await node.Exchange.ExchangeAsync(CancellationToken.None);
        (await CountAsync(database)).ShouldBe(1);
    }

    [Fact]
    public async Task A_bucket_with_a_low_rate_is_shared_after_every_request()
    {
        await using var shared = await MigrateAsync();
        var (here, there) = (new Node(shared.Open()), new Node(shared.Open()));
        var limit = RateLimit.PerMinute(20);
        here.Limiter.Take("a", limit);
        here.Limiter.Take("a", limit);

        await here.Exchange.ExchangeAsync(CancellationToken.None);
        there.Limiter.Take("a", limit);
        await there.Exchange.ExchangeAsync(CancellationToken.None);

        // Three requests took three seconds each from a bucket that holds two, less the time that has passed.
        there.Limiter.Take("a", limit).Wait.ShouldBeInRange(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(6));
    }

    [Fact]
    public async Task Requests_of_a_failed_exchange_are_exchanged_later()
    {
        await using var shared = await MigrateAsync();
        var database = shared.Open();
        var node = new Node(database);
        node.Limiter.Take("client a", 1);

        await Should.ThrowAsync<OperationCanceledException>(() => node.Exchange.ExchangeAsync(new CancellationToken(canceled: true)));
        (await CountAsync(database)).ShouldBe(0);
        await node.Exchange.ExchangeAsync(CancellationToken.None);

        (await CountAsync(database)).ShouldBe(1);
    }

    [Fact]
    public async Task Sixteen_concurrent_exchanges_lose_no_request()
    {
        await using var shared = await MigrateAsync();
        var nodes = Enumerable.Range(0, 16).Select(_ => new Node(shared.Open())).ToList();
        foreach (var node in nodes)
        {
            foreach (var caller in new[] { "b", "a", "d", "c" })
            {
                node.Limiter.Take(caller, 1);
            }
        }

        var watch = Stopwatch.StartNew();
        await Task.WhenAll(nodes.Select(node => Task.Run(() => node.Exchange.ExchangeAsync(CancellationToken.None))));

        // The last node to exchange sees the requests of all, less the time that has passed.
        var longest = nodes.Max(node => node.Limiter.Take("a", 1).Wait);
        longest.ShouldBeInRange(TimeSpan.FromSeconds(16) - watch.Elapsed - TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(16));
    }

    [Fact]
    public async Task A_running_server_exchanges_its_requests()
    {
        await using var server = await TestServer.StartAsync(Engine.PostgreSql, ("Sallyport:RateLimits:Management", "1"));

        await new ManagementApi(server).GetAsync("/users");

        (await Eventually.GetAsync(() => CountAsync(server.Database), count => count > 0)).ShouldBe(1);
    }

    private static async Task<int> AskAsync(Node node, int rate, TimeSpan time)
    {
        var (allowed, watch) = (0, Stopwatch.StartNew());
        var sinceExchange = Stopwatch.StartNew();
        while (watch.Elapsed < time)
        {
            allowed += node.Limiter.Take("client a", rate).IsAllowed ? 1 : 0;
            if (sinceExchange.Elapsed > RateLimitExchange.Interval)
            {
                sinceExchange.Restart();
                await node.Exchange.ExchangeAsync(CancellationToken.None);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
        }

        return allowed;
    }

    private static async Task<TestDatabase> MigrateAsync()
    {
        var shared = await TestDatabase.CreateAsync(Engine.PostgreSql);
        await shared.OpenMigratedAsync();
        return shared;
    }

    private static async Task<long> CountAsync(Database database) =>
        (await database.QueryAsync(new Statement("SELECT count(*) FROM rate_bucket"), row => row.GetInt64(0), CancellationToken.None))[0];

    private sealed class Node
    {
        public Node(Database database, TimeProvider? clock = null)
        {
            var time = clock ?? Clock;
            Limiter = new RateLimiter(time);
            Exchange = new RateLimitExchange(database, Limiter, TenantId.Default, time, NullLogger<RateLimitExchange>.Instance);
        }

        public ManualClock Clock { get; } = new();

        public RateLimiter Limiter { get; }

        public RateLimitExchange Exchange { get; }
    }
}

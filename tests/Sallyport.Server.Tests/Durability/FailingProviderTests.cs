using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sallyport.Server.Messages;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Durability;

/// <summary>
/// Three nodes send ten thousand messages through a provider that fails a fifth of the calls, leaves a twentieth without an answer, and dies twice. The
/// clocks run fast, so that pauses and time limits take little time.
/// </summary>
public sealed class FailingProviderTests
{
    private const int Messages = 10_000;
    private const int Nodes = 3;
    private const int Speed = 20;

    /// <summary>For the last messages, which wait for their next attempt.</summary>
    private const int SpeedOfRest = 100;
    private const int Rest = 500;

    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Outage = TimeSpan.FromMilliseconds(500);

    [Fact]
    public async Task No_message_is_lost_and_only_a_message_that_was_tried_again_arrives_twice()
    {
        var retries = new RetryLog();
        var settings = await SharedSettingsAsync();
        await using var gateway = new UnreliableGateway();
        await gateway.StartAsync();
        var nodes = new List<TestServer>();
        using var stop = new CancellationTokenSource();
        try
        {
            for (var node = 0; node < Nodes; node++)
            {
                nodes.Add(await TestServer.StartAsync(Engine.PostgreSql, services => services.AddSingleton<ILoggerProvider>(retries), settings));
                nodes[^1].Clock.TimerSpeed = Speed;
            }

            await SelectAsync(nodes[0], gateway.Url);
            var clocks = RunClocksAsync(nodes, stop.Token);
            await AddAsync(nodes);
            await gateway.DieAfterAsync(2_000, Outage);
            await gateway.DieAfterAsync(6_000, Outage);
            var rows = await WaitAsync(nodes);
            await stop.CancelAsync();
            await clocks;

            rows.Count.ShouldBe(Messages);
            rows.ShouldAllBe(row => row.IsDelivered);
            var accepted = gateway.Accepted.GroupBy(id => id).ToDictionary(group => group.Key, group => group.Count());
            rows.Where(row => !accepted.ContainsKey(row.Id)).ShouldBeEmpty("A message was lost.");
            rows.Where(row => accepted[row.Id] > row.Attempts).ShouldBeEmpty("A message was sent more often than its attempts say.");
            accepted.Count.ShouldBe(Messages);
            var doubles = accepted.Values.Sum() - Messages;
            doubles.ShouldBeInRange(1, retries.Count);
        }
        finally
        {
            await stop.CancelAsync();
            foreach (var node in nodes)
            {
                await node.DisposeAsync();
            }
        }
    }

    private static async Task<(string, string)[]> SharedSettingsAsync() =>
    [
        ("ConnectionStrings:Sallyport", await PostgreSqlCluster.CreateDatabaseAsync()),
        ("Sallyport:Keys:Master", Convert.ToBase64String(new byte[32])),
        ("Sallyport:PublicUrl", "http://sallyport.test"),
        ("Sallyport:Providers:AllowPrivateWebhooks", "true"),
    ];

    private static async Task SelectAsync(TestServer server, string url)
    {
        var management = new ManagementApi(server);
        const string Phone = "/guardian/factors/phone/";
        await management.SendAsync(HttpMethod.Put, Phone + "providers/phone-message-hook", new { url, secret = "a secret of the webhook" });
        await management.SendAsync(HttpMethod.Put, Phone + "selected-provider", new { provider = "phone-message-hook" });
    }

    private static async Task RunClocksAsync(List<TestServer> nodes, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            nodes.ForEach(node => node.Clock.Advance(Tick * node.Clock.TimerSpeed));
            await Task.Delay(Tick, TimeProvider.System, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task AddAsync(List<TestServer> nodes)
    {
        const int Batch = 500;
        for (var batch = 0; batch < Messages / Batch; batch++)
        {
            var node = nodes[batch % nodes.Count];
            var outbox = node.Services.GetRequiredService<Outbox>();
            await node.Database.WriteAsync(
                unit =>
                {
                    for (var message = 0; message < Batch; message++)
                    {
                        outbox.Add(unit, TenantId.Default, NewMessage());
                    }

                    return ValueTask.CompletedTask;
                },
                CancellationToken.None);
        }
    }

    private static Message NewMessage() => Message.Of(new PhoneMessageV1
    {
        Channel = Message.Sms,
        To = PhonePerson.NewNumber(),
        Text = "123456",
        Kind = PhoneMessageV1.Verification,
        Language = "en",
    });

    private static async Task<List<MessageRow>> WaitAsync(List<TestServer> nodes)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            var rows = await nodes[0].Database.QueryAsync(
                new Statement("SELECT message_id, attempts, delivered_at, failed_at FROM message"),
                row => new MessageRow(row.GetString(0), row.GetInt64(1), !row.IsDBNull(2), !row.IsDBNull(3)),
                CancellationToken.None);
            if (rows.All(row => row.IsDelivered || row.IsGivenUp))
            {
                return rows;
            }

            if (rows.Count(row => !row.IsDelivered) < Rest)
            {
                nodes.ForEach(node => node.Clock.TimerSpeed = SpeedOfRest);
            }

            watch.Elapsed.ShouldBeLessThan(Deadline, $"{rows.Count(row => !row.IsDelivered)} messages are not delivered.");
            await Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System);
        }
    }

    private sealed record MessageRow(string Id, long Attempts, bool IsDelivered, bool IsGivenUp);

    /// <summary>Counts the attempts of which the log says that they will be repeated (event 1201).</summary>
    private sealed class RetryLog : ILoggerProvider, ILogger
    {
        private int count;

        public int Count => count;

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (eventId.Id == 1201 && state is IReadOnlyList<KeyValuePair<string, object?>> values)
            {
                Interlocked.Add(ref count, (int)values.Single(value => value.Key == "Count").Value!);
            }
        }

        public void Dispose()
        {
        }
    }

    /// <summary>A provider that accepts a message also when its answer is lost.</summary>
    private sealed class UnreliableGateway : IAsyncDisposable
    {
        private readonly System.Collections.Concurrent.ConcurrentQueue<string> accepted = new();
        private FakeProvider? server;
        private int calls;

        public string Url { get; private set; } = "";

        /// <summary>The ids of the messages, once for each time that a message was accepted.</summary>
        public IReadOnlyCollection<string> Accepted => accepted;

        public async Task StartAsync()
        {
            server = await FakeProvider.StartAsync(port: Url.Length == 0 ? 0 : new Uri(Url).Port);
            server.Reply = Reply;
            Url = server.Url;
        }

        public async Task DieAfterAsync(int messages, TimeSpan outage)
        {
            await Eventually.GetAsync(() => Task.FromResult(accepted.Count), count => count >= messages);
            await server!.DisposeAsync();
            await Task.Delay(outage, TimeProvider.System);
            await StartAsync();
        }

        public async ValueTask DisposeAsync()
        {
            if (server is not null)
            {
                await server.DisposeAsync();
            }
        }

        private ProviderReply Reply(ReceivedRequest request)
        {
            var call = Interlocked.Increment(ref calls);
            if (call % 5 == 1)
            {
                return new ProviderReply(503);
            }

            accepted.Enqueue((string)request.Json["id"]!);
            return call % 20 == 0 ? ProviderReply.Never : new ProviderReply(200, "{}");
        }
    }
}

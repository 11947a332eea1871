using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Sallyport.Server.Messages;
using Sallyport.Server.Settings;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Messages;

/// <summary>The outbox with a channel and a gateway that a test controls.</summary>
public sealed class DeliveryTests
{
    private const int Attempts = 16;
    private const string TestChannel = "test";

    [Theory, Engines]
    public async Task A_slow_gateway_does_not_delay_other_channels(Engine engine)
    {
        var gateway = new Gateway { IsSilent = true };
        await using var server = await StartAsync(engine, gateway);
        await AddAsync(server, [.. Enumerable.Range(0, 30).Select(number => Text($"{number}"))]);
        await Eventually.GetAsync(() => Task.FromResult(gateway.Waiting), waiting => waiting >= 8);

        var management = new ManagementApi(server);
        await management.SendAsync(
            HttpMethod.Post, "/guardian/enrollments/ticket", new { user_id = await management.CreateUserAsync(), send_mail = true });

        await Mail.WaitForAsync(server, 1);
        gateway.Delivered.ShouldBeEmpty();
    }

    /// <summary>Otherwise the time that a gateway takes for one call would limit the rate of a node.</summary>
    [Fact]
    public async Task A_channel_decides_how_many_messages_are_delivered_at_the_same_time()
    {
        var gateway = new Gateway { IsSilent = true, Concurrency = 20 };
        await using var server = await StartAsync(Engine.Sqlite, gateway);

        await AddAsync(server, [.. Enumerable.Range(0, 30).Select(number => Text($"{number}"))]);

        await Eventually.GetAsync(() => Task.FromResult(gateway.Waiting), waiting => waiting == 20);
        var channels = server.Services.GetServices<IMessageChannel>().ToDictionary(channel => channel.Name, channel => channel.Concurrency);
        channels[Message.Sms].ShouldBeGreaterThan(channels[Message.Email]);
        channels[Message.Push].ShouldBeGreaterThan(channels[Message.Email]);
    }

    [Theory, Engines]
    public async Task A_slow_message_does_not_delay_the_others_of_its_channel(Engine engine)
    {
        var gateway = new Gateway { Silent = "slow" };
        await using var server = await StartAsync(engine, gateway);
        await AddAsync(server, Text("slow"));
        await Eventually.GetAsync(() => Task.FromResult(gateway.Waiting), waiting => waiting == 1);

        for (var number = 0; number < 5; number++)
        {
            await AddAsync(server, Text($"{number}"));
        }

        await Eventually.GetAsync(() => Task.FromResult(gateway.Delivered), delivered => delivered.Count == 5);
    }

    [Theory, Engines]
    public async Task A_gateway_that_does_not_answer_counts_as_a_failed_attempt(Engine engine)
    {
        var gateway = new Gateway { IsSilent = true };
        await using var server = await StartAsync(engine, gateway);
        server.Clock.TimerSpeed = 100;

        await AddAsync(server, Text("a"));

        var row = await WaitForAsync(server, row => row.Error is not null);
        row.Error.ShouldBe("The provider did not answer within 20 seconds.");
        row.IsGivenUp.ShouldBeFalse();
    }

    [Theory, Engines]
    public async Task After_the_last_attempt_a_message_is_given_up_with_a_log_entry_and_a_metric(Engine engine)
    {
        var gateway = new Gateway { Failure = attempt => DeliveryException.Temporary($"Attempt {attempt}\r\nfailed.") };
        await using var server = await StartAsync(engine, gateway);
        server.Clock.TimerSpeed = 100;
        await AddAsync(server, Text("a") with { UserId = "auth0|ada" });

        for (var attempt = 1; attempt < Attempts; attempt++)
        {
            var error = $"Attempt {attempt} failed.";
            (await WaitForAsync(server, row => row.Error == error)).IsGivenUp.ShouldBeFalse();
            server.Clock.Advance(TimeSpan.FromHours(1));
        }

        var row = await WaitForAsync(server, row => row.IsGivenUp);
        row.ShouldBe(row with { Attempts = Attempts, Error = $"Attempt {Attempts} failed.", HasContent = false });
        var entry = (await new ManagementApi(server).GetAsync("/logs?q=type:fn"))[0]!;
        ((string)entry["user_id"]!).ShouldBe("auth0|ada");
        ((string)entry["details"]!["channel"]!).ShouldBe(TestChannel);
        ((int)entry["details"]!["attempts"]!).ShouldBe(Attempts);
        ((string)entry["details"]!["error"]!).ShouldBe($"Attempt {Attempts} failed.");
        var metrics = await server.Http.GetStringAsync("/metrics", TestContext.Current.CancellationToken);
        foreach (var name in new[] { "sallyport_messages_failed_total{", "sallyport_messages_retried_total{" })
        {
            metrics.Split('\n').ShouldContain(line =>
                line.StartsWith(name, StringComparison.Ordinal) && line.Contains($"channel=\"{TestChannel}\"", StringComparison.Ordinal));
        }
    }

    [Theory, Engines]
    public async Task A_message_waits_until_the_settings_of_the_provider_are_corrected_and_then_has_attempts_left(Engine engine)
    {
        var gateway = new Gateway { Failure = attempt => DeliveryException.Misconfigured($"Wrong password {attempt}.") };
        await using var server = await StartAsync(engine, gateway);
        server.Clock.TimerSpeed = 100;
        await AddAsync(server, Text("a"));
        for (var attempt = 1; attempt <= Attempts + 4; attempt++)
        {
            var error = $"Wrong password {attempt}.";
            (await WaitForAsync(server, row => row.Error == error)).IsGivenUp.ShouldBeFalse();
            server.Clock.Advance(TimeSpan.FromHours(1));
        }

        // All that waited is sent at once, and the provider may refuse that for a while.
        await WaitForAsync(server, row => row.Error == $"Wrong password {Attempts + 5}.");
        gateway.Failure = attempt => DeliveryException.Temporary($"Busy {attempt}.");
        server.Clock.Advance(TimeSpan.FromHours(1));
        (await WaitForAsync(server, row => row.Error == $"Busy {Attempts + 6}.")).IsGivenUp.ShouldBeFalse();
        gateway.Failure = null;
        server.Clock.Advance(TimeSpan.FromHours(1));

        await Eventually.GetAsync(() => Task.FromResult(gateway.Delivered), delivered => delivered.Count == 1);
    }

    [Theory, Engines]
    public async Task A_message_is_given_up_after_a_week_of_wrong_settings(Engine engine)
    {
        var gateway = new Gateway { Failure = attempt => DeliveryException.Misconfigured($"Wrong password {attempt}.") };
        await using var server = await StartAsync(engine, gateway);
        server.Clock.TimerSpeed = 100;
        await AddAsync(server, Text("a"));
        await WaitForAsync(server, row => row.Error == "Wrong password 1.");
        server.Clock.Advance(TimeSpan.FromDays(7) - TimeSpan.FromHours(2));
        (await WaitForAsync(server, row => row.Error == "Wrong password 2.")).IsGivenUp.ShouldBeFalse();

        server.Clock.Advance(TimeSpan.FromHours(2));

        (await WaitForAsync(server, row => row.IsGivenUp)).HasContent.ShouldBeFalse();
    }

    [Theory, Engines]
    public async Task A_permanent_failure_is_given_up_at_once(Engine engine)
    {
        var gateway = new Gateway { Failure = _ => DeliveryException.Permanent("The number does not exist.") };
        await using var server = await StartAsync(engine, gateway);

        await AddAsync(server, Text("a"));

        (await WaitForAsync(server, row => row.IsGivenUp)).Attempts.ShouldBe(1);
    }

    [Theory, Engines]
    public async Task A_message_whose_code_has_expired_is_not_delivered(Engine engine)
    {
        var gateway = new Gateway { Failure = _ => DeliveryException.Temporary("Busy.") };
        await using var server = await StartAsync(engine, gateway);
        server.Clock.TimerSpeed = 100;
        await AddAsync(server, Text("a") with { ExpiresAt = server.Clock.GetUtcNow().AddMinutes(5) });
        await WaitForAsync(server, row => row.Error is not null);
        gateway.Failure = null;

        server.Clock.Advance(TimeSpan.FromMinutes(5));

        (await WaitForAsync(server, row => row.IsGivenUp)).Error.ShouldBe("The message expired before it could be delivered.");
        gateway.Delivered.ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task Without_a_provider_messages_are_written_to_the_outbox_folder_as_JSON(Engine engine)
    {
        await using var server = await StartAsync(engine, gateway: null);

        await AddAsync(server, Text("123456"));

        var folder = server.Options.OutboxDirectory;
        var files = await Eventually.GetAsync(
            () => Task.FromResult(Directory.Exists(folder) ? Directory.GetFiles(folder, "*.json") : []), files => files.Length == 1);
        var sms = JsonNode.Parse(await File.ReadAllTextAsync(files[0], CancellationToken.None))!;
        ((string)sms["text"]!).ShouldBe("123456");
    }

    [Fact]
    public async Task A_node_that_stops_returns_what_it_has_not_delivered()
    {
        var connection = await PostgreSqlCluster.CreateDatabaseAsync();
        var settings = new (string, string)[]
        {
            ("ConnectionStrings:Sallyport", connection),
            ("Sallyport:Keys:Master", Convert.ToBase64String(new byte[32])),
            ("Sallyport:PublicUrl", "http://sallyport.test"),
        };
        var silent = new Gateway { IsSilent = true };
        await using (var stopping = await StartAsync(Engine.PostgreSql, silent, settings))
        {
            await AddAsync(stopping, [.. Enumerable.Range(0, 20).Select(number => Text($"{number}"))]);
            await Eventually.GetAsync(() => Task.FromResult(silent.Waiting), waiting => waiting == 8);
        }

        var gateway = new Gateway();
        await using var other = await StartAsync(Engine.PostgreSql, gateway, settings);

        // The clock does not move, so no lease ends.
        await Eventually.GetAsync(() => Task.FromResult(gateway.Delivered), delivered => delivered.Count == 20);
        var attempts = await Eventually.GetAsync(() => ListAsync(other.Database), rows => rows.All(row => !row.HasContent));
        attempts.ShouldAllBe(row => row.Attempts == 1);
    }

    private static Message Text(string text) =>
        new(TestChannel, new JsonObject { ["channel"] = TestChannel, ["to"] = "+15550100", ["text"] = text }.ToJsonString());

    private static Task<TestServer> StartAsync(Engine engine, Gateway? gateway, params (string, string)[] settings) =>
        TestServer.StartAsync(
            engine,
            services =>
            {
                services.AddSingleton(new GatewaySetting(gateway is not null, gateway?.Concurrency ?? Gateway.DefaultConcurrency));
                services.AddMessageChannel<GatewayChannel>();
                if (gateway is not null)
                {
                    services.AddSingleton<IMessageProvider>(gateway);
                }
            },
            settings);

    private static ValueTask AddAsync(TestServer server, params Message[] messages)
    {
        var outbox = server.Services.GetRequiredService<Outbox>();
        return server.Database.WriteAsync(
            unit =>
            {
                Array.ForEach(messages, message => outbox.Add(unit, TenantId.Default, message));
                return ValueTask.CompletedTask;
            },
            CancellationToken.None);
    }

    private static async Task<MessageRow> WaitForAsync(TestServer server, Func<MessageRow, bool> holds) =>
        (await Eventually.GetAsync(() => ListAsync(server.Database), rows => rows.Count == 1 && holds(rows[0])))[0];

    private static async Task<List<MessageRow>> ListAsync(Database database) => await database.QueryAsync(
        new Statement("SELECT attempts, last_error, failed_at, sealed_content FROM message"),
        row => new MessageRow(row.GetInt64(0), row.GetStringOrNull(1), !row.IsDBNull(2), !row.IsDBNull(3)),
        CancellationToken.None);

    private sealed record MessageRow(long Attempts, string? Error, bool IsGivenUp, bool HasContent);

    private sealed record GatewaySetting(bool HasProvider, int Concurrency);

    private sealed class GatewayChannel(GatewaySetting setting) : IMessageChannel
    {
        public string Name => TestChannel;

        public int Concurrency => setting.Concurrency;

        public ValueTask<ProviderChoice?> FindProviderAsync(TenantId tenant, CancellationToken cancellationToken) =>
            ValueTask.FromResult(setting.HasProvider ? new ProviderChoice("gateway", new SettingValue(new JsonObject(), SettingValue.NoSecrets)) : null);
    }

    private sealed class Gateway : IMessageProvider, IMessageConnection
    {
        public const int DefaultConcurrency = 8;

        private readonly ConcurrentQueue<string> delivered = new();
        private int waiting;
        private int attempts;

        public string Channel => TestChannel;

        public string Name => "gateway";

        public int Concurrency { get; init; } = DefaultConcurrency;

        /// <summary>Never answers.</summary>
        public bool IsSilent { get; init; }

        /// <summary>The text of the only message that never gets an answer.</summary>
        public string? Silent { get; init; }

        /// <summary>Called with the number of the attempt.</summary>
        public Func<int, DeliveryException>? Failure { get; set; }

        public int Waiting => waiting;

        public IReadOnlyCollection<string> Delivered => delivered;

        public IMessageConnection Connect(SettingValue settings) => this;

        public async Task SendAsync(OutgoingMessage message, CancellationToken cancellationToken)
        {
            if (Failure is { } failure)
            {
                throw failure(Interlocked.Increment(ref attempts));
            }

            var text = (string)JsonNode.Parse(message.Content)!["text"]!;
            if (IsSilent || text == Silent)
            {
                Interlocked.Increment(ref waiting);
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            }

            delivered.Enqueue(text);
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}

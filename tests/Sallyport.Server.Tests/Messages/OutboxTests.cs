using System.Net;
using System.Net.Sockets;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Messages;

public sealed class OutboxTests
{
    private const int Messages = 100;

    [Theory, Engines]
    public async Task A_delivered_message_leaves_nothing_in_the_database(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var management = new ManagementApi(server);

        await SendAsync(management, await management.CreateUserAsync());

        await Mail.WaitForAsync(server, 1);
        var rows = await Eventually.GetAsync(() => ListAsync(server.Database), rows => rows.All(row => row.IsDelivered));
        rows.ShouldHaveSingleItem().ShouldBe(new MessageRow(IsDelivered: true, HasContent: false, Attempts: 1));
    }

    [Theory, Engines]
    public async Task A_file_that_can_be_seen_is_whole(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var management = new ManagementApi(server);
        var userId = await management.CreateUserAsync();
        var sending = Task.WhenAll(Enumerable.Range(0, 30).Select(_ => SendAsync(management, userId)));

        var seen = await Eventually.GetAsync(
            () =>
            {
                var files = Mail.ListFiles(server);
                files.ShouldAllBe(file => File.ReadAllText(file).EndsWith("--\r\n", StringComparison.Ordinal));
                return Task.FromResult(files.Length);
            },
            count => count == 30);

        await sending;
        seen.ShouldBe(30);
        Directory.GetFiles(server.Options.OutboxDirectory).ShouldAllBe(file => file.EndsWith(".eml", StringComparison.Ordinal));
    }

    [Theory, Engines]
    public async Task A_message_that_cannot_be_delivered_is_tried_again_and_given_up_visibly(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var management = new ManagementApi(server);
        // A file where the folder should be.
        await File.WriteAllTextAsync(server.Options.OutboxDirectory, "", CancellationToken.None);

        await SendAsync(management, await management.CreateUserAsync());

        var row = await Eventually.GetAsync(() => ListFailuresAsync(server.Database), rows => rows.Count == 1);
        row[0].ShouldContain("|1|");
        (await ListAsync(server.Database))[0].HasContent.ShouldBeTrue();
        File.Delete(server.Options.OutboxDirectory);
        server.Clock.Advance(TimeSpan.FromSeconds(6));
        // Wakes the worker, which otherwise looks every few seconds.
        await SendAsync(management, await management.CreateUserAsync());
        (await Mail.WaitForAsync(server, 2)).Count.ShouldBe(2);
    }

    /// <summary>Of the mails that are due at once, four wait for an answer at the same time.</summary>
    [Theory, Engines]
    public async Task A_silent_mail_server_does_not_hold_up_what_else_is_due(Engine engine)
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        await using var server = await TestServer.StartAsync(engine);
        var management = new ManagementApi(server);
        var userId = await management.CreateUserAsync();
        await File.WriteAllTextAsync(server.Options.OutboxDirectory, "", CancellationToken.None);
        for (var sent = 0; sent < 3; sent++)
        {
            await SendAsync(management, userId);
        }

        await Eventually.GetAsync(() => ListFailuresAsync(server.Database), rows => rows.Count == 3);
        var credentials = new { smtp_host = "127.0.0.1", smtp_port = ((IPEndPoint)silent.LocalEndpoint).Port };
        (await management.SendAsync(HttpMethod.Post, "/emails/provider", new { name = "smtp", enabled = true, default_from_address = "a@example.com", credentials }))
            .ShouldBe(HttpStatusCode.Created);
        server.Clock.Advance(TimeSpan.FromSeconds(6));
        await SendAsync(management, userId);

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(15));
        var waiting = new List<TcpClient>();
        while (waiting.Count < 4)
        {
            waiting.Add(await silent.AcceptTcpClientAsync(patience.Token));
        }

        waiting.ForEach(client => client.Dispose());
    }

    [Fact]
    public async Task Two_nodes_deliver_each_message_once()
    {
        var settings = new (string, string)[]
        {
            ("ConnectionStrings:Sallyport", await PostgreSqlCluster.CreateDatabaseAsync()),
            ("Sallyport:Keys:Master", Convert.ToBase64String(new byte[32])),
            ("Sallyport:PublicUrl", "https://mfa.example.com"),
        };
        await using var one = await TestServer.StartAsync(Engine.PostgreSql, settings);
        await using var other = await TestServer.StartAsync(Engine.PostgreSql, settings);
        var nodes = new[] { new ManagementApi(one), new ManagementApi(other) };
        var userId = await nodes[0].CreateUserAsync();
        await nodes[1].GetAsync("/users");

        await Task.WhenAll(Enumerable.Range(0, Messages).Select(number => SendAsync(nodes[number % 2], userId)));

        await Eventually.GetAsync(
            () => ListAsync(one.Database), rows => rows.Count == Messages && rows.All(row => row.IsDelivered));
        var files = Mail.ListFiles(one).Concat(Mail.ListFiles(other)).Select(Path.GetFileName).ToList();
        files.Count.ShouldBe(Messages);
        files.Distinct().Count().ShouldBe(Messages);
        (await ListAsync(one.Database)).ShouldAllBe(row => row.Attempts == 1 && !row.HasContent);
    }

    private static async Task SendAsync(ManagementApi management, string userId) =>
        (await management.SendAsync(HttpMethod.Post, "/guardian/enrollments/ticket", new { user_id = userId, send_mail = true }))
            .ShouldBe(HttpStatusCode.OK);

    private static async Task<List<MessageRow>> ListAsync(Database database) => await database.QueryAsync(
        new Statement("SELECT delivered_at, sealed_content, attempts FROM message"),
        row => new MessageRow(!row.IsDBNull(0), !row.IsDBNull(1), row.GetInt64(2)),
        CancellationToken.None);

    private static async Task<List<string>> ListFailuresAsync(Database database) => await database.QueryAsync(
        new Statement("SELECT message_id, attempts, last_error FROM message WHERE last_error IS NOT NULL"),
        row => $"{row.GetString(0)}|{row.GetInt64(1)}|{row.GetString(2)}",
        CancellationToken.None);

    private sealed record MessageRow(bool IsDelivered, bool HasContent, long Attempts);
}

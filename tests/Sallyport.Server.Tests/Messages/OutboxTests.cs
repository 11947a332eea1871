using System.Net;
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
    public async Task A_file_is_complete_as_soon_as_it_is_visible(Engine engine)
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
    public async Task A_message_that_could_not_be_delivered_is_tried_again_after_a_pause(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var management = new ManagementApi(server);
        // A file in place of the folder makes the delivery fail.
        await File.WriteAllTextAsync(server.Options.OutboxDirectory, "", CancellationToken.None);

        await SendAsync(management, await management.CreateUserAsync());

        await Eventually.GetAsync(() => ListErrorsAsync(server.Database), rows => rows.Count == 1);
        (await ListAsync(server.Database)).ShouldBe([new MessageRow(IsDelivered: false, HasContent: true, Attempts: 1)]);
        File.Delete(server.Options.OutboxDirectory);
        server.Clock.Advance(TimeSpan.FromSeconds(5));
        // Wakes the worker, which otherwise polls every few seconds.
        await SendAsync(management, await management.CreateUserAsync());
        (await Mail.WaitForAsync(server, 2)).Count.ShouldBe(2);
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
        files.ShouldBeUnique();
        (await ListAsync(one.Database)).ShouldAllBe(row => row.Attempts == 1 && !row.HasContent);
    }

    [Theory, Engines]
    public async Task The_messages_of_a_node_that_died_are_delivered_when_their_lease_ends(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var management = new ManagementApi(server);
        await File.WriteAllTextAsync(server.Options.OutboxDirectory, "", CancellationToken.None);
        await SendAsync(management, await management.CreateUserAsync());
        await Eventually.GetAsync(() => ListErrorsAsync(server.Database), rows => rows.Count == 1);
        var leaseEnd = server.Clock.GetUtcNow() + TimeSpan.FromMinutes(1);
        await server.Database.WriteAsync(
            async unit => await unit.ExecuteAsync(
                new Statement("UPDATE message SET due_at = @due_at", ("due_at", leaseEnd.ToUnixTimeMilliseconds())), CancellationToken.None),
            CancellationToken.None);
        File.Delete(server.Options.OutboxDirectory);

        server.Clock.Advance(TimeSpan.FromSeconds(59));
        await SendAsync(management, await management.CreateUserAsync());
        await Mail.WaitForAsync(server, 1);
        server.Clock.Advance(TimeSpan.FromSeconds(1));
        await SendAsync(management, await management.CreateUserAsync());

        await Mail.WaitForAsync(server, 3);
    }

    private static async Task SendAsync(ManagementApi management, string userId) =>
        (await management.SendAsync(HttpMethod.Post, "/guardian/enrollments/ticket", new { user_id = userId, send_mail = true }))
            .ShouldBe(HttpStatusCode.OK);

    private static async Task<List<MessageRow>> ListAsync(Database database) => await database.QueryAsync(
        new Statement("SELECT delivered_at, sealed_content, attempts FROM message"),
        row => new MessageRow(!row.IsDBNull(0), !row.IsDBNull(1), row.GetInt64(2)),
        CancellationToken.None);

    private static async Task<List<string>> ListErrorsAsync(Database database) => await database.QueryAsync(
        new Statement("SELECT last_error FROM message WHERE last_error IS NOT NULL"), row => row.GetString(0), CancellationToken.None);

    private sealed record MessageRow(bool IsDelivered, bool HasContent, long Attempts);
}

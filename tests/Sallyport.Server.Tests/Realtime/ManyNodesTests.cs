using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Npgsql;
using Sallyport.Server.Storage;
using Sallyport.Server.Storage.PostgreSql;
using Sallyport.Server.Tests.Hosting;
using Sallyport.Server.Tests.PublishedClients;

namespace Sallyport.Server.Tests.Realtime;

/// <summary>A socket on one node receives events of changes on another node.</summary>
public sealed class ManyNodesTests
{
    private const int People = 25;
    private const int TabsOfPerson = 20;

    private static readonly string[] EnrollmentEvents = ["enrollment:confirmed", "login:complete"];
    private static readonly TimeSpan MaxDelay = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task An_enrollment_on_one_node_is_sent_to_a_socket_on_the_other_at_once()
    {
        await using var nodes = await TwoNodes.StartAsync();
        using var meter = new SocketMeter(nodes.Other);
        var one = await Enrolling.StartAsync(nodes.One);
        using var socket = await RawSocket.AuthenticatedAsync(nodes.Other.Http.BaseAddress!, one.Flow.Token);

        await one.ConfirmAsync();

        (await socket.ReceiveNamesAsync(2)).ShouldBe(EnrollmentEvents);
        await ShouldBeFoundByAsync(meter, "Notification");
    }

    [Fact]
    public async Task A_notification_that_is_lost_with_the_connection_loses_no_event()
    {
        await using var nodes = await TwoNodes.StartAsync();
        using var meter = new SocketMeter(nodes.Other);

        // The periodic refresh may come first now and then, but not in every attempt.
        for (var attempt = 0; attempt < 4 && !meter.FoundBy.Contains("Reconnection"); attempt++)
        {
            var one = await Enrolling.StartAsync(nodes.One);
            using var socket = await RawSocket.AuthenticatedAsync(nodes.Other.Http.BaseAddress!, one.Flow.Token);
            await Eventually.GetAsync(() => CountListenersAsync(nodes), count => count == 2);

            (await KillListenersAsync(nodes)).ShouldBe(2);
            await one.ConfirmAsync();

            (await socket.ReceiveNamesAsync(2)).ShouldBe(EnrollmentEvents);
            await Eventually.GetAsync(() => Task.FromResult(meter.FoundBy.Count()), count => count > 0);
        }

        meter.FoundBy.ShouldContain("Reconnection");
    }

    /// <summary>For a client that announced polling no notification is sent.</summary>
    [Fact]
    public async Task Without_a_notification_the_event_is_sent_by_the_periodic_refresh()
    {
        await using var nodes = await TwoNodes.StartAsync();
        using var meter = new SocketMeter(nodes.Other);
        nodes.One.Clock.Run();
        var person = await Person.CreateAsync(nodes.One);
        var started = await person.Guardian.SendAsync(
            "start-flow", $"Ticket id=\"{await person.NewTicketAsync()}\"", JsonContent.Create(new { state_transport = "polling" }));
        var one = new Enrolling(person, new Flow(started.ShouldBe(HttpStatusCode.Created)));
        using var socket = await RawSocket.AuthenticatedAsync(nodes.Other.Http.BaseAddress!, one.Flow.Token);

        await one.ConfirmAsync();

        (await socket.ReceiveNamesAsync(2)).ShouldBe(EnrollmentEvents);
        await ShouldBeFoundByAsync(meter, "Periodic");
    }

    [Fact]
    public async Task After_a_node_with_500_sockets_is_killed_every_browser_gets_the_right_answer()
    {
        var connectionString = await PostgreSqlCluster.CreateDatabaseAsync();
        await using var preparing = await TestServer.StartAsync(
            Engine.PostgreSql,
            ("ConnectionStrings:Sallyport", connectionString),
            ("Sallyport:PublicUrl", TwoNodes.PublicUrl),
            ("Sallyport:Keys:Master", TwoNodes.MasterKey));
        using var killed = StartProcess(connectionString, out var killedUrl);
        using var survivor = StartProcess(connectionString, out var survivorUrl);
        preparing.Clock.Run();
        var people = await Task.WhenAll(Enumerable.Range(0, People).Select(_ => TabsAsync(preparing)));
        await ShouldBeReadyAsync(killedUrl, survivorUrl);

        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(
            file,
            JsonSerializer.Serialize(new
            {
                nodes = new[] { killedUrl, survivorUrl },
                pid = killed.Id,
                people = people.Select(tabs => new { code = tabs[0].Code, tabs = tabs.Select(tab => new { token = tab.Flow.Token, txId = tab.TransactionId }) }),
            }),
            TestContext.Current.CancellationToken);
        var result = await NodeClient.RunAsync("killed-node", new { file });
        File.Delete(file);

        ((int)result["codes"]!).ShouldBe(People);
        ((int)result["right"]!).ShouldBe(People * TabsOfPerson);
        ((int)result["statesRight"]!).ShouldBe(People * TabsOfPerson);
        TimeSpan.FromMilliseconds((double)result["milliseconds"]!).ShouldBeLessThan(MaxDelay);
    }

    private static async Task<List<Enrolling>> TabsAsync(TestServer server)
    {
        var person = await Person.CreateAsync(server);
        var ticket = await person.NewTicketAsync();
        var tabs = new List<Enrolling>();
        for (var i = 0; i < TabsOfPerson; i++)
        {
            tabs.Add(new Enrolling(person, await person.Guardian.StartAsync(ticket)));
        }

        return tabs;
    }

    private static ServerProcess StartProcess(string connectionString, out string url)
    {
        url = $"http://127.0.0.1:{Ports.Free()}";
        return ServerProcess.Start(
            ("urls", url),
            ("Sallyport:PublicUrl", TwoNodes.PublicUrl),
            ("Sallyport:Keys:Master", TwoNodes.MasterKey),
            ("Sallyport:Storage", "PostgreSql"),
            ("ConnectionStrings:Sallyport", connectionString),
            ("Sallyport:RateLimits:Guardian", "0"));
    }

    private static async Task ShouldBeReadyAsync(params string[] urls)
    {
        using var http = new HttpClient();
        foreach (var url in urls)
        {
            await Eventually.GetAsync(() => IsReadyAsync(http, url), ready => ready);
        }
    }

    private static async Task<bool> IsReadyAsync(HttpClient http, string url)
    {
        try
        {
            using var response = await http.GetAsync(url + "/health/ready");
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>Waits, because the event is counted after it is sent.</summary>
    private static async Task ShouldBeFoundByAsync(SocketMeter meter, string reason) =>
        await Eventually.GetAsync(() => Task.FromResult(string.Join(' ', meter.FoundBy)), reasons => reasons == reason);

    private static Task<long> KillListenersAsync(TwoNodes nodes) =>
        ScalarAsync(nodes, $"SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE {Listeners}");

    private static Task<long> CountListenersAsync(TwoNodes nodes) =>
        ScalarAsync(nodes, $"SELECT count(*) FROM pg_stat_activity WHERE {Listeners}");

    private static string Listeners => $"application_name = '{PostgreSqlDatabase.ListenerName}' AND datname = current_database()";

    private static async Task<long> ScalarAsync(TwoNodes nodes, string sql)
    {
        await using var connection = new NpgsqlConnection(nodes.ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}

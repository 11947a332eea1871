using System.Net;
using System.Net.Sockets;
using Sallyport.Server.Tests.Documents;
using Sallyport.Server.Tests.Hosting;
using Sallyport.Server.Tests.PublishedClients;

namespace Sallyport.Server.Tests.Realtime;

/// <summary>Runs the configurations of <c>docs/operating.md</c>, with other addresses, in front of two nodes.</summary>
public sealed class LoadBalancerTests
{
    private const int Addresses = 24;
    private const int Plays = 9;

    [Theory]
    [InlineData("nginx")]
    [InlineData("haproxy")]
    public async Task Every_client_over_every_transport_stays_on_its_node(string program)
    {
        LoadBalancerProcess.Require(program);
        await using var nodes = await TwoNodes.StartAsync(("Sallyport:TrustedProxies", "127.0.0.1"));
        using var one = new SocketMeter(nodes.One);
        using var other = new SocketMeter(nodes.Other);
        var port = Ports.Free();

        await using var balancer = await LoadBalancerProcess.StartAsync(program, Configuration(program, nodes, port));

        await ShouldStayOnNodeAsync(port);
        foreach (var node in new[] { one, other })
        {
            node["sallyport.sockets.opened Polling"].ShouldBeGreaterThan(0, "All sockets are on one node, so the test proves nothing.");
        }

        await ShouldReceiveEventsAsync(nodes.One, port);
    }

    /// <summary>Opens a session with one request and uses it with the next, from many addresses.</summary>
    private static async Task ShouldStayOnNodeAsync(int port)
    {
        for (var i = 0; i < Addresses; i++)
        {
            var from = new IPAddress([127, 0, 9, (byte)(i + 1)]);
            using var http = From(from, port);
            var opened = await Eventually.GetAsync(() => GetAsync(http, ""), answer => answer.StartsWith("0{", StringComparison.Ordinal));
            var sid = opened.Split('"')[3];

            using var response = await http.PostAsync($"/socket.io/?EIO=4&transport=polling&sid={sid}", new StringContent("40"));

            (await response.Content.ReadAsStringAsync()).ShouldBe("ok", from.ToString());
            (await GetAsync(http, "&sid=" + sid)).ShouldStartWith("40{");
        }
    }

    private static async Task ShouldReceiveEventsAsync(TestServer node, int port)
    {
        var people = await Task.WhenAll(Enumerable.Range(0, Plays).Select(_ => Enrolling.StartAsync(node)));

        var plays = await NodeClient.RunAsync("sockets", new
        {
            url = $"http://127.0.0.1:{port}",
            path = "/socket.io",
            api = $"http://127.0.0.1:{port}/api",
            people = people.Select((one, i) => new { token = one.Flow.Token, code = one.Code, from = $"127.0.9.{i + 1}" }),
        });

        foreach (var play in plays.AsArray())
        {
            play!["events"].Texts().ShouldBe(["authenticated", "enrollment:confirmed", "login:complete"], play.ToJsonString());
        }
    }

    private static string Configuration(string program, TwoNodes nodes, int port)
    {
        var heading = program == "nginx" ? "### nginx" : "### HAProxy";
        var configuration = DocumentedCommands.Read("docs/operating.md", heading, program).ShouldHaveSingleItem()
            .Replace("10.0.0.1:5080", nodes.One.Http.BaseAddress!.Authority, StringComparison.Ordinal)
            .Replace("10.0.0.2:5080", nodes.Other.Http.BaseAddress!.Authority, StringComparison.Ordinal)
            .Replace("listen 80;", $"listen 127.0.0.1:{port};", StringComparison.Ordinal)
            .Replace("bind :80", $"bind 127.0.0.1:{port}", StringComparison.Ordinal);
        configuration.ShouldContain($"127.0.0.1:{port}");
        return configuration;
    }

    private static HttpClient From(IPAddress address, int port) =>
        new(new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellationToken) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                socket.Bind(new IPEndPoint(address, 0));
                await socket.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            },
        })
        {
            BaseAddress = new Uri($"http://127.0.0.1:{port}"),
        };

    private static async Task<string> GetAsync(HttpClient http, string query)
    {
        try
        {
            return await http.GetStringAsync("/socket.io/?EIO=4&transport=polling" + query);
        }
        catch (HttpRequestException exception)
        {
            return exception.Message;
        }
    }
}

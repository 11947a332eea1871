using System.Net;
using System.Net.WebSockets;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Realtime;

public sealed class SocketLimitTests
{
    private const string Polling = "/socket.io/?EIO=4&transport=polling";
    private const string Origin = "https://login.example.com";

    [Fact]
    public async Task The_sockets_of_an_address_are_limited_and_a_closed_one_makes_room()
    {
        await using var server = await TestServer.StartAsync(Engine.Sqlite, ("Sallyport:Sockets:MaxOfAddress", "2"));
        var first = await RawSocket.ConnectAsync(server.Http.BaseAddress!);
        using var second = await RawSocket.ConnectAsync(server.Http.BaseAddress!);

        (await server.SendAsync(HttpMethod.Get, Polling)).ShouldBeError(HttpStatusCode.TooManyRequests, "too_many_requests");
        using var third = new RawSocket();
        await Should.ThrowAsync<WebSocketException>(() => third.OpenAsync(server.Http.BaseAddress!, "/socket.io/?EIO=4&transport=websocket"));

        first.Dispose();
        await Eventually.GetAsync(
            async () => (await server.SendAsync(HttpMethod.Get, Polling)).Status, status => status == HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_sockets_of_a_node_are_limited()
    {
        await using var server = await TestServer.StartAsync(Engine.Sqlite, ("Sallyport:Sockets:Max", "1"));
        using var meter = new SocketMeter(server);
        using var only = await RawSocket.ConnectAsync(server.Http.BaseAddress!);

        (await server.SendAsync(HttpMethod.Get, Polling)).ShouldBeError(HttpStatusCode.TooManyRequests, "too_many_requests");

        meter["sallyport.sockets.refused Full"].ShouldBe(1);
    }

    /// <summary>The address is the one that the rate limits use: behind a trusted proxy, the client's.</summary>
    [Fact]
    public async Task Behind_a_trusted_proxy_every_client_has_its_own_limit()
    {
        await using var server = await TestServer.StartAsync(
            Engine.Sqlite, ("Sallyport:Sockets:MaxOfAddress", "1"), ("Sallyport:TrustedProxies", "127.0.0.0/8"));

        foreach (var address in new[] { "192.0.2.1", "192.0.2.2", "2001:db8:1:2::1", "2001:db8:1:3::1" })
        {
            (await server.SendAsync(HttpMethod.Get, Polling, ("X-Forwarded-For", address))).Status.ShouldBe(HttpStatusCode.OK);
        }

        foreach (var address in new[] { "192.0.2.1", "::ffff:192.0.2.2", "2001:db8:1:2::99" })
        {
            (await server.SendAsync(HttpMethod.Get, Polling, ("X-Forwarded-For", address))).Status.ShouldBe(HttpStatusCode.TooManyRequests);
        }
    }

    [Fact]
    public async Task New_sockets_of_an_address_are_limited_per_second_and_polls_are_not()
    {
        await using var server = await TestServer.StartAsync(Engine.Sqlite, ("Sallyport:RateLimits:Guardian", "3"));

        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 4; i++)
        {
            statuses.Add((await server.SendAsync(HttpMethod.Get, Polling)).Status);
        }

        statuses.ShouldBe([HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.TooManyRequests]);
        for (var i = 0; i < 10; i++)
        {
            (await server.SendAsync(HttpMethod.Get, Polling + "&sid=unknown")).Status.ShouldBe(HttpStatusCode.BadRequest);
        }
    }

    [Fact]
    public async Task A_page_of_any_origin_may_read_answers_to_the_requests_with_credentials_of_Engine_IO_3()
    {
        await using var server = await TestServer.StartAsync(Engine.Sqlite);

        var answer = await server.SendAsync(HttpMethod.Get, "/socket.io/?EIO=3&transport=polling", ("Origin", Origin));

        answer.Status.ShouldBe(HttpStatusCode.OK);
        answer.Header("Access-Control-Allow-Origin").ShouldBe(Origin);
        answer.Header("Access-Control-Allow-Credentials").ShouldBe("true");
        answer.Header("Set-Cookie").ShouldBeEmpty();
        var preflight = await server.SendAsync(
            HttpMethod.Options, "/socket.io/?EIO=3&transport=polling",
            ("Origin", Origin), ("Access-Control-Request-Method", "POST"), ("Access-Control-Request-Headers", "content-type"));
        preflight.Status.ShouldBe(HttpStatusCode.NoContent);
        preflight.Header("Access-Control-Allow-Origin").ShouldBe(Origin);
        preflight.Header("Access-Control-Allow-Credentials").ShouldBe("true");
    }

    [Fact]
    public async Task With_configured_origins_only_these_and_the_own_pages_get_a_socket()
    {
        await using var server = await TestServer.StartAsync(Engine.Sqlite, ("Sallyport:AllowedOrigins", Origin));

        foreach (var origin in new[] { Origin, server.Url })
        {
            (await server.SendAsync(HttpMethod.Get, Polling, ("Origin", origin))).Status.ShouldBe(HttpStatusCode.OK, origin);
            using var socket = new ClientWebSocket();
            socket.Options.SetRequestHeader("Origin", origin);
            await socket.ConnectAsync(WebSocketUrl(server), CancellationToken.None);
        }

        foreach (var origin in new[] { "https://evil.example.com", "http://login.example.com", "https://login.example.com.evil.com", "null" })
        {
            var answer = await server.SendAsync(HttpMethod.Get, Polling, ("Origin", origin));
            answer.Status.ShouldBe(HttpStatusCode.Forbidden, origin);
            answer.Header("Access-Control-Allow-Origin").ShouldBeEmpty();
            using var socket = new ClientWebSocket();
            socket.Options.SetRequestHeader("Origin", origin);
            await Should.ThrowAsync<WebSocketException>(() => socket.ConnectAsync(WebSocketUrl(server), CancellationToken.None));
        }
    }

    [Fact]
    public async Task The_metrics_count_open_and_closed_sockets_and_events()
    {
        await using var server = await TestServer.StartAsync(Engine.Sqlite);
        using var meter = new SocketMeter(server);
        var one = await Enrolling.StartAsync(server);
        using var kept = await RawSocket.AuthenticatedAsync(server.Http.BaseAddress!, one.Flow.Token);
        using (var refused = await RawSocket.ConnectAsync(server.Http.BaseAddress!))
        {
            await refused.AuthenticateAsync("no token");
            await refused.ReceiveNamesAsync(1);
            await refused.ShouldBeClosedAsync();
        }

        await one.ConfirmAsync();
        await kept.ReceiveNamesAsync(2);

        await Eventually.GetAsync(
            () => Task.FromResult(meter["sallyport.socket.events login:complete Notification"]), count => count == 1);
        meter["sallyport.socket.events enrollment:confirmed Notification"].ShouldBe(1);
        meter["sallyport.sockets.open"].ShouldBe(1);
        meter["sallyport.sockets.opened WebSocket"].ShouldBe(2);
        meter["sallyport.sockets.closed Kicked"].ShouldBe(1);
        var metrics = await server.Http.GetStringAsync("/metrics", TestContext.Current.CancellationToken);
        metrics.Split('\n').ShouldContain(line =>
            line.StartsWith("sallyport_sockets_opened_total{", StringComparison.Ordinal) && line.Contains("transport=\"WebSocket\"", StringComparison.Ordinal));
    }

    private static Uri WebSocketUrl(TestServer server) =>
        new UriBuilder(new Uri(server.Http.BaseAddress!, "/socket.io/?EIO=4&transport=websocket")) { Scheme = "ws" }.Uri;
}

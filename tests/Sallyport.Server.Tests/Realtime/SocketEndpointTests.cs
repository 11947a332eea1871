using System.Net;
using System.Net.WebSockets;
using System.Text;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Realtime;

/// <summary>Invalid and hostile requests get a 4xx or a closed socket, never a 5xx, and do not affect other sockets.</summary>
public sealed class SocketEndpointTests(Servers servers) : IClassFixture<Servers>
{
    private const string Polling = "/socket.io/?EIO=4&transport=polling";

    [Theory]
    [InlineData("", 0)]
    [InlineData("?transport=polling", 5)]
    [InlineData("?EIO=2&transport=polling", 5)]
    [InlineData("?EIO=5&transport=polling", 5)]
    [InlineData("?EIO=4&EIO=3&transport=polling", 5)]
    [InlineData("?EIO=4&transport=flashsocket", 0)]
    [InlineData("?EIO=4&transport=polling&transport=websocket", 0)]
    [InlineData("?EIO=4&transport=websocket", 3)]
    [InlineData("?EIO=3&transport=polling&j=0", 3)]
    [InlineData("?EIO=4&transport=polling&sid=unknown", 1)]
    [InlineData("?EIO=4&transport=polling&sid=a&sid=b", 3)]
    [InlineData("?EIO=4&transport=polling&sid=%00%ff", 1)]
    public async Task An_invalid_query_gets_the_error_code_of_Engine_IO(string query, int code)
    {
        var server = await servers.GetAsync(Engine.Sqlite);
        foreach (var path in new[] { "/socket.io/", "/socket.io", "/appliance-mfa/socket.io/" })
        {
            var answer = await server.SendAsync(HttpMethod.Get, path + query);

            ((int)answer.ShouldBe(HttpStatusCode.BadRequest)["code"]!).ShouldBe(code);
        }
    }

    [Theory]
    [InlineData("PUT")]
    [InlineData("PATCH")]
    [InlineData("DELETE")]
    [InlineData("HEAD")]
    [InlineData("OPTIONS")]
    [InlineData("TRACE")]
    [InlineData("PROPFIND")]
    public async Task An_unknown_method_is_a_bad_request_and_does_not_end_the_session(string method)
    {
        var server = await servers.GetAsync(Engine.Sqlite);
        var sid = await OpenAsync(server);

        foreach (var path in new[] { Polling, $"{Polling}&sid={sid}", "/appliance-mfa/socket.io/?EIO=3&transport=websocket" })
        {
            var answer = await server.SendAsync(new HttpMethod(method), path);

            answer.Status.ShouldBe(HttpStatusCode.BadRequest, path);
            if (method != "HEAD")
            {
                ((int)answer.Json!["code"]!).ShouldBe(2);
            }
        }

        (await PostAsync(server, $"{Polling}&sid={sid}", "40")).Text.ShouldBe("ok");
    }

    [Theory]
    [InlineData(3, "2", "40", "3")]
    [InlineData(4, "40", "40{")]
    public async Task A_second_websocket_of_a_session_is_accepted_then_closed_and_the_session_continues(
        int protocol, string packet, params string[] answers)
    {
        var server = await servers.GetAsync(Engine.Sqlite);
        using var first = new RawSocket();
        await first.OpenAsync(server.Http.BaseAddress!, $"/socket.io/?EIO={protocol}&transport=websocket");
        var open = (await first.ReceiveAsync())!;
        var sid = (string)System.Text.Json.Nodes.JsonNode.Parse(open[1..])!["sid"]!;

        foreach (var early in new[] { null, "2probe" })
        {
            using var second = new RawSocket();
            await second.OpenAsync(server.Http.BaseAddress!, $"/socket.io/?EIO={protocol}&transport=websocket&sid={sid}");
            if (early is not null)
            {
                await second.SendAsync(early);
            }

            (await second.ReceiveAsync()).ShouldBeNull();
            second.CloseStatus.ShouldBe(WebSocketCloseStatus.NormalClosure);
        }

        await first.SendAsync(packet);
        foreach (var answer in answers)
        {
            (await first.ReceiveAsync())!.ShouldStartWith(answer);
        }
    }

    [Fact]
    public async Task A_post_without_a_session_and_a_request_of_another_protocol_version_are_refused()
    {
        var server = await servers.GetAsync(Engine.Sqlite);
        var sid = await OpenAsync(server);

        ((int)(await PostAsync(server, Polling, "40")).ShouldBe(HttpStatusCode.BadRequest)["code"]!).ShouldBe(2);
        var answer = await server.SendAsync(HttpMethod.Get, $"/socket.io/?EIO=3&transport=polling&sid={sid}");
        ((int)answer.ShouldBe(HttpStatusCode.BadRequest)["code"]!).ShouldBe(3);
    }

    [Theory]
    [InlineData("4not a packet")]
    [InlineData("b4AAAA")]
    [InlineData("451-[\"a\",{\"_placeholder\":true,\"num\":0}]")]
    [InlineData("7")]
    [InlineData("")]
    [InlineData("42[\"before joining\"]")]
    public async Task An_invalid_body_ends_the_session(string body)
    {
        var server = await servers.GetAsync(Engine.Sqlite);
        var sid = await OpenAsync(server);

        (await PostAsync(server, $"{Polling}&sid={sid}", body)).Status.ShouldBe(HttpStatusCode.BadRequest);

        ((int)(await PostAsync(server, $"{Polling}&sid={sid}", "40")).ShouldBe(HttpStatusCode.BadRequest)["code"]!).ShouldBe(1);
    }

    [Fact]
    public async Task A_body_over_the_limit_is_a_413()
    {
        var server = await servers.GetAsync(Engine.Sqlite);
        var sid = await OpenAsync(server);

        (await PostAsync(server, $"{Polling}&sid={sid}", "4" + new string('x', 900_000))).Status.ShouldBe(HttpStatusCode.RequestEntityTooLarge);

        (await PostAsync(server, $"{Polling}&sid={sid}", "40")).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_second_concurrent_poll_ends_the_session()
    {
        var server = await servers.GetAsync(Engine.Sqlite);
        var sid = await OpenAsync(server);
        var first = server.SendAsync(HttpMethod.Get, $"{Polling}&sid={sid}");
        await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, TestContext.Current.CancellationToken);

        (await server.SendAsync(HttpMethod.Get, $"{Polling}&sid={sid}")).Status.ShouldBe(HttpStatusCode.BadRequest);

        (await first).Text.ShouldBe("1");
    }

    [Fact]
    public async Task A_cancelled_poll_ends_the_session()
    {
        var server = await servers.GetAsync(Engine.Sqlite);
        var sid = await OpenAsync(server);
        using (var impatient = new CancellationTokenSource(TimeSpan.FromMilliseconds(200), TimeProvider.System))
        {
            await Should.ThrowAsync<OperationCanceledException>(() => server.Http.GetAsync($"{Polling}&sid={sid}", impatient.Token));
        }

        await Eventually.GetAsync(
            async () => (await PostAsync(server, $"{Polling}&sid={sid}", "3")).Status, status => status == HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("4not a packet")]
    [InlineData("")]
    [InlineData("42[\"authenticate\"")]
    [InlineData("2")]
    public async Task An_invalid_frame_closes_the_websocket(string frame)
    {
        using var socket = await RawSocket.ConnectAsync((await servers.GetAsync(Engine.Sqlite)).Http.BaseAddress!);

        await socket.SendAsync(frame);

        await socket.ShouldBeClosedAsync();
    }

    [Theory]
    [InlineData(WebSocketMessageType.Text)]
    [InlineData(WebSocketMessageType.Binary)]
    public async Task Binary_frames_and_frames_over_the_limit_close_the_websocket(WebSocketMessageType type)
    {
        using var socket = await RawSocket.ConnectAsync((await servers.GetAsync(Engine.Sqlite)).Http.BaseAddress!);

        await socket.SendAsync(Encoding.ASCII.GetBytes("4" + new string('x', 50_000)), type);

        await socket.ShouldBeClosedAsync();
    }

    [Fact]
    public async Task Invalid_UTF_8_closes_the_websocket()
    {
        using var socket = await RawSocket.ConnectAsync((await servers.GetAsync(Engine.Sqlite)).Http.BaseAddress!);

        await socket.SendAsync([(byte)'4', 0xff, 0xfe], WebSocketMessageType.Text);

        await socket.ShouldBeClosedAsync();
    }

    [Fact]
    public async Task A_flood_of_messages_closes_the_websocket_but_no_others()
    {
        var server = await servers.GetAsync(Engine.Sqlite);
        var bystander = await Enrolling.StartAsync(server);
        using var quiet = await RawSocket.AuthenticatedAsync(server.Http.BaseAddress!, bystander.Flow.Token);
        using var loud = await RawSocket.ConnectAsync(server.Http.BaseAddress!);

        for (var i = 0; i < 100; i++)
        {
            await loud.SendAsync("42[\"noise\"]");
        }

        await loud.ShouldBeClosedAsync();
        await bystander.ConfirmAsync();
        (await quiet.ReceiveNamesAsync(2)).ShouldBe(["enrollment:confirmed", "login:complete"]);
    }

    [Theory]
    [InlineData("42[\"authenticate\"]")]
    [InlineData("42[\"authenticate\",null]")]
    [InlineData("42[\"authenticate\",{\"token\":1}]")]
    [InlineData("42[\"authenticate\",{\"token\":\"\"}]")]
    [InlineData("42[\"authenticate\",{\"token\":\"a.b.c\"}]")]
    [InlineData("42[\"authenticate\",\"token\"]")]
    public async Task An_invalid_token_is_answered_with_the_event_unauthorized_and_a_disconnect(string frame)
    {
        using var socket = await RawSocket.ConnectAsync((await servers.GetAsync(Engine.Sqlite)).Http.BaseAddress!);

        await socket.SendAsync(frame);

        var (name, payload) = await socket.ReceiveEventAsync();
        name.ShouldBe("unauthorized");
        payload!.ToJsonString().ShouldBe(
            """{"message":"Invalid token.","data":{"message":"Invalid token.","code":"invalid_token","type":"UnauthorizedError"}}""");
        (await socket.ReceiveAsync()).ShouldBe("41");
        await socket.ShouldBeClosedAsync();
    }

    [Fact]
    public async Task A_client_that_does_not_authenticate_is_disconnected_after_a_while()
    {
        await using var server = await TestServer.StartAsync(Engine.Sqlite);
        using var silent = await RawSocket.ConnectAsync(server.Http.BaseAddress!);
        var one = await Enrolling.StartAsync(server);
        using var known = await RawSocket.AuthenticatedAsync(server.Http.BaseAddress!, one.Flow.Token);

        server.Clock.Advance(TimeSpan.FromSeconds(16));

        (await silent.ReceiveAsync()).ShouldBe("41");
        await silent.ShouldBeClosedAsync();
        await one.ConfirmAsync();
        (await known.ReceiveNamesAsync(2)).ShouldBe(["enrollment:confirmed", "login:complete"]);
    }

    [Fact]
    public async Task A_client_that_answers_no_heartbeat_is_disconnected()
    {
        await using var server = await TestServer.StartAsync(Engine.Sqlite);
        var one = await Enrolling.StartAsync(server);
        using var socket = await RawSocket.AuthenticatedAsync(server.Http.BaseAddress!, one.Flow.Token);

        server.Clock.Advance(TimeSpan.FromSeconds(26));
        (await socket.ReceiveAsync()).ShouldBe("2");
        server.Clock.Advance(TimeSpan.FromSeconds(21));

        (await socket.ReceiveAsync()).ShouldBeNull();
    }

    private static async Task<string> OpenAsync(TestServer server)
    {
        var answer = await server.SendAsync(HttpMethod.Get, Polling);
        answer.Status.ShouldBe(HttpStatusCode.OK);
        return (string)System.Text.Json.Nodes.JsonNode.Parse(answer.Text[1..])!["sid"]!;
    }

    private static async Task<Answer> PostAsync(TestServer server, string path, string body)
    {
        using var response = await server.Http.PostAsync(path, new StringContent(body));
        return await Answer.ReadAsync(response);
    }
}

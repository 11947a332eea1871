using Sallyport.Protocols.SocketIo;

namespace Sallyport.Protocols.Tests.SocketIo;

public sealed class HandshakeTests
{
    [Fact]
    public void Version_3_gets_the_open_and_the_connect_packet_in_one_payload()
    {
        var scenario = new SessionScenario(EngineProtocol.V3);

        scenario.Poll().ShouldBe(
            "86:0{\"sid\":\"engine-id\",\"upgrades\":[\"websocket\"],\"pingInterval\":25000,\"pingTimeout\":20000}2:40");
        scenario.Inputs().ShouldHaveSingleItem().ShouldBe(new SocketInput(SocketInputKind.Joined, "/"));
    }

    [Fact]
    public void Version_4_joins_when_the_client_asks()
    {
        var scenario = new SessionScenario();

        scenario.Poll().ShouldBe(
            "0{\"sid\":\"engine-id\",\"upgrades\":[\"websocket\"],\"pingInterval\":25000,\"pingTimeout\":20000,\"maxPayload\":100000}");
        scenario.Inputs().ShouldBeEmpty();
        scenario.Post("40").ShouldBe(SocketRequestOutcome.Accepted);
        scenario.Poll().ShouldBe("40{\"sid\":\"socket-id\"}");
        scenario.Inputs().ShouldHaveSingleItem().ShouldBe(new SocketInput(SocketInputKind.Joined, "/"));
    }

    [Fact]
    public void A_websocket_is_offered_no_upgrade()
    {
        var scenario = new SessionScenario(EngineProtocol.V3, SocketTransport.WebSocket);

        scenario.Attach();

        scenario.Frames().ShouldBe(["0{\"sid\":\"engine-id\",\"upgrades\":[],\"pingInterval\":25000,\"pingTimeout\":20000}", "40"]);
    }

    [Fact]
    public void A_session_that_started_on_a_websocket_refuses_a_second_one()
    {
        var scenario = SessionScenario.OnWebSocket();

        scenario.Session.WebSockets.Attach(scenario.Now).ShouldBeNull();
        scenario.Frames(out var staysOpen);
        staysOpen.ShouldBeTrue();
    }

    [Theory]
    [InlineData(EngineProtocol.V3, "17:40/appliance-mfa,")]
    [InlineData(EngineProtocol.V4, "40/appliance-mfa,{\"sid\":\"socket-id\"}")]
    public void A_client_joins_a_second_namespace(EngineProtocol protocol, string answer)
    {
        var scenario = SessionScenario.Polling(protocol);

        scenario.PostPacket("40/appliance-mfa");

        scenario.Poll().ShouldBe(answer);
        scenario.Inputs().ShouldHaveSingleItem().ShouldBe(new SocketInput(SocketInputKind.Joined, "/appliance-mfa"));
    }

    [Theory]
    [InlineData(EngineProtocol.V3, "42:44/unknown,{\"message\":\"Invalid namespace\"}")]
    [InlineData(EngineProtocol.V4, "44/unknown,{\"message\":\"Invalid namespace\"}")]
    public void An_unknown_namespace_is_refused_with_an_object(EngineProtocol protocol, string answer)
    {
        var scenario = SessionScenario.Polling(protocol);

        scenario.PostPacket("40/unknown,");

        scenario.Poll().ShouldBe(answer);
        scenario.Inputs().ShouldBeEmpty();
        scenario.Session.State.ShouldBe(SocketSessionState.Open);
    }

    [Fact]
    public void A_client_that_joins_no_namespace_is_closed()
    {
        var scenario = new SessionScenario();
        scenario.Poll();
        scenario.OpenPoll();

        scenario.Wait(scenario.Options.PingInterval);
        scenario.Session.Polling.TakeAnswer().ShouldBe("2");
        scenario.Post("3");
        scenario.OpenPoll();
        scenario.Wait(scenario.Options.JoinTimeout - scenario.Options.PingInterval);

        scenario.Session.Polling.TakeAnswer().ShouldBe("1");
        scenario.Inputs().ShouldHaveSingleItem().CloseReason.ShouldBe(SocketCloseReason.NoNamespaceJoined);
    }

    [Theory]
    [MemberData(nameof(SessionScenario.Protocols), MemberType = typeof(SessionScenario))]
    public void A_namespace_can_be_left_and_joined_again(EngineProtocol protocol)
    {
        var scenario = SessionScenario.Polling(protocol);

        scenario.PostPacket("41");
        scenario.PostPacket("41");
        scenario.Inputs().ShouldHaveSingleItem().ShouldBe(new SocketInput(SocketInputKind.Left, "/"));
        scenario.Session.Emit("/", "late").ShouldBeFalse();
        scenario.PostPacket("40");

        scenario.Inputs().ShouldHaveSingleItem().ShouldBe(new SocketInput(SocketInputKind.Joined, "/"));
    }

    [Fact]
    public void A_client_that_left_every_namespace_is_closed_after_a_timeout()
    {
        var scenario = SessionScenario.OnWebSocket(EngineProtocol.V3);
        scenario.Session.MarkAuthenticated();
        scenario.Receive("41");

        scenario.Wait(scenario.Options.JoinTimeout - TimeSpan.FromSeconds(1));
        scenario.Session.State.ShouldBe(SocketSessionState.Open);
        scenario.Receive("2");
        scenario.Wait(TimeSpan.FromSeconds(1));

        scenario.Session.CloseReason.ShouldBe(SocketCloseReason.NoNamespaceJoined);
    }
}

using Sallyport.Protocols.SocketIo;

namespace Sallyport.Protocols.Tests.SocketIo;

public sealed class CloseTests
{
    [Theory]
    [InlineData(EngineProtocol.V3, "2:41", "1:1")]
    [InlineData(EngineProtocol.V4, "41", "1")]
    public void A_kicked_polling_client_receives_the_disconnect_and_the_close_in_separate_answers(EngineProtocol protocol, string first, string second)
    {
        var scenario = SessionScenario.Polling(protocol);
        scenario.OpenPoll();

        scenario.Session.Kick(scenario.Now);

        scenario.Session.Polling.TakeAnswer().ShouldBe(first);
        scenario.Inputs().ShouldBeEmpty();
        scenario.Poll().ShouldBe(second);
        scenario.Inputs().ShouldHaveSingleItem().CloseReason.ShouldBe(SocketCloseReason.Kicked);
        scenario.OpenPoll().ShouldBe(SocketRequestOutcome.UnknownSession);
    }

    [Fact]
    public void A_kicked_websocket_receives_queued_packets_before_it_is_closed()
    {
        var scenario = SessionScenario.OnWebSocket();
        scenario.Emit("unauthorized", "{}");

        scenario.Session.Kick(scenario.Now);

        scenario.Frames(out var staysOpen).ShouldBe(["42[\"unauthorized\",{}]", "41"]);
        staysOpen.ShouldBeFalse();
        scenario.Session.CloseReason.ShouldBe(SocketCloseReason.Kicked);
    }

    [Fact]
    public void Every_joined_namespace_is_disconnected()
    {
        var scenario = SessionScenario.OnWebSocket(EngineProtocol.V3);
        scenario.Receive("40/appliance-mfa");
        scenario.Frames();

        scenario.Session.Kick(scenario.Now);

        scenario.Frames().ShouldBe(["41", "41/appliance-mfa,"], ignoreOrder: true);
    }

    [Fact]
    public void A_kicked_client_answers_by_closing()
    {
        var scenario = SessionScenario.Polling();
        scenario.Session.Kick(scenario.Now);
        scenario.Poll().ShouldBe("41");
        scenario.OpenPoll();

        scenario.Post("42[\"late\"]").ShouldBe(SocketRequestOutcome.Accepted);
        scenario.Post("1").ShouldBe(SocketRequestOutcome.Accepted);

        scenario.Session.Polling.TakeAnswer().ShouldNotBeNull();
        scenario.Inputs().ShouldHaveSingleItem().CloseReason.ShouldBe(SocketCloseReason.Kicked);
    }

    [Fact]
    public void A_kicked_client_that_does_not_poll_is_closed_after_a_timeout()
    {
        var scenario = SessionScenario.Polling();

        scenario.Session.Kick(scenario.Now);
        scenario.Session.NextDeadline.ShouldBe(scenario.Now + scenario.Options.CloseTimeout);
        scenario.Wait(scenario.Options.CloseTimeout);

        scenario.Session.State.ShouldBe(SocketSessionState.Closed);
    }

    [Fact]
    public void A_client_is_kicked_only_once()
    {
        var scenario = SessionScenario.OnWebSocket();

        scenario.Session.Kick(scenario.Now);
        scenario.Session.Kick(scenario.Now);
        scenario.Session.Emit("/", "late").ShouldBeFalse();

        scenario.Frames().ShouldBe(["41"]);
    }

    [Fact]
    public void A_stopping_server_lets_its_clients_reconnect()
    {
        var scenario = SessionScenario.Polling();
        scenario.Emit("login:rejected", "{}");

        scenario.Session.Stop(scenario.Now);

        scenario.Session.Emit("/", "late").ShouldBeFalse();
        scenario.Poll().ShouldBe("42[\"login:rejected\",{}]");
        scenario.Poll().ShouldBe("1");
        scenario.Session.CloseReason.ShouldBe(SocketCloseReason.ServerStopping);
    }

    [Theory]
    [InlineData(EngineProtocol.V3, "1:6")]
    [InlineData(EngineProtocol.V4, "6")]
    public void The_open_poll_of_a_closing_client_is_answered(EngineProtocol protocol, string answer)
    {
        var scenario = SessionScenario.Polling(protocol);
        scenario.OpenPoll();

        scenario.PostPacket("1").ShouldBe(SocketRequestOutcome.Accepted);

        scenario.Session.Polling.TakeAnswer().ShouldBe(answer);
        scenario.Inputs().ShouldHaveSingleItem().CloseReason.ShouldBe(SocketCloseReason.ClientClosed);
        scenario.Inputs().ShouldBeEmpty();
        scenario.PostPacket("41").ShouldBe(SocketRequestOutcome.UnknownSession);
    }

    [Fact]
    public void Packets_after_the_close_are_ignored()
    {
        var scenario = SessionScenario.Polling();

        scenario.Post("1\u001e42[\"late\"]");

        scenario.Inputs().ShouldHaveSingleItem().Kind.ShouldBe(SocketInputKind.Closed);
        scenario.Session.WebSockets.Attach(scenario.Now).ShouldBeNull();
    }

    [Fact]
    public void A_second_poll_ends_the_session()
    {
        var scenario = SessionScenario.Polling();
        scenario.OpenPoll();

        scenario.OpenPoll().ShouldBe(SocketRequestOutcome.Refused);

        scenario.Session.Polling.TakeAnswer().ShouldBe("1");
        scenario.Session.CloseReason.ShouldBe(SocketCloseReason.PollOverlap);
    }

    [Fact]
    public void A_poll_with_a_lost_connection_ends_the_session()
    {
        var scenario = SessionScenario.Polling();
        scenario.OpenPoll();

        scenario.Session.Polling.Abandon();

        scenario.Session.CloseReason.ShouldBe(SocketCloseReason.TransportClosed);
        scenario.Session.Polling.TakeAnswer().ShouldBeNull();
    }

    [Fact]
    public void A_lost_websocket_ends_the_session()
    {
        var scenario = SessionScenario.OnWebSocket();

        scenario.Session.WebSockets.Detach(scenario.WebSocket);

        scenario.Inputs().ShouldHaveSingleItem().CloseReason.ShouldBe(SocketCloseReason.TransportClosed);
    }

    [Theory]
    [InlineData(SocketReadOutcome.BinaryRefused, SocketCloseReason.BinaryRefused)]
    [InlineData(SocketReadOutcome.TooLarge, SocketCloseReason.TooLarge)]
    public void A_frame_that_was_not_read_to_its_end_ends_the_session(SocketReadOutcome outcome, SocketCloseReason reason)
    {
        var scenario = SessionScenario.OnWebSocket();

        scenario.Session.WebSockets.Refuse(scenario.WebSocket, outcome);

        scenario.Frames(out var staysOpen);
        staysOpen.ShouldBeFalse();
        scenario.Session.CloseReason.ShouldBe(reason);
    }

    [Fact]
    public void A_frame_over_the_limit_ends_the_session()
    {
        var scenario = SessionScenario.OnWebSocket(options: new SocketSessionOptions { MaxPayloadBytes = 10 });

        scenario.Receive("42[\"abcd\"]");
        scenario.Session.State.ShouldBe(SocketSessionState.Open);
        scenario.Receive("42[\"abcde\"]");

        scenario.Session.CloseReason.ShouldBe(SocketCloseReason.TooLarge);
    }

    [Fact]
    public void A_body_over_the_limit_has_its_own_outcome()
    {
        var scenario = SessionScenario.Polling(options: new SocketSessionOptions { MaxPayloadBytes = 10 });

        scenario.Post("42[\"abcde\"]").ShouldBe(SocketRequestOutcome.TooLarge);

        scenario.Session.CloseReason.ShouldBe(SocketCloseReason.TooLarge);
    }

    [Theory]
    [InlineData(3, 1000)]
    [InlineData(1000, 110)]
    public void A_client_that_does_not_fetch_its_packets_is_closed(int packets, int characters)
    {
        var options = new SocketSessionOptions { MaxQueuedPackets = packets, MaxQueuedCharacters = characters };
        var scenario = SessionScenario.Polling(EngineProtocol.V3, options);
        var payload = new string('1', 28);

        for (var i = 0; i < 3; i++)
        {
            scenario.Emit("e", payload);
            scenario.Session.State.ShouldBe(SocketSessionState.Open);
        }

        scenario.Emit("e", payload);

        scenario.Session.CloseReason.ShouldBe(SocketCloseReason.QueueFull);
    }

    [Fact]
    public void A_client_that_does_not_authenticate_is_kicked()
    {
        var scenario = SessionScenario.OnWebSocket();

        scenario.Session.NextDeadline.ShouldBe(scenario.Now + scenario.Options.AuthenticationTimeout);
        scenario.Wait(scenario.Options.AuthenticationTimeout);

        scenario.Frames(out var staysOpen).ShouldBe(["41"]);
        staysOpen.ShouldBeFalse();
        scenario.Session.CloseReason.ShouldBe(SocketCloseReason.AuthenticationTimeout);
    }

    [Fact]
    public void An_authenticated_client_stays_in_every_namespace()
    {
        var scenario = SessionScenario.OnWebSocket();
        scenario.Session.MarkAuthenticated();

        scenario.Receive("40/appliance-mfa,");
        scenario.Wait(scenario.Options.AuthenticationTimeout);

        scenario.Session.State.ShouldBe(SocketSessionState.Open);
    }

    [Fact]
    public void Leaving_and_joining_does_not_restart_the_authentication_timeout()
    {
        var scenario = SessionScenario.OnWebSocket();

        scenario.Wait(TimeSpan.FromSeconds(10));
        scenario.Receive("41");
        scenario.Receive("40");
        scenario.Wait(scenario.Options.AuthenticationTimeout - TimeSpan.FromSeconds(10));

        scenario.Session.CloseReason.ShouldBe(SocketCloseReason.AuthenticationTimeout);
    }
}

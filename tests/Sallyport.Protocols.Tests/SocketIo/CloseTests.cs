using Sallyport.Protocols.SocketIo;

namespace Sallyport.Protocols.Tests.SocketIo;

public sealed class CloseTests
{
    [Theory]
    [InlineData(EngineProtocol.V3, "2:41", "1:1")]
    [InlineData(EngineProtocol.V4, "41", "1")]
    public void A_polling_client_is_disconnected_in_one_answer_and_closed_in_the_next(EngineProtocol protocol, string first, string second)
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
    public void A_websocket_gets_what_is_queued_and_is_closed()
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
    public void A_kicked_client_that_does_not_poll_is_forgotten()
    {
        var scenario = SessionScenario.Polling();

        scenario.Session.Kick(scenario.Now);
        scenario.Session.NextDeadline.ShouldBe(scenario.Now + scenario.Options.CloseTimeout);
        scenario.Wait(scenario.Options.CloseTimeout);

        scenario.Session.State.ShouldBe(SocketSessionState.Closed);
    }

    [Fact]
    public void A_client_is_kicked_once()
    {
        var scenario = SessionScenario.OnWebSocket();

        scenario.Session.Kick(scenario.Now);
        scenario.Session.Kick(scenario.Now);
        scenario.Session.Emit("/", "late").ShouldBeFalse();

        scenario.Frames().ShouldBe(["41"]);
    }

    [Fact]
    public void A_stopping_server_does_not_send_its_clients_away()
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
    public void A_client_that_closes_has_its_poll_answered(EngineProtocol protocol, string answer)
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
    public void Nothing_after_the_close_is_heard()
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
    public void A_poll_whose_connection_breaks_ends_the_session()
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
    public void A_frame_that_was_not_read_ends_the_session(SocketReadOutcome outcome, SocketCloseReason reason)
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
    public void A_body_over_the_limit_is_told_apart()
    {
        var scenario = SessionScenario.Polling(options: new SocketSessionOptions { MaxPayloadBytes = 10 });

        scenario.Post("42[\"abcde\"]").ShouldBe(SocketRequestOutcome.TooLarge);

        scenario.Session.CloseReason.ShouldBe(SocketCloseReason.TooLarge);
    }

    [Theory]
    [InlineData(3, 1000)]
    [InlineData(1000, 110)]
    public void A_client_that_fetches_nothing_is_dropped(int packets, int characters)
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
    public void A_client_that_does_not_say_who_it_is_is_sent_away()
    {
        var scenario = SessionScenario.OnWebSocket();

        scenario.Session.NextDeadline.ShouldBe(scenario.Now + scenario.Options.AuthenticationTimeout);
        scenario.Wait(scenario.Options.AuthenticationTimeout);

        scenario.Frames(out var staysOpen).ShouldBe(["41"]);
        staysOpen.ShouldBeFalse();
        scenario.Session.CloseReason.ShouldBe(SocketCloseReason.AuthenticationTimeout);
    }

    [Fact]
    public void A_client_that_said_who_it_is_stays_in_every_namespace()
    {
        var scenario = SessionScenario.OnWebSocket();
        scenario.Session.MarkAuthenticated();

        scenario.Receive("40/appliance-mfa,");
        scenario.Wait(scenario.Options.AuthenticationTimeout);

        scenario.Session.State.ShouldBe(SocketSessionState.Open);
    }

    [Fact]
    public void Leaving_and_joining_does_not_begin_the_wait_anew()
    {
        var scenario = SessionScenario.OnWebSocket();

        scenario.Wait(TimeSpan.FromSeconds(10));
        scenario.Receive("41");
        scenario.Receive("40");
        scenario.Wait(scenario.Options.AuthenticationTimeout - TimeSpan.FromSeconds(10));

        scenario.Session.CloseReason.ShouldBe(SocketCloseReason.AuthenticationTimeout);
    }
}

using Sallyport.Protocols.SocketIo;

namespace Sallyport.Protocols.Tests.SocketIo;

public sealed class UpgradeTests
{
    [Theory]
    [InlineData(EngineProtocol.V3, "1:6")]
    [InlineData(EngineProtocol.V4, "6")]
    public void A_client_upgrades_from_polling_to_a_websocket(EngineProtocol protocol, string noop)
    {
        var scenario = SessionScenario.Polling(protocol);
        scenario.OpenPoll();

        scenario.Attach();
        scenario.Receive("2probe");
        scenario.Frames().ShouldBe(["3probe"]);
        scenario.Session.Polling.TakeAnswer().ShouldBe(noop);
        scenario.Receive("5");
        scenario.Emit("authenticated", "{}");

        scenario.Session.Transport.ShouldBe(SocketTransport.WebSocket);
        scenario.Frames(out var staysOpen).ShouldBe(["42[\"authenticated\",{}]"]);
        staysOpen.ShouldBeTrue();
    }

    [Fact]
    public void Packets_queued_during_the_probe_wait_for_the_websocket()
    {
        var scenario = SessionScenario.Polling();
        scenario.OpenPoll();
        scenario.Attach();
        scenario.Receive("2probe");

        scenario.Emit("authenticated", "{}");
        scenario.Session.Polling.TakeAnswer().ShouldBe("6");
        scenario.Frames().ShouldBe(["3probe"]);
        scenario.Receive("5");

        scenario.Frames().ShouldBe(["42[\"authenticated\",{}]"]);
    }

    [Fact]
    public void Polling_continues_until_the_probe()
    {
        var scenario = SessionScenario.Polling();

        scenario.Attach();
        scenario.Emit("authenticated", "{}");

        scenario.Poll().ShouldBe("42[\"authenticated\",{}]");
    }

    [Fact]
    public void A_client_that_polls_again_during_the_probe_is_released_after_a_pause()
    {
        var scenario = SessionScenario.Polling();
        scenario.Attach();
        scenario.Receive("2probe");

        scenario.Poll().ShouldBe("6");
        scenario.Poll().ShouldBeNull();
        scenario.Session.NextDeadline.ShouldBe(scenario.Now + TimeSpan.FromMilliseconds(100));
        scenario.Wait(TimeSpan.FromMilliseconds(100));

        scenario.Session.Polling.TakeAnswer().ShouldBe("6");
    }

    [Fact]
    public void A_poll_that_is_open_during_the_upgrade_is_released()
    {
        var scenario = SessionScenario.Polling();
        scenario.Attach();
        scenario.Receive("2probe");
        scenario.Poll();
        scenario.OpenPoll();

        scenario.Receive("5");
        scenario.Emit("authenticated", "{}");

        scenario.Session.Polling.TakeAnswer().ShouldBe("6");
    }

    [Fact]
    public void Polling_is_refused_after_the_upgrade()
    {
        var scenario = Upgraded();

        scenario.OpenPoll().ShouldBe(SocketRequestOutcome.Refused);
        scenario.Post("41").ShouldBe(SocketRequestOutcome.Refused);
        scenario.Session.WebSockets.Attach(scenario.Now).ShouldBeNull();

        scenario.Session.State.ShouldBe(SocketSessionState.Open);
    }

    [Fact]
    public void A_poll_that_is_lost_after_the_upgrade_is_ignored()
    {
        var scenario = SessionScenario.Polling();
        scenario.OpenPoll();
        scenario.Attach();
        scenario.Receive("2probe");
        scenario.Receive("5");

        scenario.Session.Polling.Abandon();

        scenario.Session.State.ShouldBe(SocketSessionState.Open);
        scenario.Session.Polling.TakeAnswer().ShouldBeNull();
    }

    [Fact]
    public void Events_arrive_over_the_new_websocket()
    {
        var scenario = Upgraded();

        scenario.Receive("42[\"a\"]");

        scenario.Inputs().ShouldHaveSingleItem().Name.ShouldBe("a");
    }

    [Theory]
    [InlineData("5")]
    [InlineData("2")]
    [InlineData("42[\"a\"]")]
    [InlineData("x")]
    [InlineData("b4AQID")]
    public void A_websocket_that_does_not_begin_with_the_probe_is_closed_and_polling_continues(string frame)
    {
        var scenario = SessionScenario.Polling();
        scenario.Attach();

        scenario.Receive(frame);

        scenario.Frames(out var staysOpen).ShouldBeEmpty();
        staysOpen.ShouldBeFalse();
        scenario.Emit("authenticated", "{}");
        scenario.Poll().ShouldBe("42[\"authenticated\",{}]");
        scenario.Inputs().ShouldBeEmpty();
    }

    [Fact]
    public void A_websocket_lost_during_the_probe_releases_the_queue()
    {
        var scenario = SessionScenario.Polling();
        scenario.Attach();
        scenario.Receive("2probe");
        scenario.Emit("authenticated", "{}");
        scenario.Poll().ShouldBe("6");
        scenario.OpenPoll();

        scenario.Session.WebSockets.Detach(scenario.WebSocket);

        scenario.Session.Polling.TakeAnswer().ShouldBe("42[\"authenticated\",{}]");
        scenario.Session.State.ShouldBe(SocketSessionState.Open);
    }

    [Fact]
    public void A_probe_that_never_ends_times_out()
    {
        var scenario = SessionScenario.Polling();
        scenario.Attach();
        scenario.Receive("2probe");
        scenario.Emit("authenticated", "{}");

        scenario.Wait(scenario.Options.UpgradeTimeout);

        scenario.Frames(out var staysOpen).ShouldBeEmpty();
        staysOpen.ShouldBeFalse();
        scenario.Poll().ShouldBe("42[\"authenticated\",{}]");
    }

    [Fact]
    public void After_a_failed_probe_a_second_one_can_succeed_and_the_first_is_ignored()
    {
        var scenario = SessionScenario.Polling();
        scenario.Attach();
        var first = scenario.WebSocket;
        scenario.Session.WebSockets.Attach(scenario.Now).ShouldBeNull();
        scenario.Wait(scenario.Options.UpgradeTimeout);

        scenario.Attach();
        scenario.Session.WebSockets.Receive(first, "2probe", scenario.Now);
        scenario.Session.WebSockets.Receive(first, "5", scenario.Now);
        scenario.Session.WebSockets.Detach(first);
        scenario.Frames().ShouldBeEmpty();
        scenario.Receive("2probe");
        scenario.Receive("5");

        scenario.Session.Transport.ShouldBe(SocketTransport.WebSocket);
    }

    private static SessionScenario Upgraded()
    {
        var scenario = SessionScenario.Polling();
        scenario.Attach();
        scenario.Receive("2probe");
        scenario.Receive("5");
        return scenario;
    }
}

using Sallyport.Protocols.SocketIo;

namespace Sallyport.Protocols.Tests.SocketIo;

public sealed class HeartbeatTests
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);
    private static readonly SocketSessionOptions Patient = new() { AuthenticationTimeout = TimeSpan.FromDays(1) };

    [Fact]
    public void Version_4_is_pinged_an_interval_after_its_last_pong()
    {
        var scenario = SessionScenario.OnWebSocket(options: Patient);

        scenario.Session.NextDeadline.ShouldBe(scenario.Now + Patient.PingInterval);
        scenario.Wait(Patient.PingInterval - Moment);
        scenario.Frames().ShouldBeEmpty();
        scenario.Wait(Moment);
        scenario.Frames().ShouldBe(["2"]);
        scenario.Wait(TimeSpan.FromSeconds(7));
        scenario.Receive("3");

        scenario.Session.NextDeadline.ShouldBe(scenario.Now + Patient.PingInterval);
    }

    [Fact]
    public void Version_4_is_closed_if_no_pong_comes()
    {
        var scenario = SessionScenario.OnWebSocket(options: Patient);

        scenario.Wait(Patient.PingInterval);
        scenario.Wait(Patient.PingTimeout - Moment);
        scenario.Session.State.ShouldBe(SocketSessionState.Open);
        scenario.Wait(Moment);

        scenario.Session.CloseReason.ShouldBe(SocketCloseReason.HeartbeatTimeout);
        scenario.Frames(out var staysOpen).ShouldBeEmpty();
        staysOpen.ShouldBeFalse();
        scenario.Session.NextDeadline.ShouldBe(DateTimeOffset.MaxValue);
    }

    [Fact]
    public void Another_packet_extends_the_pong_timeout_once()
    {
        var scenario = SessionScenario.OnWebSocket(options: Patient);

        scenario.Wait(Patient.PingInterval);
        scenario.Wait(Patient.PingTimeout - Moment);
        scenario.Receive("42[\"busy\"]");
        scenario.Session.NextDeadline.ShouldBe(scenario.Now + Patient.PingTimeout);
        scenario.Wait(Patient.PingTimeout - Moment);
        scenario.Receive("42[\"busy\"]");

        scenario.Session.NextDeadline.ShouldBe(scenario.Now + Moment);
    }

    [Fact]
    public void The_pong_timeout_can_be_extended_again_after_the_next_ping()
    {
        var scenario = SessionScenario.OnWebSocket(options: Patient);
        scenario.Wait(Patient.PingInterval);
        scenario.Receive("42[\"busy\"]");
        scenario.Receive("3");
        scenario.Receive("42[\"idle\"]");
        scenario.Session.NextDeadline.ShouldBe(scenario.Now + Patient.PingInterval);

        scenario.Wait(Patient.PingInterval);
        scenario.Wait(Moment);
        scenario.Receive("42[\"busy\"]");

        scenario.Session.NextDeadline.ShouldBe(scenario.Now + Patient.PingTimeout);
    }

    [Fact]
    public void Version_3_pings_are_answered_and_a_silent_client_times_out()
    {
        var scenario = SessionScenario.OnWebSocket(EngineProtocol.V3, Patient);
        var silence = Patient.PingInterval + Patient.PingTimeout;

        scenario.Wait(silence - Moment);
        scenario.Receive("2");
        scenario.Frames().ShouldBe(["3"]);
        scenario.Session.NextDeadline.ShouldBe(scenario.Now + silence);
        scenario.Wait(silence - Moment);
        scenario.Receive("42[\"busy\"]");
        scenario.Wait(Moment);

        scenario.Session.CloseReason.ShouldBe(SocketCloseReason.HeartbeatTimeout);
    }

    [Theory]
    [InlineData(EngineProtocol.V3, "3")]
    [InlineData(EngineProtocol.V4, "2")]
    public void A_heartbeat_in_the_wrong_direction_ends_the_session(EngineProtocol protocol, string packet)
    {
        var scenario = SessionScenario.OnWebSocket(protocol);

        scenario.Receive(packet);

        scenario.Session.CloseReason.ShouldBe(SocketCloseReason.ProtocolViolation);
    }

    [Fact]
    public void An_open_poll_is_closed_when_the_heartbeat_times_out()
    {
        var scenario = SessionScenario.Polling(EngineProtocol.V3, Patient);
        scenario.OpenPoll();

        scenario.Wait(Patient.PingInterval + Patient.PingTimeout);

        scenario.Session.Polling.TakeAnswer().ShouldBe("1:1");
    }
}

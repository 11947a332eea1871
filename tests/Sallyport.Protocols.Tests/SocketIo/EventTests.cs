using Sallyport.Protocols.SocketIo;

namespace Sallyport.Protocols.Tests.SocketIo;

public sealed class EventTests
{
    [Theory]
    [MemberData(nameof(SessionScenario.Protocols), MemberType = typeof(SessionScenario))]
    public void An_event_reaches_the_application(EngineProtocol protocol)
    {
        var scenario = SessionScenario.Polling(protocol);

        scenario.PostPacket("425[\"authenticate\",{\"token\":\"t\"},2]");

        var input = scenario.Inputs().ShouldHaveSingleItem();
        (input.Kind, input.Namespace, input.Name, input.AckId).ShouldBe((SocketInputKind.Event, "/", "authenticate", 5L));
        input.Arguments.Select(argument => argument.GetRawText()).ShouldBe(["{\"token\":\"t\"}", "2"]);
        input.ToString().ShouldBe("Event / authenticate");
    }

    [Fact]
    public void Emitted_events_wait_for_the_next_poll()
    {
        var scenario = SessionScenario.Polling();

        scenario.OpenPoll();
        scenario.Session.Polling.TakeAnswer().ShouldBeNull();
        scenario.Emit("authenticated", "{}");
        scenario.Emit("login:complete", "{\"tx_id\":\"1\"}");

        scenario.Session.Polling.TakeAnswer().ShouldBe("42[\"authenticated\",{}]\u001e42[\"login:complete\",{\"tx_id\":\"1\"}]");
        scenario.Session.Polling.TakeAnswer().ShouldBeNull();
    }

    [Fact]
    public void An_event_can_be_acknowledged()
    {
        var scenario = SessionScenario.OnWebSocket();

        scenario.Session.Acknowledge("/", 5, SessionScenario.Json("true")).ShouldBeTrue();

        scenario.Frames().ShouldBe(["435[true]"]);
    }

    [Fact]
    public void Nothing_is_sent_into_a_namespace_that_was_not_joined()
    {
        var scenario = SessionScenario.OnWebSocket();

        scenario.Session.Emit("/appliance-mfa", "authenticated").ShouldBeFalse();
        scenario.Session.Acknowledge("/appliance-mfa", 1).ShouldBeFalse();

        scenario.Frames().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("42/appliance-mfa,[\"a\"]", SocketCloseReason.ProtocolViolation)]
    [InlineData("40", SocketCloseReason.ProtocolViolation)]
    [InlineData("44\"no\"", SocketCloseReason.ProtocolViolation)]
    [InlineData("42", SocketCloseReason.Malformed)]
    [InlineData("4", SocketCloseReason.Malformed)]
    [InlineData("9", SocketCloseReason.Malformed)]
    [InlineData("451-[\"a\",{\"_placeholder\":true,\"num\":0}]", SocketCloseReason.BinaryRefused)]
    [InlineData("b4AQID", SocketCloseReason.BinaryRefused)]
    public void A_packet_that_is_not_allowed_ends_the_session(string packet, SocketCloseReason reason)
    {
        var scenario = SessionScenario.Polling();

        scenario.Post(packet).ShouldBe(SocketRequestOutcome.Refused);

        var input = scenario.Inputs().ShouldHaveSingleItem();
        (input.Kind, input.CloseReason).ShouldBe((SocketInputKind.Closed, reason));
    }

    [Theory]
    [InlineData("431[]")]
    [InlineData("6")]
    [InlineData("5")]
    [InlineData("0")]
    [InlineData("41/appliance-mfa,")]
    public void A_packet_without_meaning_is_ignored(string packet)
    {
        var scenario = SessionScenario.Polling();

        scenario.Post(packet).ShouldBe(SocketRequestOutcome.Accepted);

        scenario.Inputs().ShouldBeEmpty();
        scenario.Session.State.ShouldBe(SocketSessionState.Open);
    }

    [Fact]
    public void Events_before_a_bad_packet_are_delivered_before_the_close()
    {
        var scenario = SessionScenario.Polling();

        scenario.Post("42[\"a\"]\u001e40\u001e42[\"b\"]");

        scenario.Inputs().Select(input => (input.Kind, input.Name)).ShouldBe([(SocketInputKind.Event, "a"), (SocketInputKind.Closed, "")]);
    }
}

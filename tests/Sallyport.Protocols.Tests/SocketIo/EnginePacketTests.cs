using Sallyport.Protocols.SocketIo;

namespace Sallyport.Protocols.Tests.SocketIo;

public sealed class EnginePacketTests
{
    [Theory]
    [InlineData("0{}", EnginePacketType.Open, "{}")]
    [InlineData("1", EnginePacketType.Close, "")]
    [InlineData("2probe", EnginePacketType.Ping, "probe")]
    [InlineData("3", EnginePacketType.Pong, "")]
    [InlineData("42[\"é\"]", EnginePacketType.Message, "2[\"é\"]")]
    [InlineData("5", EnginePacketType.Upgrade, "")]
    [InlineData("6", EnginePacketType.Noop, "")]
    public void A_packet_is_a_digit_and_its_data(string text, EnginePacketType type, string data)
    {
        EnginePacket.Read(text, out var packet).ShouldBe(SocketReadOutcome.Read);

        packet.ShouldBe(new EnginePacket(type, data));
        packet.Write().ShouldBe(text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("7")]
    [InlineData("/")]
    [InlineData("x")]
    [InlineData("\u0664")]
    public void Anything_else_is_malformed(string text)
    {
        EnginePacket.Read(text, out _).ShouldBe(SocketReadOutcome.Malformed);
    }

    [Fact]
    public void Base64_binary_data_is_refused()
    {
        EnginePacket.Read("b4AQID", out _).ShouldBe(SocketReadOutcome.BinaryRefused);
    }

    [Fact]
    public void ToString_omits_the_data()
    {
        new EnginePacket(EnginePacketType.Message, "2[\"authenticate\",{\"token\":\"secret\"}]").ToString().ShouldBe("Message");
    }
}

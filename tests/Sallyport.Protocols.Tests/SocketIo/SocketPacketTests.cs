using System.Text.Json;
using Sallyport.Protocols.SocketIo;

namespace Sallyport.Protocols.Tests.SocketIo;

public sealed class SocketPacketTests
{
    [Theory]
    [InlineData("0", SocketPacketType.Connect, "/", null, null)]
    [InlineData("0{\"token\":1}", SocketPacketType.Connect, "/", null, "{\"token\":1}")]
    [InlineData("0/appliance-mfa", SocketPacketType.Connect, "/appliance-mfa", null, null)]
    [InlineData("0/appliance-mfa,", SocketPacketType.Connect, "/appliance-mfa", null, null)]
    [InlineData("0/appliance-mfa?a=b", SocketPacketType.Connect, "/appliance-mfa", null, null)]
    [InlineData("0/appliance-mfa?a=b,", SocketPacketType.Connect, "/appliance-mfa", null, null)]
    [InlineData("0/appliance-mfa,{}", SocketPacketType.Connect, "/appliance-mfa", null, "{}")]
    [InlineData("0/", SocketPacketType.Connect, "/", null, null)]
    [InlineData("1", SocketPacketType.Disconnect, "/", null, null)]
    [InlineData("1/appliance-mfa,", SocketPacketType.Disconnect, "/appliance-mfa", null, null)]
    [InlineData("2[\"a\"]", SocketPacketType.Event, "/", null, "[\"a\"]")]
    [InlineData("213[\"a\",1]", SocketPacketType.Event, "/", 13L, "[\"a\",1]")]
    [InlineData("2/appliance-mfa,0[\"a\"]", SocketPacketType.Event, "/appliance-mfa", 0L, "[\"a\"]")]
    [InlineData("2999999999999999[\"a\"]", SocketPacketType.Event, "/", 999_999_999_999_999L, "[\"a\"]")]
    [InlineData("37[]", SocketPacketType.Ack, "/", 7L, "[]")]
    [InlineData("4\"no\"", SocketPacketType.ConnectError, "/", null, "\"no\"")]
    [InlineData("4/x,{\"message\":\"no\"}", SocketPacketType.ConnectError, "/x", null, "{\"message\":\"no\"}")]
    public void A_packet_has_type_namespace_id_and_data(string text, SocketPacketType type, string ns, long? ackId, string? data)
    {
        SocketPacket.Read(text, out var packet).ShouldBe(SocketReadOutcome.Read);

        (packet.Type, packet.Namespace, packet.AckId, packet.Data?.GetRawText()).ShouldBe((type, ns, ackId, data));
    }

    [Theory]
    [InlineData("")]
    [InlineData("7")]
    [InlineData("x")]
    [InlineData("0[]")]
    [InlineData("0\"text\"")]
    [InlineData("1{}")]
    [InlineData("2")]
    [InlineData("2{}")]
    [InlineData("2[]")]
    [InlineData("2[1]")]
    [InlineData("2[\"a\"")]
    [InlineData("2[\"a\"]x")]
    [InlineData("2[\"a\",]")]
    [InlineData("21000000000000000[\"a\"]")]
    [InlineData("2/appliance-mfa[\"a\"]")]
    [InlineData("2/a b,[\"a\"]")]
    [InlineData("2/é,[\"a\"]")]
    [InlineData("3[]")]
    [InlineData("31{}")]
    [InlineData("4")]
    [InlineData("4[]")]
    public void Anything_else_is_malformed(string text)
    {
        SocketPacket.Read(text, out _).ShouldBe(SocketReadOutcome.Malformed);
    }

    [Theory]
    [InlineData("51-[\"a\",{\"_placeholder\":true,\"num\":0}]")]
    [InlineData("61-0[{\"_placeholder\":true,\"num\":0}]")]
    public void Attachments_are_refused(string text)
    {
        SocketPacket.Read(text, out _).ShouldBe(SocketReadOutcome.BinaryRefused);
    }

    [Theory]
    [InlineData(128, SocketReadOutcome.Read)]
    [InlineData(129, SocketReadOutcome.Malformed)]
    public void A_namespace_has_a_limit(int length, SocketReadOutcome expected)
    {
        SocketPacket.Read("0/" + new string('a', length - 1), out _).ShouldBe(expected);
    }

    [Theory]
    [InlineData(31, SocketReadOutcome.Read)]
    [InlineData(32, SocketReadOutcome.Malformed)]
    public void Data_has_a_limited_depth(int arrays, SocketReadOutcome expected)
    {
        SocketPacket.Read($"2[\"a\",{new string('[', arrays)}{new string(']', arrays)}]", out _).ShouldBe(expected);
    }

    [Theory]
    [InlineData("2[\"\\ud83d\\udd10\"]", SocketReadOutcome.Read)]
    [InlineData("2[\"\\u00e9\\n\\\\ud83d\"]", SocketReadOutcome.Read)]
    [InlineData("2[\"\\ud83d\"]", SocketReadOutcome.Malformed)]
    [InlineData("2[\"\\udd10\"]", SocketReadOutcome.Malformed)]
    [InlineData("2[\"\\ud83dx\\udd10\"]", SocketReadOutcome.Malformed)]
    [InlineData("2[\"\\ud83d\\n\"]", SocketReadOutcome.Malformed)]
    [InlineData("2[\"\\ud83d\\ud83d\"]", SocketReadOutcome.Malformed)]
    [InlineData("2[\"a\",{\"\\uDD10\":1}]", SocketReadOutcome.Malformed)]
    public void Every_string_in_the_data_can_be_read(string text, SocketReadOutcome expected)
    {
        SocketPacket.Read(text, out var packet).ShouldBe(expected);

        (packet.Data?[0].GetString() is not null).ShouldBe(expected == SocketReadOutcome.Read);
    }

    [Fact]
    public void An_unescaped_unpaired_surrogate_is_malformed()
    {
        SocketPacket.Read("2[\"\ud83d\"]", out _).ShouldBe(SocketReadOutcome.Malformed);
    }

    [Fact]
    public void ToString_omits_the_data()
    {
        SocketPacket.Read("2/appliance-mfa,[\"authenticate\",{\"token\":\"secret\"}]", out var packet);

        packet.ToString().ShouldBe("Event /appliance-mfa");
    }

    [Fact]
    public void The_server_writes_only_ascii()
    {
        JsonElement[] arguments = [SessionScenario.Json("{\"é\":\"🔐\"}"), SessionScenario.Json("1")];

        SocketPacketWriter.Event("/", "é\"", arguments).ShouldBe("2[\"\\u00E9\\u0022\",{\"\\u00e9\":\"\\ud83d\\udd10\"},1]");
        SocketPacketWriter.Ack("/appliance-mfa", 7, arguments).ShouldBe("3/appliance-mfa,7[{\"\\u00e9\":\"\\ud83d\\udd10\"},1]");
    }

    [Fact]
    public void The_server_writes_packets_without_data()
    {
        SocketPacketWriter.Connect("/", null).ShouldBe("0");
        SocketPacketWriter.Connect("/appliance-mfa", null).ShouldBe("0/appliance-mfa,");
        SocketPacketWriter.Connect("/", "id").ShouldBe("0{\"sid\":\"id\"}");
        SocketPacketWriter.Disconnect("/").ShouldBe("1");
        SocketPacketWriter.Disconnect("/appliance-mfa").ShouldBe("1/appliance-mfa,");
        SocketPacketWriter.Event("/", "authenticated").ShouldBe("2[\"authenticated\"]");
        SocketPacketWriter.Ack("/", 0).ShouldBe("30[]");
        SocketPacketWriter.ConnectError("/x", "no").ShouldBe("4/x,{\"message\":\"no\"}");
    }
}

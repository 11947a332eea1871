using System.Text;
using Sallyport.Protocols.SocketIo;

namespace Sallyport.Protocols.Tests.SocketIo;

public sealed class EnginePayloadTests
{
    private static readonly EnginePayloadLimits Limits = new(MaxBytes: 100, MaxPackets: 3);

    [Theory]
    [InlineData("2:40", "40")]
    [InlineData("2:401:2", "40|2")]
    [InlineData("6:42[\"✓\"", "42[\"✓\"")]
    [InlineData("5:42\"🔐", "42\"🔐")]
    [InlineData("0:", "")]
    [InlineData("0:1:2", "2")]
    [InlineData("12:4\u001e0123456789", "4\u001e0123456789")]
    public void Version_3_lengths_count_utf16_units(string body, string packets)
    {
        Read(EngineProtocol.V3, body).ShouldBe((SocketReadOutcome.Read, packets));
    }

    [Theory]
    [InlineData("40", "40")]
    [InlineData("40\u001e2", "40|2")]
    [InlineData("42[\"é\"]\u001e3\u001e1", "42[\"é\"]|3|1")]
    public void Version_4_separates_packets(string body, string packets)
    {
        Read(EngineProtocol.V4, body).ShouldBe((SocketReadOutcome.Read, packets));
    }

    [Theory]
    [InlineData(EngineProtocol.V3, "")]
    [InlineData(EngineProtocol.V3, "40")]
    [InlineData(EngineProtocol.V3, ":40")]
    [InlineData(EngineProtocol.V3, "3:40")]
    [InlineData(EngineProtocol.V3, "2:401")]
    [InlineData(EngineProtocol.V3, "2:401:")]
    [InlineData(EngineProtocol.V3, "+2:40")]
    [InlineData(EngineProtocol.V3, "-1:40")]
    [InlineData(EngineProtocol.V3, " 2:40")]
    [InlineData(EngineProtocol.V3, "2e0:40")]
    [InlineData(EngineProtocol.V3, "2147483648:40")]
    [InlineData(EngineProtocol.V3, "0000000002:40")]
    [InlineData(EngineProtocol.V3, "2:90")]
    [InlineData(EngineProtocol.V4, "")]
    [InlineData(EngineProtocol.V4, "\u001e40")]
    [InlineData(EngineProtocol.V4, "40\u001e")]
    [InlineData(EngineProtocol.V4, "7:40")]
    [InlineData(EngineProtocol.V4, "\u000040")]
    public void A_payload_that_breaks_its_framing_is_refused_as_a_whole(EngineProtocol protocol, string body)
    {
        Read(protocol, body).ShouldBe((SocketReadOutcome.Malformed, ""));
    }

    [Theory]
    [InlineData(EngineProtocol.V3, "7:b4AQIDB")]
    [InlineData(EngineProtocol.V3, "2:407:b4AQIDB")]
    [InlineData(EngineProtocol.V4, "40\u001eb4AQID")]
    public void Binary_data_is_refused(EngineProtocol protocol, string body)
    {
        Read(protocol, body).ShouldBe((SocketReadOutcome.BinaryRefused, ""));
    }

    [Theory]
    [InlineData(EngineProtocol.V3, "1:21:21:2", SocketReadOutcome.Read)]
    [InlineData(EngineProtocol.V3, "1:21:21:21:2", SocketReadOutcome.TooManyPackets)]
    [InlineData(EngineProtocol.V3, "0:0:0:0:", SocketReadOutcome.TooManyPackets)]
    [InlineData(EngineProtocol.V4, "3\u001e3\u001e3", SocketReadOutcome.Read)]
    [InlineData(EngineProtocol.V4, "3\u001e3\u001e3\u001e3", SocketReadOutcome.TooManyPackets)]
    public void The_number_of_packets_is_limited(EngineProtocol protocol, string body, SocketReadOutcome expected)
    {
        Read(protocol, body).Outcome.ShouldBe(expected);
    }

    [Theory]
    [InlineData(100, SocketReadOutcome.Read)]
    [InlineData(101, SocketReadOutcome.TooLarge)]
    public void The_size_is_limited_in_bytes(int bytes, SocketReadOutcome expected)
    {
        Read(EngineProtocol.V4, "4é".PadRight(bytes - 1)).Outcome.ShouldBe(expected);
    }

    [Theory]
    [MemberData(nameof(SessionScenario.Protocols), MemberType = typeof(SessionScenario))]
    public void Bytes_that_are_not_utf8_are_malformed(EngineProtocol protocol)
    {
        byte[] body = [(byte)'2', (byte)':', (byte)'4', 0xFF];

        EnginePayload.Read(protocol, body, Limits, out var packets).ShouldBe(SocketReadOutcome.Malformed);

        packets.ShouldBeEmpty();
    }

    [Fact]
    public void Text_that_a_1x_client_encoded_twice_is_decoded_twice()
    {
        var once = Encoding.Latin1.GetString(Encoding.UTF8.GetBytes("42[\"é ✓ 🔐\"]"));

        Read(EngineProtocol.V3, $"{once.Length}:{once}").ShouldBe((SocketReadOutcome.Read, "42[\"é ✓ 🔐\"]"));
        Read(EngineProtocol.V4, once).ShouldBe((SocketReadOutcome.Read, once));
    }

    [Theory]
    [InlineData("42[\"é\"]")]
    [InlineData("42[\"Ã© ✓\"]")]
    [InlineData("42[\"~\"]")]
    public void Text_that_cannot_have_been_encoded_twice_is_unchanged(string packet)
    {
        Read(EngineProtocol.V3, $"{packet.Length}:{packet}").ShouldBe((SocketReadOutcome.Read, packet));
    }

    [Theory]
    [InlineData("0002FF3430", SocketReadOutcome.Read, "40")]
    [InlineData("000002FF3430", SocketReadOutcome.Read, "40")]
    [InlineData("000200FF3430", SocketReadOutcome.Malformed, "")]
    [InlineData("0002FF34300001FF32", SocketReadOutcome.Read, "40|2")]
    [InlineData("000104FF34325B22C3A9E29C93F09F94", SocketReadOutcome.Malformed, "")]
    [InlineData("0006FF34325B22C3A9", SocketReadOutcome.Read, "42[\"é")]
    [InlineData("0005FF34325B22C3", SocketReadOutcome.Malformed, "")]
    [InlineData("0003FF3430", SocketReadOutcome.Malformed, "")]
    [InlineData("00FF", SocketReadOutcome.Malformed, "")]
    [InlineData("00", SocketReadOutcome.Malformed, "")]
    [InlineData("000AFF34303430343034303430", SocketReadOutcome.Malformed, "")]
    [InlineData("0000000000000000000002FF3430", SocketReadOutcome.Malformed, "")]
    [InlineData("0002FF343002", SocketReadOutcome.Malformed, "")]
    [InlineData("0102FF0401", SocketReadOutcome.BinaryRefused, "")]
    [InlineData("0002FF34300102FF0401", SocketReadOutcome.BinaryRefused, "")]
    [InlineData("0001FF320001FF320001FF320001FF32", SocketReadOutcome.TooManyPackets, "")]
    public void Version_3_reads_the_bytes_that_1x_browsers_post(string hex, SocketReadOutcome expected, string packets)
    {
        var outcome = EnginePayload.Read(EngineProtocol.V3, Convert.FromHexString(hex), Limits, out var read);

        (outcome, Text(read)).ShouldBe((expected, packets));
    }

    [Theory]
    [InlineData(EngineProtocol.V3, "2:401:2")]
    [InlineData(EngineProtocol.V4, "40\u001e2")]
    public void Packets_are_written_with_the_framing_of_their_version(EngineProtocol protocol, string body)
    {
        EnginePayload.Write(protocol, [new(EnginePacketType.Message, "0"), new(EnginePacketType.Ping)]).ShouldBe(body);
    }

    private static (SocketReadOutcome Outcome, string Packets) Read(EngineProtocol protocol, string body)
    {
        var outcome = EnginePayload.Read(protocol, Encoding.UTF8.GetBytes(body), Limits, out var packets);
        return (outcome, Text(packets));
    }

    private static string Text(IReadOnlyList<EnginePacket> packets) => string.Join('|', packets.Select(packet => packet.Write()));
}

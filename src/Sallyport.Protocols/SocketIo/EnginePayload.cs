using System.Text;
using System.Text.Unicode;

namespace Sallyport.Protocols.SocketIo;

/// <summary>The body of a polling request or answer: several packets in one text.</summary>
public static class EnginePayload
{
    /// <summary>All or none: <paramref name="packets"/> is empty unless all could be read.</summary>
    public static SocketReadOutcome Read(
        EngineProtocol protocol,
        ReadOnlySpan<byte> body,
        EnginePayloadLimits limits,
        out IReadOnlyList<EnginePacket> packets)
    {
        var read = new EnginePacketList(limits.MaxPackets);
        var outcome = body.Length > limits.MaxBytes ? SocketReadOutcome.TooLarge : ReadBody(protocol, body, read);

        packets = outcome == SocketReadOutcome.Read ? read.Packets : [];
        return outcome;
    }

    public static string Write(EngineProtocol protocol, IReadOnlyList<EnginePacket> packets) =>
        protocol switch
        {
            EngineProtocol.V3 => EngineLengthFraming.Write(packets),
            EngineProtocol.V4 => EngineSeparatorFraming.Write(packets),
        };

    private static SocketReadOutcome ReadBody(EngineProtocol protocol, ReadOnlySpan<byte> body, EnginePacketList packets)
    {
        if (protocol == EngineProtocol.V3 && EngineBinaryFraming.Recognises(body))
        {
            return EngineBinaryFraming.Read(body, packets);
        }

        if (!Utf8.IsValid(body))
        {
            return SocketReadOutcome.Malformed;
        }

        var text = Encoding.UTF8.GetString(body);
        return protocol switch
        {
            EngineProtocol.V3 => EngineLengthFraming.Read(text, packets),
            EngineProtocol.V4 => EngineSeparatorFraming.Read(text, packets),
        };
    }
}

using System.Text;
using System.Text.Unicode;

namespace Sallyport.Protocols.SocketIo;

/// <summary>The body of a polling request or response: several packets in one text.</summary>
public static class EnginePayload
{
    /// <summary>Reads all packets or none: <paramref name="packets"/> is empty unless the whole body is valid.</summary>
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

    /// <summary>Writes packets as one body: with length prefixes in Engine.IO 3, with separators in Engine.IO 4.</summary>
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

/// <summary>Limits on the body of a POST.</summary>
/// <param name="MaxBytes">The length of the body, in bytes.</param>
/// <param name="MaxPackets">The number of packets in it, including empty ones.</param>
public readonly record struct EnginePayloadLimits(int MaxBytes, int MaxPackets);

/// <summary>The result of reading a packet or a payload. Everything but <see cref="Read"/> closes the session.</summary>
public enum SocketReadOutcome
{
    Read,
    Malformed,

    /// <summary>Binary data is refused, because no Guardian client sends any.</summary>
    BinaryRefused,
    TooLarge,
    TooManyPackets,
}

/// <summary>Collects the packets of one payload, up to a limit.</summary>
internal sealed class EnginePacketList(int maxPackets)
{
    private readonly List<EnginePacket> _packets = [];
    private int _seen;

    public IReadOnlyList<EnginePacket> Packets => _packets;

    public SocketReadOutcome Add(ReadOnlySpan<char> text)
    {
        var outcome = Count();
        if (outcome != SocketReadOutcome.Read)
        {
            return outcome;
        }

        outcome = EnginePacket.Read(text, out var packet);
        if (outcome == SocketReadOutcome.Read)
        {
            _packets.Add(packet);
        }

        return outcome;
    }

    /// <summary>Engine.IO 3 writes "no packets" as one empty packet. It counts towards the limit.</summary>
    public SocketReadOutcome AddEmpty() => Count();

    private SocketReadOutcome Count() => ++_seen > maxPackets ? SocketReadOutcome.TooManyPackets : SocketReadOutcome.Read;
}

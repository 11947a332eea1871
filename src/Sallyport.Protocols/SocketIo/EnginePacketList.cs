namespace Sallyport.Protocols.SocketIo;

/// <summary>Collects the packets of one payload and stops at the limit.</summary>
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

    /// <summary>Engine.IO 3 writes "no packets" as one empty packet; it counts, or a payload could be made of nothing else.</summary>
    public SocketReadOutcome AddEmpty() => Count();

    private SocketReadOutcome Count() => ++_seen > maxPackets ? SocketReadOutcome.TooManyPackets : SocketReadOutcome.Read;
}

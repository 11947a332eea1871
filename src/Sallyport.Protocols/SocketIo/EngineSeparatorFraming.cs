namespace Sallyport.Protocols.SocketIo;

/// <summary>Engine.IO 4: packets with a record separator between them, which JSON never holds unescaped.</summary>
internal static class EngineSeparatorFraming
{
    private const char Separator = '\x1e';

    public static SocketReadOutcome Read(ReadOnlySpan<char> text, EnginePacketList packets)
    {
        foreach (var range in text.Split(Separator))
        {
            var outcome = packets.Add(text[range]);
            if (outcome != SocketReadOutcome.Read)
            {
                return outcome;
            }
        }

        return SocketReadOutcome.Read;
    }

    public static string Write(IReadOnlyList<EnginePacket> packets) => string.Join(Separator, packets.Select(packet => packet.Write()));
}

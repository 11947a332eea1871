using System.Globalization;
using System.Text;

namespace Sallyport.Protocols.SocketIo;

/// <summary>Engine.IO 3 as text: <c>length:packet</c> repeated, the length in UTF-16 code units.</summary>
internal static class EngineLengthFraming
{
    /// <summary>Bounds the search for the colon, so that a body without one costs the same as a short body.</summary>
    internal const int MaxLengthDigits = 9;

    public static SocketReadOutcome Read(ReadOnlySpan<char> text, EnginePacketList packets)
    {
        var outcome = text.IsEmpty ? SocketReadOutcome.Malformed : SocketReadOutcome.Read;
        while (!text.IsEmpty && outcome == SocketReadOutcome.Read)
        {
            outcome = ReadOne(ref text, packets);
        }

        return outcome;
    }

    public static string Write(IReadOnlyList<EnginePacket> packets)
    {
        var payload = new StringBuilder();
        foreach (var packet in packets)
        {
            var text = packet.Write();
            payload.Append(CultureInfo.InvariantCulture, $"{text.Length}:{text}");
        }

        return payload.ToString();
    }

    private static SocketReadOutcome ReadOne(ref ReadOnlySpan<char> text, EnginePacketList packets)
    {
        var colon = text[..Math.Min(text.Length, MaxLengthDigits + 1)].IndexOf(':');
        if (colon < 0
            || !int.TryParse(text[..colon], NumberStyles.None, CultureInfo.InvariantCulture, out var length)
            || length > text.Length - colon - 1)
        {
            return SocketReadOutcome.Malformed;
        }

        var packet = text.Slice(colon + 1, length);
        text = text[(colon + 1 + length)..];
        return packet.IsEmpty ? packets.AddEmpty() : packets.Add(TwiceEncodedText.Undo(packet));
    }
}

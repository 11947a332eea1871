using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace Sallyport.Protocols.SocketIo;

/// <summary>The text framing of Engine.IO 3: repeated <c>length:packet</c>, with the length in UTF-16 code units.</summary>
internal static class EngineLengthFraming
{
    /// <summary>Limits the search for the colon, so that a long body without one is rejected quickly.</summary>
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

/// <summary>The framing of Engine.IO 4: packets separated by the record separator, which JSON never contains unescaped.</summary>
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

/// <summary>
/// socket.io 1.x clients encode the text of a polling payload as UTF-8 before the transport encodes it again. Nothing on the wire
/// distinguishes them from 2.x clients, so text that can be decoded twice is. The rare 2.x text that looks encoded twice is misread.
/// </summary>
internal static class TwiceEncodedText
{
    public static ReadOnlySpan<char> Undo(ReadOnlySpan<char> text)
    {
        if (!text.ContainsAnyInRange('\x80', '\xFF') || text.ContainsAnyExceptInRange('\0', '\xFF'))
        {
            return text;
        }

        var bytes = new byte[text.Length];
        Encoding.Latin1.GetBytes(text, bytes);
        return Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : text;
    }
}

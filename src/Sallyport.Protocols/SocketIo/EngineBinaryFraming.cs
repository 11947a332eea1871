using System.Text;
using System.Text.Unicode;

namespace Sallyport.Protocols.SocketIo;

/// <summary>
/// The binary framing of Engine.IO 3: kind, the decimal digits of the length as one byte each, 0xFF, packet. Browsers with socket.io 1.x
/// also post text packets this way. Answers never use it, because every client reads the text framing too.
/// </summary>
internal static class EngineBinaryFraming
{
    private const byte Text = 0;
    private const byte Binary = 1;
    private const byte EndOfLength = 0xFF;

    public static bool Recognises(ReadOnlySpan<byte> body) => !body.IsEmpty && body[0] is Text or Binary;

    public static SocketReadOutcome Read(ReadOnlySpan<byte> body, EnginePacketList packets)
    {
        var outcome = SocketReadOutcome.Read;
        while (!body.IsEmpty && outcome == SocketReadOutcome.Read)
        {
            outcome = body[0] switch
            {
                Text => ReadOne(ref body, packets),
                Binary => SocketReadOutcome.BinaryRefused,
                _ => SocketReadOutcome.Malformed,
            };
        }

        return outcome;
    }

    private static SocketReadOutcome ReadOne(ref ReadOnlySpan<byte> body, EnginePacketList packets)
    {
        var end = body[..Math.Min(body.Length, EngineLengthFraming.MaxLengthDigits + 2)].IndexOf(EndOfLength);
        if (end < 0 || !TryReadLength(body[1..end], out var length) || length > body.Length - end - 1)
        {
            return SocketReadOutcome.Malformed;
        }

        var packet = body.Slice(end + 1, length);
        body = body[(end + 1 + length)..];
        return Utf8.IsValid(packet) ? packets.Add(Encoding.UTF8.GetString(packet)) : SocketReadOutcome.Malformed;
    }

    private static bool TryReadLength(ReadOnlySpan<byte> digits, out int length)
    {
        length = 0;
        foreach (var digit in digits)
        {
            if (digit > 9)
            {
                return false;
            }

            length = (length * 10) + digit;
        }

        return !digits.IsEmpty;
    }
}

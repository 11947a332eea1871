namespace Sallyport.Protocols.SocketIo;

/// <summary>One Engine.IO packet of text: a websocket frame, or a piece of a polling payload.</summary>
public readonly record struct EnginePacket(EnginePacketType Type, string Data = "")
{
    private const char Base64Mark = 'b';

    public static SocketReadOutcome Read(ReadOnlySpan<char> text, out EnginePacket packet)
    {
        packet = default;
        if (text.IsEmpty)
        {
            return SocketReadOutcome.Malformed;
        }

        if (text[0] == Base64Mark)
        {
            return SocketReadOutcome.BinaryRefused;
        }

        if (text[0] is < '0' or > '6')
        {
            return SocketReadOutcome.Malformed;
        }

        packet = new EnginePacket((EnginePacketType)(text[0] - '0'), text[1..].ToString());
        return SocketReadOutcome.Read;
    }

    public string Write() => (char)('0' + (int)Type) + Data;

    /// <summary>Without the data, which may hold a transaction token.</summary>
    public override string ToString() => Type.ToString();
}

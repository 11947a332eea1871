namespace Sallyport.Protocols.SocketIo;

/// <summary>One Engine.IO text packet: a websocket frame or a part of a polling payload.</summary>
public readonly record struct EnginePacket(EnginePacketType Type, string Data = "")
{
    private const char Base64Prefix = 'b';

    /// <summary>Reads one packet. <paramref name="packet"/> is <c>default</c> unless the outcome is <see cref="SocketReadOutcome.Read"/>.</summary>
    public static SocketReadOutcome Read(ReadOnlySpan<char> text, out EnginePacket packet)
    {
        packet = default;
        if (text.IsEmpty)
        {
            return SocketReadOutcome.Malformed;
        }

        if (text[0] == Base64Prefix)
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

    /// <summary>The digit of the type, followed by the data.</summary>
    public string Write() => (char)('0' + (int)Type) + Data;

    /// <summary>Omits the data, which may contain a transaction token.</summary>
    public override string ToString() => Type.ToString();
}

/// <summary>The values are the digits on the wire.</summary>
public enum EnginePacketType
{
    Open = 0,
    Close = 1,
    Ping = 2,
    Pong = 3,
    Message = 4,
    Upgrade = 5,
    Noop = 6,
}

using System.Text.Json;

namespace Sallyport.Protocols.SocketIo;

/// <summary>
/// A received socket.io packet. Revisions 4 (over Engine.IO 3) and 5 (over Engine.IO 4) use the same syntax.
/// <paramref name="Data"/> has the shape required by the type and contains only well-formed strings.
/// </summary>
public readonly record struct SocketPacket(SocketPacketType Type, string Namespace, long? AckId, JsonElement? Data)
{
    /// <summary>The namespace that is omitted on the wire.</summary>
    public const string RootNamespace = "/";

    private const int MaxNamespaceLength = 128;
    private const int MaxAckIdDigits = 15;

    /// <summary>Reads the text of an Engine.IO message. <paramref name="packet"/> is <c>default</c> unless the outcome is <see cref="SocketReadOutcome.Read"/>.</summary>
    public static SocketReadOutcome Read(ReadOnlySpan<char> text, out SocketPacket packet)
    {
        packet = default;
        if (text.IsEmpty || text[0] is < '0' or > '6')
        {
            return SocketReadOutcome.Malformed;
        }

        if (text[0] is '5' or '6')
        {
            return SocketReadOutcome.BinaryRefused;
        }

        var type = (SocketPacketType)(text[0] - '0');
        text = text[1..];
        if (!TryReadNamespace(ref text, out var ns) || !TryReadAckId(ref text, out var ackId) || !TryReadData(text, out var data))
        {
            return SocketReadOutcome.Malformed;
        }

        packet = new SocketPacket(type, ns, ackId, data);
        return packet.HasValidData() ? SocketReadOutcome.Read : SocketReadOutcome.Malformed;
    }

    /// <summary>Omits the data, which may contain a transaction token.</summary>
    public override string ToString() => $"{Type} {Namespace}";

    /// <summary>Clients 1.x omit the comma when nothing follows. All clients may append their query to the namespace.</summary>
    private static bool TryReadNamespace(ref ReadOnlySpan<char> text, out string ns)
    {
        ns = RootNamespace;
        if (text.IsEmpty || text[0] != '/')
        {
            return true;
        }

        var comma = text.IndexOf(',');
        var path = comma < 0 ? text : text[..comma];
        text = comma < 0 ? [] : text[(comma + 1)..];

        var query = path.IndexOf('?');
        path = query < 0 ? path : path[..query];
        ns = path.ToString();
        return path.Length <= MaxNamespaceLength && !path.ContainsAnyExceptInRange('!', '~');
    }

    private static bool TryReadAckId(ref ReadOnlySpan<char> text, out long? ackId)
    {
        var end = text.IndexOfAnyExceptInRange('0', '9');
        var digits = end < 0 ? text : text[..end];
        text = text[digits.Length..];

        ackId = digits.Length is 0 or > MaxAckIdDigits ? null : long.Parse(digits, provider: null);
        return digits.Length <= MaxAckIdDigits;
    }

    private static bool TryReadData(ReadOnlySpan<char> text, out JsonElement? data)
    {
        data = text.IsEmpty ? null : WellFormedJson.Parse(text);
        return text.IsEmpty || data is not null;
    }

    private bool HasValidData() =>
        Type switch
        {
            SocketPacketType.Connect => Data is null or { ValueKind: JsonValueKind.Object },
            SocketPacketType.Disconnect => Data is null,
            SocketPacketType.Event => Data is { ValueKind: JsonValueKind.Array } array
                && array.GetArrayLength() > 0
                && array[0].ValueKind == JsonValueKind.String,
            SocketPacketType.Ack => AckId is not null && Data is { ValueKind: JsonValueKind.Array },
            SocketPacketType.ConnectError => Data is { ValueKind: JsonValueKind.String or JsonValueKind.Object },
        };
}

/// <summary>The values are the digits on the wire. 5 and 6 announce binary attachments and are refused.</summary>
public enum SocketPacketType
{
    Connect = 0,
    Disconnect = 1,
    Event = 2,
    Ack = 3,
    ConnectError = 4,
}

using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Sallyport.Protocols.SocketIo;

/// <summary>Writes the packets that a server sends, as the text of an Engine.IO message.</summary>
public static class SocketPacketWriter
{
    /// <param name="socketId">Null in Engine.IO 3, where the client knows it from the open packet.</param>
    public static string Connect(string ns, string? socketId) =>
        Head(SocketPacketType.Connect, ns) + (socketId is null ? "" : $$"""{"sid":{{Quote(socketId)}}}""");

    /// <summary>Tells the client to leave the namespace and not to reconnect.</summary>
    public static string Disconnect(string ns) => Head(SocketPacketType.Disconnect, ns);

    /// <summary>An event that expects no acknowledgement.</summary>
    public static string Event(string ns, string name, params ReadOnlySpan<JsonElement> arguments)
    {
        var text = new StringBuilder(Head(SocketPacketType.Event, ns)).Append('[').Append(Quote(name));
        foreach (var argument in arguments)
        {
            text.Append(',').Append(Ascii(argument));
        }

        return text.Append(']').ToString();
    }

    /// <summary>The acknowledgement of a received event.</summary>
    /// <param name="ackId">The <see cref="SocketPacket.AckId"/> of the event.</param>
    public static string Ack(string ns, long ackId, params ReadOnlySpan<JsonElement> arguments)
    {
        var text = new StringBuilder(Head(SocketPacketType.Ack, ns)).Append(CultureInfo.InvariantCulture, $"{ackId}[");
        for (var i = 0; i < arguments.Length; i++)
        {
            text.Append(i == 0 ? "" : ",").Append(Ascii(arguments[i]));
        }

        return text.Append(']').ToString();
    }

    /// <summary>The payload is an object, because a string crashes some Guardian clients (docs/wire.md §2.5).</summary>
    public static string ConnectError(string ns, string message) =>
        Head(SocketPacketType.ConnectError, ns) + $$"""{"message":{{Quote(message)}}}""";

    private static string Head(SocketPacketType type, string ns) =>
        (char)('0' + (int)type) + (ns == SocketPacket.RootNamespace ? "" : ns + ",");

    private static string Quote(string text) => $"\"{JsonEncodedText.Encode(text)}\"";

    private static string Ascii(JsonElement value) => AsciiJson.Escape(value.GetRawText());
}

/// <summary>
/// All sent text is ASCII. Clients 1.x decode UTF-8 twice when polling and drop the connection on a character that was
/// encoded once. Engine.IO 3 counts lengths in UTF-16 code units, which for ASCII equal bytes.
/// </summary>
internal static class AsciiJson
{
    /// <summary>Writes other characters as JSON escapes. They can only occur inside strings.</summary>
    public static string Escape(string json)
    {
        if (Ascii.IsValid(json))
        {
            return json;
        }

        var ascii = new StringBuilder(json.Length * 2);
        foreach (var unit in json)
        {
            if (char.IsAscii(unit))
            {
                ascii.Append(unit);
            }
            else
            {
                ascii.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}");
            }
        }

        return ascii.ToString();
    }
}

using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Sallyport.Protocols.SocketIo;

/// <summary>The packets that a server sends, as the text of an Engine.IO message.</summary>
public static class SocketPacketWriter
{
    /// <summary>
    /// Only Engine.IO 4 tells the <paramref name="socketId"/>; in Engine.IO 3 the client knows it from the open packet.
    /// </summary>
    public static string Connect(string ns, string? socketId) =>
        Head(SocketPacketType.Connect, ns) + (socketId is null ? "" : $$"""{"sid":{{Quote(socketId)}}}""");

    public static string Disconnect(string ns) => Head(SocketPacketType.Disconnect, ns);

    public static string Event(string ns, string name, params ReadOnlySpan<JsonElement> arguments)
    {
        var text = new StringBuilder(Head(SocketPacketType.Event, ns)).Append('[').Append(Quote(name));
        foreach (var argument in arguments)
        {
            text.Append(',').Append(Ascii(argument));
        }

        return text.Append(']').ToString();
    }

    public static string Ack(string ns, long ackId, params ReadOnlySpan<JsonElement> arguments)
    {
        var text = new StringBuilder(Head(SocketPacketType.Ack, ns)).Append(CultureInfo.InvariantCulture, $"{ackId}[");
        for (var i = 0; i < arguments.Length; i++)
        {
            text.Append(i == 0 ? "" : ",").Append(Ascii(arguments[i]));
        }

        return text.Append(']').ToString();
    }

    /// <summary>Always an object: a bare string ends some Guardian clients with an uncaught exception.</summary>
    public static string ConnectError(string ns, string message) =>
        Head(SocketPacketType.ConnectError, ns) + $$"""{"message":{{Quote(message)}}}""";

    private static string Head(SocketPacketType type, string ns) =>
        (char)('0' + (int)type) + (ns == SocketPacket.RootNamespace ? "" : ns + ",");

    private static string Quote(string text) => $"\"{JsonEncodedText.Encode(text)}\"";

    private static string Ascii(JsonElement value) => AsciiJson.Escape(value.GetRawText());
}

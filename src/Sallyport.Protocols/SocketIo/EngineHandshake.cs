using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Sallyport.Protocols.SocketIo;

/// <summary>Writes the open packet (docs/wire.md §2.3).</summary>
internal static class EngineHandshake
{
    public static EnginePacket Open(SocketSessionStart start, SocketSessionOptions options)
    {
        var json = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            writer.WriteString("sid"u8, start.Id);
            WriteUpgrades(writer, start.Transport);
            writer.WriteNumber("pingInterval"u8, (long)options.PingInterval.TotalMilliseconds);
            writer.WriteNumber("pingTimeout"u8, (long)options.PingTimeout.TotalMilliseconds);
            if (start.Protocol == EngineProtocol.V4)
            {
                writer.WriteNumber("maxPayload"u8, options.MaxPayloadBytes);
            }

            writer.WriteEndObject();
        }

        return new EnginePacket(EnginePacketType.Open, Encoding.ASCII.GetString(json.WrittenSpan));
    }

    private static void WriteUpgrades(Utf8JsonWriter writer, SocketTransport transport)
    {
        writer.WriteStartArray("upgrades"u8);
        if (transport == SocketTransport.Polling)
        {
            writer.WriteStringValue("websocket"u8);
        }

        writer.WriteEndArray();
    }
}

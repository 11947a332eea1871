using System.Buffers;
using System.Net.WebSockets;
using System.Text;
using Sallyport.Protocols.SocketIo;

namespace Sallyport.Server.Realtime;

/// <summary>A message from a websocket.</summary>
/// <param name="Text">Null when it was not read to its end; <paramref name="Outcome"/> says why.</param>
internal sealed record Frame(string? Text, SocketReadOutcome Outcome);

/// <summary>Reads whole messages. An idle websocket waits with an empty buffer, so that it needs no memory.</summary>
internal static class FrameReader
{
    private const int FirstBuffer = 2048;

    /// <returns>Null when the client has closed its side.</returns>
    public static async ValueTask<Frame?> ReadAsync(WebSocket webSocket, int maxBytes)
    {
        var arrived = await webSocket.ReceiveAsync(Memory<byte>.Empty, CancellationToken.None);
        if (arrived.MessageType == WebSocketMessageType.Close)
        {
            return null;
        }

        if (arrived.MessageType == WebSocketMessageType.Binary)
        {
            return new Frame(null, SocketReadOutcome.BinaryRefused);
        }

        return arrived.EndOfMessage ? new Frame("", SocketReadOutcome.Read) : await ReadTextAsync(webSocket, maxBytes);
    }

    private static async ValueTask<Frame?> ReadTextAsync(WebSocket webSocket, int maxBytes)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(FirstBuffer);
        try
        {
            for (var length = 0; ;)
            {
                var part = await webSocket.ReceiveAsync(buffer.AsMemory(length), CancellationToken.None);
                if (part.MessageType == WebSocketMessageType.Close)
                {
                    return null;
                }

                length += part.Count;
                if (length > maxBytes)
                {
                    return new Frame(null, SocketReadOutcome.TooLarge);
                }

                if (part.EndOfMessage)
                {
                    return new Frame(Encoding.UTF8.GetString(buffer, 0, length), SocketReadOutcome.Read);
                }

                buffer = Grow(buffer, length);
            }
        }
        finally
        {
            // The buffer may contain a transaction token.
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }
    }

    private static byte[] Grow(byte[] buffer, int length)
    {
        if (length < buffer.Length)
        {
            return buffer;
        }

        var larger = ArrayPool<byte>.Shared.Rent(2 * buffer.Length);
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        return larger;
    }
}

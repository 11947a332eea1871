using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Sallyport.Bench.Http;

namespace Sallyport.Bench.Sockets;

/// <summary>A minimal socket.io client: Engine.IO 4 over a websocket, with frames of at most 64 kB.</summary>
internal sealed class EngineSocket : IDisposable
{
    private const string LastEvent = "42[\"login:complete\"";

    private readonly Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly TaskCompletionSource<long> receivedAt = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private byte[] buffer = new byte[2048];
    private int filled;

    /// <summary>The instant at which the last event of an enrollment arrived.</summary>
    public Task<long> ReceivedAt => receivedAt.Task;

    /// <returns>An authenticated socket, which answers heartbeats from then on.</returns>
    public static async Task<EngineSocket> OpenAsync(string url, string token)
    {
        var engine = new EngineSocket();
        try
        {
            await engine.HandshakeAsync(new Uri(url));
            await engine.ExpectAsync("0{");
            await engine.SendAsync("40");
            await engine.ExpectAsync("40{");
            await engine.SendAsync($$"""42["authenticate",{"token":"{{token}}"}]""");
            await engine.ExpectAsync("42[\"authenticated\"");
        }
        catch
        {
            engine.Dispose();
            throw;
        }

        _ = engine.ListenAsync();
        return engine;
    }

    public void Dispose()
    {
        receivedAt.TrySetCanceled();
        socket.Dispose();
    }

    private async Task HandshakeAsync(Uri uri)
    {
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Parse(uri.Host), uri.Port));
        var key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(16));
        var request = $"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: {uri.Authority}\r\nUpgrade: websocket\r\n"
            + $"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n";
        await socket.SendAsync(Encoding.ASCII.GetBytes(request));
        int end;
        while ((end = buffer.AsSpan(0, filled).IndexOf("\r\n\r\n"u8)) < 0)
        {
            await FillAsync();
        }

        if (!buffer.AsSpan(0, filled).StartsWith("HTTP/1.1 101"u8))
        {
            throw new WrongAnswerException("socket: " + Encoding.ASCII.GetString(buffer, 0, end));
        }

        Drop(end + 4);
    }

    private async Task ExpectAsync(string start)
    {
        var frame = await ReceiveAsync();
        if (!frame.StartsWith(start, StringComparison.Ordinal))
        {
            throw new WrongAnswerException($"socket: {start} was expected, but got {frame}");
        }
    }

    private async Task ListenAsync()
    {
        try
        {
            while (true)
            {
                var frame = await ReceiveAsync();
                if (frame == "2")
                {
                    await SendAsync("3");
                }
                else if (frame.StartsWith(LastEvent, StringComparison.Ordinal))
                {
                    receivedAt.TrySetResult(Stopwatch.GetTimestamp());
                }
            }
        }
        catch (Exception exception) when (exception is IOException or SocketException or ObjectDisposedException)
        {
            receivedAt.TrySetException(new IOException("socket: closed before the event arrived", exception));
        }
    }

    private async Task<string> ReceiveAsync()
    {
        while (true)
        {
            // RFC 6455 section 5.2; a server's frames are not masked.
            var head = filled > 1 && (buffer[1] & 0x7f) == 126 ? 4 : 2;
            if (filled >= head)
            {
                var length = head == 4 ? (buffer[2] << 8) + buffer[3] : buffer[1] & 0x7f;
                if (filled >= head + length)
                {
                    var isText = (buffer[0] & 0x0f) == 1;
                    var text = Encoding.UTF8.GetString(buffer, head, length);
                    Drop(head + length);
                    return isText ? text : throw new IOException("The server closed the websocket");
                }
            }

            await FillAsync();
        }
    }

    /// <summary>The mask is zero, so the text is sent unchanged.</summary>
    private async Task SendAsync(string text)
    {
        var frame = new byte[8 + text.Length];
        frame[0] = 0x81;
        var head = 2;
        if (text.Length < 126)
        {
            frame[1] = (byte)(0x80 | text.Length);
        }
        else
        {
            frame[1] = 0x80 | 126;
            frame[2] = (byte)(text.Length >> 8);
            frame[3] = (byte)text.Length;
            head = 4;
        }

        var length = head + 4 + Encoding.ASCII.GetBytes(text, frame.AsSpan(head + 4));
        await socket.SendAsync(frame.AsMemory(0, length));
    }

    private async Task FillAsync()
    {
        if (filled == buffer.Length)
        {
            Array.Resize(ref buffer, 2 * buffer.Length);
        }

        var received = await socket.ReceiveAsync(buffer.AsMemory(filled));
        filled += received > 0 ? received : throw new IOException("The server closed the connection");
    }

    private void Drop(int count)
    {
        buffer.AsSpan(count, filled - count).CopyTo(buffer);
        filled -= count;
    }
}

using System.Net.WebSockets;
using System.Text;

namespace Sallyport.Server.Realtime;

/// <summary>Serves websockets: the first transport of a session, or the upgrade of a polling client.</summary>
internal sealed class WebSocketRequests(SocketAuthenticator authenticator, TimeProvider clock)
{
    /// <summary>Engine.IO has its own heartbeats, and frames are too small to compress.</summary>
    private static readonly WebSocketAcceptContext AcceptOptions = new()
    {
        KeepAliveInterval = Timeout.InfiniteTimeSpan,
        DangerousEnableCompression = false,
    };

    public async Task ServeAsync(HttpContext context, ClientSocket socket)
    {
        if (socket.Call((session, now) => session.WebSockets.Attach(now)) is not { } number)
        {
            // As the reference server does. A refused handshake would be an error to clients, but this case is harmless.
            using var second = await context.WebSockets.AcceptWebSocketAsync(AcceptOptions);
            await WebSocketConnection.CloseAsync(second, clock);
            return;
        }

        try
        {
            using var webSocket = await context.WebSockets.AcceptWebSocketAsync(AcceptOptions);
            await new WebSocketConnection(socket, number, webSocket, clock).RunAsync(authenticator);
        }
        finally
        {
            socket.Call((session, _) => session.WebSockets.Detach(number));
        }
    }
}

/// <summary>One websocket of a client, with a receive loop and a send loop.</summary>
/// <param name="number">The number of the websocket in its session.</param>
internal sealed class WebSocketConnection(ClientSocket socket, int number, WebSocket webSocket, TimeProvider clock)
{
    /// <summary>How long to wait for a client that does not read.</summary>
    private static readonly TimeSpan SendTimeout = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long to wait until the client closes its side. What it sends later is answered with a reset, which ends the process of guardian.js
    /// 0.2.5 (docs/wire.md §2.5).
    /// </summary>
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(3);

    private readonly WakeSignal signal = new();

    /// <summary>Runs until the session or the client closes the websocket.</summary>
    public async Task RunAsync(SocketAuthenticator authenticator)
    {
        socket.DataAvailable += signal.Set;
        try
        {
            var receiving = ReceiveAsync(authenticator);
            await SendAsync();
            if (!receiving.IsCompleted)
            {
                await Task.WhenAny(receiving, Task.Delay(CloseTimeout, clock));
            }

            // After a handshake, or when the client has left, aborting would reset the connection instead of closing it.
            if (!receiving.IsCompleted)
            {
                webSocket.Abort();
            }

            await receiving;
        }
        finally
        {
            socket.DataAvailable -= signal.Set;
        }
    }

    /// <summary>Closes a websocket that belongs to no session. What the client sends meanwhile is discarded.</summary>
    public static async Task CloseAsync(WebSocket webSocket, TimeProvider clock)
    {
        try
        {
            await webSocket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None).WaitAsync(CloseTimeout, clock);
        }
        catch (TimeoutException)
        {
            webSocket.Abort();
        }
        catch (Exception exception) when (IsLostConnection(exception))
        {
            // The client has left.
        }
    }

    private async Task ReceiveAsync(SocketAuthenticator authenticator)
    {
        try
        {
            while (await FrameReader.ReadAsync(webSocket, SocketRegistry.MaxPayloadBytes) is { } frame)
            {
                socket.Receive((session, now) =>
                {
                    if (frame.Text is { } text)
                    {
                        session.WebSockets.Receive(number, text, now);
                    }
                    else
                    {
                        session.WebSockets.Refuse(number, frame.Outcome);
                    }

                    return true;
                });
                await authenticator.HandleEventsAsync(socket);
            }
        }
        catch (Exception exception) when (IsLostConnection(exception))
        {
            // The client has disconnected or does not speak the protocol.
        }
        finally
        {
            socket.Call((session, _) => session.WebSockets.Detach(number));
        }
    }

    private async Task SendAsync()
    {
        var frames = new List<string>(1);
        try
        {
            while (socket.Take(session => session.WebSockets.TakeFrames(number, frames)))
            {
                await SendAsync(frames);
                await signal.WaitAsync(CancellationToken.None);
            }

            await SendAsync(frames);
            await webSocket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None).WaitAsync(CloseTimeout, clock);
        }
        catch (Exception exception) when (IsLostConnection(exception))
        {
            // The client has left or does not read. Then it is not received from either, which ends this websocket.
        }
    }

    private async Task SendAsync(List<string> frames)
    {
        foreach (var frame in frames)
        {
            var sending = webSocket.SendAsync(
                Encoding.UTF8.GetBytes(frame), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
            if (!sending.IsCompleted)
            {
                await sending.WaitAsync(SendTimeout, clock);
            }

            await sending;
        }

        frames.Clear();
    }

    private static bool IsLostConnection(Exception exception) =>
        exception is WebSocketException or IOException or OperationCanceledException or ObjectDisposedException
            or InvalidOperationException or TimeoutException;
}

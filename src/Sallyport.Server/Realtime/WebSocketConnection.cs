using System.Net.WebSockets;
using System.Text;

namespace Sallyport.Server.Realtime;

/// <summary>One websocket of a client: one loop that receives, one that sends.</summary>
/// <param name="number">Which of the client's websockets it is.</param>
internal sealed class WebSocketConnection(ClientSocket socket, int number, WebSocket webSocket, TimeProvider clock)
{
    /// <summary>For a client that does not take what is sent to it, and for one that does not close its side.</summary>
    private static readonly TimeSpan SendPatience = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan ClosePatience = TimeSpan.FromSeconds(1);

    private readonly WakeSignal signal = new();

    /// <summary>Until the session is through with this websocket, or the websocket with the session.</summary>
    public async Task RunAsync(SocketAuthenticator socketAuthenticator)
    {
        socket.Woken += signal.Set;
        try
        {
            var receiving = ReceiveAsync(socketAuthenticator);
            await SendAsync();
            if (!receiving.IsCompleted)
            {
                await Task.WhenAny(receiving, Task.Delay(ClosePatience, clock));
            }

            webSocket.Abort();
            await receiving;
        }
        finally
        {
            socket.Woken -= signal.Set;
        }
    }

    private async Task ReceiveAsync(SocketAuthenticator socketAuthenticator)
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
                await socketAuthenticator.AnswerAsync(socket);
            }
        }
        catch (Exception exception) when (IsLostConnection(exception))
        {
            // The client is gone, or was never one.
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
            await webSocket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None).WaitAsync(ClosePatience, clock);
        }
        catch (Exception exception) when (IsLostConnection(exception))
        {
            webSocket.Abort();
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
                await sending.WaitAsync(SendPatience, clock);
            }

            await sending;
        }

        frames.Clear();
    }

    private static bool IsLostConnection(Exception exception) =>
        exception is WebSocketException or IOException or OperationCanceledException or ObjectDisposedException
            or InvalidOperationException or TimeoutException;
}

namespace Sallyport.Server.Realtime;

/// <summary>Websockets: the first transport of a socket, or the one that a polling client moves to.</summary>
internal sealed class WebSocketRequests(SocketAuthenticator socketAuthenticator, TimeProvider clock)
{
    /// <summary>Engine.IO has heartbeats of its own, and frames are too small to be worth compressing.</summary>
    private static readonly WebSocketAcceptContext Plain = new()
    {
        KeepAliveInterval = Timeout.InfiniteTimeSpan,
        DangerousEnableCompression = false,
    };

    public async Task ServeAsync(HttpContext context, ClientSocket socket)
    {
        if (socket.Call((session, now) => session.WebSockets.Attach(now)) is not { } number)
        {
            await SocketRefusal.BadRequest.ExecuteAsync(context);
            return;
        }

        try
        {
            using var webSocket = await context.WebSockets.AcceptWebSocketAsync(Plain);
            await new WebSocketConnection(socket, number, webSocket, clock).RunAsync(socketAuthenticator);
        }
        finally
        {
            socket.Call((session, _) => session.WebSockets.Detach(number));
        }
    }
}

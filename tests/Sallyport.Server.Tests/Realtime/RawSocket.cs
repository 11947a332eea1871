using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;

namespace Sallyport.Server.Tests.Realtime;

/// <summary>A socket.io client over a websocket that sends raw frames.</summary>
internal sealed class RawSocket : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);

    private readonly ClientWebSocket webSocket = new();
    private readonly byte[] buffer = new byte[64 * 1024];

    public WebSocketCloseStatus? CloseStatus => webSocket.CloseStatus;

    /// <returns>A socket that has joined the root namespace.</returns>
    public static async Task<RawSocket> ConnectAsync(Uri server, string path = "/socket.io/")
    {
        var socket = new RawSocket();
        await socket.OpenAsync(server, path + "?EIO=4&transport=websocket");
        (await socket.ReceiveAsync())!.ShouldStartWith("0{");
        await socket.SendAsync("40");
        (await socket.ReceiveAsync())!.ShouldStartWith("40{");
        return socket;
    }

    /// <returns>An authenticated socket.</returns>
    public static async Task<RawSocket> ConnectAsync(Uri server, string token, string path)
    {
        var socket = await ConnectAsync(server, path);
        await socket.AuthenticateAsync(token);
        (await socket.ReceiveEventAsync()).Name.ShouldBe("authenticated");
        return socket;
    }

    public static Task<RawSocket> AuthenticatedAsync(Uri server, string token) => ConnectAsync(server, token, "/socket.io/");

    public async Task OpenAsync(Uri server, string pathAndQuery)
    {
        using var deadline = new CancellationTokenSource(Timeout, TimeProvider.System);
        await webSocket.ConnectAsync(new UriBuilder(new Uri(server, pathAndQuery)) { Scheme = "ws" }.Uri, deadline.Token);
    }

    public Task AuthenticateAsync(string token) =>
        SendAsync($$"""42["authenticate",{"token":"{{token}}"}]""");

    public Task SendAsync(string frame) => SendAsync(Encoding.UTF8.GetBytes(frame), WebSocketMessageType.Text);

    public Task SendAsync(byte[] frame, WebSocketMessageType type) =>
        webSocket.SendAsync(frame, type, endOfMessage: true, CancellationToken.None);

    /// <returns>The next frame, or null when the server has closed the socket.</returns>
    public async Task<string?> ReceiveAsync(TimeSpan? timeout = null)
    {
        using var deadline = new CancellationTokenSource(timeout ?? Timeout, TimeProvider.System);
        try
        {
            var result = await webSocket.ReceiveAsync(buffer, deadline.Token);
            return result.MessageType == WebSocketMessageType.Close ? null : Encoding.UTF8.GetString(buffer, 0, result.Count);
        }
        catch (WebSocketException)
        {
            return null;
        }
    }

    public async Task<(string Name, JsonNode? Payload)> ReceiveEventAsync()
    {
        var frame = await ReceiveAsync();
        frame.ShouldNotBeNull("The server has closed the socket.");
        frame.ShouldStartWith("42[");
        var array = JsonNode.Parse(frame[2..])!.AsArray();
        return ((string)array[0]!, array.Count > 1 ? array[1] : null);
    }

    /// <returns>The names of the next events.</returns>
    public async Task<List<string>> ReceiveNamesAsync(int count)
    {
        var names = new List<string>();
        while (names.Count < count)
        {
            names.Add((await ReceiveEventAsync()).Name);
        }

        return names;
    }

    /// <summary>Asserts that no frame arrives for a moment. The socket cannot be used afterwards.</summary>
    public async Task ShouldBeSilentAsync() =>
        await Should.ThrowAsync<OperationCanceledException>(() => ReceiveAsync(TimeSpan.FromMilliseconds(300)));

    public async Task ShouldBeClosedAsync()
    {
        while (await ReceiveAsync() is { } frame)
        {
            frame.ShouldNotStartWith("42[");
        }
    }

    public void Dispose() => webSocket.Dispose();
}

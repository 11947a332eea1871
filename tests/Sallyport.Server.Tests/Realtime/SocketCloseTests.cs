using System.Net.Sockets;
using System.Text;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Realtime;

/// <summary>
/// A websocket that ends is closed (FIN) and never reset (RST): a reset ends the process of guardian.js 0.2.5, which no longer listens for errors
/// of a connection that it has left.
/// </summary>
public sealed class SocketCloseTests(Servers servers) : IClassFixture<Servers>
{
    private const int Rounds = 8;

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public async Task A_client_that_leaves_without_a_closing_handshake_is_not_reset(int protocol)
    {
        for (var round = 0; round < Rounds; round++)
        {
            await using var stream = await OpenAsync(protocol);

            stream.Socket.Shutdown(SocketShutdown.Send);

            await ShouldEndAsync(stream);
        }
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public async Task A_client_that_answers_the_closing_handshake_late_is_not_reset(int protocol)
    {
        await using var stream = await OpenAsync(protocol);
        if (protocol == 4)
        {
            await SendAsync(stream, opcode: 1, "40"u8.ToArray());
        }

        await SendAsync(stream, opcode: 1, "42[\"authenticate\",{\"token\":\"a.b.c\"}]"u8.ToArray());
        await Task.Delay(TimeSpan.FromSeconds(1.5), TimeProvider.System, TestContext.Current.CancellationToken);

        await SendAsync(stream, opcode: 8, [0x03, 0xE8]);

        (await ShouldEndAsync(stream)).ShouldContain("unauthorized");
    }

    /// <returns>A connection on which the upgrade was requested.</returns>
    private async Task<NetworkStream> OpenAsync(int protocol)
    {
        var address = new Uri((await servers.GetAsync(Engine.Sqlite)).Url);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(address.Host, address.Port);
        var stream = new NetworkStream(socket, ownsSocket: true);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"GET /socket.io/?EIO={protocol}&transport=websocket HTTP/1.1\r\nHost: {address.Authority}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"));
        await stream.ReadExactlyAsync(new byte[1]);
        return stream;
    }

    /// <summary>Sends a frame of a client (RFC 6455 section 5.2), whose mask of zeros changes nothing.</summary>
    private static ValueTask SendAsync(NetworkStream stream, byte opcode, byte[] payload) =>
        stream.WriteAsync((byte[])[(byte)(0x80 | opcode), (byte)(0x80 | payload.Length), 0, 0, 0, 0, .. payload]);

    /// <summary>Reads to the end. A reset is an exception.</summary>
    private static async Task<string> ShouldEndAsync(NetworkStream stream)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20), TimeProvider.System);
        using var reader = new StreamReader(stream, Encoding.Latin1, leaveOpen: true);
        return await reader.ReadToEndAsync(deadline.Token);
    }
}

using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Sallyport.Bench.Http;

/// <returns>The JSON of the answer.</returns>
internal delegate string Respond(HttpMessage request);

/// <summary>A minimal HTTP/1.1 server on this machine, which stands for a provider. Every connection has a blocking thread.</summary>
internal sealed class LoopbackServer : IDisposable
{
    private const int MaxMessage = 64 * 1024;
    private const int StackSize = 256 * 1024;

    private readonly TcpListener listener;
    private readonly Respond respond;

    public LoopbackServer(int port, Respond respond)
    {
        this.respond = respond;
        listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start();
        new Thread(Accept) { IsBackground = true }.Start();
    }

    public void Dispose() => listener.Dispose();

    private void Accept()
    {
        try
        {
            while (true)
            {
                var socket = listener.AcceptSocket();
                socket.NoDelay = true;
                new Thread(() => Serve(socket), StackSize) { IsBackground = true }.Start();
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The listener was closed.
        }
    }

    private void Serve(Socket socket)
    {
        using (socket)
        {
            var reader = new MessageReader(socket, new byte[MaxMessage]);
            try
            {
                while (true)
                {
                    var json = respond(reader.Read());
                    socket.Send(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {json.Length}\r\n\r\n{json}"));
                }
            }
            catch (Exception exception) when (exception is SocketException or IOException)
            {
                // The client has closed the connection.
            }
        }
    }
}

using System.Net;
using System.Net.Sockets;
using System.Text.Unicode;

namespace Sallyport.Bench.Http;

/// <summary>A minimal HTTP/1.1 client on one keep-alive connection, without allocation.</summary>
internal sealed class HttpConnection : IDisposable
{
    private const int MaxMessage = 64 * 1024;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    private readonly Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] request = new byte[MaxMessage];
    private readonly MessageReader reader;
    private readonly string host;

    public HttpConnection(string url)
    {
        var uri = new Uri(url);
        host = uri.Authority;
        socket.ReceiveTimeout = (int)Timeout.TotalMilliseconds;
        socket.Connect(new IPEndPoint(IPAddress.Parse(uri.Host), uri.Port));
        reader = new MessageReader(socket, new byte[MaxMessage]);
    }

    public HttpAnswer Get(string path, string authorization)
    {
        var fits = Utf8.TryWrite(
            request,
            $"GET {path} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: bench\r\nAccept: application/json\r\nAuthorization: {authorization}\r\n\r\n",
            out var length);
        return Send(fits, length);
    }

    /// <param name="json">ASCII only.</param>
    public HttpAnswer Post(string path, string authorization, string json) => Send("POST", path, "Authorization: " + authorization, json);

    /// <param name="json">ASCII only.</param>
    public HttpAnswer Put(string path, string authorization, string json) => Send("PUT", path, "Authorization: " + authorization, json);

    /// <param name="headers">One or several header lines, without the last line break.</param>
    /// <param name="json">ASCII only.</param>
    public HttpAnswer PostWithHeaders(string path, string headers, string json) => Send("POST", path, headers, json);

    public void Dispose() => socket.Dispose();

    private HttpAnswer Send(string method, string path, string headers, string json)
    {
        var fits = Utf8.TryWrite(
            request,
            $"{method} {path} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: bench\r\nAccept: application/json\r\n{headers}\r\nContent-Type: application/json\r\nContent-Length: {json.Length}\r\n\r\n{json}",
            out var length);
        return Send(fits, length);
    }

    private HttpAnswer Send(bool fits, int length)
    {
        if (!fits)
        {
            throw new InvalidOperationException("The request is too long");
        }

        for (var sent = 0; sent < length;)
        {
            sent += socket.Send(request.AsSpan(sent, length - sent));
        }

        var response = reader.Read();
        return new HttpAnswer(MessageReader.StatusOf(response), response.Body);
    }
}

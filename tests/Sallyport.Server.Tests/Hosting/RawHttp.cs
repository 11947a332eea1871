using System.Net.Sockets;
using System.Text;

namespace Sallyport.Server.Tests.Hosting;

/// <summary>Sends requests as raw text, including those that no client library would send.</summary>
internal static class RawHttp
{
    /// <param name="head">Request line and headers without Host and Connection, lines ending in \n.</param>
    /// <returns>The whole response as text.</returns>
    public static async Task<string> SendAsync(TestServer server, string head, string body = "")
    {
        var address = new Uri(server.Url);
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port);
        await using var stream = client.GetStream();
        var lines = head.TrimEnd('\n').Replace("\n", "\r\n", StringComparison.Ordinal);
        var request = $"{lines}\r\nHost: {address.Authority}\r\nConnection: close\r\n\r\n{body}";
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request));
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return await reader.ReadToEndAsync();
    }
}

using System.Text;

namespace Sallyport.Protocols.Tests.SocketIo;

/// <summary>A request, a response or a websocket frame of a <see cref="Recording"/>.</summary>
public sealed record Exchange(string From, string Over, string Query, int Status, string? Text, string? Base64)
{
    public bool IsWebSocket => Over == "websocket";

    /// <summary>False for the answer "ok" to a POST and for refusals, which contain no packets.</summary>
    public bool IsContent => IsWebSocket || From == "client" ? Text is not null || Base64 is not null : Over == "GET" && Status == 200;

    public byte[] Bytes => Base64 is null ? Encoding.UTF8.GetBytes(Text!) : Convert.FromBase64String(Base64);
}

using System.Text;

namespace Sallyport.Protocols.Tests.SocketIo;

/// <summary>A request, an answer or a websocket frame of a <see cref="Recording"/>.</summary>
public sealed record Exchange(string From, string Over, string Query, int Status, string? Text, string? Base64)
{
    public bool IsWebSocket => Over == "websocket";

    /// <summary>Whether it carries packets: the answers to POST say "ok", and refused requests say why.</summary>
    public bool IsContent => IsWebSocket || From == "client" ? Text is not null || Base64 is not null : Over == "GET" && Status == 200;

    public byte[] Bytes => Base64 is null ? Encoding.UTF8.GetBytes(Text!) : Convert.FromBase64String(Base64);
}

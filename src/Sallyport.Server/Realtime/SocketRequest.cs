using Sallyport.Protocols.SocketIo;

namespace Sallyport.Server.Realtime;

/// <summary>The query of a request to the socket endpoint.</summary>
/// <param name="SocketId">Null where the client asks for a new socket.</param>
internal sealed record SocketRequest(EngineProtocol Protocol, SocketTransport Transport, string? SocketId)
{
    /// <returns>Null where the query could be read.</returns>
    public static SocketRefusal? Read(IQueryCollection query, out SocketRequest request)
    {
        request = null!;
        EngineProtocol? protocol = Single(query, "EIO") switch
        {
            "3" => EngineProtocol.V3,
            "4" => EngineProtocol.V4,
            _ => null,
        };
        SocketTransport? transport = Single(query, "transport") switch
        {
            "polling" => SocketTransport.Polling,
            "websocket" => SocketTransport.WebSocket,
            _ => null,
        };
        if (transport is null)
        {
            return SocketRefusal.UnknownTransport;
        }

        if (protocol is null)
        {
            return SocketRefusal.UnsupportedVersion;
        }

        // JSONP, the answer as a script, is for browsers that no Guardian client runs in.
        if (query.ContainsKey("j") || query["sid"].Count > 1)
        {
            return SocketRefusal.BadRequest;
        }

        request = new SocketRequest(protocol.Value, transport.Value, Single(query, "sid"));
        return null;
    }

    private static string? Single(IQueryCollection query, string name) => query[name] is [var value] ? value : null;
}

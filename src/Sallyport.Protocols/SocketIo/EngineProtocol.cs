namespace Sallyport.Protocols.SocketIo;

/// <summary>Revision of Engine.IO, the query parameter <c>EIO</c>; it also fixes the revision of socket.io spoken above it.</summary>
public enum EngineProtocol
{
    /// <summary>socket.io clients 1.x and 2.x.</summary>
    V3 = 3,

    /// <summary>socket.io clients from 3.0 on.</summary>
    V4 = 4,
}

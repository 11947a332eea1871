namespace Sallyport.Protocols.SocketIo;

public enum SocketCloseReason
{
    ClientClosed,

    /// <summary>The connection under it went away.</summary>
    TransportClosed,
    HeartbeatTimeout,

    /// <summary>The client polled while its previous poll was unanswered.</summary>
    PollOverlap,
    Malformed,
    BinaryRefused,
    TooLarge,
    TooManyPackets,

    /// <summary>Well-formed packets that may not come now.</summary>
    ProtocolViolation,

    /// <summary>The client does not fetch what is sent to it.</summary>
    QueueFull,
    NoNamespaceJoined,
    AuthenticationTimeout,

    /// <summary>The application asked for it, and the client is told not to come back.</summary>
    Kicked,

    /// <summary>The node goes down; the client may connect to another.</summary>
    ServerStopping,
}

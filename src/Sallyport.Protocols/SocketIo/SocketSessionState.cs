namespace Sallyport.Protocols.SocketIo;

/// <summary>The state of a session.</summary>
public enum SocketSessionState
{
    Open,

    /// <summary>Queued packets are still delivered; nothing is accepted any more.</summary>
    Closing,
    Closed,
}

/// <summary>Why a session ended.</summary>
public enum SocketCloseReason
{
    ClientClosed,

    /// <summary>The underlying connection was lost.</summary>
    TransportClosed,
    HeartbeatTimeout,

    /// <summary>The client polled while its previous poll was still open.</summary>
    PollOverlap,
    Malformed,
    BinaryRefused,
    TooLarge,
    TooManyPackets,

    /// <summary>A well-formed packet that is not allowed in the current state.</summary>
    ProtocolViolation,

    /// <summary>The client does not fetch its packets.</summary>
    QueueFull,
    NoNamespaceJoined,
    AuthenticationTimeout,

    /// <summary>The application disconnected the client, which must not reconnect.</summary>
    Kicked,

    /// <summary>The node is stopping; the client may connect to another node.</summary>
    ServerStopping,
}

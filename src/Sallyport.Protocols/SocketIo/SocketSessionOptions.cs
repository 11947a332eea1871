namespace Sallyport.Protocols.SocketIo;

/// <summary>Timeouts and limits of a session.</summary>
public sealed record SocketSessionOptions
{
    /// <summary>The options that the server uses.</summary>
    public static SocketSessionOptions Default { get; } = new();

    /// <summary>Announced to the client. In Engine.IO 4 the server pings this long after the last pong.</summary>
    public TimeSpan PingInterval { get; init; } = TimeSpan.FromSeconds(25);

    /// <summary>Announced to the client: how long either side waits for an overdue heartbeat.</summary>
    public TimeSpan PingTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>From the opening of the second transport to the client's upgrade packet.</summary>
    public TimeSpan UpgradeTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a client may be without a namespace.</summary>
    public TimeSpan JoinTimeout { get; init; } = TimeSpan.FromSeconds(45);

    /// <summary>From joining the first namespace to <see cref="SocketSession.MarkAuthenticated"/>.</summary>
    public TimeSpan AuthenticationTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a closing session waits until a polling client fetches its last packets.</summary>
    public TimeSpan CloseTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The maximum size of a request body or websocket frame. A transaction token has less than a kilobyte.</summary>
    public int MaxPayloadBytes { get; init; } = 100_000;

    /// <summary>The maximum number of packets in one POST.</summary>
    public int MaxPacketsPerPayload { get; init; } = 256;

    /// <summary>The maximum number of packets that wait for the client; one more closes the session.</summary>
    public int MaxQueuedPackets { get; init; } = 256;

    /// <summary>The maximum total length of these packets, in UTF-16 code units.</summary>
    public int MaxQueuedCharacters { get; init; } = 1_000_000;

    /// <summary>guardian.js before 1.2.0 joins the path of its service URL as a namespace (docs/wire.md §2.2).</summary>
    public IReadOnlySet<string> Namespaces { get; init; } = new HashSet<string>(StringComparer.Ordinal)
    {
        SocketPacket.RootNamespace,
        "/appliance-mfa",
    };

    internal EnginePayloadLimits PayloadLimits => new(MaxPayloadBytes, MaxPacketsPerPayload);
}

/// <summary>
/// The parameters of a new session. <paramref name="Id"/> is the client's only credential, so it must be unguessable.
/// <paramref name="NewSocketId"/> creates the ids that Engine.IO 4 sends per namespace; they are not secret and never equal the session id.
/// </summary>
public sealed record SocketSessionStart(string Id, EngineProtocol Protocol, SocketTransport Transport, Func<string> NewSocketId);

/// <summary>The revision of Engine.IO, from the query parameter <c>EIO</c>. It also determines the revision of socket.io.</summary>
public enum EngineProtocol
{
    /// <summary>socket.io clients 1.x and 2.x.</summary>
    V3 = 3,

    /// <summary>socket.io clients 3.0 and later.</summary>
    V4 = 4,
}

/// <summary>How packets are carried.</summary>
public enum SocketTransport
{
    Polling,
    WebSocket,
}

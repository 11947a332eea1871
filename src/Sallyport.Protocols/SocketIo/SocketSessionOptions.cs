namespace Sallyport.Protocols.SocketIo;

public sealed record SocketSessionOptions
{
    public static SocketSessionOptions Default { get; } = new();

    /// <summary>Announced to the client; with Engine.IO 4 the server pings this long after the last answer.</summary>
    public TimeSpan PingInterval { get; init; } = TimeSpan.FromSeconds(25);

    /// <summary>Announced to the client: how long either side waits for the other's heartbeat once it is due.</summary>
    public TimeSpan PingTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>From the second transport's opening to the client's word that it moves there.</summary>
    public TimeSpan UpgradeTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a client may be in no namespace.</summary>
    public TimeSpan JoinTimeout { get; init; } = TimeSpan.FromSeconds(45);

    /// <summary>From the first namespace joined to <see cref="SocketSession.MarkAuthenticated"/>.</summary>
    public TimeSpan AuthenticationTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a closing session waits for a polling client to fetch its last packets.</summary>
    public TimeSpan CloseTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Of one request body or websocket frame. A transaction token is a few kilobytes.</summary>
    public int MaxPayloadBytes { get; init; } = 100_000;

    public int MaxPacketsPerPayload { get; init; } = 256;

    public int MaxQueuedPackets { get; init; } = 256;

    public int MaxQueuedCharacters { get; init; } = 1_000_000;

    /// <summary>Clients before 1.2.0 join the path of their service URL as a namespace.</summary>
    public IReadOnlySet<string> Namespaces { get; init; } = new HashSet<string>(StringComparer.Ordinal)
    {
        SocketPacket.RootNamespace,
        "/appliance-mfa",
    };

    internal EnginePayloadLimits PayloadLimits => new(MaxPayloadBytes, MaxPacketsPerPayload);
}

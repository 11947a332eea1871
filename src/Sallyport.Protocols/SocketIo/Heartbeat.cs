namespace Sallyport.Protocols.SocketIo;

/// <summary>
/// Who pings depends on the protocol: the client in Engine.IO 3, the server in 4. A version 4 client hangs up when interval plus
/// timeout pass without a ping, so the next one is due an interval after the last answer and no later.
/// </summary>
internal sealed class Heartbeat
{
    private readonly EngineProtocol _protocol;
    private readonly TimeSpan _interval;
    private readonly TimeSpan _timeout;
    private bool _awaitsPong;
    private bool _wasExtended;

    public Heartbeat(EngineProtocol protocol, SocketSessionOptions options, DateTimeOffset now)
    {
        _protocol = protocol;
        _interval = options.PingInterval;
        _timeout = options.PingTimeout;
        DueAt = now + (ClientPings ? _interval + _timeout : _interval);
    }

    /// <summary>When to ping, or when the other side has been silent for too long.</summary>
    public DateTimeOffset DueAt { get; private set; }

    private bool ClientPings => _protocol == EngineProtocol.V3;

    public HeartbeatStep Advance(DateTimeOffset now)
    {
        if (now < DueAt)
        {
            return HeartbeatStep.None;
        }

        if (ClientPings || _awaitsPong)
        {
            return HeartbeatStep.TimedOut;
        }

        _awaitsPong = true;
        _wasExtended = false;
        DueAt = now + _timeout;
        return HeartbeatStep.Ping;
    }

    /// <returns>Whether this packet may come from a client of this protocol.</returns>
    public bool Accept(EnginePacketType type, DateTimeOffset now)
    {
        switch (type)
        {
            case EnginePacketType.Ping when ClientPings:
                DueAt = now + _interval + _timeout;
                return true;
            case EnginePacketType.Pong when !ClientPings:
                _awaitsPong = false;
                DueAt = now + _interval;
                return true;
            case EnginePacketType.Ping or EnginePacketType.Pong:
                return false;
            default:
                ExtendOnce(now);
                return true;
        }
    }

    /// <summary>The pong may be queued behind a slow request; a second extension would let a client do without pongs.</summary>
    private void ExtendOnce(DateTimeOffset now)
    {
        if (_awaitsPong && !_wasExtended)
        {
            _wasExtended = true;
            DueAt = now + _timeout;
        }
    }
}

namespace Sallyport.Protocols.SocketIo;

/// <summary>
/// The heartbeat. In Engine.IO 3 the client pings, in Engine.IO 4 the server. A version 4 client disconnects when interval plus
/// timeout pass without a ping, so the next ping is due one interval after the last pong.
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

    /// <summary>When the next ping is due, or when the client times out.</summary>
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

    /// <returns>False when a client of this protocol must not send the packet.</returns>
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

    /// <summary>Any packet extends the timeout once, because the pong may be queued behind a slow request. Extending it twice would allow a client to send no pongs.</summary>
    private void ExtendOnce(DateTimeOffset now)
    {
        if (_awaitsPong && !_wasExtended)
        {
            _wasExtended = true;
            DueAt = now + _timeout;
        }
    }
}

internal enum HeartbeatStep
{
    None,
    Ping,
    TimedOut,
}

namespace Sallyport.Protocols.SocketIo;

/// <summary>The requests of a polling client: GET fetches what is queued, POST brings packets.</summary>
public sealed class PollingChannel
{
    private readonly EngineSession _session;

    internal PollingChannel(EngineSession session) => _session = session;

    /// <summary>A GET arrived. If accepted, <see cref="TakeAnswer"/> gives the body of its answer, now or later.</summary>
    public SocketRequestOutcome Open(DateTimeOffset now)
    {
        var outcome = Admit();
        if (outcome != SocketRequestOutcome.Accepted)
        {
            return outcome;
        }

        if (_session.Poll.IsOpen)
        {
            // Two requests would share one stream of packets, and their order would be lost.
            _session.Close(SocketCloseReason.PollOverlap);
            return SocketRequestOutcome.Refused;
        }

        _session.Poll.Open();
        _session.ReleasePollForUpgrade(now);
        return outcome;
    }

    /// <summary>The body of the open request's answer, or null as long as there is nothing to say.</summary>
    public string? TakeAnswer()
    {
        var packets = _session.Poll.IsOpen ? TakePackets() : [];
        if (packets.Count == 0)
        {
            return null;
        }

        _session.Poll.Close();
        return EnginePayload.Write(_session.Protocol, packets);
    }

    /// <summary>The connection of the open GET is gone, before its answer was taken or while it was written.</summary>
    public void Abandon()
    {
        _session.Poll.Close();
        if (_session.Transport == SocketTransport.Polling)
        {
            // What the answer held is lost, and with it the order of packets. After an upgrade it was only a noop.
            _session.Close(SocketCloseReason.TransportClosed);
        }
    }

    /// <summary>A POST arrived. One byte of it beyond the limit is enough to have it refused.</summary>
    public SocketRequestOutcome Receive(ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        var outcome = Admit();
        if (outcome != SocketRequestOutcome.Accepted)
        {
            return outcome;
        }

        _session.CloseUnlessRead(EnginePayload.Read(_session.Protocol, body, _session.Options.PayloadLimits, out var packets));
        foreach (var packet in packets)
        {
            _session.Receive(packet, now);
        }

        return AfterReceiving();
    }

    private SocketRequestOutcome Admit() =>
        _session switch
        {
            { State: SocketSessionState.Closed } => SocketRequestOutcome.UnknownSession,
            { Transport: not SocketTransport.Polling } => SocketRequestOutcome.Refused,
            _ => SocketRequestOutcome.Accepted,
        };

    private SocketRequestOutcome AfterReceiving() =>
        _session.CloseReason switch
        {
            SocketCloseReason.TooLarge => SocketRequestOutcome.TooLarge,
            SocketCloseReason.Malformed
                or SocketCloseReason.BinaryRefused
                or SocketCloseReason.TooManyPackets
                or SocketCloseReason.ProtocolViolation
                or SocketCloseReason.QueueFull => SocketRequestOutcome.Refused,
            _ => SocketRequestOutcome.Accepted,
        };

    private IReadOnlyList<EnginePacket> TakePackets()
    {
        if (_session.Poll.Answer is { } answer)
        {
            return [answer];
        }

        if (_session.Probe is { IsAnswered: true })
        {
            // They would race those that follow on the websocket.
            return [];
        }

        if (_session.HasQueued || _session.State != SocketSessionState.Closing)
        {
            return _session.TakeQueued();
        }

        // On its own: a client that finds it beside a disconnect packet takes the end for a broken connection, and comes back.
        _session.Close(SocketCloseReason.TransportClosed);
        return [new EnginePacket(EnginePacketType.Close)];
    }
}

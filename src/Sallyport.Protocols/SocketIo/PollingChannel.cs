namespace Sallyport.Protocols.SocketIo;

/// <summary>The requests of a polling client: GET fetches queued packets, POST sends packets.</summary>
public sealed class PollingChannel
{
    private readonly EngineSession _session;

    internal PollingChannel(EngineSession session) => _session = session;

    /// <summary>Handles a GET. If it is accepted, <see cref="TakeAnswer"/> returns the body of its answer, now or later.</summary>
    public SocketRequestOutcome Open(DateTimeOffset now)
    {
        var outcome = Admit();
        if (outcome != SocketRequestOutcome.Accepted)
        {
            return outcome;
        }

        if (_session.Poll.IsOpen)
        {
            // With two open polls the order of packets would be lost.
            _session.Close(SocketCloseReason.PollOverlap);
            return SocketRequestOutcome.Refused;
        }

        _session.Poll.Open();
        _session.ReleasePollForUpgrade(now);
        return outcome;
    }

    /// <returns>The body for the open poll, or null while there is nothing to send.</returns>
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

    /// <summary>Handles a lost connection of the open GET, before or while its answer was written.</summary>
    public void Abandon()
    {
        _session.Poll.Close();
        if (_session.Transport == SocketTransport.Polling)
        {
            // The packets of the answer are lost. After an upgrade the answer was only a noop.
            _session.Close(SocketCloseReason.TransportClosed);
        }
    }

    /// <summary>Handles a POST. A body of one byte over the limit is enough to have it refused.</summary>
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
            // They could arrive after packets that follow on the websocket.
            return [];
        }

        if (_session.HasQueued || _session.State != SocketSessionState.Closing)
        {
            return _session.TakeQueued();
        }

        // Sent alone: a client that receives it together with a disconnect packet treats the end as a broken connection and reconnects.
        _session.Close(SocketCloseReason.TransportClosed);
        return [new EnginePacket(EnginePacketType.Close)];
    }
}

/// <summary>The result of a polling request; the endpoint translates it to a status code.</summary>
public enum SocketRequestOutcome
{
    Accepted,
    Refused,
    TooLarge,
    UnknownSession,
}

/// <summary>The open GET of a polling client. There is at most one.</summary>
internal sealed class PollSlot
{
    public bool IsOpen { get; private set; }

    /// <summary>A packet that is sent alone, even if others are queued.</summary>
    public EnginePacket? Answer { get; private set; }

    public bool IsWaiting => IsOpen && Answer is null;

    public void Open() => IsOpen = true;

    public void Release(EnginePacketType answer) => Answer = IsWaiting ? new EnginePacket(answer) : Answer;

    public void Close()
    {
        IsOpen = false;
        Answer = null;
    }
}

namespace Sallyport.Protocols.SocketIo;

/// <summary>The state that polls and websockets of a session share: queue, heartbeat, upgrade and close.</summary>
internal sealed class EngineSession
{
    private readonly Action<string, DateTimeOffset> _onMessage;
    private readonly OutgoingQueue _queue;
    private readonly Heartbeat _heartbeat;
    private DateTimeOffset? _closeBy;

    public EngineSession(
        SocketSessionStart start,
        SocketSessionOptions options,
        Action<string, DateTimeOffset> onMessage,
        DateTimeOffset now)
    {
        _onMessage = onMessage;
        _queue = new OutgoingQueue(options.MaxQueuedPackets, options.MaxQueuedCharacters);
        _heartbeat = new Heartbeat(start.Protocol, options, now);
        Protocol = start.Protocol;
        Transport = start.Transport;
        Options = options;
        Enqueue(EngineHandshake.Open(start, options));
    }

    public SocketSessionOptions Options { get; }

    public EngineProtocol Protocol { get; }

    public SocketTransport Transport { get; private set; }

    public SocketSessionState State { get; private set; }

    public SocketCloseReason? CloseReason { get; private set; }

    public PollSlot Poll { get; } = new();

    public UpgradeProbe? Probe { get; set; }

    public bool HasQueued => !_queue.IsEmpty;

    public DateTimeOffset NextDeadline =>
        State == SocketSessionState.Closed
            ? DateTimeOffset.MaxValue
            : Deadline.Earliest(_closeBy ?? _heartbeat.DueAt, Probe?.Deadline, Poll.IsWaiting ? Probe?.ReleasePollAt : null);

    public void Send(string message) => Enqueue(new EnginePacket(EnginePacketType.Message, message));

    public IReadOnlyList<EnginePacket> TakeQueued() => _queue.TakeAll();

    public void Receive(EnginePacket packet, DateTimeOffset now)
    {
        if (State == SocketSessionState.Closed)
        {
            return;
        }

        if (!_heartbeat.Accept(packet.Type, now))
        {
            Close(SocketCloseReason.ProtocolViolation);
            return;
        }

        switch (packet.Type)
        {
            case EnginePacketType.Ping:
                Enqueue(new EnginePacket(EnginePacketType.Pong));
                break;
            case EnginePacketType.Close:
                Close(SocketCloseReason.ClientClosed);
                break;
            case EnginePacketType.Message when State == SocketSessionState.Open:
                _onMessage(packet.Data, now);
                break;
        }
    }

    public void Advance(DateTimeOffset now)
    {
        if (_closeBy <= now)
        {
            Close(SocketCloseReason.TransportClosed);
        }

        if (Probe?.Deadline <= now)
        {
            Probe = null;
        }

        ReleasePollForUpgrade(now);
        if (State == SocketSessionState.Open)
        {
            AdvanceHeartbeat(now);
        }
    }

    /// <summary>The client upgrades only when no poll is open.</summary>
    public void ReleasePollForUpgrade(DateTimeOffset now)
    {
        if (Poll.IsWaiting && Probe?.ReleasePollAt <= now)
        {
            Poll.Release(EnginePacketType.Noop);
            Probe.PollReleased(now);
        }
    }

    public void CompleteUpgrade()
    {
        Transport = SocketTransport.WebSocket;
        Probe = null;
        Poll.Release(EnginePacketType.Noop);
    }

    /// <summary>Closes the session after the client has received what is queued.</summary>
    public void CloseWhenDelivered(SocketCloseReason reason, DateTimeOffset now)
    {
        if (State == SocketSessionState.Open)
        {
            State = SocketSessionState.Closing;
            CloseReason = reason;
            _closeBy = now + Options.CloseTimeout;
        }
    }

    public void Close(SocketCloseReason reason)
    {
        if (State == SocketSessionState.Closed)
        {
            return;
        }

        State = SocketSessionState.Closed;
        CloseReason ??= reason;
        Probe = null;
        _queue.TakeAll();
        Poll.Release(reason == SocketCloseReason.ClientClosed ? EnginePacketType.Noop : EnginePacketType.Close);
    }

    public void CloseUnlessRead(SocketReadOutcome outcome)
    {
        if (ReasonToClose(outcome) is { } reason)
        {
            Close(reason);
        }
    }

    private static SocketCloseReason? ReasonToClose(SocketReadOutcome outcome) =>
        outcome switch
        {
            SocketReadOutcome.Read => null,
            SocketReadOutcome.Malformed => SocketCloseReason.Malformed,
            SocketReadOutcome.BinaryRefused => SocketCloseReason.BinaryRefused,
            SocketReadOutcome.TooLarge => SocketCloseReason.TooLarge,
            SocketReadOutcome.TooManyPackets => SocketCloseReason.TooManyPackets,
        };

    private void AdvanceHeartbeat(DateTimeOffset now)
    {
        switch (_heartbeat.Advance(now))
        {
            case HeartbeatStep.Ping:
                Enqueue(new EnginePacket(EnginePacketType.Ping));
                break;
            case HeartbeatStep.TimedOut:
                Close(SocketCloseReason.HeartbeatTimeout);
                break;
            case HeartbeatStep.None:
                break;
        }
    }

    private void Enqueue(EnginePacket packet)
    {
        if (State != SocketSessionState.Closed && !_queue.TryAdd(packet))
        {
            Close(SocketCloseReason.QueueFull);
        }
    }
}

internal sealed class OutgoingQueue(int maxPackets, int maxCharacters)
{
    private List<EnginePacket> _packets = [];
    private int _characters;

    public bool IsEmpty => _packets.Count == 0;

    public bool TryAdd(EnginePacket packet)
    {
        if (_packets.Count >= maxPackets || packet.Data.Length > maxCharacters - _characters)
        {
            return false;
        }

        _packets.Add(packet);
        _characters += packet.Data.Length;
        return true;
    }

    public IReadOnlyList<EnginePacket> TakeAll()
    {
        var taken = _packets;
        _packets = [];
        _characters = 0;
        return taken;
    }
}

internal static class Deadline
{
    public static DateTimeOffset Earliest(DateTimeOffset first, params ReadOnlySpan<DateTimeOffset?> others)
    {
        foreach (var other in others)
        {
            first = other < first ? other.Value : first;
        }

        return first;
    }
}

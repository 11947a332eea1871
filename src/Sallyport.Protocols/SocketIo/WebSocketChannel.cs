namespace Sallyport.Protocols.SocketIo;

/// <summary>
/// The websockets of one session, identified by the number that <see cref="Attach"/> returns. A polling client may open one, give up
/// and open another, while frames of the old one still arrive.
/// </summary>
public sealed class WebSocketChannel
{
    private readonly EngineSession _session;
    private int _seen;
    private int? _current;

    internal WebSocketChannel(EngineSession session) => _session = session;

    /// <summary>Registers a websocket that was opened for this session.</summary>
    /// <returns>Its number for all other calls. Null when the session already has one or is over: the websocket must be closed.</returns>
    public int? Attach(DateTimeOffset now)
    {
        if (_session.State != SocketSessionState.Open)
        {
            return null;
        }

        if (_session.Transport == SocketTransport.WebSocket)
        {
            return _seen == 0 ? _current = ++_seen : null;
        }

        if (_session.Probe is not null)
        {
            return null;
        }

        _session.Probe = new UpgradeProbe(++_seen, now + _session.Options.UpgradeTimeout);
        return _seen;
    }

    /// <summary>Handles a text frame. Frames of a websocket that was replaced or refused are ignored.</summary>
    /// <param name="webSocket">The number that <see cref="Attach"/> returned.</param>
    /// <param name="frame">The text of the frame.</param>
    /// <param name="now">The current time.</param>
    public void Receive(int webSocket, string frame, DateTimeOffset now)
    {
        if (frame.Length > _session.Options.MaxPayloadBytes)
        {
            Refuse(webSocket, SocketReadOutcome.TooLarge);
            return;
        }

        var outcome = EnginePacket.Read(frame, out var packet);
        if (outcome != SocketReadOutcome.Read)
        {
            Refuse(webSocket, outcome);
        }
        else if (webSocket == _current)
        {
            _session.Receive(packet, now);
        }
        else if (IsProbe(webSocket))
        {
            ReceiveOnProbe(packet, now);
        }
    }

    /// <summary>Handles a frame that was not read to its end because it is binary or too large.</summary>
    public void Refuse(int webSocket, SocketReadOutcome outcome)
    {
        if (webSocket == _current)
        {
            _session.CloseUnlessRead(outcome);
        }
        else
        {
            DropProbe(webSocket);
        }
    }

    /// <summary>Handles the loss of a websocket. A client whose upgrade fails continues polling.</summary>
    public void Detach(int webSocket)
    {
        if (webSocket == _current)
        {
            _session.Close(SocketCloseReason.TransportClosed);
        }
        else
        {
            DropProbe(webSocket);
        }
    }

    /// <summary>Adds the frames to send on this websocket to <paramref name="frames"/>.</summary>
    /// <returns>False when the websocket must be closed afterwards.</returns>
    public bool TakeFrames(int webSocket, ICollection<string> frames)
    {
        if (IsProbe(webSocket))
        {
            AddProbeAnswer(frames);
            return true;
        }

        return webSocket == _current && TakeQueuedFrames(frames);
    }

    private bool IsProbe(int webSocket) => _session.Probe?.WebSocket == webSocket;

    private void DropProbe(int webSocket) => _session.Probe = IsProbe(webSocket) ? null : _session.Probe;

    private void ReceiveOnProbe(EnginePacket packet, DateTimeOffset now)
    {
        if (packet is { Type: EnginePacketType.Ping, Data: UpgradeProbe.Payload })
        {
            _session.Probe!.Answer(now);
            _session.ReleasePollForUpgrade(now);
        }
        else if (packet.Type == EnginePacketType.Upgrade && _session.Probe!.IsAnswered)
        {
            _current = _session.Probe.WebSocket;
            _session.CompleteUpgrade();
        }
        else
        {
            _session.Probe = null;
        }
    }

    /// <summary>Bypasses the queue, which belongs to the polls until the upgrade is complete.</summary>
    private void AddProbeAnswer(ICollection<string> frames)
    {
        if (_session.Probe!.TakeAnswer())
        {
            frames.Add(new EnginePacket(EnginePacketType.Pong, UpgradeProbe.Payload).Write());
        }
    }

    private bool TakeQueuedFrames(ICollection<string> frames)
    {
        foreach (var packet in _session.TakeQueued())
        {
            frames.Add(packet.Write());
        }

        if (_session.State == SocketSessionState.Closing)
        {
            _session.Close(SocketCloseReason.TransportClosed);
        }

        return _session.State == SocketSessionState.Open;
    }
}

/// <summary>A websocket that a polling client tests before it upgrades.</summary>
internal sealed class UpgradeProbe(int webSocket, DateTimeOffset deadline)
{
    public const string Payload = "probe";

    /// <summary>
    /// A client that has not received the answer to its probe polls again at once. The pause prevents a busy loop and
    /// is short compared to the upgrade.
    /// </summary>
    private static readonly TimeSpan ReleasePause = TimeSpan.FromMilliseconds(100);

    private bool _answerIsUnsent;

    public int WebSocket { get; } = webSocket;

    public DateTimeOffset Deadline { get; } = deadline;

    /// <summary>When to release an open poll so that the client can stop polling. Null until the probe was answered.</summary>
    public DateTimeOffset? ReleasePollAt { get; private set; }

    public bool IsAnswered => ReleasePollAt is not null;

    public void Answer(DateTimeOffset now)
    {
        _answerIsUnsent = true;
        ReleasePollAt = now;
    }

    public void PollReleased(DateTimeOffset now) => ReleasePollAt = now + ReleasePause;

    public bool TakeAnswer()
    {
        var unsent = _answerIsUnsent;
        _answerIsUnsent = false;
        return unsent;
    }
}

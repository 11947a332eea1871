namespace Sallyport.Protocols.SocketIo;

/// <summary>
/// The websockets of one session, told apart by the number that <see cref="Attach"/> gives: while a client polls it may try one, give
/// up and try another, and frames of an old one can still be on their way.
/// </summary>
public sealed class WebSocketChannel
{
    private readonly EngineSession _session;
    private int _seen;
    private int? _current;

    internal WebSocketChannel(EngineSession session) => _session = session;

    /// <summary>A websocket was opened for this session.</summary>
    /// <returns>Its number in all other calls, or null if it is not wanted and to be closed.</returns>
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

    /// <summary>A frame that was not read to its end, because it is binary or too large.</summary>
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

    /// <summary>The websocket is gone. A client whose trial fails goes on polling.</summary>
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

    /// <summary>Moves to <paramref name="frames"/> what is to be sent on this websocket.</summary>
    /// <returns>False if it is to be closed after that.</returns>
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
        if (packet is { Type: EnginePacketType.Ping, Data: UpgradeProbe.Word })
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

    /// <summary>Beside the queue, which belongs to the polls until the client has moved.</summary>
    private void AddProbeAnswer(ICollection<string> frames)
    {
        if (_session.Probe!.TakeAnswer())
        {
            frames.Add(new EnginePacket(EnginePacketType.Pong, UpgradeProbe.Word).Write());
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

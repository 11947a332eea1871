using System.Text.Json;

namespace Sallyport.Protocols.SocketIo;

/// <summary>
/// The session of one socket.io client, without I/O and without a clock. Not thread-safe: the caller holds one lock per session around every
/// call, including calls to <see cref="Polling"/> and <see cref="WebSockets"/>, and writes to the network after releasing it.
/// </summary>
public sealed class SocketSession
{
    private readonly EngineSession _engine;
    private readonly NamespaceMembership _namespaces;
    private readonly Func<string> _newSocketId;
    private readonly Queue<SocketInput> _inputs = new();
    private bool _closeIsReported;

    /// <summary>Opens a session; the open packet and, in Engine.IO 3, the root namespace are queued at once.</summary>
    public SocketSession(SocketSessionStart start, SocketSessionOptions options, DateTimeOffset now)
    {
        _engine = new EngineSession(start, options, Receive, now);
        _namespaces = new NamespaceMembership(options, now);
        _newSocketId = start.NewSocketId;
        Id = start.Id;
        Polling = new PollingChannel(_engine);
        WebSockets = new WebSocketChannel(_engine);
        if (Protocol == EngineProtocol.V3)
        {
            // In this protocol the server joins the client to the root namespace, and the client waits for that.
            Join(SocketPacket.RootNamespace, now);
        }
    }

    /// <summary>The id on the wire (<c>sid</c>), the only credential of the client.</summary>
    public string Id { get; }

    /// <summary>Handles GET and POST requests.</summary>
    public PollingChannel Polling { get; }

    /// <summary>Handles websockets.</summary>
    public WebSocketChannel WebSockets { get; }

    /// <summary>The revision of Engine.IO.</summary>
    public EngineProtocol Protocol => _engine.Protocol;

    /// <summary>The current transport; an upgrade changes it.</summary>
    public SocketTransport Transport => _engine.Transport;

    /// <summary>Open, closing or closed.</summary>
    public SocketSessionState State => _engine.State;

    /// <summary>Why the session is closing or closed; null while it is open.</summary>
    public SocketCloseReason? CloseReason => _engine.CloseReason;

    /// <summary>When <see cref="Advance"/> must be called next. Any call may change it. <see cref="DateTimeOffset.MaxValue"/> once closed.</summary>
    public DateTimeOffset NextDeadline =>
        State == SocketSessionState.Open
            ? Deadline.Earliest(_engine.NextDeadline, _namespaces.JoinBy, _namespaces.AuthenticateBy)
            : _engine.NextDeadline;

    /// <summary>Handles everything that is due: pings, timeouts, the release of a poll.</summary>
    public void Advance(DateTimeOffset now)
    {
        if (_namespaces.AuthenticateBy <= now)
        {
            Kick(SocketCloseReason.AuthenticationTimeout, now);
        }
        else if (_namespaces.JoinBy <= now)
        {
            _engine.CloseWhenDelivered(SocketCloseReason.NoNamespaceJoined, now);
        }

        _engine.Advance(now);
    }

    /// <summary>Takes the next input for the application. Must be drained after every call that adds packets or advances time.</summary>
    public bool TryTakeInput(out SocketInput input)
    {
        if (_inputs.TryDequeue(out input!))
        {
            return true;
        }

        input = new SocketInput(SocketInputKind.Closed, SocketPacket.RootNamespace) { CloseReason = CloseReason };
        var reportsClose = State == SocketSessionState.Closed && !_closeIsReported;
        _closeIsReported |= reportsClose;
        return reportsClose;
    }

    /// <returns>False when the client is not in the namespace.</returns>
    public bool Emit(string ns, string name, params ReadOnlySpan<JsonElement> arguments) =>
        SendTo(ns, SocketPacketWriter.Event(ns, name, arguments));

    /// <summary>Acknowledges an event that had a <see cref="SocketInput.AckId"/>.</summary>
    public bool Acknowledge(string ns, long ackId, params ReadOnlySpan<JsonElement> arguments) =>
        SendTo(ns, SocketPacketWriter.Ack(ns, ackId, arguments));

    /// <summary>Cancels the <see cref="SocketSessionOptions.AuthenticationTimeout"/>.</summary>
    public void MarkAuthenticated() => _namespaces.MarkAuthenticated();

    /// <summary>Disconnects the client after it has received what is queued. The client does not reconnect.</summary>
    public void Kick(DateTimeOffset now) => Kick(SocketCloseReason.Kicked, now);

    /// <summary>Closes after the client has received what is queued. The client treats this as a lost connection and reconnects.</summary>
    public void Stop(DateTimeOffset now) => _engine.CloseWhenDelivered(SocketCloseReason.ServerStopping, now);

    private void Kick(SocketCloseReason reason, DateTimeOffset now)
    {
        if (State != SocketSessionState.Open)
        {
            return;
        }

        foreach (var ns in _namespaces.Joined)
        {
            _engine.Send(SocketPacketWriter.Disconnect(ns));
        }

        _namespaces.Clear();
        _engine.CloseWhenDelivered(reason, now);
    }

    private void Receive(string message, DateTimeOffset now)
    {
        var outcome = SocketPacket.Read(message, out var packet);
        _engine.CloseUnlessRead(outcome);
        if (outcome != SocketReadOutcome.Read)
        {
            return;
        }

        var isJoined = _namespaces.Contains(packet.Namespace);
        switch (packet.Type)
        {
            case SocketPacketType.Connect when !isJoined:
                Join(packet.Namespace, now);
                break;
            case SocketPacketType.Event when isJoined:
                _inputs.Enqueue(SocketInput.Event(packet));
                break;
            case SocketPacketType.Disconnect:
                Leave(packet.Namespace, now);
                break;
            case SocketPacketType.Ack:
                // The server never asks for an acknowledgement.
                break;
            default:
                _engine.Close(SocketCloseReason.ProtocolViolation);
                break;
        }
    }

    private void Join(string ns, DateTimeOffset now)
    {
        if (!_namespaces.TryJoin(ns, now))
        {
            _engine.Send(SocketPacketWriter.ConnectError(ns, "Invalid namespace"));
            return;
        }

        _engine.Send(SocketPacketWriter.Connect(ns, Protocol == EngineProtocol.V4 ? _newSocketId() : null));
        _inputs.Enqueue(new SocketInput(SocketInputKind.Joined, ns));
    }

    private void Leave(string ns, DateTimeOffset now)
    {
        if (_namespaces.Leave(ns, now))
        {
            _inputs.Enqueue(new SocketInput(SocketInputKind.Left, ns));
        }
    }

    private bool SendTo(string ns, string message)
    {
        if (!_namespaces.Contains(ns) || State != SocketSessionState.Open)
        {
            return false;
        }

        _engine.Send(message);
        return true;
    }
}

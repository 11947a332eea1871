using System.Text;
using System.Text.Json;
using Sallyport.Protocols.SocketIo;

namespace Sallyport.Protocols.Tests.SocketIo;

/// <summary>Replays the client's half of a recording against a session, with the same application as the recorded servers.</summary>
internal sealed class RecordingReplay
{
    private static readonly JsonElement Confirmation =
        SessionScenario.Json("""{"tx_id":"txn_1","method":"otp","device_account":{"name":"phone"}}""");

    private readonly Recording _recording;
    private readonly SocketSession _session;
    private readonly List<EnginePacket> _said = [];
    private DateTimeOffset _now = new(2026, 9, 1, 12, 0, 0, TimeSpan.Zero);
    private int _webSocket;
    private bool _pollIsOpen;

    public RecordingReplay(Recording recording, string engineId, string socketId, SocketSessionOptions options)
    {
        _recording = recording;
        var transport = recording.Exchanges[0].Over == "GET" ? SocketTransport.Polling : SocketTransport.WebSocket;
        _session = new SocketSession(new SocketSessionStart(engineId, recording.Protocol, transport, () => socketId), options, _now);
    }

    public bool IsOver => _session.State == SocketSessionState.Closed;

    public IReadOnlyList<EnginePacket> Play()
    {
        foreach (var exchange in _recording.Exchanges)
        {
            Play(exchange);
            Apply();
            Fetch();
        }

        return _said;
    }

    private void Play(Exchange exchange)
    {
        if (exchange.From == "server")
        {
            PlayTimer(exchange);
        }
        else if (exchange.Over == "websocket-open")
        {
            _webSocket = _session.WebSockets.Attach(_now).ShouldNotBeNull();
        }
        else if (exchange.IsWebSocket)
        {
            _session.WebSockets.Receive(_webSocket, exchange.Text!, _now);
        }
        else if (exchange.Over == "POST" && !IsOver)
        {
            _session.Polling.Receive(exchange.Bytes, _now).ShouldBe(SocketRequestOutcome.Accepted);
        }
    }

    /// <summary>Advances time to the next ping where the recorded server pinged.</summary>
    private void PlayTimer(Exchange exchange)
    {
        if (exchange.IsContent && _recording.Read(exchange).Any(packet => packet.Type == EnginePacketType.Ping))
        {
            _now = _session.NextDeadline;
            _session.Advance(_now);
        }
    }

    private void Apply()
    {
        while (_session.TryTakeInput(out var input))
        {
            switch (input.Name)
            {
                case "authenticate":
                    _session.Emit(input.Namespace, "authenticated");
                    _session.Emit(input.Namespace, "enrollment:confirmed", Confirmation);
                    break;
                case "echo":
                    _session.Acknowledge(input.Namespace, input.AckId!.Value, input.Arguments[0]);
                    break;
                case "kick":
                    _session.Kick(_now);
                    break;
            }
        }
    }

    private void Fetch()
    {
        List<string> frames = [];
        _session.WebSockets.TakeFrames(_webSocket, frames);
        foreach (var frame in frames)
        {
            EnginePacket.Read(frame, out var packet).ShouldBe(SocketReadOutcome.Read);
            _said.Add(packet);
        }

        Poll();
        Poll();
    }

    /// <summary>Opens a poll when none is open: the recorded server answered several polls with packets that are sent in one answer here.</summary>
    private void Poll()
    {
        _pollIsOpen = _pollIsOpen || _session.Polling.Open(_now) == SocketRequestOutcome.Accepted;
        if (!_pollIsOpen || _session.Polling.TakeAnswer() is not { } answer)
        {
            return;
        }

        EnginePayload.Read(_recording.Protocol, Encoding.UTF8.GetBytes(answer), Recording.Limits, out var packets)
            .ShouldBe(SocketReadOutcome.Read);
        _said.AddRange(packets);
        _pollIsOpen = false;
    }
}

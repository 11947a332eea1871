using System.Text;
using System.Text.Json;
using Sallyport.Protocols.SocketIo;

namespace Sallyport.Protocols.Tests.SocketIo;

/// <summary>A correctly connected client. Each test deviates in one step.</summary>
internal sealed class SessionScenario
{
    public const string EngineId = "engine-id";
    public const string SocketId = "socket-id";

    public SessionScenario(
        EngineProtocol protocol = EngineProtocol.V4,
        SocketTransport transport = SocketTransport.Polling,
        SocketSessionOptions? options = null)
    {
        Options = options ?? SocketSessionOptions.Default;
        Session = new SocketSession(new SocketSessionStart(EngineId, protocol, transport, () => SocketId), Options, Now);
    }

    public DateTimeOffset Now { get; private set; } = new(2026, 9, 1, 12, 0, 0, TimeSpan.Zero);

    public SocketSessionOptions Options { get; }

    public SocketSession Session { get; }

    public static TheoryData<EngineProtocol> Protocols => [EngineProtocol.V3, EngineProtocol.V4];

    /// <summary>A session after the handshake, in the root namespace, with an empty queue and no open poll.</summary>
    public static SessionScenario Polling(EngineProtocol protocol = EngineProtocol.V4, SocketSessionOptions? options = null)
    {
        var scenario = new SessionScenario(protocol, options: options);
        scenario.Poll();
        if (protocol == EngineProtocol.V4)
        {
            scenario.Post("40");
            scenario.Poll();
        }

        scenario.Inputs();
        return scenario;
    }

    public static SessionScenario OnWebSocket(EngineProtocol protocol = EngineProtocol.V4, SocketSessionOptions? options = null)
    {
        var scenario = new SessionScenario(protocol, SocketTransport.WebSocket, options);
        scenario.WebSocket = scenario.Session.WebSockets.Attach(scenario.Now)!.Value;
        if (protocol == EngineProtocol.V4)
        {
            scenario.Receive("40");
        }

        scenario.Frames();
        scenario.Inputs();
        return scenario;
    }

    public int WebSocket { get; set; }

    public SocketRequestOutcome Post(string body) => Session.Polling.Receive(Encoding.UTF8.GetBytes(body), Now);

    /// <summary>Frames the packet for the protocol.</summary>
    public SocketRequestOutcome PostPacket(string packet) =>
        Post(Session.Protocol == EngineProtocol.V3 ? $"{packet.Length}:{packet}" : packet);

    public SocketRequestOutcome OpenPoll() => Session.Polling.Open(Now);

    public string? Poll()
    {
        OpenPoll().ShouldBe(SocketRequestOutcome.Accepted);
        return Session.Polling.TakeAnswer();
    }

    public void Attach() => WebSocket = Session.WebSockets.Attach(Now).ShouldNotBeNull();

    public void Receive(string frame) => Session.WebSockets.Receive(WebSocket, frame, Now);

    public IReadOnlyList<string> Frames() => Frames(out _);

    public IReadOnlyList<string> Frames(out bool staysOpen)
    {
        List<string> frames = [];
        staysOpen = Session.WebSockets.TakeFrames(WebSocket, frames);
        return frames;
    }

    public IReadOnlyList<SocketInput> Inputs()
    {
        List<SocketInput> inputs = [];
        while (Session.TryTakeInput(out var input))
        {
            inputs.Add(input);
        }

        return inputs;
    }

    public void Emit(string name, string payload) => Session.Emit("/", name, Json(payload)).ShouldBeTrue();

    public void Wait(TimeSpan time)
    {
        Now += time;
        Session.Advance(Now);
    }

    public static JsonElement Json(string json) => JsonElement.Parse(json);
}

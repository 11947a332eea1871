using System.Text.Json;
using Sallyport.Protocols.SocketIo;

namespace Sallyport.Protocols.Tests.SocketIo;

public sealed class CorpusReplayTests
{
    [Theory]
    [MemberData(nameof(Recording.Names), MemberType = typeof(Recording))]
    public void A_session_sends_what_the_reference_server_sent(string name)
    {
        var recording = Recording.Load(name);
        var recorded = recording.FromServer.SelectMany(recording.Read).ToList();
        var open = SessionScenario.Json(recorded[0].Data);
        var replay = new RecordingReplay(recording, Text(open, "sid"), SocketId(recorded), Options(open));

        var said = replay.Play();

        said[0].Data.ShouldBe(OpenAsWrittenHere(recording, recorded[0].Data));
        WithoutTransport(said).ShouldBe(WithoutTransport(recorded).Select(AsWrittenHere));
        replay.IsOver.ShouldBe(recording.FromClient.SelectMany(recording.Read).Any(EndsTheSession));
    }

    private static SocketSessionOptions Options(JsonElement open) =>
        new()
        {
            PingInterval = TimeSpan.FromMilliseconds(open.GetProperty("pingInterval").GetInt32()),
            PingTimeout = TimeSpan.FromMilliseconds(open.GetProperty("pingTimeout").GetInt32()),
            MaxPayloadBytes = 1_000_000,
        };

    private static string SocketId(IEnumerable<EnginePacket> recorded) =>
        recorded
            .Where(packet => packet.Data.StartsWith("0{\"sid\"", StringComparison.Ordinal))
            .Select(packet => Text(SessionScenario.Json(packet.Data[1..]), "sid"))
            .SingleOrDefault("none");

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    private static bool EndsTheSession(EnginePacket packet) =>
        packet.Type == EnginePacketType.Close || packet.Data == "2[\"kick\"]";

    private static IEnumerable<string> WithoutTransport(IEnumerable<EnginePacket> packets) =>
        packets
            .Where(packet => packet.Type is EnginePacketType.Message or EnginePacketType.Ping or EnginePacketType.Pong)
            .Where(packet => packet.Data != "probe")
            .Select(packet => packet.Write());

    /// <summary>Undoes escapes; a refusal is always an object here, for every client.</summary>
    private static string AsWrittenHere(string packet) =>
        packet == "44/unknown,\"Invalid namespace\""
            ? "44/unknown,{\"message\":\"Invalid namespace\"}"
            : string.Concat(packet.Select(unit => char.IsAscii(unit) ? unit.ToString() : $"\\u{(int)unit:x4}"));

    /// <summary>Server 4.8.4 sends version 3 clients a limit that their protocol does not define.</summary>
    private static string OpenAsWrittenHere(Recording recording, string open) =>
        recording.Protocol == EngineProtocol.V3 ? open.Replace(",\"maxPayload\":1000000", "", StringComparison.Ordinal) : open;
}

using System.Text;
using System.Text.Json;
using Sallyport.Protocols.SocketIo;

namespace Sallyport.Protocols.Tests.SocketIo;

/// <summary>A conversation between a published client and a reference server; see tests/clients/socketio.</summary>
public sealed record Recording(
    string Client,
    string Server,
    string Scenario,
    EngineProtocol Protocol,
    IReadOnlyList<string> MeantByClient,
    IReadOnlyList<string> MeantByServer,
    IReadOnlyList<Exchange> Exchanges)
{
    private const string Folder = "SocketIo/Vectors/";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public static EnginePayloadLimits Limits { get; } = new(MaxBytes: 100_000, MaxPackets: 100);

    public static TheoryData<string> Names =>
        [.. typeof(Recording).Assembly.GetManifestResourceNames().Where(IsRecording).Select(name => name[Folder.Length..])];

    public IEnumerable<Exchange> FromClient => Exchanges.Where(exchange => exchange is { From: "client", IsContent: true });

    public IEnumerable<Exchange> FromServer => Exchanges.Where(exchange => exchange is { From: "server", IsContent: true });

    /// <summary>Version 1.x encodes polled text twice, and the reference server echoes it that way.</summary>
    public bool IsTwiceEncoded => Client == "client-1.7.4" && Exchanges.All(exchange => exchange.Over != "websocket");

    public static Recording Load(string name)
    {
        using var stream = typeof(Recording).Assembly.GetManifestResourceStream(Folder + name)!;
        return JsonSerializer.Deserialize<Recording>(stream, Json)!;
    }

    public IReadOnlyList<EnginePacket> Read(Exchange exchange)
    {
        if (exchange.IsWebSocket)
        {
            EnginePacket.Read(exchange.Text, out var packet).ShouldBe(SocketReadOutcome.Read);
            return [packet];
        }

        EnginePayload.Read(Protocol, exchange.Bytes, Limits, out var packets).ShouldBe(SocketReadOutcome.Read);
        return packets;
    }

    private static bool IsRecording(string name) => name.StartsWith(Folder, StringComparison.Ordinal);
}

/// <summary>A request, a response or a websocket frame of a <see cref="Recording"/>.</summary>
public sealed record Exchange(string From, string Over, string Query, int Status, string? Text, string? Base64)
{
    public bool IsWebSocket => Over == "websocket";

    /// <summary>False for the answer "ok" to a POST and for refusals, which contain no packets.</summary>
    public bool IsContent => IsWebSocket || From == "client" ? Text is not null || Base64 is not null : Over == "GET" && Status == 200;

    public byte[] Bytes => Base64 is null ? Encoding.UTF8.GetBytes(Text!) : Convert.FromBase64String(Base64);
}

using System.Text.Json.Serialization;
using Sallyport.Protocols.SocketIo;
using Sallyport.Server.Http;

namespace Sallyport.Server.Realtime;

/// <summary>The query parameters of a request to the socket endpoint.</summary>
/// <param name="SocketId">Null when the client opens a new session.</param>
internal sealed record SocketRequest(EngineProtocol Protocol, SocketTransport Transport, string? SocketId)
{
    /// <returns>Null when the query is valid.</returns>
    public static SocketRefusal? Read(IQueryCollection query, out SocketRequest request)
    {
        request = null!;
        EngineProtocol? protocol = Single(query, "EIO") switch
        {
            "3" => EngineProtocol.V3,
            "4" => EngineProtocol.V4,
            _ => null,
        };
        SocketTransport? transport = Single(query, "transport") switch
        {
            "polling" => SocketTransport.Polling,
            "websocket" => SocketTransport.WebSocket,
            _ => null,
        };
        if (transport is null)
        {
            return SocketRefusal.UnknownTransport;
        }

        if (protocol is null)
        {
            return SocketRefusal.UnsupportedVersion;
        }

        // JSONP is not supported: no Guardian client uses it.
        if (query.ContainsKey("j") || query["sid"].Count > 1)
        {
            return SocketRefusal.BadRequest;
        }

        request = new SocketRequest(protocol.Value, transport.Value, Single(query, "sid"));
        return null;
    }

    private static string? Single(IQueryCollection query, string name) => query[name] is [var value] ? value : null;
}

/// <summary>
/// An Engine.IO error (docs/wire.md §2.2). After any of them a client starts a new session.
/// </summary>
public sealed record SocketRefusal(
    [property: JsonPropertyName("code")] int Code, [property: JsonPropertyName("message")] string Message) : IResult
{
    public static readonly SocketRefusal UnknownTransport = new(0, "Transport unknown");
    public static readonly SocketRefusal UnknownSession = new(1, "Session ID unknown");
    public static readonly SocketRefusal BadMethod = new(2, "Bad handshake method");
    public static readonly SocketRefusal BadRequest = new(3, "Bad request");
    public static readonly SocketRefusal TooLarge = new(3, "Payload too large") { Status = StatusCodes.Status413PayloadTooLarge };
    public static readonly SocketRefusal Forbidden = new(4, "Forbidden") { Status = StatusCodes.Status403Forbidden };
    public static readonly SocketRefusal UnsupportedVersion = new(5, "Unsupported protocol version");

    private static readonly ApiError TooMany =
        ApiError.TooManyRequests("Too many real-time connections. Wait a moment before retrying.", ErrorCodes.TooManyRequests);

    private static readonly ApiError Stopping =
        new(StatusCodes.Status503ServiceUnavailable, "This node is stopping; try again.", ErrorCodes.ServiceUnavailable);

    [JsonIgnore]
    public int Status { get; private init; } = StatusCodes.Status400BadRequest;

    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = Status;
        return httpContext.Response.WriteAsJsonAsync(this, RealtimeJson.Default.SocketRefusal);
    }

    internal static IResult Of(ConnectionOutcome outcome) => outcome == ConnectionOutcome.Stopping ? Stopping : TooMany;
}

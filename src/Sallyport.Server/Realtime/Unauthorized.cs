using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sallyport.Server.Realtime;

/// <summary>
/// Sends a client away whose token is no good. Always as an event: a refused connection ends some published clients with an
/// uncaught exception (guardian-wire 2.5).
/// </summary>
public sealed record Unauthorized(
    [property: JsonPropertyName("message")] string Message, [property: JsonPropertyName("data")] UnauthorizedData Data)
{
    private const string Reason = "Invalid token.";

    private static readonly JsonElement Payload = JsonSerializer.SerializeToElement(
        new Unauthorized(Reason, new UnauthorizedData(Reason, "invalid_token", "UnauthorizedError")), RealtimeJson.Default.Unauthorized);

    internal static void Tell(ClientSocket socket, string ns) =>
        socket.Call((session, now) =>
        {
            session.Emit(ns, "unauthorized", Payload);
            session.Kick(now);
        });
}

public sealed record UnauthorizedData(
    [property: JsonPropertyName("message")] string Message,
    [property: JsonPropertyName("code")] string Code,
    [property: JsonPropertyName("type")] string Type);

using System.Text.Json.Serialization;
using Sallyport.Server.Http;

namespace Sallyport.Server.Realtime;

/// <summary>
/// A refusal in the words of Engine.IO, whose clients know these numbers. After any of them a client tries again from the start.
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

    internal static IResult Of(AdmissionOutcome outcome) => outcome == AdmissionOutcome.Stopping ? Stopping : TooMany;
}

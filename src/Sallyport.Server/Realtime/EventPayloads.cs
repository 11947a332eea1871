using System.Text.Json;
using System.Text.Json.Serialization;
using Sallyport.Server.Transactions.Guardian;

namespace Sallyport.Server.Realtime;

/// <summary>Payload of <c>enrollment:confirmed</c> (docs/wire.md §2.4).</summary>
public sealed record EnrollmentConfirmed
{
    /// <summary>The transaction that enrolled. A client with another transaction of the user learns that its own enrollment is void.</summary>
    [JsonPropertyName("tx_id")]
    public string? TransactionId { get; init; }

    [JsonPropertyName("method")]
    public required string Method { get; init; }

    [JsonPropertyName("device_account")]
    public required EnrollmentStateResponse Device { get; init; }
}

public sealed record LoginComplete(
    [property: JsonPropertyName("tx_id")] string TransactionId, [property: JsonPropertyName("signature")] string Signature)
{
    public override string ToString() => "***";
}

public sealed record LoginRejected([property: JsonPropertyName("tx_id")] string TransactionId);

/// <summary>Payload of <c>unauthorized</c>.</summary>
public sealed record Unauthorized(
    [property: JsonPropertyName("message")] string Message, [property: JsonPropertyName("data")] UnauthorizedData Data)
{
    private const string Reason = "Invalid token.";

    internal static readonly JsonElement InvalidToken = JsonSerializer.SerializeToElement(
        new Unauthorized(Reason, new UnauthorizedData(Reason, "invalid_token", "UnauthorizedError")), RealtimeJson.Default.Unauthorized);
}

public sealed record UnauthorizedData(
    [property: JsonPropertyName("message")] string Message,
    [property: JsonPropertyName("code")] string Code,
    [property: JsonPropertyName("type")] string Type);

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(EnrollmentConfirmed))]
[JsonSerializable(typeof(LoginComplete))]
[JsonSerializable(typeof(LoginRejected))]
[JsonSerializable(typeof(SocketRefusal))]
[JsonSerializable(typeof(Unauthorized))]
[JsonSerializable(typeof(string[]))]
internal sealed partial class RealtimeJson : JsonSerializerContext;

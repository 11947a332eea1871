using System.Text.Json.Serialization;

namespace Sallyport.Server.Realtime;

/// <summary>Guardian-wire 2.4.</summary>
public sealed record EnrollmentConfirmed
{
    /// <summary>The transaction that enrolled: to another one of the same user it says that its own attempt is void.</summary>
    [JsonPropertyName("tx_id")]
    public string? TransactionId { get; init; }

    [JsonPropertyName("method")]
    public required string Method { get; init; }

    [JsonPropertyName("device_account")]
    public required ConfirmedDevice Device { get; init; }
}

public sealed record ConfirmedDevice
{
    [JsonPropertyName("id")]
    public required string Id { get; init; }

    [JsonPropertyName("name")]
    public string? Name { get; init; }

    [JsonPropertyName("methods")]
    public required IReadOnlyList<string> Methods { get; init; }

    [JsonPropertyName("available_methods")]
    public required IReadOnlyList<string> AvailableMethods { get; init; }

    [JsonPropertyName("available_authenticator_types")]
    public required IReadOnlyList<string> AvailableAuthenticatorTypes { get; init; }
}

public sealed record LoginComplete(
    [property: JsonPropertyName("tx_id")] string TransactionId, [property: JsonPropertyName("signature")] string Signature)
{
    public override string ToString() => "***";
}

public sealed record LoginRejected([property: JsonPropertyName("tx_id")] string TransactionId);

using System.Text.Json.Serialization;
using Sallyport.Server.Transactions;
using Sallyport.Server.Transactions.Guardian;

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
    public required EnrollmentStateResponse Device { get; init; }
}

public sealed record LoginComplete(
    [property: JsonPropertyName("tx_id")] string TransactionId, [property: JsonPropertyName("signature")] string Signature)
{
    public override string ToString() => "***";
}

public sealed record LoginRejected([property: JsonPropertyName("tx_id")] string TransactionId);

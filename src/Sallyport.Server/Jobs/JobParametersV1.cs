using System.Text.Json.Serialization;

namespace Sallyport.Server.Jobs;

/// <summary>What was asked for, as it is stored and shown again.</summary>
public record JobParametersV1
{
    [JsonPropertyName("connection_id")]
    public string? ConnectionId { get; init; }

    [JsonPropertyName("connection")]
    public string? Connection { get; init; }

    [JsonPropertyName("upsert")]
    public bool? Upsert { get; init; }

    [JsonPropertyName("external_id")]
    public string? ExternalId { get; init; }

    [JsonPropertyName("send_completion_email")]
    public bool? SendCompletionEmail { get; init; }

    [JsonPropertyName("format")]
    public string? Format { get; init; }

    [JsonPropertyName("limit")]
    public int? Limit { get; init; }

    [JsonPropertyName("fields")]
    public ExportField[]? Fields { get; init; }
}

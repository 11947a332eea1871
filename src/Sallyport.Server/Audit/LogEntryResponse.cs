using Sallyport.Server.Http.Payloads;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sallyport.Server.Audit;

/// <summary>An entry of the log (docs/management-api.md §C.4). Unlike elsewhere, what is not known is there, empty or <c>null</c>.</summary>
public sealed record LogEntryResponse
{
    [JsonPropertyName("_id")]
    public string Id => LogId;

    [JsonPropertyName("log_id")]
    public required string LogId { get; init; }

    [JsonPropertyName("date")]
    public required DateTimeOffset Date { get; init; }

    [JsonPropertyName("type")]
    public required string Type { get; init; }

    [JsonPropertyName("description"), NullableOnWire, JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? Description { get; init; }

    [JsonPropertyName("connection")]
    public string Connection { get; init; } = "";

    [JsonPropertyName("connection_id")]
    public string ConnectionId { get; init; } = "";

    [JsonPropertyName("organization_id"), NullableOnWire, JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? OrganizationId { get; init; }

    [JsonPropertyName("organization_name"), NullableOnWire, JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? OrganizationName { get; init; }

    [JsonPropertyName("client_id")]
    public string ClientId { get; init; } = "";

    [JsonPropertyName("client_name")]
    public string ClientName { get; init; } = "";

    [JsonPropertyName("ip")]
    public string Address { get; init; } = "";

    [JsonPropertyName("hostname")]
    public string Hostname { get; init; } = "";

    [JsonPropertyName("details")]
    public JsonElement Details { get; init; }

    [JsonPropertyName("user_id")]
    public string UserId { get; init; } = "";

    /// <summary>As the user is called now; empty once the user is gone.</summary>
    [JsonPropertyName("user_name")]
    public string UserName { get; init; } = "";

    [JsonPropertyName("user_agent")]
    public string UserAgent { get; init; } = "";

    [JsonPropertyName("audience")]
    public string Audience { get; init; } = "";

    [JsonPropertyName("scope"), NullableOnWire, JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? Scope { get; init; }

    [JsonPropertyName("strategy")]
    public string Strategy { get; init; } = "";

    [JsonPropertyName("strategy_type")]
    public string StrategyType { get; init; } = "";

    [JsonPropertyName("isMobile")]
    public bool IsMobile => UserAgent.Contains("Mobi", StringComparison.Ordinal);

    [JsonPropertyName("location_info"), NullableOnWire, JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public JsonElement? LocationInfo { get; init; }
}

public sealed record LogPage(
    [property: JsonPropertyName("start")] int Start,
    [property: JsonPropertyName("limit")] int Limit,
    [property: JsonPropertyName("length")] int Length,
    [property: JsonPropertyName("total")] long Total,
    [property: JsonPropertyName("logs")] IReadOnlyList<LogEntryResponse> Logs);

using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Sallyport.Server.Connections;

/// <summary>Body of <c>PATCH /connections/{id}/clients</c>: an array.</summary>
public sealed class ConnectionClientChanges : List<ConnectionClientChange>;

/// <summary>Switches a client on or off for a connection.</summary>
public sealed record ConnectionClientChange
{
    [JsonPropertyName("client_id"), JsonRequired, StringLength(255, MinimumLength = 1)]
    public string ClientId { get; init; } = "";

    [JsonPropertyName("status"), JsonRequired]
    public bool Status { get; init; }
}

/// <summary>Answer of <c>GET /connections/{id}/clients</c>.</summary>
public sealed record ConnectionClientPage(
    [property: JsonPropertyName("clients")] IReadOnlyList<ConnectionClient> Clients,
    [property: JsonPropertyName("next")] string? Next);

/// <summary>A client that may use a connection.</summary>
public sealed record ConnectionClient([property: JsonPropertyName("client_id")] string ClientId);

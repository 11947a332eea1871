using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Sallyport.Server.Connections;

/// <summary>Answer of <c>GET /actions/actions</c>.</summary>
public sealed record ActionPage(
    [property: JsonPropertyName("page")] int Page,
    [property: JsonPropertyName("per_page")] int PerPage,
    [property: JsonPropertyName("total")] int Total,
    [property: JsonPropertyName("actions")] IReadOnlyList<JsonObject> Actions);

using System.Text.Json;
using System.Text.Json.Serialization;
using Sallyport.Server.Http.Paging;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Clients;

/// <summary>A client in answers of the Management API. Its secret is shown only in the answer that created it.</summary>
public sealed record ClientResponse : ClientSettings
{
    [JsonPropertyName("tenant")]
    public string Tenant { get; init; } = "";

    [JsonPropertyName("client_id")]
    public string ClientId { get; init; } = "";

    [JsonPropertyName("client_secret")]
    public string? ClientSecret { get; init; }

    [JsonPropertyName("name")]
    public string Name { get; init; } = "";

    [JsonPropertyName("global")]
    public bool Global { get; init; }

    internal static ClientResponse Of(TenantId tenant, Client client, string? secret = null) =>
        JsonSerializer.Deserialize(client.Settings, ClientJson.Default.ClientResponse)! with
        {
            Tenant = tenant.Value,
            ClientId = client.ClientId,
            ClientSecret = secret,
            Name = client.Name,
            Global = client.IsGlobal,
        };

    public override string ToString() => ClientId;
}

/// <summary>A page of <c>GET /clients</c>.</summary>
public sealed record ClientPage(
    [property: JsonPropertyName("start")] int? Start,
    [property: JsonPropertyName("limit")] int? Limit,
    [property: JsonPropertyName("total")] long? Total,
    [property: JsonPropertyName("clients")] IReadOnlyList<ClientResponse> Clients,
    [property: JsonPropertyName("next")] string? Next)
{
    internal static ClientPage Of(ListPart<ClientResponse> part) => new(part.Start, part.Limit, part.Total, part.Items, part.Next);
}

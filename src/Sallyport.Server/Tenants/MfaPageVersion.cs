using System.Text.Json.Serialization;

namespace Sallyport.Server.Tenants;

/// <summary>A text of the hosted page that was saved. Numbers count up and are never used again.</summary>
public sealed record MfaPageVersion(
    [property: JsonPropertyName("version")] long Version,
    [property: JsonPropertyName("client_id")] string? ClientId,
    [property: JsonPropertyName("saved_at")] DateTimeOffset SavedAt)
{
    /// <summary>Left out in lists.</summary>
    [JsonPropertyName("html")]
    public string? Html { get; init; }
}

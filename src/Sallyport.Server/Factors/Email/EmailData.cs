using System.Text.Json.Serialization;

namespace Sallyport.Server.Factors.Email;

/// <summary>The data of an enrolled address.</summary>
internal sealed record EmailDataV1(string? Address)
{
    [JsonPropertyName("v")]
    public int Version { get; init; } = 1;
}

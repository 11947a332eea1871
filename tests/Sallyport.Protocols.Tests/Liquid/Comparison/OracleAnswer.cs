using System.Text.Json.Serialization;

namespace Sallyport.Protocols.Tests.Liquid.Comparison;

internal sealed record OracleAnswer(
    [property: JsonPropertyName("text")] string? Text,
    [property: JsonPropertyName("error")] string? Error);

using System.Text.Json.Serialization;

namespace Sallyport.Protocols.Tests.Liquid.Comparison;

internal sealed record OracleQuestion(
    [property: JsonPropertyName("template")] string Template,
    [property: JsonPropertyName("data")] Dictionary<string, object?> Data,
    [property: JsonPropertyName("partials")] Dictionary<string, string> Partials);

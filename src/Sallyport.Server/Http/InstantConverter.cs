using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sallyport.Server.Http;

/// <summary>Instants as the published API writes them: ISO 8601 in UTC with exactly three decimals (docs/management-api.md §E.5).</summary>
public sealed class InstantConverter : JsonConverter<DateTimeOffset>
{
    private const string Format = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetDateTimeOffset();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture));
}

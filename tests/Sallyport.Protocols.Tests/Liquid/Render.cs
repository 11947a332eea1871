using System.Text.Json;
using Sallyport.Protocols.Liquid;

namespace Sallyport.Protocols.Tests.Liquid;

/// <summary>Parses and renders in one step.</summary>
internal static class Render
{
    public static LiquidResult Result(
        string source, Dictionary<string, object?>? data = null, LiquidRenderOptions? options = null, LiquidLimits? limits = null) =>
        Parse(source, limits).Render(data ?? [], options);

    public static string Text(string source, Dictionary<string, object?>? data = null, LiquidRenderOptions? options = null)
    {
        var result = Result(source, data, options);
        result.Error.ShouldBeNull();
        return result.Text!;
    }

    public static string TextWith(Dictionary<string, string> partials, string source, Dictionary<string, object?>? data = null) =>
        Text(source, data, Partials(partials));

    public static LiquidRenderOptions Partials(Dictionary<string, string> sources) =>
        new() { Partials = sources.ToDictionary(source => source.Key, source => Parse(source.Value)) };

    /// <summary>The error of the parser or of the renderer.</summary>
    public static LiquidError Error(
        string source, Dictionary<string, object?>? data = null, LiquidRenderOptions? options = null, LiquidLimits? limits = null)
    {
        if (!LiquidTemplate.TryParse(source, limits ?? LiquidLimits.Default, out var template, out var error))
        {
            return error;
        }

        var result = template.Render(data ?? [], options);
        result.Error.ShouldNotBeNull($"rendered {result.Text?.Length} characters");
        return result.Error;
    }

    public static LiquidTemplate Parse(string source, LiquidLimits? limits = null)
    {
        LiquidTemplate.TryParse(source, limits ?? LiquidLimits.Default, out var template, out var error).ShouldBeTrue(error?.ToString());
        return template!;
    }
}

/// <summary>Converts JSON to the values that templates take.</summary>
internal static class JsonData
{
    public static Dictionary<string, object?> Map(JsonElement element) =>
        element.EnumerateObject().ToDictionary(property => property.Name, property => Value(property.Value), StringComparer.Ordinal);

    public static object? Value(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => Map(element),
        JsonValueKind.Array => element.EnumerateArray().Select(Value).ToList(),
        JsonValueKind.String => element.GetString(),
        JsonValueKind.Number => element.TryGetInt64(out var integer) ? (object)integer : element.GetDouble(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };
}

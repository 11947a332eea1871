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

    /// <summary>Of the parser or of the renderer, whichever it is.</summary>
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

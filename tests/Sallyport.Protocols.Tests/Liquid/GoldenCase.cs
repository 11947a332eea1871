using System.Text.Json;
using Sallyport.Protocols.Liquid;

namespace Sallyport.Protocols.Tests.Liquid;

/// <summary>One case of the published conformance suite.</summary>
internal sealed class GoldenCase(JsonElement test)
{
    public string Name => test.GetProperty("name").GetString()!;

    /// <summary>Null when the case passes, otherwise what happened instead.</summary>
    public string? Difference()
    {
        var (text, error) = Run();
        if (test.TryGetProperty("invalid", out _))
        {
            return error is null ? $"rendered '{text}' where an error was wanted" : null;
        }

        return text is not null && Wanted().Contains(text) ? null : $"wanted '{string.Join("' or '", Wanted())}' but got '{text}' {error}";
    }

    private IEnumerable<string?> Wanted() => test.TryGetProperty("results", out var results)
        ? results.EnumerateArray().Select(result => result.GetString())
        : [test.GetProperty("result").GetString()];

    private (string? Text, LiquidError? Error) Run()
    {
        if (!LiquidTemplate.TryParse(test.GetProperty("template").GetString()!, LiquidLimits.Default, out var template, out var error))
        {
            return (null, error);
        }

        var partials = new Dictionary<string, LiquidTemplate>(StringComparer.Ordinal);
        if (test.TryGetProperty("templates", out var sources))
        {
            foreach (var source in sources.EnumerateObject())
            {
                if (!LiquidTemplate.TryParse(source.Value.GetString()!, LiquidLimits.Default, out var partial, out error))
                {
                    return (null, error);
                }

                partials.Add(source.Name, partial);
            }
        }

        var data = test.TryGetProperty("data", out var values) ? JsonData.Map(values) : [];
        var result = template.Render(data, new LiquidRenderOptions { Partials = partials });
        return (result.Text, result.Error);
    }
}

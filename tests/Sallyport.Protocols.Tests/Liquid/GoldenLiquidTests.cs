using System.Text.Json;
using Sallyport.Protocols.Liquid;

namespace Sallyport.Protocols.Tests.Liquid;

public class GoldenLiquidTests
{
    /// <summary>The number of the 796 cases that pass. It may only rise.</summary>
    private const int MinPassed = 795;

    private static readonly Dictionary<string, GoldenCase> Cases =
        Read("golden-liquid.json").GetProperty("tests").EnumerateArray().Select(test => new GoldenCase(test)).ToDictionary(test => test.Name);

    private static readonly Dictionary<string, string> Deviations =
        Read("golden-deviations.json").EnumerateObject().ToDictionary(entry => entry.Name, entry => entry.Value.GetString()!);

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_case_passes_or_is_a_listed_deviation(string name)
    {
        var difference = Cases[name].Difference();

        if (Deviations.ContainsKey(name))
        {
            difference.ShouldNotBeNull("the case passes: take it off the list of deviations");
        }
        else
        {
            difference.ShouldBeNull();
        }
    }

    [Fact]
    public void No_more_cases_deviate_and_each_has_its_reason()
    {
        (Cases.Count - Deviations.Count).ShouldBeGreaterThanOrEqualTo(MinPassed);
        Deviations.Keys.ShouldBeSubsetOf(Cases.Keys);
        Deviations.Values.ShouldAllBe(reason => reason.Length > 20);
    }

    private static JsonElement Read(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Liquid", "Vectors", file)));
        return document.RootElement.Clone();
    }
}

/// <summary>One case of the published conformance suite.</summary>
internal sealed class GoldenCase(JsonElement test)
{
    public string Name => test.GetProperty("name").GetString()!;

    /// <summary>Null if the case passes, otherwise a description of the difference.</summary>
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

using System.Text.Json;

namespace Sallyport.Protocols.Tests.Liquid;

public class GoldenLiquidTests
{
    private const double AllowedDeviations = 0.03;

    private static readonly Dictionary<string, GoldenCase> Cases =
        Read("golden-liquid.json").GetProperty("tests").EnumerateArray().Select(test => new GoldenCase(test)).ToDictionary(test => test.Name);

    private static readonly Dictionary<string, string> Deviations =
        Read("golden-deviations.json").EnumerateObject().ToDictionary(entry => entry.Name, entry => entry.Value.GetString()!);

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_engine_passes_the_case_or_deviates_for_a_listed_reason(string name)
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
    public void Deviations_are_few_and_each_has_its_reason()
    {
        var limit = Cases.Count * AllowedDeviations;

        Cases.Count.ShouldBeGreaterThan(700);
        ((double)Deviations.Count).ShouldBeLessThanOrEqualTo(limit);
        Deviations.Keys.ShouldBeSubsetOf(Cases.Keys);
        Deviations.Values.ShouldAllBe(reason => reason.Length > 20);
    }

    private static JsonElement Read(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Liquid", "Vectors", file)));
        return document.RootElement.Clone();
    }
}

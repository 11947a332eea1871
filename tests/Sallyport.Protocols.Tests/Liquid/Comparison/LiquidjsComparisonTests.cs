using Sallyport.Protocols.Liquid;

namespace Sallyport.Protocols.Tests.Liquid.Comparison;

public class LiquidjsComparisonTests
{
    private const int Templates = 10_000;
    private const ulong Seed = 20160314;
    private const int Shown = 5;

    private static readonly Dictionary<string, LiquidTemplate> Partials =
        RandomTemplates.Partials.ToDictionary(partial => partial.Key, partial => Parse(partial.Value));

    [Fact]
    public async Task Random_templates_render_as_liquidjs_renders_them()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await SkipWithoutOracleAsync(cancellationToken);
        var questions = Enumerable.Range(0, Templates).Select(index => Question(Seed + (ulong)index)).ToList();

        var answers = await LiquidjsOracle.AskAsync(questions, cancellationToken);

        answers.Count.ShouldBe(Templates);
        var differences = questions.Zip(answers, Difference).OfType<string>().ToList();
        differences.Take(Shown).ShouldBeEmpty($"{differences.Count} differences");
    }

    private static async Task SkipWithoutOracleAsync(CancellationToken cancellationToken)
    {
        var obstacle = await LiquidjsOracle.FindObstacleAsync(cancellationToken);
        if (obstacle is not null && Environment.GetEnvironmentVariable("CI") != "true")
        {
            Assert.Skip("liquidjs cannot be run here: " + obstacle);
        }

        obstacle.ShouldBeNull("liquidjs must run in CI");
    }

    private static OracleQuestion Question(ulong seed)
    {
        var random = new SeededRandom(seed);
        return new OracleQuestion(new RandomTemplates(random).Create(), new RandomData(random).Create(), RandomTemplates.Partials);
    }

    private static string? Difference(OracleQuestion question, OracleAnswer answer)
    {
        if (!LiquidTemplate.TryParse(question.Template, LiquidLimits.Default, out var template, out var error))
        {
            return $"{question.Template}\n  does not parse: {error}";
        }

        var result = template.Render(question.Data, new LiquidRenderOptions { Partials = Partials });
        return result.Text is not null && answer.Text is not null
            && ExplainedDifferences.Remove(result.Text) == ExplainedDifferences.Remove(answer.Text)
            ? null
            : $"{question.Template}\n  ours: {result.Text}{result.Error}\n  liquidjs: {answer.Text}{answer.Error}";
    }

    private static LiquidTemplate Parse(string source) =>
        LiquidTemplate.TryParse(source, LiquidLimits.Default, out var template, out var error) ? template : throw new InvalidOperationException(error.ToString());
}

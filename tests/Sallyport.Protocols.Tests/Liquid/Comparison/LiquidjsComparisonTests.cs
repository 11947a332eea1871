using Sallyport.Protocols.Liquid;

namespace Sallyport.Protocols.Tests.Liquid.Comparison;

public class LiquidjsComparisonTests
{
    private const int Templates = 10_000;

    private static readonly Dictionary<string, LiquidTemplate> Partials =
        RandomTemplates.Partials.ToDictionary(partial => partial.Key, partial => Render.Parse(partial.Value));

    /// <summary>The same templates on every run: a build must not fail because it happened to draw another template.</summary>
    [Fact]
    public async Task Generated_templates_render_as_liquidjs_renders_them()
    {
        using var oracle = await LiquidjsOracle.StartAsync(TestContext.Current.CancellationToken);

        for (var seed = 0u; seed < Templates; seed++)
        {
            var random = Choices.Fixed(seed);
            var question = new OracleQuestion(new RandomTemplates(random).Create(), new RandomData(random).Create(), RandomTemplates.Partials);
            Difference(question, oracle.Ask(question)).ShouldBeNull($"seed {seed}");
        }
    }

    private static string? Difference(OracleQuestion question, OracleAnswer answer)
    {
        var result = Render.Result(question.Template, question.Data, new LiquidRenderOptions { Partials = Partials });
        return result.Text is not null && answer.Text is not null
            && ExplainedDifferences.Remove(result.Text) == ExplainedDifferences.Remove(answer.Text)
            ? null
            : $"{question.Template}\n  ours: {result.Text}{result.Error}\n  liquidjs: {answer.Text}{answer.Error}";
    }
}

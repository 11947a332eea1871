using CsCheck;
using Sallyport.Protocols.Liquid;

namespace Sallyport.Protocols.Tests.Liquid.Comparison;

public class LiquidjsComparisonTests
{
    private const int Templates = 10_000;

    private static readonly Dictionary<string, LiquidTemplate> Partials =
        RandomTemplates.Partials.ToDictionary(partial => partial.Key, partial => Render.Parse(partial.Value));

    private static readonly Gen<OracleQuestion> Questions = Choices.Gen(
        random => new OracleQuestion(new RandomTemplates(random).Create(), new RandomData(random).Create(), RandomTemplates.Partials));

    [Fact]
    public async Task Generated_templates_render_as_liquidjs_renders_them()
    {
        using var oracle = await LiquidjsOracle.StartAsync(TestContext.Current.CancellationToken);

        Questions.Sample(question => Difference(question, oracle.Ask(question)).ShouldBeNull(), iter: Templates, threads: 1, print: question => question.Template);
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

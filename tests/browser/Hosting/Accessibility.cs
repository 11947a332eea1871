using Deque.AxeCore.Commons;
using Microsoft.Playwright;

namespace Sallyport.Browser.Tests.Hosting;

/// <summary>The serious violations that axe-core finds on a page.</summary>
internal static class Accessibility
{
    /// <summary>
    /// Only violations are described in full: describing what is right takes longer than finding it. For <c>no-autoplay-audio</c> axe copies imported
    /// styles into the page, which the content security policy refuses; no page has sound.
    /// </summary>
    private const string Find = """
        async (only) => {
          const rules = only.length > 0 ? { runOnly: only } : { rules: { 'no-autoplay-audio': { enabled: false } } };
          const { violations } = await axe.run(document, { resultTypes: ['violations'], ...rules });
          return violations
            .filter(({ impact }) => impact === 'serious' || impact === 'critical')
            .map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html).join(', ')}`);
        }
        """;

    /// <summary>The rules whose result depends on the colour scheme.</summary>
    private static readonly string[] ColourRules = ["color-contrast", "link-in-text-block"];

    private static readonly string Axe = new BundledAxeScriptProvider().GetScript();

    public static Task<string[]> ProblemsAsync(IPage page) => RunAsync(page, []);

    /// <summary>For a page that was checked in the other colour scheme already.</summary>
    public static Task<string[]> ColourProblemsAsync(IPage page) => RunAsync(page, ColourRules);

    private static async Task<string[]> RunAsync(IPage page, string[] rules)
    {
        // Once for each document: reading the script takes longer than running it.
        if (await page.EvaluateAsync<bool>("() => typeof axe === 'undefined'"))
        {
            await page.EvaluateAsync(Axe);
        }

        return await page.EvaluateAsync<string[]>(Find, rules);
    }
}

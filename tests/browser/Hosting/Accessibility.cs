using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Sallyport.Browser.Tests.Hosting;

/// <summary>The serious violations that axe-core finds on a page.</summary>
internal static class Accessibility
{
    /// <summary>All rules run, but only violations are described in full: describing what is right takes longer than finding it.</summary>
    private static readonly AxeRunOptions Options = new()
    {
        ResultTypes = [ResultType.Violations],
        // For this rule axe copies imported styles into the page, which the content security policy refuses. No page has sound.
        Rules = new Dictionary<string, RuleOptions> { ["no-autoplay-audio"] = new() { Enabled = false } },
    };

    public static async Task<IEnumerable<string>> ProblemsAsync(IPage page) =>
        (await page.RunAxe(Options)).Violations
            .Where(violation => violation.Impact is "serious" or "critical")
            .Select(violation => $"{violation.Id}: {violation.Help}: {string.Join(", ", violation.Nodes.Select(node => node.Html))}");
}

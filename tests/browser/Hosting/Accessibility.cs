using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Sallyport.Browser.Tests.Hosting;

/// <summary>The serious violations that axe-core finds on a page.</summary>
internal static class Accessibility
{
    public static async Task<IEnumerable<string>> ProblemsAsync(IPage page) =>
        (await page.RunAxe()).Violations
            .Where(violation => violation.Impact is "serious" or "critical")
            .Select(violation => $"{violation.Id}: {violation.Help}: {string.Join(", ", violation.Nodes.Select(node => node.Html))}");
}

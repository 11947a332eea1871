using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Sallyport.Browser.Tests.Hosting;

/// <summary>What axe-core finds on a page that shuts people out.</summary>
internal static class Accessibility
{
    public static async Task<IEnumerable<string>> FaultsAsync(IPage page) =>
        (await page.RunAxe()).Violations
            .Where(violation => violation.Impact is "serious" or "critical")
            .Select(violation => $"{violation.Id}: {violation.Help}: {string.Join(", ", violation.Nodes.Select(node => node.Html))}");
}

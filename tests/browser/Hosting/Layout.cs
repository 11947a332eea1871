using Microsoft.Playwright;

namespace Sallyport.Browser.Tests.Hosting;

/// <summary>Finds content that is cut off and targets that are too small to touch.</summary>
internal static class Layout
{
    /// <summary>Exempt are links within a sentence (WCAG 2.2, 2.5.8) and checkboxes, whose label is the target.</summary>
    internal const string Find = """
        () => {
          const problems = [];
          const page = document.documentElement;
          if (page.scrollWidth > page.clientWidth) {
            problems.push(`the page is ${page.scrollWidth} wide and shows ${page.clientWidth}`);
          }
          const card = document.querySelector('.sp-card').getBoundingClientRect();
          const name = (node) => `${node.tagName} ${node.className} "${node.textContent.trim().slice(0, 30)}"`;
          for (const node of document.querySelectorAll('.sp-card *:not(.sp-live)')) {
            const box = node.getBoundingClientRect();
            if (box.width > 0 && (box.left < card.left - 0.5 || box.right > card.right + 0.5)) {
              problems.push(`${name(node)} reaches out of the card`);
            }
            if (node.scrollWidth > node.clientWidth + 1 && node.matches('.sp-digits, .sp-secret, .sp-secret *, .sp-qr')) {
              problems.push(`${name(node)} is cut off`);
            }
          }
          for (const node of document.querySelectorAll('.sp-card :is(button, a.sp-button, input:not([type=checkbox]), .sp-tick)')) {
            const box = node.getBoundingClientRect();
            if (node.checkVisibility() && (box.height < 44 || box.width < 44)) {
              problems.push(`${name(node)} is only ${box.width} by ${box.height}`);
            }
          }
          return problems;
        }
        """;

    public static Task<string[]> ProblemsAsync(IPage page) => page.EvaluateAsync<string[]>(Find);
}

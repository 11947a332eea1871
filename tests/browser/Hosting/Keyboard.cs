using Microsoft.Playwright;

namespace Sallyport.Browser.Tests.Hosting;

/// <summary>Finds controls that the Tab key does not reach, or that do not show that they have the focus.</summary>
internal static class Keyboard
{
    private const string Controls =
        "() => [...document.querySelectorAll('.sp-card :is(a[href], button, input, summary)')].filter((node) => node.checkVisibility() && !node.disabled)";

    private const string Name = "(node) => `${node.tagName} \"${(node.textContent || node.id).trim().slice(0, 40)}\"`";

    /// <summary>The control with the focus, and whether it has a ring. Null outside the card.</summary>
    private const string Focused = $$"""
        () => {
          const node = document.activeElement;
          const isControl = node?.matches('.sp-card :is(a[href], button, input, summary)');
          return isControl ? { name: ({{Name}})(node), ring: parseFloat(getComputedStyle(node).outlineWidth) } : null;
        }
        """;

    public static async Task<IReadOnlyList<string>> ProblemsAsync(IPage page)
    {
        var expected = await page.EvaluateAsync<string[]>($"() => ({Controls})().map({Name})");
        var reached = new List<FocusedControl>();
        await page.Locator(".sp-heading").FocusAsync();
        for (var i = 0; i < expected.Length; i++)
        {
            await page.Keyboard.PressAsync("Tab");
            if (await page.EvaluateAsync<FocusedControl?>(Focused) is { } control)
            {
                reached.Add(control);
            }
        }

        return
        [
            .. expected.Except(reached.Select(control => control.Name)).Select(name => $"{name} cannot be reached with the Tab key"),
            .. reached.Where(control => control.Ring < 3).Select(control => $"{control.Name} has a focus ring of {control.Ring} pixels"),
        ];
    }

    private sealed class FocusedControl
    {
        public string Name { get; set; } = "";

        public double Ring { get; set; }
    }
}

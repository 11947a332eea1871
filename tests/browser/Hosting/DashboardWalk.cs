using static Microsoft.Playwright.Assertions;

namespace Sallyport.Browser.Tests.Hosting;

/// <summary>Checks pages of the dashboard: nothing is cut off, axe-core finds nothing, the Tab key reaches every control, and each shows its focus.</summary>
internal sealed class DashboardWalk(Visitor visitor, string variant)
{
    private const string Layout = """
        () => {
          const problems = [];
          const page = document.documentElement;
          if (page.scrollWidth > page.clientWidth) {
            problems.push(`the page is ${page.scrollWidth} wide and shows ${page.clientWidth}`);
          }
          const name = (node) => `${node.tagName} ${node.className} "${node.textContent.trim().slice(0, 30)}"`;
          for (const node of document.querySelectorAll('main *')) {
            const box = node.getBoundingClientRect();
            if (box.width > 1 && node.checkVisibility() && (box.left < -0.5 || box.right > page.clientWidth + 0.5) && !node.closest('.code, thead')) {
              problems.push(`${name(node)} reaches out of the page`);
            }
          }
          const isTouch = matchMedia('(pointer: coarse)').matches;
          for (const node of document.querySelectorAll('button, a.button, select, input:not([type=hidden], [type=checkbox], [type=radio], .unseen)')) {
            const box = node.getBoundingClientRect();
            if (node.checkVisibility() && box.height < (isTouch ? 44 : 36)) {
              problems.push(`${name(node)} is only ${box.height} high`);
            }
          }
          return problems;
        }
        """;

    private const string Controls = """
        (() => [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')]
          .filter((node) => node.checkVisibility() && !node.disabled && node.tabIndex >= 0))
        """;

    private const string Name = "((node) => `${node.tagName} \"${(node.textContent.trim() || node.name || node.id).slice(0, 40)}\"`)";

    private const string Focused = $$"""
        () => {
          const node = document.activeElement;
          const ring = (pseudo) => { const style = getComputedStyle(node, pseudo); return style.outlineStyle === 'none' ? 0 : parseFloat(style.outlineWidth); };
          return node === document.body ? null : { name: {{Name}}(node), ring: Math.max(ring(null), ring('::after')) };
        }
        """;

    public List<string> Problems { get; } = [];

    /// <param name="name">Of the picture.</param>
    public async Task CheckAsync(string name, bool keyboard = true)
    {
        await Expect(visitor.Page.Locator("h1")).ToBeVisibleAsync();
        await Screenshots.SaveAsync(visitor.Page, $"dashboard-{name}-{variant}");
        var found = (await visitor.Page.EvaluateAsync<string[]>(Layout)).Concat(await Accessibility.ProblemsAsync(visitor.Page));
        Problems.AddRange(found.Concat(keyboard ? await KeyboardAsync() : []).Select(problem => $"{name}: {problem}"));
    }

    private async Task<IReadOnlyList<string>> KeyboardAsync()
    {
        var expected = await visitor.Page.EvaluateAsync<string[]>($"() => {Controls}().map({Name})");
        var reached = new List<FocusedControl>();
        await visitor.Page.EvaluateAsync("() => { document.activeElement?.blur(); const start = document.body; start.tabIndex = -1; start.focus(); start.blur(); start.removeAttribute('tabindex'); }");
        for (var i = 0; i < expected.Length; i++)
        {
            await visitor.Page.Keyboard.PressAsync("Tab");
            if (await visitor.Page.EvaluateAsync<FocusedControl?>(Focused) is { } control)
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

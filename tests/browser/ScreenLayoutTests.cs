using Microsoft.Playwright;
using Sallyport.Browser.Tests.Hosting;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Browser.Tests;

/// <summary>Every screen fits narrow windows and large text, and the keyboard reaches every control.</summary>
public sealed class ScreenLayoutTests(Servers servers) : IClassFixture<Servers>
{
    [Fact]
    public async Task Every_control_of_every_screen_can_be_reached_with_the_keyboard()
    {
        var server = await servers.GetAsync(Engine.Sqlite);
        await using var visitor = await Visitor.OpenAsync();
        var problems = new List<string>();
        async Task Check(string name) => problems.AddRange((await Keyboard.ProblemsAsync(visitor.Page)).Select(problem => $"{name}: {problem}"));
        var tour = new Tour(server, visitor, Check);

        await tour.EnrollAsync();
        await tour.SignInAsync();
        await new PhoneTour(server, visitor, Check).RunAsync();

        problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task No_screen_needs_sideways_scrolling_at_320_pixels()
    {
        await ShouldFitAsync(Devices.Narrow(), _ => Task.CompletedTask);
    }

    [Fact]
    public async Task No_screen_needs_sideways_scrolling_at_200_percent()
    {
        await ShouldFitAsync(Devices.Zoomed(), _ => Task.CompletedTask);
    }

    [Fact]
    public async Task No_screen_needs_sideways_scrolling_with_text_of_twice_the_size()
    {
        await ShouldFitAsync(Devices.Phone(), page => page.EvaluateAsync("() => { document.documentElement.style.fontSize = '200%'; }"));
    }

    private async Task ShouldFitAsync(BrowserNewContextOptions device, Func<IPage, Task> prepare)
    {
        var server = await servers.GetAsync(Engine.Sqlite);
        await using var visitor = await Visitor.OpenAsync(device);
        var problems = new List<string>();
        async Task Check(string name)
        {
            await prepare(visitor.Page);
            await Screenshots.SaveAsync(visitor.Page, $"{name}-{device.ViewportSize!.Width}x{device.ViewportSize.Height}".ToLowerInvariant());
            problems.AddRange((await Layout.ProblemsAsync(visitor.Page)).Select(problem => $"{name}: {problem}"));
        }

        var tour = new Tour(server, visitor, Check);
        await tour.EnrollAsync();
        await tour.SignInAsync();
        await new PhoneTour(server, visitor, Check).RunAsync();

        problems.ShouldBeEmpty();
    }
}

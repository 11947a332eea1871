using Microsoft.Playwright;
using Sallyport.Browser.Tests.Hosting;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Browser.Tests;

/// <summary>Requirements for every screen. Saves pictures of them, see <see cref="Screenshots"/>.</summary>
public sealed class ScreenTests(Servers servers) : IClassFixture<Servers>
{
    [Theory]
    [InlineData("desktop", ColorScheme.Light)]
    [InlineData("desktop", ColorScheme.Dark)]
    [InlineData("phone", ColorScheme.Light)]
    [InlineData("phone", ColorScheme.Dark)]
    public async Task Every_screen_is_accessible(string device, ColorScheme scheme)
    {
        var server = await servers.GetAsync(Engine.Sqlite);
        await NameTenantAsync(server);
        await using var visitor = await Visitor.OpenAsync(device == "desktop" ? Devices.Desktop(scheme) : Devices.Phone(scheme));
        var (seen, problems) = (0, new List<string>());
        var tour = new Tour(server, visitor, async name =>
        {
            seen++;
            await Screenshots.SaveAsync(visitor.Page, $"{name}-{device}-{scheme}".ToLowerInvariant());
            problems.AddRange((await Layout.ProblemsAsync(visitor.Page)).Concat(await Accessibility.ProblemsAsync(visitor.Page)).Select(problem => $"{name}: {problem}"));
        });

        await tour.EnrollAsync();
        await tour.SignInAsync();

        problems.ShouldBeEmpty();
        seen.ShouldBeGreaterThanOrEqualTo(20);
        visitor.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task Every_control_of_every_screen_can_be_reached_with_the_keyboard()
    {
        var server = await servers.GetAsync(Engine.Sqlite);
        await using var visitor = await Visitor.OpenAsync();
        var problems = new List<string>();
        var tour = new Tour(server, visitor, async name =>
            problems.AddRange((await Keyboard.ProblemsAsync(visitor.Page)).Select(problem => $"{name}: {problem}")));

        await tour.EnrollAsync();
        await tour.SignInAsync();

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

    [Fact]
    public async Task Nothing_is_animated_with_reduced_motion()
    {
        var server = await servers.GetAsync(Engine.Sqlite);
        var device = Devices.Desktop();
        device.ReducedMotion = ReducedMotion.Reduce;
        await using var visitor = await Visitor.OpenAsync(device);

        await new Tour(server, visitor, async name => (await visitor.AnimationCountAsync()).ShouldBe(0, name)).EnrollAsync();
    }

    [Fact]
    public async Task Screens_fade_in_without_reduced_motion()
    {
        var invitation = await Invitation.CreateAsync(await servers.GetAsync(Engine.Sqlite));
        await using var visitor = await Visitor.OpenAsync(invitation.Url);

        await visitor.ExpectScreenAsync("totpEnrollment");
        await visitor.SettleAsync();

        (await visitor.AnimationCountAsync()).ShouldBePositive();
    }

    [Fact]
    public async Task In_dark_mode_colours_change_and_the_QR_code_stays_on_white()
    {
        var invitation = await Invitation.CreateAsync(await servers.GetAsync(Engine.Sqlite));
        await using var visitor = await Visitor.OpenAsync(invitation.Url, Devices.Desktop(ColorScheme.Dark));
        await visitor.ExpectScreenAsync("totpEnrollment");

        (await StyleAsync(visitor, "body", "backgroundColor")).ShouldBe("rgb(15, 17, 21)");
        (await StyleAsync(visitor, ".sp-card", "backgroundColor")).ShouldBe("rgb(25, 28, 34)");
        (await StyleAsync(visitor, ".sp-heading", "color")).ShouldBe("rgb(233, 235, 240)");
        (await StyleAsync(visitor, ".sp-qr", "backgroundColor")).ShouldBe("rgb(255, 255, 255)");
    }

    [Fact]
    public async Task With_forced_colours_cards_and_buttons_have_borders()
    {
        var server = await servers.GetAsync(Engine.Sqlite);
        var device = Devices.Desktop();
        device.ForcedColors = ForcedColors.Active;
        await using var visitor = await Visitor.OpenAsync(device);

        await new Tour(server, visitor, async name =>
        {
            await Screenshots.SaveAsync(visitor.Page, $"{name}-forced-colours".ToLowerInvariant());
            (await StyleAsync(visitor, ".sp-card", "borderTopWidth")).ShouldBe("1px", name);
            foreach (var button in await visitor.Page.Locator(".sp-main:visible").AllAsync())
            {
                (await button.EvaluateAsync<string>("(node) => getComputedStyle(node).borderTopStyle")).ShouldBe("solid", name);
            }
        }).EnrollAsync();
    }

    private async Task ShouldFitAsync(BrowserNewContextOptions device, Func<IPage, Task> prepare)
    {
        var server = await servers.GetAsync(Engine.Sqlite);
        await using var visitor = await Visitor.OpenAsync(device);
        var problems = new List<string>();
        var tour = new Tour(server, visitor, async name =>
        {
            await prepare(visitor.Page);
            await Screenshots.SaveAsync(visitor.Page, $"{name}-{device.ViewportSize!.Width}x{device.ViewportSize.Height}".ToLowerInvariant());
            problems.AddRange((await Layout.ProblemsAsync(visitor.Page)).Select(problem => $"{name}: {problem}"));
        });

        await tour.EnrollAsync();
        await tour.SignInAsync();

        problems.ShouldBeEmpty();
    }

    /// <summary>A realistic name and address, which need more room in the header.</summary>
    private static async Task NameTenantAsync(TestServer server)
    {
        var settings = new { friendly_name = "Ada & Sons Bank", support_email = "help@ada-and-sons.example" };
        (await new ManagementApi(server).SendAsync(HttpMethod.Patch, "/tenants/settings", settings)).Status.ShouldBe(System.Net.HttpStatusCode.OK);
    }

    private static Task<string> StyleAsync(Visitor visitor, string selector, string property) =>
        visitor.Page.Locator(selector).EvaluateAsync<string>("(node, property) => getComputedStyle(node)[property]", property);
}

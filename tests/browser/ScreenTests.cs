using Microsoft.Playwright;
using Sallyport.Browser.Tests.Hosting;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Browser.Tests;

/// <summary>What holds for every screen. Pictures of them are saved on the way, see <see cref="Screenshots"/>.</summary>
public sealed class ScreenTests(Servers servers) : IClassFixture<Servers>
{
    [Theory]
    [InlineData("desk", ColorScheme.Light)]
    [InlineData("desk", ColorScheme.Dark)]
    [InlineData("phone", ColorScheme.Light)]
    [InlineData("phone", ColorScheme.Dark)]
    public async Task No_screen_shuts_anybody_out(string device, ColorScheme scheme)
    {
        var server = await servers.GetAsync(Engine.Sqlite);
        await NameTenantAsync(server);
        await using var visitor = await Visitor.ArriveAsync(device == "desk" ? Looks.Desk(scheme) : Looks.Phone(scheme));
        var (seen, faults) = (0, new List<string>());
        var tour = new Tour(server, visitor, async name =>
        {
            seen++;
            await Screenshots.SaveAsync(visitor.Page, $"{name}-{device}-{scheme}".ToLowerInvariant());
            faults.AddRange((await Layout.FaultsAsync(visitor.Page)).Concat(await Accessibility.FaultsAsync(visitor.Page)).Select(fault => $"{name}: {fault}"));
        });

        await tour.EnrollAsync();
        await tour.SignInAsync();

        faults.ShouldBeEmpty();
        seen.ShouldBeGreaterThanOrEqualTo(20);
        visitor.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task No_screen_needs_sideways_scrolling_at_320_pixels()
    {
        await ShouldFitAsync(Looks.Narrow(), _ => Task.CompletedTask);
    }

    [Fact]
    public async Task No_screen_needs_sideways_scrolling_at_200_percent()
    {
        await ShouldFitAsync(Looks.Zoomed(), _ => Task.CompletedTask);
    }

    [Fact]
    public async Task No_screen_needs_sideways_scrolling_with_letters_of_twice_the_size()
    {
        await ShouldFitAsync(Looks.Phone(), page => page.EvaluateAsync("() => { document.documentElement.style.fontSize = '200%'; }"));
    }

    [Fact]
    public async Task Nothing_moves_for_whoever_asks_for_that()
    {
        var server = await servers.GetAsync(Engine.Sqlite);
        var look = Looks.Desk();
        look.ReducedMotion = ReducedMotion.Reduce;
        await using var visitor = await Visitor.ArriveAsync(look);

        await new Tour(server, visitor, async name => (await visitor.MovementsAsync()).ShouldBe(0, name)).EnrollAsync();
    }

    [Fact]
    public async Task Screens_fade_in_for_everybody_else()
    {
        var invitation = await Invitation.CreateAsync(await servers.GetAsync(Engine.Sqlite));
        await using var visitor = await Visitor.ArriveAsync(invitation.Url);

        await visitor.SeeAsync("totpEnrollment");
        await visitor.SettleAsync();

        (await visitor.MovementsAsync()).ShouldBePositive();
    }

    [Fact]
    public async Task Dark_mode_brings_its_own_colours_and_keeps_the_QR_code_on_white()
    {
        var invitation = await Invitation.CreateAsync(await servers.GetAsync(Engine.Sqlite));
        await using var visitor = await Visitor.ArriveAsync(invitation.Url, Looks.Desk(ColorScheme.Dark));
        await visitor.SeeAsync("totpEnrollment");

        (await StyleAsync(visitor, "body", "backgroundColor")).ShouldBe("rgb(15, 17, 21)");
        (await StyleAsync(visitor, ".sp-card", "backgroundColor")).ShouldBe("rgb(25, 28, 34)");
        (await StyleAsync(visitor, ".sp-heading", "color")).ShouldBe("rgb(233, 235, 240)");
        (await StyleAsync(visitor, ".sp-qr", "backgroundColor")).ShouldBe("rgb(255, 255, 255)");
    }

    [Fact]
    public async Task Forced_colours_keep_edges_where_colour_alone_would_show_them()
    {
        var server = await servers.GetAsync(Engine.Sqlite);
        var look = Looks.Desk();
        look.ForcedColors = ForcedColors.Active;
        await using var visitor = await Visitor.ArriveAsync(look);

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

    private async Task ShouldFitAsync(BrowserNewContextOptions look, Func<IPage, Task> prepare)
    {
        var server = await servers.GetAsync(Engine.Sqlite);
        await using var visitor = await Visitor.ArriveAsync(look);
        var faults = new List<string>();
        var tour = new Tour(server, visitor, async name =>
        {
            await prepare(visitor.Page);
            await Screenshots.SaveAsync(visitor.Page, $"{name}-{look.ViewportSize!.Width}x{look.ViewportSize.Height}".ToLowerInvariant());
            faults.AddRange((await Layout.FaultsAsync(visitor.Page)).Select(fault => $"{name}: {fault}"));
        });

        await tour.EnrollAsync();
        await tour.SignInAsync();

        faults.ShouldBeEmpty();
    }

    /// <summary>A name and an address as they are out there, for the eye and for the header's room.</summary>
    private static async Task NameTenantAsync(TestServer server)
    {
        var settings = new { friendly_name = "Ada & Sons Bank", support_email = "help@ada-and-sons.example" };
        (await new ManagementApi(server).SendAsync(HttpMethod.Patch, "/tenants/settings", settings)).Status.ShouldBe(System.Net.HttpStatusCode.OK);
    }

    private static Task<string> StyleAsync(Visitor visitor, string selector, string property) =>
        visitor.Page.Locator(selector).EvaluateAsync<string>("(node, property) => getComputedStyle(node)[property]", property);
}

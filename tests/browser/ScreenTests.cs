using Microsoft.Playwright;
using Sallyport.Browser.Tests.Hosting;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Browser.Tests;

/// <summary>How screens look under the settings of a device. Saves pictures of them, see <see cref="Screenshots"/>.</summary>
public sealed class ScreenTests(Servers servers) : IClassFixture<Servers>
{
    [Fact]
    public async Task Nothing_is_animated_with_reduced_motion()
    {
        var server = await servers.GetAsync(Engine.Sqlite);
        var device = Devices.Desktop();
        device.ReducedMotion = ReducedMotion.Reduce;
        await using var visitor = await Visitor.OpenAsync(device);

        await (await Gallery.OpenAsync(server, visitor)).VisitAsync(async name => (await visitor.AnimationCountAsync()).ShouldBe(0, name));
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

        await (await Gallery.OpenAsync(server, visitor)).VisitAsync(async name =>
        {
            await Screenshots.SaveAsync(visitor.Page, $"{name}-forced-colours".ToLowerInvariant());
            (await StyleAsync(visitor, ".sp-card", "borderTopWidth")).ShouldBe("1px", name);
            foreach (var button in await visitor.Page.Locator(".sp-main:visible").AllAsync())
            {
                (await button.EvaluateAsync<string>("(node) => getComputedStyle(node).borderTopStyle")).ShouldBe("solid", name);
            }
        });
    }

    private static Task<string> StyleAsync(Visitor visitor, string selector, string property) =>
        visitor.Page.Locator(selector).EvaluateAsync<string>("(node, property) => getComputedStyle(node)[property]", property);
}

using Microsoft.Playwright;
using Sallyport.Browser.Tests.Hosting;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Browser.Tests;

/// <summary>
/// axe-core and the rules of layout, for every screen. Saves pictures of them, see <see cref="Screenshots"/>. One class for each device, because
/// the tests of a class run one after the other.
/// </summary>
public abstract class ScreenAccessibilityTests(Servers servers, string device, Func<ColorScheme, BrowserNewContextOptions> open)
{
    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Every_screen_is_accessible(ColorScheme scheme)
    {
        var server = await servers.GetAsync(Engine.Sqlite);
        await NameTenantAsync(server);
        await using var visitor = await Visitor.OpenAsync(open(scheme));
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

    /// <summary>A realistic name and address, which need more room in the header.</summary>
    private static async Task NameTenantAsync(TestServer server)
    {
        var settings = new { friendly_name = "Ada & Sons Bank", support_email = "help@ada-and-sons.example" };
        (await new ManagementApi(server).SendAsync(HttpMethod.Patch, "/tenants/settings", settings)).Status.ShouldBe(System.Net.HttpStatusCode.OK);
    }
}

public sealed class DesktopScreenTests(Servers servers) : ScreenAccessibilityTests(servers, "desktop", Devices.Desktop), IClassFixture<Servers>;

public sealed class PhoneScreenTests(Servers servers) : ScreenAccessibilityTests(servers, "phone", Devices.Phone), IClassFixture<Servers>;

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
    private static readonly ColorScheme[] Schemes = [ColorScheme.Light, ColorScheme.Dark];

    /// <summary>Each screen changes its colours where it stands: only style sheets depend on them, no script.</summary>
    [Fact]
    public async Task Every_screen_is_accessible_in_light_and_dark()
    {
        var server = await servers.GetAsync(Engine.Sqlite);
        await NameTenantAsync(server);
        await using var visitor = await Visitor.OpenAsync(open(ColorScheme.Light));
        var (seen, problems) = (0, new List<string>());
        async Task Check(string name)
        {
            seen++;
            foreach (var scheme in Schemes)
            {
                await visitor.Page.EmulateMediaAsync(new() { ColorScheme = scheme });
                await visitor.SettleAsync();
                await Screenshots.SaveAsync(visitor.Page, $"{name}-{device}-{scheme}".ToLowerInvariant());
                problems.AddRange((await Layout.ProblemsAsync(visitor.Page)).Concat(await Accessibility.ProblemsAsync(visitor.Page))
                    .Select(problem => $"{name} {scheme}: {problem}"));
            }
        }

        var tour = new Tour(server, visitor, Check);
        await tour.EnrollAsync();
        await tour.SignInAsync();
        await new PhoneTour(server, visitor, Check).RunAsync();

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

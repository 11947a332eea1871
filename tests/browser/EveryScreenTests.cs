using System.Net;
using Microsoft.Playwright;
using Sallyport.Browser.Tests.Hosting;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Browser.Tests;

/// <summary>
/// What must be true of every screen: it is accessible in light and dark, it fits narrow windows and large text, and the keyboard reaches every
/// control. Each screen is checked where it stands, because only style sheets depend on colours and sizes, no script. Saves pictures, see
/// <see cref="Screenshots"/>. One class for each device, because the tests of a class run one after the other.
/// </summary>
public abstract class EveryScreenTests(Servers servers, string device, BrowserNewContextOptions options)
{
    /// <summary>A narrow window, and one of 1280 pixels at 200 %.</summary>
    private static readonly (int Width, int Height)[] Sizes = [(320, 640), (640, 450)];

    /// <summary>Enrollment, sign-in, phones and their terminal errors, against the real server.</summary>
    [Fact]
    public async Task Screens_of_the_server_are_accessible_fit_and_work_with_the_keyboard()
    {
        var server = await StartAsync();
        await using var visitor = await Visitor.OpenAsync(options);
        var checks = new Checks(visitor, device);
        var tour = new Tour(server, visitor, checks.RunAsync);

        await tour.EnrollAsync();
        await tour.SignInAsync();
        await new PhoneTour(server, visitor, checks.RunAsync).RunAsync();
        await new YourFactorsTour(server, visitor, checks.RunAsync).RunAsync();

        checks.ShouldHaveFoundNothing(atLeast: 35);
    }

    [Fact]
    public async Task Screens_of_every_factor_in_every_state_are_accessible_fit_and_work_with_the_keyboard()
    {
        var server = await StartAsync();
        await using var visitor = await Visitor.OpenAsync(new BrowserNewContextOptions(options) { ReducedMotion = ReducedMotion.Reduce });
        var checks = new Checks(visitor, device);

        await (await Gallery.OpenAsync(server, visitor)).VisitAsync(checks.RunAsync);

        checks.ShouldHaveFoundNothing(atLeast: 80);
    }

    /// <summary>With a realistic name and address, which need more room in the header.</summary>
    private async Task<TestServer> StartAsync()
    {
        var server = await servers.GetAsync(Engine.Sqlite);
        var settings = new { friendly_name = "Ada & Sons Bank", support_email = "help@ada-and-sons.example" };
        (await new ManagementApi(server).SendAsync(HttpMethod.Patch, "/tenants/settings", settings)).Status.ShouldBe(HttpStatusCode.OK);
        return server;
    }

    private sealed class Checks(Visitor visitor, string device)
    {
        private readonly PageViewportSizeResult size = visitor.Page.ViewportSize!;
        private readonly List<string> problems = [];
        private int screens;

        public async Task RunAsync(string name)
        {
            screens++;
            var page = visitor.Page;
            await Screenshots.SaveAsync(page, $"{name}-{device}-light".ToLowerInvariant());
            Add(name, await Layout.ProblemsAsync(page));
            Add(name, await Accessibility.ProblemsAsync(page));
            await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
            await visitor.SettleAsync();
            await Screenshots.SaveAsync(page, $"{name}-{device}-dark".ToLowerInvariant());
            Add($"{name} dark", await Accessibility.ColourProblemsAsync(page));
            await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
            await CheckSizesAsync(name);
            Add(name, await Keyboard.ProblemsAsync(page));
        }

        public void ShouldHaveFoundNothing(int atLeast)
        {
            problems.ShouldBeEmpty();
            screens.ShouldBeGreaterThanOrEqualTo(atLeast);
            visitor.Errors.ShouldBeEmpty();
        }

        private async Task CheckSizesAsync(string name)
        {
            foreach (var (width, height) in Sizes)
            {
                await visitor.Page.SetViewportSizeAsync(width, height);
                Add($"{name} at {width} pixels", await Layout.ProblemsAsync(visitor.Page));
            }

            await visitor.Page.SetViewportSizeAsync(Math.Min(size.Width, 360), size.Height);
            await SetTextSizeAsync("200%");
            Add($"{name} with large text", await Layout.ProblemsAsync(visitor.Page));
            await SetTextSizeAsync("");
            await visitor.Page.SetViewportSizeAsync(size.Width, size.Height);
        }

        private async Task SetTextSizeAsync(string value) =>
            await visitor.Page.EvaluateAsync("(size) => { document.documentElement.style.fontSize = size; }", value);

        private void Add(string name, IEnumerable<string> found) => problems.AddRange(found.Select(problem => $"{name}: {problem}"));
    }
}

public sealed class DesktopScreenTests(Servers servers) : EveryScreenTests(servers, "desktop", Devices.Desktop()), IClassFixture<Servers>;

public sealed class PhoneScreenTests(Servers servers) : EveryScreenTests(servers, "phone", Devices.Phone()), IClassFixture<Servers>;

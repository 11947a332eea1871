using Microsoft.Playwright;
using Sallyport.Browser.Tests.Hosting;
using Sallyport.Server.Tests.Hosting;

[assembly: AssemblyFixture(typeof(SharedBrowser))]
[assembly: AssemblyFixture(typeof(PostgreSqlCluster))]

namespace Sallyport.Browser.Tests.Hosting;

/// <summary>
/// The installed Chromium, started once per test run: its shell without windows if it is installed, because a new profile costs a quarter there.
/// If there is none, the tests are skipped, and fail with <c>CI=true</c>.
/// </summary>
public sealed class SharedBrowser : IAsyncDisposable
{
    /// <summary>Long, because the machine may be under load.</summary>
    internal const float TimeoutMilliseconds = 30_000;

    private static readonly string[] Paths = ["/usr/bin/chromium-headless-shell", "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    /// <summary>
    /// No sandbox, because containers run as root. No background requests. No local network checks, because they would block
    /// pages that a test fulfills itself.
    /// </summary>
    private static readonly string[] Arguments =
    [
        "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
        "--disable-features=LocalNetworkAccessChecks",
    ];

    private static readonly SemaphoreSlim Starting = new(1, 1);
    private static IPlaywright? playwright;
    private static IBrowser? browser;

    internal static async Task<IBrowser> GetAsync()
    {
        await Starting.WaitAsync();
        try
        {
            return browser ??= await StartAsync();
        }
        finally
        {
            Starting.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (browser is not null)
        {
            await browser.CloseAsync();
        }

        playwright?.Dispose();
    }

    private static async Task<IBrowser> StartAsync()
    {
        var path = Array.Find(Paths, File.Exists) ?? Missing();
        Assertions.SetDefaultExpectTimeout(TimeoutMilliseconds);
        playwright = await Playwright.CreateAsync();
        return await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = path,
            Args = Arguments,
            Timeout = 4 * TimeoutMilliseconds,
        });
    }

    private static string Missing()
    {
        const string Reason = "Chromium is not installed (on Debian: apt-get install chromium).";
        if (Environment.GetEnvironmentVariable("CI") == "true")
        {
            Assert.Fail(Reason);
        }

        Assert.Skip(Reason);
        return "";
    }
}

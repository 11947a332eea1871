using Microsoft.Playwright;
using Sallyport.Browser.Tests.Hosting;
using Sallyport.Server.Tests.Hosting;

[assembly: AssemblyFixture(typeof(SharedBrowser))]
[assembly: AssemblyFixture(typeof(PostgreSqlCluster))]

namespace Sallyport.Browser.Tests.Hosting;

/// <summary>
/// The Chromium of the machine, started once for the length of a test run. Where it is not installed the tests are
/// skipped, and fail with <c>CI=true</c>.
/// </summary>
public sealed class SharedBrowser : IAsyncDisposable
{
    /// <summary>Generous, because a loaded machine is slow and a broken page stays broken.</summary>
    internal const float PatienceMilliseconds = 30_000;

    private static readonly string[] Places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    /// <summary>
    /// No sandbox, because containers run as root; nothing that calls home. A page that a test puts in place comes from no
    /// network, and would not be let load from this machine.
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
        var path = Array.Find(Places, File.Exists) ?? Missing();
        Assertions.SetDefaultExpectTimeout(PatienceMilliseconds);
        playwright = await Playwright.CreateAsync();
        return await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = path,
            Args = Arguments,
            Timeout = 4 * PatienceMilliseconds,
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

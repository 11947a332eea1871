using System.Collections.Concurrent;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Sallyport.Browser.Tests.Hosting;

/// <summary>A person with a fresh browser profile, and a record of what their browser did.</summary>
internal sealed class Visitor : IAsyncDisposable
{
    /// <summary>Records what a page would not tell otherwise; it does not change what the page does.</summary>
    private const string Watch = """
        document.addEventListener('securitypolicyviolation', (event) => console.error(`violated: ${event.violatedDirective} ${event.blockedURI}`));
        window.movements = 0;
        for (const name of ['animationstart', 'transitionrun']) {
          document.addEventListener(name, () => { window.movements += 1; }, true);
        }
        """;

    private readonly IBrowserContext context;
    private readonly ConcurrentQueue<IRequest> requests = [];
    private readonly ConcurrentQueue<string> violations = [];
    private readonly ConcurrentQueue<string> errors = [];

    private Visitor(IBrowserContext context, IPage page)
    {
        this.context = context;
        Page = page;
        context.Request += (_, request) => requests.Enqueue(request);
        context.WebError += (_, error) => errors.Enqueue(error.Error);
        context.Console += (_, message) => Note(message);
    }

    public IPage Page { get; }

    public IReadOnlyCollection<IRequest> Requests => requests;

    /// <summary>Of the page's content security policy.</summary>
    public IReadOnlyCollection<string> Violations => violations;

    /// <summary>Exceptions that nobody caught.</summary>
    public IReadOnlyCollection<string> Errors => errors;

    public ILocator Heading => Page.Locator(".sp-heading");

    public ILocator CodeField => Page.Locator("input[autocomplete=one-time-code]");

    public ILocator QrCode => Page.Locator(".sp-qr img");

    /// <summary>What a screen reader was told last.</summary>
    public ILocator Announcement => Page.Locator(".sp-live");

    public ILocator TickBox => Page.GetByRole(AriaRole.Checkbox);

    public static async Task<Visitor> ArriveAsync(BrowserNewContextOptions? options = null)
    {
        options ??= Looks.Desk();
        options.Permissions = ["clipboard-read", "clipboard-write"];
        var context = await (await SharedBrowser.GetAsync()).NewContextAsync(options);
        context.SetDefaultTimeout(SharedBrowser.PatienceMilliseconds);
        await context.AddInitScriptAsync(Watch);
        return new Visitor(context, await context.NewPageAsync());
    }

    public static async Task<Visitor> ArriveAsync(string url, BrowserNewContextOptions? options = null)
    {
        var visitor = await ArriveAsync(options);
        await visitor.Page.GotoAsync(url);
        return visitor;
    }

    /// <summary>Keeps what is not at this address out of reach; it is on record all the same.</summary>
    public Task StayAtAsync(string url) =>
        context.RouteAsync(
            address => !address.StartsWith(url + "/", StringComparison.Ordinal) && !address.StartsWith("blob:", StringComparison.Ordinal),
            route => route.AbortAsync());

    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    public Task PressAsync(string name) => Button(name).ClickAsync();

    public Task SeeAsync(string screen) => Expect(Page.Locator($"[data-screen={screen}]")).ToBeVisibleAsync();

    public Task ReadAsync(string text) => Expect(Page.Locator(".sp-screen")).ToContainTextAsync(text);

    public async Task<string> SecretAsync() => (await Page.Locator("[data-otp-secret]").GetAttributeAsync("data-otp-secret"))!;

    public async Task<string> RecoveryCodeAsync() => (await Page.Locator("[data-recovery-code]").GetAttributeAsync("data-recovery-code"))!;

    /// <summary>The screen has faded in and its pictures are there.</summary>
    public async Task SettleAsync()
    {
        if (await Page.Locator(".sp-qr:visible").CountAsync() > 0)
        {
            await Expect(QrCode).ToHaveJSPropertyAsync("complete", true);
        }

        await Page.EvaluateAsync("() => Promise.allSettled(document.getAnimations().map((a) => a.finished)).then(() => true)");
    }

    public Task<int> MovementsAsync() => Page.EvaluateAsync<int>("() => window.movements");

    public async ValueTask DisposeAsync() => await context.CloseAsync();

    private void Note(IConsoleMessage message)
    {
        if (message.Text.StartsWith("violated: ", StringComparison.Ordinal) || message.Text.Contains("Content Security Policy", StringComparison.Ordinal))
        {
            violations.Enqueue(message.Text);
        }
    }
}

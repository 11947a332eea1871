using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Sallyport.Browser.Tests.Hosting;

/// <summary>A fresh browser profile with one page, and a record of its requests and errors.</summary>
internal sealed class Visitor : IAsyncDisposable
{
    /// <summary>Reports policy violations and counts animations. It does not change what the page does.</summary>
    private const string Recorder = """
        document.addEventListener('securitypolicyviolation', (event) => console.error(`violated: ${event.violatedDirective} ${event.blockedURI}`));
        window.animations = 0;
        for (const name of ['animationstart', 'transitionrun']) {
          document.addEventListener(name, () => { window.animations += 1; }, true);
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

    /// <summary>The current tab.</summary>
    public IPage Page { get; private set; }

    public IReadOnlyCollection<IRequest> Requests => requests;

    /// <summary>Violations of the page's content security policy.</summary>
    public IReadOnlyCollection<string> Violations => violations;

    /// <summary>Uncaught exceptions.</summary>
    public IReadOnlyCollection<string> Errors => errors;

    public ILocator Heading => Page.Locator(".sp-heading");

    public ILocator CodeField => Page.Locator("input[autocomplete=one-time-code]");

    public ILocator QrCode => Page.Locator(".sp-qr img");

    /// <summary>The live region for screen readers.</summary>
    public ILocator Announcement => Page.Locator(".sp-live");

    public ILocator Checkbox => Page.GetByRole(AriaRole.Checkbox);

    public static async Task<Visitor> OpenAsync(BrowserNewContextOptions? options = null)
    {
        options ??= Devices.Desktop();
        options.Permissions = ["clipboard-read", "clipboard-write"];
        var context = await (await SharedBrowser.GetAsync()).NewContextAsync(options);
        context.SetDefaultTimeout(SharedBrowser.TimeoutMilliseconds);
        await context.AddInitScriptAsync(Recorder);
        return new Visitor(context, await context.NewPageAsync());
    }

    public static async Task<Visitor> OpenAsync(string url, BrowserNewContextOptions? options = null)
    {
        var visitor = await OpenAsync(options);
        await visitor.Page.GotoAsync(url);
        return visitor;
    }

    /// <summary>Blocks requests to other addresses. They are recorded nevertheless.</summary>
    public Task BlockOtherHostsAsync(params string[] urls) =>
        context.RouteAsync(
            address => !urls.Any(url => address.StartsWith(url + "/", StringComparison.Ordinal)) && !address.StartsWith("blob:", StringComparison.Ordinal),
            route => route.AbortAsync());

    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    /// <summary>Clicks a button that opens a tab, and goes on in that tab.</summary>
    public async Task FollowAsync(string name) => Page = await Page.RunAndWaitForPopupAsync(() => ClickAsync(name));

    public Task ClickAsync(string name) => Button(name).ClickAsync();

    /// <summary>Moves the focus to a control with the Tab key.</summary>
    public async Task TabToAsync(ILocator target)
    {
        await Expect(target).ToBeEnabledAsync();
        for (var i = 0; i < 20; i++)
        {
            await Page.Keyboard.PressAsync("Tab");
            if (await target.EvaluateAsync<bool>("(node) => node === document.activeElement"))
            {
                return;
            }
        }

        Assert.Fail($"{target} cannot be reached with the Tab key.");
    }

    public Task ExpectScreenAsync(string screen) => Expect(Page.Locator($"[data-screen={screen}]")).ToBeVisibleAsync();

    public Task ExpectTextAsync(string text) => Expect(Page.Locator(".sp-screen")).ToContainTextAsync(text);

    public async Task<string> SecretAsync() => (await Page.Locator("[data-otp-secret]").GetAttributeAsync("data-otp-secret"))!;

    public async Task<string> RecoveryCodeAsync() => (await Page.Locator("[data-recovery-code]").GetAttributeAsync("data-recovery-code"))!;

    /// <summary>From the first screen of an enrollment to the recovery code. Returns the key.</summary>
    public async Task<string> ConfirmKeyAsync(Invitation invitation)
    {
        await ExpectScreenAsync("totpEnrollment");
        var secret = await SecretAsync();
        await ClickAsync("Continue");
        await CodeField.FillAsync(invitation.CodeOf(secret));
        await ExpectScreenAsync("reportRecoveryCode");
        return secret;
    }

    /// <summary>Waits until the screen has faded in and its images are loaded.</summary>
    public async Task SettleAsync()
    {
        if (await Page.Locator(".sp-qr:visible").CountAsync() > 0)
        {
            await Expect(QrCode).ToHaveJSPropertyAsync("complete", true);
        }

        // Chromium sometimes draws no more frames of a page that nothing changes, so its animations would never finish.
        await Page.EvaluateAsync("""
            () => Promise.race([
              Promise.allSettled(document.getAnimations().map((animation) => animation.finished)),
              new Promise((resolve) => setTimeout(resolve, 3000)),
            ]).then(() => true)
            """);
    }

    /// <summary>Takes a picture of the screen, and checks its layout and its accessibility.</summary>
    public async Task CheckScreenAsync(string name)
    {
        await SettleAsync();
        await Screenshots.SaveAsync(Page, name.ToLowerInvariant());
        (await Layout.ProblemsAsync(Page)).Concat(await Accessibility.ProblemsAsync(Page)).ShouldBeEmpty(name);
    }

    /// <summary>Adds a field to the server's answers to a call of the Guardian API.</summary>
    public Task AddToAnswerAsync(string call, string field, object value) =>
        Page.RouteAsync($"**/api/{call}", async route =>
        {
            var response = await route.FetchAsync();
            var answer = JsonNode.Parse(await response.TextAsync())!.AsObject();
            answer[field] = JsonValue.Create(value);
            await route.FulfillAsync(new() { Response = response, Body = answer.ToJsonString() });
        });

    /// <summary>Answers a call of the Guardian API with an error, in place of the server and of earlier stubs.</summary>
    public async Task StubErrorAsync(string call, int status, string errorCode, params (string Name, string? Value)[] headers)
    {
        await Page.UnrouteAllAsync();
        await Page.RouteAsync($"**/api/{call}", route => route.FulfillAsync(new()
        {
            Status = status,
            ContentType = "application/json",
            Headers = headers.Where(header => header.Value is not null).ToDictionary(header => header.Name, header => header.Value!),
            Body = $$"""{"statusCode":{{status}},"error":"Error","message":"Error","errorCode":"{{errorCode}}"}""",
        }));
    }

    public Task<int> AnimationCountAsync() => Page.EvaluateAsync<int>("() => window.animations");

    public async ValueTask DisposeAsync() => await context.CloseAsync();

    private void Note(IConsoleMessage message)
    {
        if (message.Text.StartsWith("violated: ", StringComparison.Ordinal) || message.Text.Contains("Content Security Policy", StringComparison.Ordinal))
        {
            violations.Enqueue(message.Text);
        }
    }
}

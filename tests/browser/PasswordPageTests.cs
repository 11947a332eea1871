using System.Text.Json.Nodes;
using Microsoft.Playwright;
using Sallyport.Browser.Tests.Hosting;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;
using static Microsoft.Playwright.Assertions;

namespace Sallyport.Browser.Tests;

/// <summary>The page that asks for the password, from the application and back to it. It has no script. Saves pictures, see <see cref="Screenshots"/>.</summary>
public sealed class PasswordPageTests
{
    [Fact]
    public async Task A_user_signs_in_with_password_and_code_and_comes_back_to_the_application()
    {
        await using var scene = await Scene.StartAsync();
        await using var visitor = await Visitor.OpenAsync(scene.Url());

        await Expect(visitor.Page).ToHaveTitleAsync("Sign in – Sallyport");
        await Expect(Identifier(visitor)).ToBeFocusedAsync();
        await SubmitAsync(visitor, scene.User.Email, "not the password");
        await Expect(visitor.Page.GetByRole(AriaRole.Alert)).ToHaveTextAsync("The email address, the user name or the password is wrong.");
        await Expect(Identifier(visitor)).ToHaveValueAsync(scene.User.Email);
        await Expect(Password(visitor)).ToBeFocusedAsync();
        await Expect(Password(visitor)).ToBeEmptyAsync();
        await SubmitAsync(visitor, scene.User.Email, MfaClient.Password);
        await visitor.ExpectScreenAsync("totpAuth");
        await visitor.CodeField.FillAsync(scene.User.Guardian.CodeOf(scene.Enrolled, 1));

        await Expect(visitor.Page.GetByRole(AriaRole.Heading)).ToHaveTextAsync("Welcome back");
        visitor.Page.Url.ShouldContain("code=");
        visitor.Violations.ShouldBeEmpty();
        visitor.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_back_button_and_a_reload_ask_again_and_after_the_end_the_page_says_what_to_do()
    {
        await using var scene = await Scene.StartAsync();
        await using var visitor = await Visitor.OpenAsync(scene.Url(("login_hint", scene.User.Email)));
        await Expect(Identifier(visitor)).ToHaveValueAsync(scene.User.Email);
        await visitor.Page.ReloadAsync();
        await SubmitAsync(visitor, scene.User.Email, MfaClient.Password);
        await visitor.ExpectScreenAsync("totpAuth");

        await visitor.Page.GoBackAsync();
        await Expect(Password(visitor)).ToBeVisibleAsync();
        await SubmitAsync(visitor, scene.User.Email, MfaClient.Password);
        await visitor.ExpectScreenAsync("totpAuth");
        await visitor.CodeField.FillAsync(scene.User.Guardian.CodeOf(scene.Enrolled, 1));
        await Expect(visitor.Page.GetByRole(AriaRole.Heading)).ToHaveTextAsync("Welcome back");

        await visitor.Page.GotoAsync(scene.PageUrl(visitor));
        await Expect(visitor.Heading).ToHaveTextAsync("This sign-in has ended");
        await visitor.ExpectTextAsync("Go back to where you came from and sign in again.");
    }

    [Fact]
    public async Task It_works_without_JavaScript()
    {
        await using var scene = await Scene.StartAsync();
        await using var visitor = await Visitor.OpenAsync(scene.Url(), new BrowserNewContextOptions { JavaScriptEnabled = false });

        await SubmitAsync(visitor, scene.User.Email, MfaClient.Password);

        await Expect(visitor.Page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("/mfa/sign-in"));
    }

    [Theory]
    [InlineData("desktop", ColorScheme.Light)]
    [InlineData("desktop", ColorScheme.Dark)]
    [InlineData("phone", ColorScheme.Light)]
    [InlineData("phone", ColorScheme.Dark)]
    public async Task The_page_fits_is_accessible_and_works_with_the_keyboard(string device, ColorScheme scheme)
    {
        await using var scene = await Scene.StartAsync();
        var problems = new List<string>();
        foreach (var (language, button) in new[] { ("en", "Continue"), ("de", "Weiter"), ("ar", "متابعة") })
        {
            await using var visitor = await Visitor.OpenAsync(
                scene.Url(("ui_locales", language)), device == "desktop" ? Devices.Desktop(scheme) : Devices.Phone(scheme));
            await CheckAsync(visitor, language, "form");
            problems.AddRange((await Keyboard.ProblemsAsync(visitor.Page)).Select(problem => $"{language}: {problem}"));
            await visitor.TabToAsync(Identifier(visitor));
            await visitor.Page.Keyboard.TypeAsync("nobody@example.com");
            await visitor.Page.Keyboard.PressAsync("Tab");
            await visitor.Page.Keyboard.TypeAsync("not the password");
            await visitor.Page.Keyboard.PressAsync("Enter");
            await Expect(visitor.Page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
            await CheckAsync(visitor, language, "wrong");
            await Expect(visitor.Button(button)).ToBeVisibleAsync();
            await visitor.Page.GotoAsync(scene.Server.Url + "/authorize/password?ui_locales=" + language);
            await CheckAsync(visitor, language, "ended");
        }

        problems.ShouldBeEmpty();

        async Task CheckAsync(Visitor visitor, string language, string state)
        {
            await Expect(visitor.Heading).ToBeVisibleAsync();
            await visitor.SettleAsync();
            await Screenshots.SaveAsync(visitor.Page, $"password-{state}-{language}-{device}-{scheme}".ToLowerInvariant());
            problems.AddRange((await Layout.ProblemsAsync(visitor.Page)).Concat(await Accessibility.ProblemsAsync(visitor.Page))
                .Select(problem => $"{language} {state}: {problem}"));
        }
    }

    private static ILocator Identifier(Visitor visitor) => visitor.Page.Locator("input[autocomplete=username]");

    private static ILocator Password(Visitor visitor) => visitor.Page.Locator("input[autocomplete=current-password]");

    private static async Task SubmitAsync(Visitor visitor, string identifier, string password)
    {
        await Identifier(visitor).FillAsync(identifier);
        await Password(visitor).FillAsync(password);
        await Password(visitor).PressAsync("Enter");
    }

    /// <summary>A server, an enrolled user with a password, and an application that lets Sallyport ask for both factors.</summary>
    private sealed record Scene(TestServer Server, CustomerSite Site, MfaClient User, Flow Enrolled, RelyingParty Party) : IAsyncDisposable
    {
        public static async Task<Scene> StartAsync()
        {
            var server = await TestServer.StartAsync(Engine.Sqlite);
            server.Clock.Set(TimeProvider.System.GetUtcNow());
            var site = await CustomerSite.StartAsync("<h1>Welcome back</h1>");
            var user = await MfaClient.CreateAsync(server);
            var enabled = new { enabled_locales = new[] { "en", "de", "ar" }, support_email = "help@example.com" };
            (await user.Management.SendAsync(HttpMethod.Patch, "/tenants/settings", enabled)).ShouldBe(System.Net.HttpStatusCode.OK);
            var party = await RelyingParty.CreateAsync(server, new() { ["client_metadata"] = new JsonObject(), ["callbacks"] = new JsonArray(site.Url + "/") });
            return new Scene(server, site, user, await user.EnrollAsync(), party);
        }

        public string Url(params (string Name, string? Value)[] changes) =>
            Server.Url + RelyingParty.AuthorizePath(Party.Parameters([("redirect_uri", Site.Url + "/"), .. changes]));

        /// <summary>The address of the page that the visitor has seen.</summary>
        public string PageUrl(Visitor visitor) =>
            visitor.Requests.Select(request => request.Url).First(url => url.StartsWith(Server.Url + "/authorize/password", StringComparison.Ordinal));

        public async ValueTask DisposeAsync()
        {
            await Site.DisposeAsync();
            await Server.DisposeAsync();
        }
    }
}

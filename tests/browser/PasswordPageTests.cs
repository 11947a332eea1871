using System.Text.Json.Nodes;
using Microsoft.Playwright;
using Sallyport.Browser.Tests.Hosting;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;
using static Microsoft.Playwright.Assertions;

namespace Sallyport.Browser.Tests;

/// <summary>The page that asks for the password, from the application and back to it. <see cref="WholeSignInTests"/> has its looks.</summary>
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
        await Expect(visitor.Button("Show password")).ToHaveCountAsync(0);

        await SubmitAsync(visitor, scene.User.Email, MfaClient.Password);

        await Expect(visitor.Page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("/mfa/sign-in"));
    }

    [Fact]
    public async Task The_password_can_be_shown_and_is_hidden_again_before_it_is_sent()
    {
        await using var scene = await Scene.StartAsync();
        await using var visitor = await Visitor.OpenAsync(scene.Url(("login_hint", scene.User.Email)));
        await Password(visitor).FillAsync("not the password");

        await visitor.ClickAsync("Show password");
        await Expect(Password(visitor)).ToHaveAttributeAsync("type", "text");
        await visitor.ClickAsync("Hide password");
        await Expect(Password(visitor)).ToHaveAttributeAsync("type", "password");
        await visitor.ClickAsync("Show password");
        await visitor.Page.EvaluateAsync("() => document.forms[0].addEventListener('submit', () => { window.sentAs = document.getElementById('password').type; })");
        await visitor.Page.EvaluateAsync("() => document.forms[0].addEventListener('submit', (event) => event.preventDefault())");
        await visitor.ClickAsync("Continue");

        (await visitor.Page.EvaluateAsync<string>("() => window.sentAs")).ShouldBe("password");
        visitor.Violations.ShouldBeEmpty();
        visitor.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task After_too_many_wrong_passwords_the_page_says_how_long_to_wait_and_marks_no_field()
    {
        await using var scene = await Scene.StartAsync();
        await using var visitor = await Visitor.OpenAsync(scene.Url());
        for (var i = 0; i < 11; i++)
        {
            await SubmitAsync(visitor, scene.User.Email, "not the password");
            await Expect(Password(visitor)).ToBeEmptyAsync();
        }

        await Expect(visitor.Page.GetByRole(AriaRole.Alert)).ToHaveTextAsync("That was too many tries. Try again in 6 minutes.");
        await Expect(visitor.Page.Locator("[aria-invalid]")).ToHaveCountAsync(0);
        scene.Server.Clock.Advance(TimeSpan.FromMinutes(5.5));
        await SubmitAsync(visitor, scene.User.Email, MfaClient.Password);
        await Expect(visitor.Page.GetByRole(AriaRole.Alert)).ToHaveTextAsync("That was too many tries. Try again in one minute.");
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

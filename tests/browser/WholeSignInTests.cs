using System.Net;
using Microsoft.Playwright;
using Sallyport.Browser.Tests.Hosting;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;
using static Microsoft.Playwright.Assertions;

namespace Sallyport.Browser.Tests;

/// <summary>
/// A sign-in with OpenID Connect by keyboard alone: the password, the second factor, and back at the application, which uses the handler of ASP.NET
/// Core. Each page is checked with axe-core and the rules of layout, in light and dark. Saves pictures, see <see cref="Screenshots"/>.
/// </summary>
public sealed class WholeSignInTests(Servers servers) : IClassFixture<Servers>
{
    private static readonly ColorScheme[] Schemes = [ColorScheme.Light, ColorScheme.Dark];

    private static readonly (string Language, string Direction)[] Languages = [("en", "ltr"), ("de", "ltr"), ("ar", "rtl")];

    [Theory]
    [InlineData("desktop")]
    [InlineData("phone")]
    public async Task A_person_signs_in_with_the_keyboard_alone(string device)
    {
        var server = await servers.GetAsync(Engine.Sqlite);
        await using var party = await AspNetRelyingParty.StartAsync(server, "query", checksPassword: false);
        var user = await MfaClient.CreateAsync(server);
        var enrolled = await user.EnrollAsync();
        (await user.Management.SendAsync(
            HttpMethod.Patch, "/tenants/settings", new { enabled_locales = Languages.Select(language => language.Language), support_email = "help@example.com" }))
            .ShouldBe(HttpStatusCode.OK);
        var problems = new List<string>();
        foreach (var (language, direction) in Languages)
        {
            // Each code is accepted once.
            server.Clock.Advance(TimeSpan.FromSeconds(30));
            await using var visitor = await OpenAsync(party.LoginUrlIn(language), device);
            var keyboard = visitor.Page.Keyboard;
            await Expect(visitor.Page.Locator(".sp-root")).ToHaveAttributeAsync("dir", direction);
            await CheckAsync(visitor, $"password-{language}");
            problems.AddRange((await Keyboard.ProblemsAsync(visitor.Page)).Select(problem => $"{language}: {problem}"));

            await SubmitAsync(visitor, user.Email, "not the password");
            await Expect(visitor.Page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
            await CheckAsync(visitor, $"password-wrong-{language}");
            await keyboard.TypeAsync(MfaClient.Password);
            await keyboard.PressAsync("Enter");

            await visitor.ExpectScreenAsync("totpAuth");
            await Expect(visitor.Page.Locator(".sp-root")).ToHaveAttributeAsync("lang", language);
            await CheckAsync(visitor, $"code-{language}");
            problems.AddRange((await Keyboard.ProblemsAsync(visitor.Page)).Select(problem => $"{language}: {problem}"));
            await keyboard.TypeAsync(user.Guardian.CodeOf(enrolled, 1));

            await Expect(visitor.Page).ToHaveURLAsync(party.HomeUrl);
            await Expect(visitor.Page.GetByText($"Signed in as {user.UserId} with mfa+otp+pwd")).ToBeVisibleAsync();
            visitor.Errors.ShouldBeEmpty();
        }

        problems.ShouldBeEmpty();

        async Task CheckAsync(Visitor visitor, string page) => problems.AddRange(await ProblemsAsync(visitor, $"{page}-{device}"));
    }

    [Theory]
    [InlineData("desktop")]
    [InlineData("phone")]
    public async Task Pages_at_which_a_sign_in_ends_say_what_to_do(string device)
    {
        var server = await servers.GetAsync(Engine.Sqlite);
        await using var party = await AspNetRelyingParty.StartAsync(server, "query", checksPassword: false);
        var user = await MfaClient.CreateAsync(server);
        (await user.Management.SendAsync(
            HttpMethod.Patch, "/tenants/settings", new { enabled_locales = Languages.Select(language => language.Language), support_email = "help@example.com" }))
            .ShouldBe(HttpStatusCode.OK);
        var problems = new List<string>();
        await using var visitor = await OpenAsync(server.Url, device);
        foreach (var (language, _) in Languages)
        {
            await visitor.Page.GotoAsync($"{server.Url}/authorize?client_id=nobody&redirect_uri=https://app.example/callback&response_type=code&ui_locales={language}");
            await Expect(visitor.Page.Locator("code")).ToHaveTextAsync("invalid_request");
            problems.AddRange(await ProblemsAsync(visitor, $"application-fault-{language}-{device}"));

            await visitor.Page.GotoAsync($"{server.Url}/authorize/password?ui_locales={language}");
            await Expect(visitor.Heading).ToBeVisibleAsync();
            problems.AddRange(await ProblemsAsync(visitor, $"password-ended-{language}-{device}"));
        }

        for (var i = 0; i < 11; i++)
        {
            await visitor.Page.GotoAsync(party.LoginUrlIn("en"));
            await SubmitAsync(visitor, user.Email, "not the password");
            await Expect(visitor.Page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        }

        problems.AddRange(await ProblemsAsync(visitor, $"password-locked-{device}"));
        problems.ShouldBeEmpty();
    }

    private static Task<Visitor> OpenAsync(string url, string device) =>
        Visitor.OpenAsync(url, device == "desktop" ? Devices.Desktop() : Devices.Phone());

    /// <summary>The page starts with the focus in its first empty field.</summary>
    private static async Task SubmitAsync(Visitor visitor, string identifier, string password)
    {
        await visitor.Page.Locator("input[autocomplete=username]").FocusAsync();
        await visitor.Page.Keyboard.TypeAsync(identifier);
        await visitor.Page.Keyboard.PressAsync("Tab");
        await visitor.Page.Keyboard.TypeAsync(password);
        await visitor.Page.Keyboard.PressAsync("Enter");
    }

    /// <summary>A page changes its colours where it stands: only style sheets depend on them.</summary>
    private static async Task<IReadOnlyList<string>> ProblemsAsync(Visitor visitor, string name)
    {
        var problems = new List<string>();
        foreach (var scheme in Schemes)
        {
            await visitor.Page.EmulateMediaAsync(new() { ColorScheme = scheme });
            await visitor.SettleAsync();
            await Screenshots.SaveAsync(visitor.Page, $"{name}-{scheme}".ToLowerInvariant());
            problems.AddRange((await Layout.ProblemsAsync(visitor.Page)).Concat(await Accessibility.ProblemsAsync(visitor.Page))
                .Select(problem => $"{name} {scheme}: {problem}"));
        }

        return problems;
    }
}

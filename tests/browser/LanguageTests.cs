using Microsoft.Playwright;
using Sallyport.Browser.Tests.Hosting;
using Sallyport.Server.Languages;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;
using static Microsoft.Playwright.Assertions;

namespace Sallyport.Browser.Tests;

/// <summary>Screens in all languages; and enrollments in one with long words, one without spaces, and one from right to left.</summary>
public sealed class LanguageTests(Servers servers) : IClassFixture<Servers>
{
    [Fact]
    public async Task Every_state_of_every_screen_has_its_texts_and_fits_in_every_language()
    {
        var server = await servers.GetAsync(Engine.Sqlite);
        await using var visitor = await Visitor.OpenAsync(Devices.Narrow());
        var gallery = await Gallery.OpenAsync(server, visitor);
        var problems = new List<string>();
        foreach (var language in Languages)
        {
            problems.AddRange(await gallery.ProblemsAsync(language));
        }

        await visitor.Page.EvaluateAsync("() => { document.documentElement.style.fontSize = '200%'; }");
        await visitor.Page.SetViewportSizeAsync(360, 740);
        foreach (var language in Languages)
        {
            problems.AddRange((await gallery.ProblemsAsync(language)).Select(problem => $"{problem} (large text)"));
        }

        await visitor.Page.EvaluateAsync("() => { document.documentElement.style.fontSize = ''; }");
        foreach (var language in Screenshots.AreWanted ? PicturedLanguages : [])
        {
            await gallery.VisitAsync(name => Screenshots.SaveAsync(visitor.Page, $"{name}-{language}".ToLowerInvariant()), language);
        }

        problems.ShouldBeEmpty();
        visitor.Errors.ShouldBeEmpty();
    }

    /// <summary>Its texts come from the server, so each language is another page.</summary>
    [Fact]
    public async Task The_page_of_the_users_factors_fits_and_is_accessible_in_every_language()
    {
        var server = await servers.GetAsync(Engine.Sqlite);
        await OfferAsync(server, [.. Languages]);
        await using var visitor = await Visitor.OpenAsync(Devices.Narrow());
        var problems = new List<string>();

        await new YourFactorsTour(server, visitor, CheckAsync).VisitInAsync(Languages);

        problems.ShouldBeEmpty();
        visitor.Errors.ShouldBeEmpty();

        async Task CheckAsync(string name)
        {
            await Screenshots.SaveAsync(visitor.Page, name.ToLowerInvariant());
            var found = (await Layout.ProblemsAsync(visitor.Page)).Concat(await Accessibility.ProblemsAsync(visitor.Page));
            problems.AddRange(found.Select(problem => $"{name}: {problem}"));
        }
    }

    [Theory]
    [InlineData("de", "ltr", "Weiter", "Scannen Sie den Code mit Ihrer Authenticator-App", false)]
    [InlineData("ja", "ltr", "次へ", "認証アプリで読み取ってください", true)]
    [InlineData("ar", "rtl", "متابعة", "امسح الرمز ضوئيًا بتطبيق المصادقة", false)]
    [InlineData("ar", "rtl", "متابعة", "أضف حسابك إلى تطبيق المصادقة", true)]
    public async Task A_user_enrolls_in_their_language(string language, string direction, string next, string heading, bool onPhone)
    {
        var server = await servers.GetAsync(Engine.Sqlite);
        await OfferAsync(server, "en", "de", "ja", "ar");
        var invitation = await Invitation.CreateAsync(server);
        var device = onPhone ? Devices.Phone(language == "ja" ? ColorScheme.Dark : ColorScheme.Light) : Devices.Desktop();
        device.Locale = language;
        await using var visitor = await Visitor.OpenAsync(invitation.Url, device);
        var problems = new List<string>();

        await visitor.ExpectScreenAsync("totpEnrollment");
        if (!onPhone || language == "ar")
        {
            await Expect(visitor.Heading).ToHaveTextAsync(heading);
        }

        await CheckAsync("totpEnrollment");
        var secret = await visitor.SecretAsync();
        await visitor.ClickAsync(next);
        await visitor.ExpectScreenAsync("totpEnrollmentCode");
        await visitor.CodeField.FillAsync(invitation.WrongCodeOf(secret));
        await Expect(visitor.Page.Locator(".sp-error")).Not.ToBeEmptyAsync();
        await CheckAsync("totpEnrollmentCode");
        await visitor.CodeField.FillAsync(invitation.CodeOf(secret));
        await visitor.ExpectScreenAsync("reportRecoveryCode");
        await CheckAsync("reportRecoveryCode");
        await visitor.Checkbox.CheckAsync();
        await visitor.ClickAsync(next);
        await visitor.ExpectScreenAsync("enrollmentCongrats");
        await CheckAsync("enrollmentCongrats");
        await visitor.Page.GotoAsync(invitation.Url);
        await visitor.ExpectScreenAsync("generalError");
        await CheckAsync("generalError");

        problems.ShouldBeEmpty();
        visitor.Errors.ShouldBeEmpty();
        (await invitation.EnrollmentStatesAsync()).ShouldBe(["confirmed"]);
        LoadedLanguages(visitor).ShouldBe([language]);

        async Task CheckAsync(string screen)
        {
            await visitor.SettleAsync();
            var root = visitor.Page.Locator(".sp-root");
            await Expect(root).ToHaveAttributeAsync("lang", language);
            await Expect(root).ToHaveAttributeAsync("dir", direction);
            await Screenshots.SaveAsync(visitor.Page, $"{language}-{screen}-{(onPhone ? "phone" : "desktop")}");
            problems.AddRange((await Layout.ProblemsAsync(visitor.Page)).Concat(await Accessibility.ProblemsAsync(visitor.Page)).Select(problem => $"{screen}: {problem}"));
        }
    }

    /// <summary>Codes and keys are never reordered by the language around them.</summary>
    [Fact]
    public async Task Codes_and_keys_are_displayed_from_left_to_right_in_Arabic()
    {
        var server = await servers.GetAsync(Engine.Sqlite);
        await OfferAsync(server, "ar");
        var invitation = await Invitation.CreateAsync(server);
        await using var visitor = await Visitor.OpenAsync(invitation.Url, Devices.Phone());
        await visitor.ExpectScreenAsync("totpEnrollment");
        var secret = await visitor.SecretAsync();

        await visitor.Button("نسخ مفتاح بدلًا من ذلك").TapAsync();
        var keyDirection = await DirectionAsync(visitor.Page.Locator(".sp-secret").First);
        await visitor.ClickAsync("متابعة");
        var codeDirection = await DirectionAsync(visitor.CodeField);
        await visitor.CodeField.FillAsync(invitation.CodeOf(secret));
        await visitor.ExpectScreenAsync("reportRecoveryCode");
        var recoveryDirection = await DirectionAsync(visitor.Page.Locator("[data-recovery-code]"));

        (keyDirection, codeDirection, recoveryDirection).ShouldBe(("ltr", "ltr", "ltr"));
    }

    private static readonly string[] PicturedLanguages = ["de", "ar", "ja"];

    private static IReadOnlyList<string> Languages { get; } = [.. Language.All.Select(language => language.Name)];

    private static Task<Answer> OfferAsync(TestServer server, params string[] locales) =>
        new ManagementApi(server).SendAsync(HttpMethod.Patch, "/tenants/settings", new { enabled_locales = locales });

    /// <summary>The languages that the browser has loaded.</summary>
    private static IEnumerable<string> LoadedLanguages(Visitor visitor) =>
        visitor.Requests.Select(request => new Uri(request.Url).AbsolutePath)
            .Where(path => path.Contains("/languages/", StringComparison.Ordinal) && !path.EndsWith("/index.js", StringComparison.Ordinal))
            .Select(path => Path.GetFileNameWithoutExtension(path))
            .Distinct();

    private static Task<string> DirectionAsync(ILocator place) => place.EvaluateAsync<string>("(node) => getComputedStyle(node).direction");
}

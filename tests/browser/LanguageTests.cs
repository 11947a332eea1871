using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Sallyport.Browser.Tests.Hosting;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;
using static Microsoft.Playwright.Assertions;

namespace Sallyport.Browser.Tests;

/// <summary>The whole way in other languages: one with long words, one without spaces, one from right to left.</summary>
public sealed class LanguageTests(Servers servers) : IClassFixture<Servers>
{
    [Theory]
    [InlineData("de", "ltr", "Weiter", "Scannen Sie den Code mit Ihrer Authenticator-App", false)]
    [InlineData("ja", "ltr", "次へ", "認証アプリで読み取ってください", true)]
    [InlineData("ar", "rtl", "متابعة", "امسح الرمز ضوئيًا بتطبيق المصادقة", false)]
    [InlineData("ar", "rtl", "متابعة", "أضف حسابك إلى تطبيق المصادقة", true)]
    public async Task A_person_enrolls_in_their_language(string language, string direction, string next, string heading, bool onPhone)
    {
        var server = await servers.GetAsync(Engine.Sqlite);
        await OfferAsync(server, "en", "de", "ja", "ar");
        var invitation = await Invitation.CreateAsync(server);
        var look = onPhone ? Looks.Phone(language == "ja" ? ColorScheme.Dark : ColorScheme.Light) : Looks.Desk();
        look.Locale = language;
        await using var visitor = await Visitor.ArriveAsync(invitation.Url, look);
        var faults = new List<string>();

        await visitor.SeeAsync("totpEnrollment");
        if (!onPhone || language == "ar")
        {
            await Expect(visitor.Heading).ToHaveTextAsync(heading);
        }

        await LookAsync("totpEnrollment");
        var secret = await visitor.SecretAsync();
        await visitor.PressAsync(next);
        await visitor.SeeAsync("totpEnrollmentCode");
        await visitor.CodeField.FillAsync(invitation.WrongCodeOf(secret));
        await Expect(visitor.Page.Locator(".sp-error")).Not.ToBeEmptyAsync();
        await LookAsync("totpEnrollmentCode");
        await visitor.CodeField.FillAsync(invitation.CodeOf(secret));
        await visitor.SeeAsync("reportRecoveryCode");
        await LookAsync("reportRecoveryCode");
        await visitor.TickBox.CheckAsync();
        await visitor.PressAsync(next);
        await visitor.SeeAsync("enrollmentCongrats");
        await LookAsync("enrollmentCongrats");
        await visitor.Page.GotoAsync(invitation.Url);
        await visitor.SeeAsync("generalError");
        await LookAsync("generalError");

        faults.ShouldBeEmpty();
        visitor.Errors.ShouldBeEmpty();
        (await invitation.EnrollmentStatesAsync()).ShouldBe(["confirmed"]);
        LanguagesOf(visitor).ShouldBe([language]);

        async Task LookAsync(string screen)
        {
            await visitor.SettleAsync();
            var root = visitor.Page.Locator(".sp-root");
            await Expect(root).ToHaveAttributeAsync("lang", language);
            await Expect(root).ToHaveAttributeAsync("dir", direction);
            await Screenshots.SaveAsync(visitor.Page, $"{language}-{screen}-{(onPhone ? "phone" : "desk")}");
            faults.AddRange((await Layout.FaultsAsync(visitor.Page)).Concat(await ViolationsAsync(visitor.Page)).Select(fault => $"{screen}: {fault}"));
        }
    }

    /// <summary>What a machine reads keeps its order: a code is not read from its end because of the language around it.</summary>
    [Fact]
    public async Task Codes_and_keys_run_from_left_to_right_in_Arabic_too()
    {
        var server = await servers.GetAsync(Engine.Sqlite);
        await OfferAsync(server, "ar");
        var invitation = await Invitation.CreateAsync(server);
        await using var visitor = await Visitor.ArriveAsync(invitation.Url, Looks.Phone());
        await visitor.SeeAsync("totpEnrollment");
        var secret = await visitor.SecretAsync();

        var keyDirection = await DirectionAsync(visitor.Page.Locator(".sp-secret").First);
        await visitor.PressAsync("متابعة");
        var codeDirection = await DirectionAsync(visitor.CodeField);
        await visitor.CodeField.FillAsync(invitation.CodeOf(secret));
        await visitor.SeeAsync("reportRecoveryCode");
        var recoveryDirection = await DirectionAsync(visitor.Page.Locator("[data-recovery-code]"));

        (keyDirection, codeDirection, recoveryDirection).ShouldBe(("ltr", "ltr", "ltr"));
    }

    private static Task<Answer> OfferAsync(TestServer server, params string[] locales) =>
        new ManagementApi(server).SendAsync(HttpMethod.Patch, "/tenants/settings", new { enabled_locales = locales });

    /// <summary>Only the language that is spoken is loaded.</summary>
    private static IEnumerable<string> LanguagesOf(Visitor visitor) =>
        visitor.Requests.Select(request => new Uri(request.Url).AbsolutePath)
            .Where(path => path.Contains("/languages/", StringComparison.Ordinal) && !path.EndsWith("/index.js", StringComparison.Ordinal))
            .Select(path => Path.GetFileNameWithoutExtension(path))
            .Distinct();

    private static Task<string> DirectionAsync(ILocator place) => place.EvaluateAsync<string>("(node) => getComputedStyle(node).direction");

    private static async Task<IEnumerable<string>> ViolationsAsync(IPage page) =>
        (await page.RunAxe()).Violations.Select(violation => $"{violation.Id} ({violation.Impact}) {violation.Help}");
}

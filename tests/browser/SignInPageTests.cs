using Microsoft.AspNetCore.Http;
using Microsoft.Playwright;
using Sallyport.Browser.Tests.Hosting;
using Sallyport.Protocols.Otp;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;
using static Microsoft.Playwright.Assertions;

namespace Sallyport.Browser.Tests;

/// <summary>
/// A sign-in on the default page: from an application's login to the application's home page, with the real server. The application verifies
/// the signed result and redeems the transaction.
/// </summary>
public sealed class SignInPageTests(Servers servers) : IClassFixture<Servers>
{
    [Theory, Engines]
    public async Task A_code_signs_in_and_only_the_application_gets_the_result(Engine engine)
    {
        await using var site = await StartSiteAsync(engine);
        var (person, enrolled) = await EnrollAsync(site);
        await using var visitor = await Visitor.OpenAsync(site.LoginUrl(person));

        await visitor.ExpectScreenAsync("totpAuth");
        await Expect(visitor.Heading).ToBeFocusedAsync();
        await Expect(visitor.Page).ToHaveTitleAsync("Your second step – Sallyport");
        await visitor.CodeField.FillAsync(person.Guardian.WrongCodeOf(enrolled));
        await visitor.ExpectTextAsync("That code is not right.");
        await visitor.CodeField.PressSequentiallyAsync(person.Guardian.CodeOf(enrolled, 1));

        await ShouldBeSignedInAsync(visitor, site, person);
        site.Posts.Single().Keys.Order().ShouldBe(["accepted", "signature"]);
        visitor.Requests.Select(request => new Uri(request.Url).GetLeftPart(UriPartial.Authority)).Where(origin => origin.StartsWith("http", StringComparison.Ordinal))
            .Distinct().Order().ShouldBe(new[] { site.Server.Url, site.Url }.Order());
    }

    [Fact]
    public async Task A_recovery_code_is_replaced_and_the_new_one_is_shown_before_the_result_is_posted()
    {
        await using var site = await StartSiteAsync(Engine.Sqlite);
        var (person, enrolled) = await EnrollAsync(site);
        await using var visitor = await Visitor.OpenAsync(site.LoginUrl(person));
        visitor.Page.Dialog += (_, dialog) => _ = dialog.AcceptAsync();

        await visitor.ClickAsync("Use a recovery code instead");
        await visitor.CodeField.FillAsync(string.Join(' ', enrolled.RecoveryCode!.Chunk(4).Select(group => new string(group))));
        await visitor.ClickAsync("Continue");
        await visitor.ExpectScreenAsync("reportRecoveryCode");
        var code = await visitor.RecoveryCodeAsync();
        code.ShouldNotBe(enrolled.RecoveryCode);
        await visitor.Page.ReloadAsync();
        await visitor.ExpectScreenAsync("reportRecoveryCode");
        (await visitor.RecoveryCodeAsync()).ShouldBe(code);
        site.Posts.ShouldBeEmpty();
        await visitor.Checkbox.CheckAsync();
        await visitor.ClickAsync("Continue");

        await ShouldBeSignedInAsync(visitor, site, person);
    }

    [Theory, Engines]
    public async Task A_user_without_an_authenticator_enrolls_and_is_signed_in(Engine engine)
    {
        await using var site = await StartSiteAsync(engine);
        var person = await Person.CreateAsync(site.Server);
        await using var visitor = await Visitor.OpenAsync(site.LoginUrl(person));

        await visitor.ExpectScreenAsync("totpEnrollment");
        var secret = await visitor.SecretAsync();
        await visitor.ClickAsync("Continue");
        await visitor.CodeField.FillAsync(CodeOf(person, secret));
        await visitor.ExpectScreenAsync("reportRecoveryCode");
        await visitor.Checkbox.CheckAsync();
        await visitor.ClickAsync("Continue");
        await visitor.ExpectScreenAsync("enrollmentCongrats");
        site.Posts.ShouldBeEmpty();
        await visitor.ClickAsync("Continue");

        await ShouldBeSignedInAsync(visitor, site, person);
        (await person.ListEnrollmentsAsync()).Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("desktop", ColorScheme.Light)]
    [InlineData("phone", ColorScheme.Dark)]
    public async Task The_page_says_what_the_sign_in_is_for(string device, ColorScheme scheme)
    {
        await using var server = await TestServer.StartAsync(Engine.Sqlite);
        var person = await Person.CreateAsync(server);
        var signIn = await (await Application.CreateAsync(server)).StartAsync(person, new() { ["binding_message"] = "Pay 20 € to <Acme> & Sons, reference 4711" });
        await using var visitor = await Visitor.OpenAsync(signIn.PageUrl, device == "desktop" ? Devices.Desktop(scheme) : Devices.Phone(scheme));
        await visitor.ExpectScreenAsync("totpEnrollment");
        await visitor.SettleAsync();

        await Expect(visitor.Page.GetByRole(AriaRole.Banner)).ToHaveTextAsync("Pay 20 € to <Acme> & Sons, reference 4711");
        await Screenshots.SaveAsync(visitor.Page, $"binding-message-{device}-{scheme}".ToLowerInvariant());
        (await Layout.ProblemsAsync(visitor.Page)).Concat(await Accessibility.ProblemsAsync(visitor.Page)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_reload_continues_the_sign_in()
    {
        await using var site = await StartSiteAsync(Engine.Sqlite);
        var (person, enrolled) = await EnrollAsync(site);
        await using var visitor = await Visitor.OpenAsync(site.LoginUrl(person));
        await visitor.ExpectScreenAsync("totpAuth");
        await visitor.ClickAsync("Use a recovery code instead");
        await visitor.ExpectScreenAsync("recoveryCodeAuth");

        await visitor.Page.ReloadAsync();
        await visitor.ExpectScreenAsync("recoveryCodeAuth");
        await visitor.ClickAsync("Use your authenticator app instead");
        await visitor.CodeField.FillAsync(person.Guardian.CodeOf(enrolled, 1));

        await ShouldBeSignedInAsync(visitor, site, person);
        Sent(visitor, "start-flow").ShouldBe(1);
    }

    /// <summary>The application may be down in the moment in which it gets the result.</summary>
    [Fact]
    public async Task A_result_that_the_application_did_not_take_can_be_posted_again()
    {
        await using var site = await StartSiteAsync(Engine.Sqlite);
        var (person, enrolled) = await EnrollAsync(site);
        await using var visitor = await Visitor.OpenAsync(site.LoginUrl(person));
        site.Instead = () => Task.FromResult(Results.Text("Bad gateway", statusCode: StatusCodes.Status502BadGateway));
        await visitor.CodeField.FillAsync(person.Guardian.CodeOf(enrolled, 1));
        await Expect(visitor.Page.GetByText("Bad gateway")).ToBeVisibleAsync();

        site.Instead = null;
        await visitor.Page.GoBackAsync();
        await visitor.ExpectScreenAsync("authCongrats");
        site.Posts.Count.ShouldBe(1, "going back posts nothing by itself");
        await visitor.ClickAsync("Continue");

        await ShouldBeSignedInAsync(visitor, site, person, posts: 2);
    }

    /// <summary>The application would refuse the second post as a replay.</summary>
    [Fact]
    public async Task A_second_click_while_the_application_works_does_not_post_the_result_again()
    {
        await using var site = await StartSiteAsync(Engine.Sqlite);
        var person = await Person.CreateAsync(site.Server);
        await using var visitor = await Visitor.OpenAsync(site.LoginUrl(person));
        await visitor.ExpectScreenAsync("totpEnrollment");
        var secret = await visitor.SecretAsync();
        await visitor.ClickAsync("Continue");
        await visitor.CodeField.FillAsync(CodeOf(person, secret));
        await visitor.Checkbox.CheckAsync();
        await visitor.ClickAsync("Continue");
        await visitor.ExpectScreenAsync("enrollmentCongrats");
        site.Instead = async () =>
        {
            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
            return Results.Text("Taken");
        };

        await visitor.Button("Continue").EvaluateAsync("(button) => { button.click(); setTimeout(() => button.click(), 400); }");
        await Expect(visitor.Page.GetByText("Taken")).ToBeVisibleAsync();

        site.Posts.Count.ShouldBe(1);
    }

    [Theory, Engines]
    public async Task After_its_expiry_a_sign_in_asks_to_sign_in_again(Engine engine)
    {
        await using var site = await StartSiteAsync(engine);
        var (person, enrolled) = await EnrollAsync(site);
        await using var visitor = await Visitor.OpenAsync(site.LoginUrl(person));
        await visitor.ExpectScreenAsync("totpAuth");

        site.Server.Clock.Advance(TimeSpan.FromMinutes(5));
        await visitor.CodeField.FillAsync(person.Guardian.CodeOf(enrolled, 1));
        await ShouldBeTooLateAsync();
        var page = await visitor.Page.ReloadAsync();
        page!.Status.ShouldBe(StatusCodes.Status410Gone);
        await ShouldBeTooLateAsync();

        site.Posts.ShouldBeEmpty();

        async Task ShouldBeTooLateAsync()
        {
            await visitor.ExpectScreenAsync("generalError");
            await Expect(visitor.Heading).ToHaveTextAsync("This page was open for too long");
            await visitor.ExpectTextAsync("Go back to where you came from and sign in again.");
            await Expect(visitor.Page.Locator(".sp-card :is(button, input)")).ToHaveCountAsync(0);
        }
    }

    [Theory, Engines]
    public async Task The_page_of_a_finished_sign_in_says_so_before_and_after_its_expiry(Engine engine)
    {
        await using var site = await StartSiteAsync(engine);
        var (person, enrolled) = await EnrollAsync(site);
        await using var visitor = await Visitor.OpenAsync(site.LoginUrl(person));
        await visitor.ExpectScreenAsync("totpAuth");
        var address = visitor.Page.Url;
        await visitor.CodeField.FillAsync(person.Guardian.CodeOf(enrolled, 1));
        await ShouldBeSignedInAsync(visitor, site, person);
        await using var other = await Visitor.OpenAsync(address);

        await ShouldBeFinishedAsync();
        site.Server.Clock.Advance(TimeSpan.FromMinutes(5));
        (await other.Page.ReloadAsync())!.Status.ShouldBe(StatusCodes.Status410Gone);
        await ShouldBeFinishedAsync();

        Sent(other, "start-flow").ShouldBe(0);

        async Task ShouldBeFinishedAsync()
        {
            await other.ExpectScreenAsync("generalError");
            await Expect(other.Heading).ToHaveTextAsync("This sign-in is finished");
            await other.ExpectTextAsync("Go back to Sallyport.");
            await Expect(other.Page.Locator(".sp-card :is(button, input)")).ToHaveCountAsync(0);
        }
    }

    [Fact]
    public async Task A_result_that_the_application_refuses_ends_in_an_explanation_and_is_not_posted_again()
    {
        await using var site = await StartSiteAsync(Engine.Sqlite);
        site.LosesNonce = true;
        var (person, enrolled) = await EnrollAsync(site);
        await using var visitor = await Visitor.OpenAsync(site.LoginUrl(person));

        await visitor.CodeField.FillAsync(person.Guardian.CodeOf(enrolled, 1));
        await visitor.ExpectScreenAsync("generalError");

        await Expect(visitor.Heading).ToHaveTextAsync("Please sign in again");
        await visitor.ExpectTextAsync("You started to sign in more than once.");
        await Expect(visitor.Page.Locator(".sp-card button")).ToHaveCountAsync(0);
        site.Posts.Count.ShouldBe(1);
        visitor.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task After_ten_wrong_codes_the_sign_in_is_locked_for_a_while()
    {
        await using var site = await StartSiteAsync(Engine.Sqlite, supportEmail: "help@example.com");
        var (person, enrolled) = await EnrollAsync(site);
        await using var visitor = await Visitor.OpenAsync(site.LoginUrl(person));
        await visitor.ExpectScreenAsync("totpAuth");
        var right = Enumerable.Range(-1, 3).Select(step => person.Guardian.CodeOf(enrolled, step)).ToList();
        var wrong = Enumerable.Range(0, 20).Select(n => $"{n:D6}").Except(right).Take(11).ToList();

        foreach (var code in wrong)
        {
            await visitor.Page.RunAndWaitForResponseAsync(
                () => visitor.CodeField.FillAsync(code), response => response.Url.EndsWith("/verify-otp", StringComparison.Ordinal));
        }

        // The next try is possible after six minutes, and the sign-in lasts five.
        await visitor.ExpectTextAsync("That was too many tries. Go back to where you came from and sign in again in 6 minutes.");
        await visitor.ExpectTextAsync("Questions? Write to help@example.com.");
        await Expect(visitor.Button("Continue")).ToBeDisabledAsync();
        await Expect(visitor.CodeField).Not.ToBeEditableAsync();

        // Codes of all factors are counted together. The links stay, because another factor may need no code.
        await visitor.ClickAsync("Use a recovery code instead");
        await visitor.ExpectScreenAsync("recoveryCodeAuth");
        await visitor.ExpectTextAsync("That was too many tries. Go back to where you came from and sign in again in 6 minutes.");
        await Expect(visitor.Button("Continue")).ToBeDisabledAsync();
        await Expect(visitor.CodeField).Not.ToBeEditableAsync();
        Sent(visitor, "recover-account").ShouldBe(0);
        site.Posts.ShouldBeEmpty();
    }

    [Fact]
    public async Task Without_self_service_the_page_asks_to_get_an_invitation_and_offers_nothing_else()
    {
        await using var site = await StartSiteAsync(Engine.Sqlite, supportEmail: "help@example.com");
        var person = await Person.CreateAsync(site.Server);
        await using var visitor = await Visitor.OpenAsync(site.LoginUrl(person, selfService: false));

        await visitor.ExpectScreenAsync("generalError");
        await Expect(visitor.Heading).ToHaveTextAsync("You need an invitation");
        await visitor.ExpectTextAsync("Ask Sallyport for an invitation.");
        await visitor.ExpectTextAsync("Questions? Write to help@example.com.");
        await Expect(visitor.Page.Locator(".sp-card :is(button, input)")).ToHaveCountAsync(0);
        await Expect(visitor.Page.Locator(".sp-card a")).ToHaveCountAsync(1);
        (await person.CountAsync("authenticator")).ShouldBe(0);

        var enrolled = await person.EnrollAsync();
        await visitor.Page.ReloadAsync();
        await visitor.CodeField.FillAsync(person.Guardian.CodeOf(enrolled, 1));
        await ShouldBeSignedInAsync(visitor, site, person);
    }

    /// <summary>The newest factor is email.</summary>
    [Theory, Engines]
    public async Task All_factors_of_the_user_are_offered_by_rank_and_the_recovery_code_last(Engine engine)
    {
        await using var site = await StartSiteAsync(engine);
        var (person, _) = await EnrollAsync(site);
        await person.VerifyAddressAsync();
        await person.EnrollEmailAsync(allowMultiple: true);
        await using var visitor = await Visitor.OpenAsync(site.LoginUrl(person));
        var mails = Mail.ListFilesTo(site.Server, person.Address);

        await visitor.ExpectScreenAsync("totpAuth");
        (await LinksAsync(visitor)).ShouldBe(["Get a code by email instead", "Use a recovery code instead"]);
        await visitor.ClickAsync("Use a recovery code instead");
        await visitor.ExpectScreenAsync("recoveryCodeAuth");
        (await LinksAsync(visitor)).ShouldBe(["Use your authenticator app instead", "Get a code by email instead"]);
        await visitor.ClickAsync("Get a code by email instead");
        await visitor.ExpectScreenAsync("emailAuth");
        (await LinksAsync(visitor)).ShouldBe(["Send again", "Use your authenticator app instead", "Use a recovery code instead"]);
        await visitor.CodeField.FillAsync(await Mail.WaitForCodeAsync(site.Server, person.Address, mails));

        await ShouldBeSignedInAsync(visitor, site, person);
    }

    [Fact]
    public async Task A_person_signs_in_with_the_keyboard_alone()
    {
        await using var site = await StartSiteAsync(Engine.Sqlite);
        var (person, enrolled) = await EnrollAsync(site);
        await using var visitor = await Visitor.OpenAsync(site.LoginUrl(person));
        var keyboard = visitor.Page.Keyboard;

        await visitor.ExpectScreenAsync("totpAuth");
        await keyboard.TypeAsync(person.Guardian.WrongCodeOf(enrolled));
        await visitor.ExpectTextAsync("That code is not right.");
        await visitor.TabToAsync(visitor.Button("Use a recovery code instead"));
        await keyboard.PressAsync("Enter");
        await Expect(visitor.Heading).ToHaveTextAsync("Enter your recovery code");
        await Expect(visitor.Heading).ToBeFocusedAsync();
        await keyboard.TypeAsync("ABC");
        await Expect(visitor.CodeField).ToHaveValueAsync("ABC");
        await keyboard.PressAsync("ControlOrMeta+A");
        await keyboard.TypeAsync(enrolled.RecoveryCode!);
        await keyboard.PressAsync("Enter");
        await visitor.ExpectScreenAsync("reportRecoveryCode");
        await visitor.TabToAsync(visitor.Checkbox);
        await keyboard.PressAsync("Space");
        await visitor.TabToAsync(visitor.Button("Continue"));
        await keyboard.PressAsync("Enter");

        await ShouldBeSignedInAsync(visitor, site, person);
    }

    /// <summary>Redirects may lead to any https address, because the application may answer with one; http only to the application.</summary>
    [Fact]
    public async Task The_page_posts_forms_to_the_application_only_and_cannot_be_framed()
    {
        await using var site = await StartSiteAsync(Engine.Sqlite);
        var (person, _) = await EnrollAsync(site);
        await using var visitor = await Visitor.OpenAsync(site.LoginUrl(person));
        await visitor.ExpectScreenAsync("totpAuth");
        var pageUrl = visitor.Page.Url;
        await using var other = await CustomerSite.StartAsync($"""<!doctype html><iframe src="{pageUrl}"></iframe>""");

        await visitor.Page.EvaluateAsync(
            "(action) => { const form = document.createElement('form'); form.method = 'post'; form.action = action; document.body.append(form); form.submit(); }",
            other.Url);
        await visitor.Page.WaitForFunctionAsync("() => true");
        visitor.Page.Url.ShouldBe(pageUrl);
        visitor.Violations.ShouldContain(violation => violation.Contains("form-action", StringComparison.Ordinal));

        await visitor.Page.GotoAsync(other.Url);
        visitor.Page.Frames[1].Url.ShouldStartWith("chrome-error:");
    }

    [Theory]
    [InlineData("de", "ltr", "Sie brauchen eine Einladung")]
    [InlineData("ar", "rtl", "تحتاج إلى دعوة")]
    public async Task A_person_signs_in_in_their_language(string language, string direction, string invitationHeading)
    {
        await using var site = await StartSiteAsync(Engine.Sqlite);
        await PatchTenantAsync(site.Server, new { enabled_locales = new[] { "en", language } });
        var (person, enrolled) = await EnrollAsync(site);
        var onPhone = direction == "rtl";
        var device = onPhone ? Devices.Phone(ColorScheme.Dark) : Devices.Desktop(ColorScheme.Dark);
        device.Locale = language;
        await using var visitor = await Visitor.OpenAsync(site.LoginUrl(await Person.CreateAsync(site.Server), selfService: false), device);
        visitor.Page.Dialog += (_, dialog) => _ = dialog.AcceptAsync();
        var problems = new List<string>();

        await Expect(visitor.Heading).ToHaveTextAsync(invitationHeading);
        await CheckAsync("invitation");
        await visitor.Page.GotoAsync(site.LoginUrl(person));
        await visitor.ExpectScreenAsync("totpAuth");
        await visitor.CodeField.FillAsync(person.Guardian.WrongCodeOf(enrolled));
        await Expect(visitor.Page.Locator(".sp-error")).Not.ToBeEmptyAsync();
        await CheckAsync("totpAuth");
        await visitor.Page.Locator(".sp-links button").Last.ClickAsync();
        await visitor.ExpectScreenAsync("recoveryCodeAuth");
        await CheckAsync("recoveryCodeAuth");
        await visitor.CodeField.FillAsync(enrolled.RecoveryCode!);
        await visitor.CodeField.PressAsync("Enter");
        await visitor.ExpectScreenAsync("reportRecoveryCode");
        await CheckAsync("reportRecoveryCode");
        await visitor.Checkbox.CheckAsync();
        await visitor.Page.Locator(".sp-main").ClickAsync();

        await ShouldBeSignedInAsync(visitor, site, person);
        problems.ShouldBeEmpty();

        async Task CheckAsync(string screen)
        {
            await visitor.SettleAsync();
            await Expect(visitor.Page.Locator(".sp-root")).ToHaveAttributeAsync("lang", language);
            await Expect(visitor.Page.Locator(".sp-root")).ToHaveAttributeAsync("dir", direction);
            await Screenshots.SaveAsync(visitor.Page, $"sign-in-{language}-{screen}".ToLowerInvariant());
            problems.AddRange(
                (await Layout.ProblemsAsync(visitor.Page)).Concat(await Accessibility.ProblemsAsync(visitor.Page)).Select(problem => $"{screen}: {problem}"));
        }
    }

    private async Task<ApplicationSite> StartSiteAsync(Engine engine, string supportEmail = "")
    {
        var server = await servers.GetCleanAsync(engine);
        await PatchTenantAsync(server, new { support_email = supportEmail });
        return await ApplicationSite.StartAsync(server);
    }

    private static async Task PatchTenantAsync(TestServer server, object settings) =>
        (await new ManagementApi(server).SendAsync(HttpMethod.Patch, "/tenants/settings", settings)).ShouldBe(System.Net.HttpStatusCode.OK);

    private static async Task<(Person Person, Flow Enrolled)> EnrollAsync(ApplicationSite site)
    {
        var person = await Person.CreateAsync(site.Server);
        return (person, await person.EnrollAsync());
    }

    private static string CodeOf(Person person, string secret) =>
        person.Guardian.CodeOf(Base32.TryDecode(secret, out var key) ? key : throw new FormatException("No key"));

    private static async Task<IReadOnlyList<string>> LinksAsync(Visitor visitor)
    {
        await visitor.SettleAsync();
        return await visitor.Page.Locator(".sp-stage .sp-links").Last.Locator("button").AllTextContentsAsync();
    }

    private static async Task ShouldBeSignedInAsync(Visitor visitor, ApplicationSite site, Person person, int posts = 1)
    {
        await Expect(visitor.Page.GetByText("Signed in as " + person.UserId)).ToBeVisibleAsync();
        visitor.Page.Url.ShouldBe(site.HomeUrl);
        site.Posts.Count.ShouldBe(posts);
        visitor.Errors.ShouldBeEmpty();
        visitor.Violations.ShouldBeEmpty();
    }

    private static int Sent(Visitor visitor, string call) =>
        visitor.Requests.Count(request => request.Url.EndsWith("/" + call, StringComparison.Ordinal));
}

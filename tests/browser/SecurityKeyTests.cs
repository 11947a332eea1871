using System.Net;
using Microsoft.Playwright;
using Sallyport.Browser.Tests.Hosting;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;
using static Microsoft.Playwright.Assertions;

namespace Sallyport.Browser.Tests;

/// <summary>Security keys and devices in a real Chromium, with its virtual authenticators, against the real server. <see cref="EveryScreenTests"/> has the looks of the screens.</summary>
public sealed class SecurityKeyTests
{
    [Theory]
    [InlineData("desktop")]
    [InlineData("phone")]
    public async Task A_person_sets_a_key_up_names_it_and_signs_in_with_it(string device)
    {
        await using var site = await StartSiteAsync();
        var person = await Person.CreateAsync(site.Server);
        await using var visitor = await Visitor.OpenAsync(device == "desktop" ? Devices.Desktop() : Devices.Phone());
        await using var key = await VirtualKey.AddAsync(visitor);
        await visitor.Page.GotoAsync(await TicketUrlAsync(person, "webauthn-roaming"));

        await visitor.ExpectScreenAsync("webAuthnEnrollment");
        await Expect(visitor.Heading).ToHaveTextAsync("Set up your security key");
        await Expect(visitor.Page.Locator(".sp-step")).ToHaveTextAsync("Step 1 of 2");
        await visitor.TabToAsync(visitor.Button("Set up security key"));
        await visitor.Page.Keyboard.PressAsync("Enter");
        await Expect(visitor.Heading).ToHaveTextAsync("Give your key a name");
        await Expect(NameField(visitor)).ToHaveValueAsync("Security key");
        await NameField(visitor).FillAsync(" ");
        await visitor.ClickAsync("Continue");
        await visitor.ExpectTextAsync("Enter a name of at most 40 characters.");
        await Expect(NameField(visitor)).ToHaveAttributeAsync("aria-invalid", "true");
        await NameField(visitor).FillAsync("Blue key");
        await visitor.Page.Keyboard.PressAsync("Enter");
        await visitor.ExpectScreenAsync("reportRecoveryCode");
        await visitor.Checkbox.CheckAsync();
        await visitor.ClickAsync("Continue");
        await visitor.ExpectTextAsync("From now on, Sallyport asks for your security key when you sign in.");
        ((string)(await person.ListEnrollmentsAsync()).Single()!["name"]!).ShouldBe("Blue key");

        await visitor.Page.GotoAsync(site.LoginUrl(person));
        await visitor.ExpectScreenAsync("webAuthnAuth");
        await visitor.ClickAsync("Use security key");
        await visitor.Page.WaitForURLAsync(site.HomeUrl);

        visitor.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_second_key_gets_a_name_of_its_own_and_a_key_is_registered_once()
    {
        await using var server = await StartServerAsync();
        var person = await Person.CreateAsync(server);
        await using var visitor = await Visitor.OpenAsync();
        var first = await VirtualKey.AddAsync(visitor);
        await EnrollAsync(visitor, await TicketUrlAsync(person, "webauthn-roaming"));

        await visitor.Page.GotoAsync(await TicketUrlAsync(person, "webauthn-roaming", allowMultiple: true));
        await visitor.ClickAsync("Set up security key");
        await visitor.ExpectTextAsync("This key is set up already. Use another one.");
        await first.DisposeAsync();
        await using var second = await VirtualKey.AddAsync(visitor);
        await visitor.ClickAsync("Try again");
        await Expect(NameField(visitor)).ToHaveValueAsync("Security key 2");
        await visitor.ClickAsync("Continue");
        await visitor.ExpectScreenAsync("enrollmentCongrats");

        (await person.ListEnrollmentsAsync()).Select(enrollment => (string)enrollment!["name"]!).Order().ShouldBe(["Security key", "Security key 2"]);
    }

    [Fact]
    public async Task A_cancelled_ceremony_can_be_tried_again()
    {
        await using var site = await StartSiteAsync();
        var person = await Person.CreateAsync(site.Server);
        await RequireVerificationAsync(person);
        await using var visitor = await Visitor.OpenAsync();
        await using var key = await VirtualKey.AddAsync(visitor, hasVerification: true);
        await key.SetVerifiedAsync(false);
        await visitor.Page.GotoAsync(await TicketUrlAsync(person, "webauthn-roaming"));

        await visitor.ClickAsync("Set up security key");
        await visitor.ExpectTextAsync("It was cancelled or took too long. Nothing was set up. You can try again.");
        await Expect(visitor.Button("Try again")).ToBeFocusedAsync();
        await Expect(visitor.Announcement).ToContainTextAsync("cancelled");
        await key.SetVerifiedAsync(true);
        await visitor.ClickAsync("Try again");
        await Expect(visitor.Heading).ToHaveTextAsync("Give your key a name");
        await key.SetVerifiedAsync(false);
        await visitor.Page.GotoAsync(site.LoginUrl(person));
        await visitor.ClickAsync("Use security key");
        await visitor.ExpectTextAsync("It was cancelled or took too long. You can try again.");
        await key.SetVerifiedAsync(true);
        await visitor.ClickAsync("Try again");
        await visitor.Page.WaitForURLAsync(site.HomeUrl);

        (await person.ListGuardianLogAsync()).ShouldNotContain("gd_webauthn_enrollment_failed");
    }

    /// <summary>The browser does not even talk to a key that cannot verify its user.</summary>
    [Fact]
    public async Task A_key_without_a_PIN_is_not_registered_where_verification_is_required()
    {
        await using var server = await StartServerAsync();
        var person = await Person.CreateAsync(server);
        await RequireVerificationAsync(person);
        await using var visitor = await Visitor.OpenAsync();
        await using var key = await VirtualKey.AddAsync(visitor, hasVerification: false);
        await visitor.Page.GotoAsync(await TicketUrlAsync(person, "webauthn-roaming"));

        await visitor.ClickAsync("Set up security key");
        await Expect(visitor.Page.Locator(".sp-error")).Not.ToBeEmptyAsync();

        await Expect(visitor.Button("Try again")).ToBeVisibleAsync();
        (await person.ListEnrollmentsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_copied_key_is_refused()
    {
        await using var site = await StartSiteAsync();
        var person = await Person.CreateAsync(site.Server);
        await using var visitor = await Visitor.OpenAsync();
        await using var key = await VirtualKey.AddAsync(visitor);
        await EnrollAsync(visitor, await TicketUrlAsync(person, "webauthn-roaming"));
        await key.SetCounterAsync(40);
        await SignInAsync(visitor, site, person);

        await key.SetCounterAsync(7);
        await visitor.Page.GotoAsync(site.LoginUrl(person));
        await visitor.ClickAsync("Use security key");
        await visitor.ExpectTextAsync("That did not work. Is it the key that you have set up?");

        (await person.ListGuardianLogAsync()).ShouldContain("gd_webauthn_challenge_failed");
        await key.SetCounterAsync(50);
        await visitor.ClickAsync("Try again");
        await visitor.Page.WaitForURLAsync(site.HomeUrl);
    }

    [Fact]
    public async Task A_page_at_another_address_says_that_keys_do_not_work_there()
    {
        await using var site = await StartSiteAsync();
        var person = await Person.CreateAsync(site.Server);
        await using var visitor = await Visitor.OpenAsync();
        await using var key = await VirtualKey.AddAsync(visitor);
        var url = await TicketUrlAsync(person, "webauthn-roaming");
        await visitor.Page.GotoAsync(Elsewhere(url));
        await visitor.ClickAsync("Set up security key");
        await visitor.ExpectTextAsync("Security keys do not work on this page. Use another way.");
        (await person.ListEnrollmentsAsync()).ShouldBeEmpty();

        await EnrollAsync(visitor, url);
        await visitor.Page.GotoAsync(site.LoginUrl(person));
        await visitor.ExpectScreenAsync("webAuthnAuth");
        await visitor.Page.GotoAsync(Elsewhere(visitor.Page.Url));
        await visitor.ClickAsync("Use security key");
        await visitor.ExpectTextAsync("Security keys do not work on this page. Use another way.");

        static string Elsewhere(string address) => address.Replace("//localhost:", "//127.0.0.1:", StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_browser_without_WebAuthn_leads_to_another_way()
    {
        await using var server = await StartServerAsync();
        var person = await Person.CreateAsync(server);
        await using var visitor = await Visitor.OpenAsync();
        await visitor.Page.AddInitScriptAsync("delete window.PublicKeyCredential;");
        await visitor.Page.GotoAsync($"{server.Url}/mfa/enrollment?ticket={await person.NewTicketAsync()}");

        await visitor.ExpectScreenAsync("totpEnrollment");
        await Expect(visitor.Button("Use this device instead")).ToHaveCountAsync(0);
        await visitor.ClickAsync("Use a security key instead");
        await visitor.ExpectScreenAsync("webAuthnEnrollment");
        await visitor.ExpectTextAsync("This browser cannot use security keys.");
        await Expect(visitor.Button("Set up security key")).ToHaveCountAsync(0);
        await visitor.ClickAsync("Use an authenticator app instead");
        await visitor.ExpectScreenAsync("totpEnrollment");
    }

    [Fact]
    public async Task A_device_is_offered_where_it_can_be_unlocked_and_starts_after_a_click()
    {
        await using var site = await StartSiteAsync();
        var person = await Person.CreateAsync(site.Server);
        var enrolled = await person.EnrollAsync();
        await using var visitor = await Visitor.OpenAsync();
        var url = $"{site.Server.Url}/mfa/enrollment?ticket={await person.NewTicketAsync(allowMultiple: true)}";
        await visitor.Page.GotoAsync(url);
        await visitor.ExpectScreenAsync("totpEnrollment");
        await Expect(visitor.Button("Use this device instead")).ToHaveCountAsync(0);
        await using var device = await VirtualKey.AddAsync(visitor, hasVerification: true, transport: "internal");
        await visitor.Page.ReloadAsync();

        await visitor.ClickAsync("Use this device instead");
        await visitor.ExpectScreenAsync("webAuthnEnrollment");
        await visitor.ClickAsync("Set up this device");
        await Expect(visitor.Heading).ToHaveTextAsync("Give this device a name");
        await visitor.ClickAsync("Continue");
        await visitor.ExpectTextAsync("asks you to unlock this device when you sign in.");
        await visitor.Page.GotoAsync(site.LoginUrl(person));
        await visitor.ExpectScreenAsync("totpAuth");
        await visitor.ClickAsync("Use this device instead");
        await visitor.Page.WaitForURLAsync(site.HomeUrl);

        enrolled.IsEnrolling.ShouldBeTrue();
        (await person.ListEnrollmentsAsync()).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_reload_instead_of_a_name_leads_to_the_recovery_code()
    {
        await using var server = await StartServerAsync();
        var person = await Person.CreateAsync(server);
        await using var visitor = await Visitor.OpenAsync();
        await using var key = await VirtualKey.AddAsync(visitor);
        await visitor.Page.GotoAsync(await TicketUrlAsync(person, "webauthn-roaming"));
        await visitor.ClickAsync("Set up security key");
        await Expect(visitor.Heading).ToHaveTextAsync("Give your key a name");

        await visitor.Page.ReloadAsync();

        await visitor.ExpectScreenAsync("reportRecoveryCode");
        ((string)(await person.ListEnrollmentsAsync()).Single()!["name"]!).ShouldBe("Security key");
        visitor.Violations.ShouldBeEmpty();
    }

    private static ILocator NameField(Visitor visitor) => visitor.Page.GetByRole(AriaRole.Textbox, new() { Name = "Name" });

    private static async Task<TestServer> StartServerAsync()
    {
        var server = await TestServer.StartOnLocalhostAsync(Engine.Sqlite);
        server.Clock.Set(TimeProvider.System.GetUtcNow());
        return server;
    }

    private static async Task<ApplicationSite> StartSiteAsync() => await ApplicationSite.StartAsync(await StartServerAsync());

    private static async Task<string> TicketUrlAsync(Person person, string factor, bool allowMultiple = false)
    {
        var ticket = await person.Management.SendAsync(
            HttpMethod.Post, "/guardian/enrollments/ticket", new { user_id = person.UserId, factor, allow_multiple_enrollments = allowMultiple });
        return (string)ticket.ShouldBe(HttpStatusCode.OK)["ticket_url"]!;
    }

    private static async Task RequireVerificationAsync(Person person) =>
        (await person.Management.SendAsync(HttpMethod.Put, "/guardian/factors/webauthn-roaming/settings", new { userVerification = "required" }))
            .ShouldBe(HttpStatusCode.OK);

    private static async Task EnrollAsync(Visitor visitor, string url)
    {
        await visitor.Page.GotoAsync(url);
        await visitor.ClickAsync("Set up security key");
        await Expect(visitor.Heading).ToHaveTextAsync("Give your key a name");
        await visitor.ClickAsync("Continue");
        await visitor.ExpectScreenAsync("reportRecoveryCode");
        await visitor.Checkbox.CheckAsync();
        await visitor.ClickAsync("Continue");
        await visitor.ExpectScreenAsync("enrollmentCongrats");
    }

    private static async Task SignInAsync(Visitor visitor, ApplicationSite site, Person person)
    {
        await visitor.Page.GotoAsync(site.LoginUrl(person));
        await visitor.ClickAsync("Use security key");
        await visitor.Page.WaitForURLAsync(site.HomeUrl);
    }
}

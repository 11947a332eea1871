using System.Diagnostics;
using System.Net;
using System.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Sallyport.Browser.Tests.Hosting;
using Sallyport.Server.Factors.Push.Providers;
using Sallyport.Server.Messages;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;
using static Microsoft.Playwright.Assertions;

namespace Sallyport.Browser.Tests;

/// <summary>Push in the widget, with a phone that reads the QR code from the screen and answers the messages of the real server.</summary>
public sealed class PushTests
{
    [Fact]
    public async Task A_person_enrolls_a_phone_by_its_QR_code_and_signs_in_with_it()
    {
        await using var server = await StartAsync();
        await using var site = await ApplicationSite.StartAsync(server);
        var person = await CreateAsync(server);
        await using var visitor = await Visitor.OpenAsync(site.LoginUrl(person));
        await visitor.ExpectScreenAsync("pushEnrollment");
        await visitor.SettleAsync();
        await Screenshots.SaveAsync(visitor.Page, "pushEnrollment");
        await visitor.ClickAsync("I don’t have the app yet");
        await visitor.ExpectScreenAsync("downloadApp");
        await visitor.ClickAsync("I have an app now");

        var phone = Phone.Of(person);
        (await phone.EnrollAsync(await ReadEnrollmentIdAsync(visitor))).ShouldBe(HttpStatusCode.Created);
        await visitor.ExpectScreenAsync("reportRecoveryCode");
        await visitor.Checkbox.CheckAsync();
        await visitor.ClickAsync("Continue");
        await visitor.ExpectScreenAsync("pushAuth");
        await visitor.ExpectTextAsync("We have sent a message to Ann's phone.");
        (await phone.AcceptAsync(await phone.WaitForPushAsync([]))).Status.ShouldBe(HttpStatusCode.NoContent);

        await visitor.Page.WaitForURLAsync(site.HomeUrl);
        await Expect(visitor.Page.Locator("body")).ToHaveTextAsync("Signed in as " + person.UserId);
        visitor.Errors.ShouldBeEmpty();
        visitor.Violations.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_ticket_is_finished_when_the_phone_is_enrolled()
    {
        await using var server = await StartAsync();
        var person = await CreateAsync(server);
        await using var visitor = await Visitor.OpenAsync($"{server.Url}/mfa/enrollment?ticket={await person.NewTicketAsync()}");
        await visitor.ExpectScreenAsync("pushEnrollment");

        (await Phone.Of(person).EnrollAsync(await ReadEnrollmentIdAsync(visitor))).ShouldBe(HttpStatusCode.Created);
        await visitor.ExpectScreenAsync("reportRecoveryCode");
        await visitor.Checkbox.CheckAsync();
        await visitor.ClickAsync("Continue");

        await visitor.ExpectTextAsync("From now on, your phone asks you");
        visitor.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_rejected_sign_in_can_be_sent_again_and_accepted()
    {
        await using var server = await StartAsync();
        await using var site = await ApplicationSite.StartAsync(server);
        var person = await CreateAsync(server);
        var (phone, _) = await Phone.EnrollAsync(person);
        await using var visitor = await Visitor.OpenAsync(site.LoginUrl(person));
        await visitor.ExpectTextAsync("We have sent a message");
        await visitor.SettleAsync();
        await Screenshots.SaveAsync(visitor.Page, "pushAuth");

        var first = await phone.WaitForPushAsync([]);
        (await phone.RejectAsync(first, "mistake")).Status.ShouldBe(HttpStatusCode.NoContent);
        await visitor.ExpectTextAsync("You refused this sign-in on your phone.");
        await Screenshots.SaveAsync(visitor.Page, "pushAuth-rejected");
        var before = phone.List();
        await visitor.ClickAsync("Send again");
        var second = await phone.WaitForPushAsync(before);
        await visitor.ExpectTextAsync("We have sent a message");
        (await phone.AcceptAsync(second)).Status.ShouldBe(HttpStatusCode.NoContent);

        await visitor.Page.WaitForURLAsync(site.HomeUrl);
        visitor.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_message_that_is_not_answered_can_be_sent_again_and_a_reload_sends_none()
    {
        await using var server = await StartAsync();
        await using var site = await ApplicationSite.StartAsync(server);
        var person = await CreateAsync(server);
        var (phone, _) = await Phone.EnrollAsync(person);
        await using var visitor = await Visitor.OpenAsync();
        await visitor.Page.Clock.InstallAsync();
        await visitor.Page.GotoAsync(site.LoginUrl(person));
        await visitor.ExpectTextAsync("We have sent a message");
        await phone.WaitForPushAsync([]);

        await visitor.Page.ReloadAsync();
        await visitor.ExpectTextAsync("We have sent a message");
        phone.List().Count.ShouldBe(1);
        await visitor.ExpectTextAsync("You can send it again in");
        await visitor.Page.Clock.FastForwardAsync(46_000);
        await visitor.ExpectTextAsync("No answer has come from your phone yet.");
        await Screenshots.SaveAsync(visitor.Page, "pushAuth-timeout");
        var before = phone.List();
        await visitor.ClickAsync("Send again");
        (await phone.AcceptAsync(await phone.WaitForPushAsync(before))).Status.ShouldBe(HttpStatusCode.NoContent);
        await visitor.Page.Clock.FastForwardAsync(6_000);

        await visitor.Page.WaitForURLAsync(site.HomeUrl);
    }

    [Fact]
    public async Task A_page_that_waits_for_a_phone_whose_app_is_gone_says_so_and_offers_another_way()
    {
        await using var server = await StartAsync();
        await using var site = await ApplicationSite.StartAsync(server);
        var person = await CreateAsync(server);
        var (phone, _) = await Phone.EnrollAsync(person);
        await using var visitor = await Visitor.OpenAsync(site.LoginUrl(person));
        await visitor.ExpectTextAsync("We have sent a message");
        await phone.WaitForPushAsync([]);
        var message = new OutgoingMessage("1", Message.Push, DateTimeOffset.UnixEpoch, await File.ReadAllTextAsync(phone.List().Single(), TestContext.Current.CancellationToken));

        await server.Services.GetRequiredService<PushDevices>().DisableAsync(PushMessage.Read(message), CancellationToken.None);

        await visitor.ExpectTextAsync("We cannot send messages to your phone at present. Use another way to sign in.");
        await Expect(visitor.Button("Send again")).ToBeHiddenAsync();
        await Expect(visitor.Button("Enter a code from the app instead")).ToBeVisibleAsync();
        visitor.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_code_of_the_app_signs_in_when_no_message_arrives()
    {
        await using var server = await StartAsync();
        await using var site = await ApplicationSite.StartAsync(server);
        var person = await CreateAsync(server);
        var (_, enrolled) = await Phone.EnrollAsync(person);
        await using var visitor = await Visitor.OpenAsync(site.LoginUrl(person));
        await visitor.ExpectScreenAsync("pushAuth");

        await visitor.TabToAsync(visitor.Button("Enter a code from the app instead"));
        await visitor.Page.Keyboard.PressAsync("Enter");
        await visitor.ExpectScreenAsync("guardianTotpAuth");
        await visitor.SettleAsync();
        await Screenshots.SaveAsync(visitor.Page, "guardianTotpAuth");
        await visitor.CodeField.FillAsync(person.Guardian.CodeOf(enrolled));

        await visitor.Page.WaitForURLAsync(site.HomeUrl);
        visitor.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_person_without_the_phone_signs_in_with_the_recovery_code()
    {
        await using var server = await StartAsync();
        await using var site = await ApplicationSite.StartAsync(server);
        var person = await CreateAsync(server);
        var (_, enrolled) = await Phone.EnrollAsync(person);
        await using var visitor = await Visitor.OpenAsync(site.LoginUrl(person));
        await visitor.ExpectScreenAsync("pushAuth");

        await visitor.ClickAsync("Use a recovery code instead");
        await visitor.CodeField.FillAsync(enrolled.RecoveryCode!);
        await visitor.ClickAsync("Continue");
        await visitor.ExpectScreenAsync("reportRecoveryCode");
        (await visitor.RecoveryCodeAsync()).ShouldNotBe(enrolled.RecoveryCode);
        await visitor.Checkbox.CheckAsync();
        await visitor.ClickAsync("Continue");

        await visitor.Page.WaitForURLAsync(site.HomeUrl);
        visitor.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task After_a_report_the_page_offers_the_other_factors()
    {
        await using var server = await StartAsync();
        await using var site = await ApplicationSite.StartAsync(server);
        var person = await CreateAsync(server);
        var (phone, _) = await Phone.EnrollAsync(person);
        await using var visitor = await Visitor.OpenAsync(site.LoginUrl(person));
        (await phone.RejectAsync(await phone.WaitForPushAsync([]), "not_me")).Status.ShouldBe(HttpStatusCode.NoContent);
        await visitor.ExpectTextAsync("You refused this sign-in on your phone.");

        await visitor.ClickAsync("Send again");

        await visitor.ExpectTextAsync("We cannot send messages to your phone at present.");
        await Expect(visitor.Button("Send again")).ToBeHiddenAsync();
        await Expect(visitor.Button("Enter a code from the app instead")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task The_page_shows_the_number_that_the_phone_shows()
    {
        await using var server = await StartAsync();
        await using var site = await ApplicationSite.StartAsync(server);
        (await new ManagementApi(server).SendAsync(HttpMethod.Put, "/guardian/factors/push-notification/settings", new { number_matching = true }))
            .ShouldBe(HttpStatusCode.OK);
        var person = await CreateAsync(server);
        var (phone, _) = await Phone.EnrollAsync(person);
        await using var visitor = await Visitor.OpenAsync(site.LoginUrl(person));
        await visitor.ExpectTextAsync("Confirm only if your phone shows this number:");

        (await visitor.Page.Locator(".sp-compare strong").TextContentAsync()).ShouldNotBeNull().ShouldMatch("^[1-9][0-9]$");
        (await phone.WaitForPushAsync([])).ConsentId.ShouldNotBeNull();
    }

    [Theory]
    [InlineData("desktop", ColorScheme.Light)]
    [InlineData("phone", ColorScheme.Dark)]
    public async Task The_app_is_found_by_a_QR_code_at_a_desktop_and_by_a_link_on_a_phone(string device, ColorScheme scheme)
    {
        await using var server = await StartAsync();
        var person = await CreateAsync(server);
        const string Apple = "https://apps.apple.com/app/acme/id1", Google = "https://play.google.com/store/apps/details?id=com.acme";
        var app = new { app_name = "Acme <Auth>", apple_app_link = Apple, google_app_link = Google };
        (await person.Management.SendAsync(HttpMethod.Patch, "/prompts/mfa-push", app)).ShouldBe(HttpStatusCode.OK);
        await using var visitor = await Visitor.OpenAsync(
            $"{server.Url}/mfa/enrollment?ticket={await person.NewTicketAsync()}", device == "desktop" ? Devices.Desktop(scheme) : Devices.Phone(scheme));

        await visitor.ClickAsync("I don’t have the app yet");
        await Expect(visitor.Heading).ToHaveTextAsync("Get the Acme <Auth> app");
        await visitor.ExpectTextAsync("Install it on your phone, then come back here.");
        if (device == "desktop")
        {
            await visitor.ClickAsync("For Android: Google Play");
            await visitor.ExpectTextAsync("Scan this with the camera of your phone.");
            (await ReadQrCodeAsync(visitor)).ShouldBe(Google);
        }
        else
        {
            foreach (var (label, address) in new[] { ("For iPhone: App Store", Apple), ("For Android: Google Play", Google) })
            {
                await Expect(visitor.Page.GetByRole(AriaRole.Link, new() { Name = label })).ToHaveAttributeAsync("href", address);
            }
        }

        await visitor.CheckScreenAsync($"downloadApp-push-{device}-{scheme}");
        await visitor.ClickAsync("I have an app now");
        await visitor.ExpectScreenAsync("pushEnrollment");
        visitor.Errors.ShouldBeEmpty();
        visitor.Violations.ShouldBeEmpty();
    }

    private static async Task<TestServer> StartAsync()
    {
        var server = await TestServer.StartAsync(Engine.Sqlite);
        server.Clock.Set(TimeProvider.System.GetUtcNow());
        return server;
    }

    private static async Task<Person> CreateAsync(TestServer server)
    {
        var person = await Person.CreateAsync(server);
        await person.SetFactorAsync("push-notification", enabled: true);
        return person;
    }

    private static async Task<string> ReadEnrollmentIdAsync(Visitor visitor)
    {
        var text = await ReadQrCodeAsync(visitor);
        text.ShouldStartWith("otpauth://totp/");
        return HttpUtility.ParseQueryString(new Uri(text).Query)["enrollment_tx_id"]!;
    }

    /// <summary>Reads the QR code from a picture of the screen.</summary>
    private static async Task<string> ReadQrCodeAsync(Visitor visitor)
    {
        await visitor.SettleAsync();
        var picture = Path.Combine(Directory.CreateTempSubdirectory("sallyport-qr").FullName, "code.png");
        await visitor.Page.Locator(".sp-qr").ScreenshotAsync(new() { Path = picture });
        using var process = Process.Start(new ProcessStartInfo("zbarimg", ["--quiet", "--raw", "--nodbus", picture]) { RedirectStandardOutput = true })!;
        var text = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Directory.Delete(Path.GetDirectoryName(picture)!, recursive: true);
        return text.Trim();
    }
}

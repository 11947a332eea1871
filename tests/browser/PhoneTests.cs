using Microsoft.Playwright;
using Sallyport.Browser.Tests.Hosting;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;
using static Microsoft.Playwright.Assertions;

namespace Sallyport.Browser.Tests;

public sealed class PhoneTests(Servers servers) : IClassFixture<Servers>
{
    [Fact]
    public async Task On_a_phone_the_link_into_the_app_comes_first()
    {
        var invitation = await Invitation.CreateAsync(await servers.GetAsync(Engine.Sqlite));
        await using var visitor = await Visitor.OpenAsync(invitation.Url, Devices.Phone());
        await visitor.ExpectScreenAsync("totpEnrollment");
        var open = visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Open in your authenticator app", Exact = true });

        var secret = await visitor.SecretAsync();
        var openBox = (await open.BoundingBoxAsync()).ShouldNotBeNull();
        await Expect(visitor.Page.Locator(".sp-secret")).ToHaveCountAsync(0);
        await visitor.ExpectTextAsync("Then come back to this page and enter the code that your app shows.");
        await open.TapAsync();
        await visitor.ExpectTextAsync("Did nothing open?");
        await visitor.Button("Copy a key instead").TapAsync();
        var keyBox = (await visitor.Page.Locator(".sp-secret").BoundingBoxAsync()).ShouldNotBeNull();

        (await open.GetAttributeAsync("href"))!.ShouldStartWith("otpauth://totp/");
        (await open.GetAttributeAsync("href"))!.ShouldContain($"secret={secret}");
        openBox.Height.ShouldBeGreaterThanOrEqualTo(44);
        openBox.Y.ShouldBeLessThan(keyBox.Y);
        (await visitor.QrCode.CountAsync()).ShouldBe(0);
        await Expect(visitor.Page.Locator("[data-screen=totpEnrollment]")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task On_a_phone_the_QR_code_is_behind_a_button()
    {
        var invitation = await Invitation.CreateAsync(await servers.GetAsync(Engine.Sqlite));
        await using var visitor = await Visitor.OpenAsync(invitation.Url, Devices.Phone());
        await visitor.ExpectScreenAsync("totpEnrollment");

        await visitor.Button("Show a QR code instead").TapAsync();

        await visitor.SettleAsync();
        (await visitor.QrCode.BoundingBoxAsync()).ShouldNotBeNull().Width.ShouldBeGreaterThanOrEqualTo(200);
        await Expect(visitor.Button("Continue on your phone")).ToHaveCountAsync(0);
    }

    [Theory, Engines]
    public async Task A_user_enrolls_with_a_phone_alone(Engine engine)
    {
        var invitation = await Invitation.CreateAsync(await servers.GetAsync(engine));
        await using var visitor = await Visitor.OpenAsync(invitation.Url, Devices.Phone());
        await visitor.ExpectScreenAsync("totpEnrollment");
        var secret = await visitor.SecretAsync();

        await visitor.Button("Continue").TapAsync();
        await visitor.CodeField.TapAsync();
        await visitor.CodeField.PressSequentiallyAsync(invitation.CodeOf(secret));
        await visitor.ExpectScreenAsync("reportRecoveryCode");
        await visitor.Checkbox.TapAsync();
        await visitor.Button("Continue").TapAsync();

        await visitor.ExpectScreenAsync("enrollmentCongrats");
        (await invitation.EnrollmentStatesAsync()).ShouldBe(["confirmed"]);
    }

    [Fact]
    public async Task On_a_desktop_the_page_can_be_continued_on_a_phone()
    {
        var invitation = await Invitation.CreateAsync(await servers.GetAsync(Engine.Sqlite));
        await using var visitor = await Visitor.OpenAsync(invitation.Url);
        await visitor.ExpectScreenAsync("totpEnrollment");

        var request = await visitor.Page.RunAndWaitForRequestAsync(
            () => visitor.ClickAsync("Continue on your phone"), request => request.Url.EndsWith("/qr-code", StringComparison.Ordinal));
        await visitor.SettleAsync();

        (await visitor.QrCode.BoundingBoxAsync()).ShouldNotBeNull().Width.ShouldBeGreaterThanOrEqualTo(200);
        ((string)System.Text.Json.Nodes.JsonNode.Parse(request.PostData!)!["text"]!).ShouldBe(invitation.Url);
        await Expect(visitor.QrCode).ToHaveCountAsync(1);
    }

    [Theory, Engines]
    public async Task The_desktop_asks_to_save_the_recovery_code_once_the_phone_has_enrolled(Engine engine)
    {
        var invitation = await Invitation.CreateAsync(await servers.GetAsync(engine));
        await using var visitor = await Visitor.OpenAsync(invitation.Url);
        await visitor.ExpectScreenAsync("totpEnrollment");
        await visitor.ClickAsync("Continue on your phone");

        await invitation.EnrollAsync();

        await Expect(visitor.Heading).ToHaveTextAsync("Finish on your phone: save your recovery code");
        await visitor.ClickAsync("I have saved it");
        await visitor.ExpectScreenAsync("enrollmentCongrats");
        await visitor.ExpectTextAsync("You finished in another window or on your phone.");
    }
}

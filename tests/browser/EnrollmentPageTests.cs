using System.Net;
using Microsoft.Playwright;
using Sallyport.Browser.Tests.Hosting;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;
using static Microsoft.Playwright.Assertions;

namespace Sallyport.Browser.Tests;

/// <summary>Enrollment on the default page. All tests that use the clipboard are in this class, because there is only one clipboard.</summary>
public sealed class EnrollmentPageTests(Servers servers) : IClassFixture<Servers>
{
    [Fact]
    public async Task The_first_screen_fits_a_laptop_without_scrolling()
    {
        var server = await servers.GetAsync(Engine.Sqlite);
        var invitation = await Invitation.CreateAsync(server);
        await using var visitor = await Visitor.OpenAsync(
            invitation.Url, new BrowserNewContextOptions { ViewportSize = new ViewportSize { Width = 1280, Height = 800 } });

        await visitor.ExpectScreenAsync("totpEnrollment");
        await visitor.SettleAsync();

        await Screenshots.SaveAsync(visitor.Page, "enrollment-laptop");
        (await visitor.Page.EvaluateAsync<int>("() => document.documentElement.scrollHeight")).ShouldBeLessThanOrEqualTo(800);
    }

    [Theory, Engines]
    public async Task A_user_enrolls_on_the_default_page(Engine engine)
    {
        var invitation = await Invitation.CreateAsync(await servers.GetAsync(engine));
        await using var visitor = await Visitor.OpenAsync(invitation.Url);

        await visitor.ExpectScreenAsync("totpEnrollment");
        await Expect(visitor.Heading).ToBeFocusedAsync();
        await ShouldShowQrCodeAsync(visitor);
        var secret = await visitor.SecretAsync();
        await visitor.ClickAsync("Continue");
        await visitor.ExpectScreenAsync("totpEnrollmentCode");
        await visitor.CodeField.FillAsync(invitation.WrongCodeOf(secret));
        await visitor.ExpectTextAsync("That code is not right.");
        await ShouldSelectTheWrongCodeAsync(visitor.CodeField);
        await visitor.CodeField.PressSequentiallyAsync(invitation.CodeOf(secret));
        await visitor.ExpectScreenAsync("reportRecoveryCode");
        await visitor.Checkbox.CheckAsync();
        await visitor.ClickAsync("Continue");
        await visitor.ExpectScreenAsync("enrollmentCongrats");

        (await invitation.EnrollmentStatesAsync()).ShouldBe(["confirmed"]);
        (await invitation.StatusAsync()).ShouldBe(HttpStatusCode.Gone);
        visitor.Errors.ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task A_user_enrolls_with_the_keyboard_alone(Engine engine)
    {
        var invitation = await Invitation.CreateAsync(await servers.GetAsync(engine));
        await using var visitor = await Visitor.OpenAsync(invitation.Url);
        var keyboard = visitor.Page.Keyboard;

        await visitor.ExpectScreenAsync("totpEnrollment");
        await visitor.TabToAsync(visitor.Button("Can’t scan it?"));
        await keyboard.PressAsync("Enter");
        await Expect(visitor.Page.Locator(".sp-secret")).ToBeVisibleAsync();
        var secret = await visitor.SecretAsync();
        await visitor.TabToAsync(visitor.Button("Continue"));
        await keyboard.PressAsync("Enter");
        await visitor.ExpectScreenAsync("totpEnrollmentCode");
        await keyboard.TypeAsync(invitation.WrongCodeOf(secret));
        await visitor.ExpectTextAsync("That code is not right.");
        await ShouldSelectTheWrongCodeAsync(visitor.CodeField);
        await keyboard.TypeAsync(invitation.CodeOf(secret));
        await visitor.ExpectScreenAsync("reportRecoveryCode");
        await visitor.TabToAsync(visitor.Checkbox);
        await keyboard.PressAsync("Enter");
        await visitor.ExpectTextAsync("First save the code.");
        await keyboard.PressAsync("Space");
        await visitor.TabToAsync(visitor.Button("Continue"));
        await keyboard.PressAsync("Enter");
        await visitor.ExpectScreenAsync("enrollmentCongrats");

        (await invitation.EnrollmentStatesAsync()).ShouldBe(["confirmed"]);
    }

    [Theory, Engines]
    public async Task A_pasted_sentence_that_contains_the_code_is_accepted(Engine engine)
    {
        var invitation = await Invitation.CreateAsync(await servers.GetAsync(engine));
        await using var visitor = await Visitor.OpenAsync(invitation.Url);
        await visitor.ExpectScreenAsync("totpEnrollment");
        var code = invitation.CodeOf(await visitor.SecretAsync());
        await visitor.ClickAsync("Continue");
        await visitor.ExpectScreenAsync("totpEnrollmentCode");

        await visitor.Page.EvaluateAsync(
            "(text) => navigator.clipboard.writeText(text)", $"Your code is {code[..3]}-{code[3..]}. It is valid for 30 seconds.");
        await visitor.Page.Keyboard.PressAsync("Control+V");

        await visitor.ExpectScreenAsync("reportRecoveryCode");
        (await invitation.EnrollmentStatesAsync()).ShouldBe(["confirmed"]);
    }

    [Fact]
    public async Task The_code_is_sent_with_its_last_digit_and_not_before()
    {
        var invitation = await Invitation.CreateAsync(await servers.GetAsync(Engine.Sqlite));
        await using var visitor = await Visitor.OpenAsync(invitation.Url);
        await visitor.ExpectScreenAsync("totpEnrollment");
        var code = invitation.CodeOf(await visitor.SecretAsync());
        await visitor.ClickAsync("Continue");

        await visitor.CodeField.PressSequentiallyAsync($"{code[..3]} {code[3..5]}");
        visitor.Requests.ShouldNotContain(request => request.Url.EndsWith("/verify-otp", StringComparison.Ordinal));
        await visitor.CodeField.PressSequentiallyAsync(code[5..]);

        await visitor.ExpectScreenAsync("reportRecoveryCode");
        visitor.Requests.Count(request => request.Url.EndsWith("/verify-otp", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task An_incomplete_code_is_not_sent()
    {
        var invitation = await Invitation.CreateAsync(await servers.GetAsync(Engine.Sqlite));
        await using var visitor = await Visitor.OpenAsync(invitation.Url);
        await visitor.ExpectScreenAsync("totpEnrollment");
        await visitor.ClickAsync("Continue");

        await visitor.ClickAsync("Confirm");
        await visitor.ExpectTextAsync("Enter the code first.");
        await visitor.CodeField.FillAsync("12345");
        await visitor.CodeField.PressAsync("Enter");

        await visitor.ExpectTextAsync("The code has 6 digits.");
        visitor.Requests.ShouldNotContain(request => request.Url.EndsWith("/verify-otp", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_recovery_code_can_be_copied_and_downloaded()
    {
        var invitation = await Invitation.CreateAsync(await servers.GetAsync(Engine.Sqlite));
        await using var visitor = await Visitor.OpenAsync(invitation.Url);
        await visitor.ConfirmKeyAsync(invitation);
        var code = await visitor.RecoveryCodeAsync();

        await visitor.ClickAsync("Copy");
        await Expect(visitor.Announcement).ToHaveTextAsync("Copied");
        var copied = await visitor.Page.EvaluateAsync<string>("() => navigator.clipboard.readText()");
        var download = await visitor.Page.RunAndWaitForDownloadAsync(() => visitor.ClickAsync("Download"));

        code.Length.ShouldBe(24);
        copied.ShouldBe(code);
        download.SuggestedFilename.ShouldBe("sallyport-recovery-code.txt");
        var text = await File.ReadAllTextAsync(await download.PathAsync(), TestContext.Current.CancellationToken);
        text.ShouldContain(string.Join(' ', code.Chunk(4).Select(group => new string(group))));
        text.ShouldContain(invitation.Email);
    }

    [Fact]
    public async Task Continue_without_the_tick_says_what_is_missing_and_focuses_the_checkbox()
    {
        var invitation = await Invitation.CreateAsync(await servers.GetAsync(Engine.Sqlite));
        await using var visitor = await Visitor.OpenAsync(invitation.Url);
        await visitor.ConfirmKeyAsync(invitation);

        await Expect(visitor.Button("Continue")).ToBeEnabledAsync();
        await visitor.ClickAsync("Continue");

        await visitor.ExpectTextAsync("First save the code.");
        await Expect(visitor.Checkbox).ToBeFocusedAsync();
        await visitor.ExpectScreenAsync("reportRecoveryCode");
    }

    [Fact]
    public async Task The_key_can_be_copied_instead_of_scanned()
    {
        var invitation = await Invitation.CreateAsync(await servers.GetAsync(Engine.Sqlite));
        await using var visitor = await Visitor.OpenAsync(invitation.Url);
        await visitor.ExpectScreenAsync("totpEnrollment");
        await visitor.ClickAsync("Can’t scan it?");

        await visitor.ClickAsync("Copy key");

        await Expect(visitor.Announcement).ToHaveTextAsync("Copied");
        (await visitor.Page.EvaluateAsync<string>("() => navigator.clipboard.readText()")).ShouldBe(await visitor.SecretAsync());
    }

    private static async Task ShouldShowQrCodeAsync(Visitor visitor)
    {
        await visitor.SettleAsync();
        var box = (await visitor.QrCode.BoundingBoxAsync()).ShouldNotBeNull();
        box.Width.ShouldBeGreaterThanOrEqualTo(200);
        box.Height.ShouldBeGreaterThanOrEqualTo(200);
        (await visitor.QrCode.GetAttributeAsync("src"))!.ShouldStartWith("blob:");
        (await visitor.QrCode.GetAttributeAsync("alt")).ShouldNotBeNullOrWhiteSpace();
        (await visitor.QrCode.EvaluateAsync<int>("(image) => image.naturalWidth")).ShouldBePositive();
        var drawn = visitor.Requests.Single(request => request.Url.EndsWith("/qr-code", StringComparison.Ordinal)).PostData!;
        drawn.ShouldContain("otpauth://totp/");
        drawn.ShouldContain($"secret={await visitor.SecretAsync()}");
    }

    private static async Task ShouldSelectTheWrongCodeAsync(ILocator field)
    {
        await Expect(field).ToBeFocusedAsync();
        await Expect(field).ToHaveAttributeAsync("aria-invalid", "true");
        (await field.EvaluateAsync<int[]>("(input) => [input.selectionStart, input.selectionEnd]")).ShouldBe([0, 6]);
    }
}

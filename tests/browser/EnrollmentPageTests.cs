using System.Net;
using Microsoft.Playwright;
using Sallyport.Browser.Tests.Hosting;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;
using static Microsoft.Playwright.Assertions;

namespace Sallyport.Browser.Tests;

/// <summary>The way of a person with a ticket. All tests that use the clipboard are here: a machine has only one.</summary>
public sealed class EnrollmentPageTests(Servers servers) : IClassFixture<Servers>
{
    [Theory, Engines]
    public async Task A_person_enrolls_on_the_default_page(Engine engine)
    {
        var invitation = await Invitation.CreateAsync(await servers.GetAsync(engine));
        await using var visitor = await Visitor.ArriveAsync(invitation.Url);

        await visitor.SeeAsync("totpEnrollment");
        await Expect(visitor.Heading).ToBeFocusedAsync();
        await ShouldShowQrCodeAsync(visitor);
        var secret = await visitor.SecretAsync();
        await visitor.PressAsync("Continue");
        await visitor.SeeAsync("totpEnrollmentCode");
        await visitor.CodeField.FillAsync(invitation.WrongCodeOf(secret));
        await visitor.ReadAsync("That code is not right.");
        await ShouldBeReadyForTheNextCodeAsync(visitor.CodeField);
        await visitor.CodeField.PressSequentiallyAsync(invitation.CodeOf(secret));
        await visitor.SeeAsync("reportRecoveryCode");
        await Expect(visitor.Button("Continue")).ToBeDisabledAsync();
        await visitor.TickBox.CheckAsync();
        await visitor.PressAsync("Continue");
        await visitor.SeeAsync("enrollmentCongrats");

        (await invitation.EnrollmentStatesAsync()).ShouldBe(["confirmed"]);
        (await invitation.LookAsync()).ShouldBe(HttpStatusCode.Gone);
        visitor.Errors.ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task The_whole_way_needs_no_mouse(Engine engine)
    {
        var invitation = await Invitation.CreateAsync(await servers.GetAsync(engine));
        await using var visitor = await Visitor.ArriveAsync(invitation.Url);
        var keyboard = visitor.Page.Keyboard;

        await visitor.SeeAsync("totpEnrollment");
        await TabToAsync(visitor, visitor.Button("Can’t scan it?"));
        await keyboard.PressAsync("Enter");
        await Expect(visitor.Page.Locator(".sp-secret")).ToBeVisibleAsync();
        var secret = await visitor.SecretAsync();
        await TabToAsync(visitor, visitor.Button("Continue"));
        await keyboard.PressAsync("Enter");
        await visitor.SeeAsync("totpEnrollmentCode");
        await keyboard.TypeAsync(invitation.WrongCodeOf(secret));
        await visitor.ReadAsync("That code is not right.");
        await ShouldBeReadyForTheNextCodeAsync(visitor.CodeField);
        await keyboard.TypeAsync(invitation.CodeOf(secret));
        await visitor.SeeAsync("reportRecoveryCode");
        await TabToAsync(visitor, visitor.TickBox);
        await keyboard.PressAsync("Enter");
        await visitor.ReadAsync("First save the code.");
        await keyboard.PressAsync("Space");
        await TabToAsync(visitor, visitor.Button("Continue"));
        await keyboard.PressAsync("Enter");
        await visitor.SeeAsync("enrollmentCongrats");

        (await invitation.EnrollmentStatesAsync()).ShouldBe(["confirmed"]);
    }

    [Theory, Engines]
    public async Task A_pasted_sentence_with_the_code_is_enough(Engine engine)
    {
        var invitation = await Invitation.CreateAsync(await servers.GetAsync(engine));
        await using var visitor = await Visitor.ArriveAsync(invitation.Url);
        await visitor.SeeAsync("totpEnrollment");
        var code = invitation.CodeOf(await visitor.SecretAsync());
        await visitor.PressAsync("Continue");
        await visitor.SeeAsync("totpEnrollmentCode");

        await visitor.Page.EvaluateAsync(
            "(text) => navigator.clipboard.writeText(text)", $"Your code is {code[..3]}-{code[3..]}. It is valid for 30 seconds.");
        await visitor.Page.Keyboard.PressAsync("Control+V");

        await visitor.SeeAsync("reportRecoveryCode");
        (await invitation.EnrollmentStatesAsync()).ShouldBe(["confirmed"]);
    }

    [Fact]
    public async Task The_last_digit_sends_the_code_and_none_before_does()
    {
        var invitation = await Invitation.CreateAsync(await servers.GetAsync(Engine.Sqlite));
        await using var visitor = await Visitor.ArriveAsync(invitation.Url);
        await visitor.SeeAsync("totpEnrollment");
        var code = invitation.CodeOf(await visitor.SecretAsync());
        await visitor.PressAsync("Continue");

        await visitor.CodeField.PressSequentiallyAsync($"{code[..3]} {code[3..5]}");
        visitor.Requests.ShouldNotContain(request => request.Url.EndsWith("/verify-otp", StringComparison.Ordinal));
        await visitor.CodeField.PressSequentiallyAsync(code[5..]);

        await visitor.SeeAsync("reportRecoveryCode");
        visitor.Requests.Count(request => request.Url.EndsWith("/verify-otp", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task An_unfinished_code_is_not_sent_and_says_so()
    {
        var invitation = await Invitation.CreateAsync(await servers.GetAsync(Engine.Sqlite));
        await using var visitor = await Visitor.ArriveAsync(invitation.Url);
        await visitor.SeeAsync("totpEnrollment");
        await visitor.PressAsync("Continue");

        await visitor.PressAsync("Confirm");
        await visitor.ReadAsync("Enter the code first.");
        await visitor.CodeField.FillAsync("12345");
        await visitor.CodeField.PressAsync("Enter");

        await visitor.ReadAsync("The code has 6 digits.");
        visitor.Requests.ShouldNotContain(request => request.Url.EndsWith("/verify-otp", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_recovery_code_can_be_copied_and_downloaded_before_going_on()
    {
        var invitation = await Invitation.CreateAsync(await servers.GetAsync(Engine.Sqlite));
        await using var visitor = await Visitor.ArriveAsync(invitation.Url);
        await visitor.SeeAsync("totpEnrollment");
        var secret = await visitor.SecretAsync();
        await visitor.PressAsync("Continue");
        await visitor.CodeField.FillAsync(invitation.CodeOf(secret));
        await visitor.SeeAsync("reportRecoveryCode");
        var code = await visitor.RecoveryCodeAsync();

        await visitor.PressAsync("Copy");
        await Expect(visitor.Announcement).ToHaveTextAsync("Copied");
        var copied = await visitor.Page.EvaluateAsync<string>("() => navigator.clipboard.readText()");
        var download = await visitor.Page.RunAndWaitForDownloadAsync(() => visitor.PressAsync("Download"));
        await visitor.Page.Locator(".sp-gate").ClickAsync();
        await visitor.ReadAsync("First save the code.");
        await Expect(visitor.TickBox).ToBeFocusedAsync();

        code.Length.ShouldBe(24);
        copied.ShouldBe(code);
        download.SuggestedFilename.ShouldBe("sallyport-recovery-code.txt");
        var text = await File.ReadAllTextAsync(await download.PathAsync(), TestContext.Current.CancellationToken);
        text.ShouldContain(string.Join(' ', code.Chunk(4).Select(group => new string(group))));
        text.ShouldContain(invitation.Email);
    }

    [Fact]
    public async Task The_key_can_be_copied_by_whoever_cannot_scan()
    {
        var invitation = await Invitation.CreateAsync(await servers.GetAsync(Engine.Sqlite));
        await using var visitor = await Visitor.ArriveAsync(invitation.Url);
        await visitor.SeeAsync("totpEnrollment");
        await visitor.PressAsync("Can’t scan it?");

        await visitor.PressAsync("Copy key");

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

    private static async Task ShouldBeReadyForTheNextCodeAsync(ILocator field)
    {
        await Expect(field).ToBeFocusedAsync();
        await Expect(field).ToHaveAttributeAsync("aria-invalid", "true");
        (await field.EvaluateAsync<int[]>("(input) => [input.selectionStart, input.selectionEnd]")).ShouldBe([0, 6]);
    }

    private static async Task TabToAsync(Visitor visitor, ILocator target)
    {
        await Expect(target).ToBeEnabledAsync();
        for (var i = 0; i < 20; i++)
        {
            await visitor.Page.Keyboard.PressAsync("Tab");
            if (await target.EvaluateAsync<bool>("(node) => node === document.activeElement"))
            {
                return;
            }
        }

        Assert.Fail($"{target} is not reached with the Tab key.");
    }
}

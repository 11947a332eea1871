using Sallyport.Browser.Tests.Hosting;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;
using static Microsoft.Playwright.Assertions;

namespace Sallyport.Browser.Tests;

/// <summary>The Back and Forward buttons of the browser.</summary>
public sealed class HistoryTests(Servers servers) : IClassFixture<Servers>
{
    [Fact]
    public async Task Back_and_Forward_lead_through_the_screens()
    {
        await using var visitor = await OpenAsync();
        var secret = await visitor.SecretAsync();
        await visitor.ClickAsync("I don’t have an app yet");
        await visitor.ExpectScreenAsync("downloadApp");

        await visitor.Page.GoBackAsync();
        await visitor.ExpectScreenAsync("totpEnrollment");
        await Expect(visitor.Heading).ToBeFocusedAsync();
        await visitor.ClickAsync("Continue on your phone");
        await Expect(visitor.Heading).ToHaveTextAsync("Continue on your phone");
        await visitor.Page.GoBackAsync();
        await Expect(visitor.Heading).ToHaveTextAsync("Scan this with your authenticator app");
        await visitor.Page.GoForwardAsync();
        await Expect(visitor.Heading).ToHaveTextAsync("Continue on your phone");
        await visitor.Page.GoBackAsync();
        await visitor.ClickAsync("Continue");
        await visitor.ExpectScreenAsync("totpEnrollmentCode");
        await visitor.Page.ReloadAsync();
        await visitor.ExpectScreenAsync("totpEnrollmentCode");
        await visitor.Page.GoBackAsync();

        await visitor.ExpectScreenAsync("totpEnrollment");
        (await visitor.SecretAsync()).ShouldBe(secret);
        visitor.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_back_buttons_of_screens_add_no_entries_to_the_history()
    {
        await using var visitor = await OpenAsync();
        var before = await LengthAsync(visitor);

        await visitor.ClickAsync("I don’t have an app yet");
        await visitor.ClickAsync("Back");
        await visitor.ExpectScreenAsync("totpEnrollment");
        await visitor.ClickAsync("I don’t have an app yet");
        await visitor.ClickAsync("I have an app now");
        await visitor.ExpectScreenAsync("totpEnrollment");
        await visitor.ClickAsync("Continue on your phone");
        await visitor.ClickAsync("Back");
        await visitor.ExpectScreenAsync("totpEnrollment");
        await visitor.ClickAsync("Continue");
        await visitor.ClickAsync("Back to the QR code");
        await visitor.ExpectScreenAsync("totpEnrollment");

        (await LengthAsync(visitor)).ShouldBe(before + 1);
    }

    [Fact]
    public async Task A_double_click_on_back_goes_one_screen_back()
    {
        await using var visitor = await OpenAsync();
        await visitor.ClickAsync("I don’t have an app yet");

        await visitor.Page.EvaluateAsync(
            "() => { const back = [...document.querySelectorAll('button')].find((node) => node.textContent === 'Back'); back.click(); back.click(); }");

        await visitor.ExpectScreenAsync("totpEnrollment");
        await visitor.SettleAsync();
        await visitor.ExpectScreenAsync("totpEnrollment");
    }

    [Fact]
    public async Task After_the_enrollment_Back_does_not_leave_the_recovery_code()
    {
        var invitation = await Invitation.CreateAsync(await servers.GetAsync(Engine.Sqlite));
        await using var visitor = await Visitor.OpenAsync(invitation.Url);
        await visitor.ConfirmKeyAsync(invitation);
        var code = await visitor.RecoveryCodeAsync();

        await visitor.Page.GoBackAsync();
        await visitor.Page.GoBackAsync();

        await visitor.ExpectScreenAsync("reportRecoveryCode");
        (await visitor.RecoveryCodeAsync()).ShouldBe(code);
        await visitor.Checkbox.CheckAsync();
        await visitor.ClickAsync("Continue");
        await visitor.ExpectScreenAsync("enrollmentCongrats");
    }

    [Fact]
    public async Task Neither_the_history_nor_an_address_contains_a_secret()
    {
        await using var visitor = await OpenAsync();
        var secret = await visitor.SecretAsync();
        await visitor.ClickAsync("Continue");
        await visitor.ExpectScreenAsync("totpEnrollmentCode");

        var state = await visitor.Page.EvaluateAsync<string>("() => JSON.stringify(history.state)");

        state.ShouldContain("totpEnrollmentCode");
        state.ShouldNotContain(secret);
    }

    private async Task<Visitor> OpenAsync()
    {
        var invitation = await Invitation.CreateAsync(await servers.GetAsync(Engine.Sqlite));
        var visitor = await Visitor.OpenAsync(invitation.Url);
        await visitor.ExpectScreenAsync("totpEnrollment");
        return visitor;
    }

    private static Task<int> LengthAsync(Visitor visitor) => visitor.Page.EvaluateAsync<int>("() => history.length");
}

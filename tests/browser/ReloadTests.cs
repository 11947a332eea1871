using Sallyport.Browser.Tests.Hosting;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;
using static Microsoft.Playwright.Assertions;

namespace Sallyport.Browser.Tests;

/// <summary>A reload continues the transaction of the tab. Every other way to open a link again shows a new key and says so.</summary>
public sealed class ReloadTests(Servers servers) : IClassFixture<Servers>
{
    private const string NewKeyText = "Delete the earlier entry in your app and scan again.";

    [Theory, Engines]
    public async Task A_reload_keeps_the_key_and_the_screen(Engine engine)
    {
        var invitation = await Invitation.CreateAsync(await servers.GetAsync(engine));
        await using var visitor = await Visitor.OpenAsync(invitation.Url);
        await visitor.ExpectScreenAsync("totpEnrollment");
        var secret = await visitor.SecretAsync();

        await visitor.Page.ReloadAsync();
        await visitor.ExpectScreenAsync("totpEnrollment");
        (await visitor.SecretAsync()).ShouldBe(secret);
        await visitor.ClickAsync("Continue");
        await visitor.ExpectScreenAsync("totpEnrollmentCode");
        await visitor.Page.ReloadAsync();
        await visitor.ExpectScreenAsync("totpEnrollmentCode");
        await visitor.CodeField.FillAsync(invitation.CodeOf(secret));

        await visitor.ExpectScreenAsync("reportRecoveryCode");
        (await invitation.EnrollmentStatesAsync()).ShouldBe(["confirmed"]);
        visitor.Requests.Count(request => request.Url.EndsWith("/start-flow", StringComparison.Ordinal)).ShouldBe(1);
        visitor.Errors.ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task A_reload_before_the_recovery_code_is_saved_shows_it_again(Engine engine)
    {
        var invitation = await Invitation.CreateAsync(await servers.GetAsync(engine));
        await using var visitor = await Visitor.OpenAsync(invitation.Url);
        visitor.Page.Dialog += (_, dialog) => _ = dialog.AcceptAsync();
        await visitor.ConfirmKeyAsync(invitation);
        var code = await visitor.RecoveryCodeAsync();

        await visitor.Page.ReloadAsync();
        await visitor.ExpectScreenAsync("reportRecoveryCode");
        (await visitor.RecoveryCodeAsync()).ShouldBe(code);
        await visitor.Checkbox.CheckAsync();
        await visitor.ClickAsync("Continue");
        await visitor.ExpectScreenAsync("enrollmentCongrats");
        await visitor.Page.ReloadAsync();

        await visitor.ExpectScreenAsync("generalError");
        await visitor.ExpectTextAsync("Did you not save your recovery code? Ask Sallyport for a new one.");
        (await StoredAsync(visitor)).ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task A_new_tab_shows_a_new_key_and_says_what_to_do_with_the_earlier_one(Engine engine)
    {
        var invitation = await Invitation.CreateAsync(await servers.GetAsync(engine));
        await using var visitor = await Visitor.OpenAsync(invitation.Url);
        await visitor.ExpectScreenAsync("totpEnrollment");
        await Expect(visitor.Page.GetByText(NewKeyText)).ToHaveCountAsync(0);
        var firstSecret = await visitor.SecretAsync();

        var tab = await visitor.Page.Context.NewPageAsync();
        await tab.GotoAsync(invitation.Url);

        await Expect(tab.GetByText(NewKeyText)).ToBeVisibleAsync();
        (await tab.Locator("[data-otp-secret]").GetAttributeAsync("data-otp-secret")).ShouldNotBe(firstSecret);
        await tab.ReloadAsync();
        await Expect(tab.GetByText(NewKeyText)).ToBeVisibleAsync();
    }

    /// <summary>The browser of a phone does not know that the link was opened on a desktop, but the server does.</summary>
    [Fact]
    public async Task The_server_can_say_that_a_link_has_been_opened_before()
    {
        var invitation = await Invitation.CreateAsync(await servers.GetAsync(Engine.Sqlite));
        await using var visitor = await Visitor.OpenAsync(Devices.Phone());
        await visitor.AddToAnswerAsync("start-flow", "reopened", true);

        await visitor.Page.GotoAsync(invitation.Url);

        await visitor.ExpectScreenAsync("totpEnrollment");
        await visitor.ExpectTextAsync(NewKeyText);
    }

    [Fact]
    public async Task A_wrong_code_after_a_link_was_opened_before_asks_for_the_earlier_entry_first()
    {
        var invitation = await Invitation.CreateAsync(await servers.GetAsync(Engine.Sqlite));
        await using var visitor = await Visitor.OpenAsync();
        await visitor.AddToAnswerAsync("start-flow", "reopened", true);
        await visitor.Page.GotoAsync(invitation.Url);
        await visitor.ExpectScreenAsync("totpEnrollment");
        var secret = await visitor.SecretAsync();
        await visitor.ClickAsync("Continue");

        await visitor.CodeField.FillAsync(invitation.WrongCodeOf(secret, 0));
        await visitor.ExpectTextAsync("That code is not right. Enter the one that your app shows now.");
        await visitor.CodeField.FillAsync(invitation.WrongCodeOf(secret, 1));
        await visitor.ExpectTextAsync("If your app has two entries for “Sallyport”, delete the earlier one");
        await visitor.CodeField.FillAsync(invitation.WrongCodeOf(secret, 2));

        await visitor.ExpectTextAsync("Turn on automatic date and time on your phone");
    }

    [Fact]
    public async Task A_reload_after_the_transaction_has_expired_starts_a_new_one()
    {
        var invitation = await Invitation.CreateAsync(await servers.GetAsync(Engine.Sqlite));
        await using var visitor = await Visitor.OpenAsync(invitation.Url);
        await visitor.ExpectScreenAsync("totpEnrollment");
        var secret = await visitor.SecretAsync();
        await visitor.ClickAsync("Continue");
        await visitor.ExpectScreenAsync("totpEnrollmentCode");

        invitation.Server.Clock.Advance(TimeSpan.FromHours(1));
        await visitor.Page.ReloadAsync();

        await visitor.ExpectScreenAsync("totpEnrollment");
        await visitor.ExpectTextAsync(NewKeyText);
        (await visitor.SecretAsync()).ShouldNotBe(secret);
    }

    [Fact]
    public async Task A_reload_without_a_connection_does_not_lose_the_transaction()
    {
        var invitation = await Invitation.CreateAsync(await servers.GetAsync(Engine.Sqlite));
        await using var visitor = await Visitor.OpenAsync(invitation.Url);
        await visitor.ExpectScreenAsync("totpEnrollment");
        var secret = await visitor.SecretAsync();

        await visitor.Page.RouteAsync("**/transaction-state", route => route.AbortAsync());
        await visitor.Page.ReloadAsync();
        await Expect(visitor.Heading).ToHaveTextAsync("We cannot reach the server");
        await visitor.Page.UnrouteAllAsync();
        await visitor.ClickAsync("Try again");

        await visitor.ExpectScreenAsync("totpEnrollment");
        (await visitor.SecretAsync()).ShouldBe(secret);
    }

    private static Task<string[]> StoredAsync(Visitor visitor) => visitor.Page.EvaluateAsync<string[]>("() => Object.keys(sessionStorage)");
}

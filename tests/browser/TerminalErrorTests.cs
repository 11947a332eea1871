using System.Net;
using Sallyport.Browser.Tests.Hosting;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;
using static Microsoft.Playwright.Assertions;

namespace Sallyport.Browser.Tests;

/// <summary>Every terminal error says what happened and what to do next, and shows a reference.</summary>
public sealed class TerminalErrorTests(Servers servers) : IClassFixture<Servers>
{
    [Theory, Engines]
    public async Task A_used_link_shows_that_it_has_been_used(Engine engine)
    {
        var invitation = await Invitation.CreateAsync(await servers.GetAsync(engine));
        await invitation.EnrollAsync();

        await ShouldShowAsync(invitation.Url, "This link has been used", "there is nothing left to do");
    }

    [Theory, Engines]
    public async Task An_expired_link_shows_whom_to_ask_for_a_new_one(Engine engine)
    {
        var invitation = await Invitation.CreateAsync(await servers.GetAsync(engine));
        invitation.Server.Clock.Advance(TimeSpan.FromDays(6));

        await ShouldShowAsync(invitation.Url, "This link is too old", "Ask Sallyport for a new link.");
    }

    [Theory, Engines]
    public async Task The_link_of_a_blocked_user_shows_that_the_account_is_blocked(Engine engine)
    {
        var invitation = await Invitation.CreateAsync(await servers.GetAsync(engine));
        await invitation.BlockAsync();

        await ShouldShowAsync(invitation.Url, "Your account is blocked", "Ask Sallyport what to do.");
    }

    [Theory, Engines]
    public async Task An_unknown_link_asks_to_open_it_again(Engine engine)
    {
        var server = await servers.GetAsync(engine);

        await ShouldShowAsync($"{server.Url}/mfa/enrollment?ticket=nobody-knows-this", "This link does not work", "Open the link from your message again.");
    }

    [Theory, Engines]
    public async Task A_link_without_a_ticket_asks_to_open_it_again(Engine engine)
    {
        var server = await servers.GetAsync(engine);

        await ShouldShowAsync($"{server.Url}/mfa/enrollment", "This link does not work", "Open the link from your message again.");
    }

    [Theory, Engines]
    public async Task A_new_ticket_of_an_enrolled_user_shows_that_the_account_is_set_up(Engine engine)
    {
        var invitation = await Invitation.CreateAsync(await servers.GetAsync(engine));
        await invitation.EnrollAsync();

        await ShouldShowAsync((await invitation.NewTicketAsync()).Url, "Your account is already set up", "There is nothing left to do here.");
    }

    [Theory, Engines]
    public async Task A_ticket_that_expires_while_its_page_is_open_ends_in_an_explanation(Engine engine)
    {
        var invitation = await Invitation.CreateAsync(await servers.GetAsync(engine));
        await using var visitor = await Visitor.OpenAsync(invitation.Url);
        await visitor.ExpectScreenAsync("totpEnrollment");
        await visitor.ClickAsync("Continue");

        invitation.Server.Clock.Advance(TimeSpan.FromDays(6));
        await visitor.CodeField.FillAsync("123456");
        await visitor.ExpectScreenAsync("generalError");
        await Expect(visitor.Heading).ToHaveTextAsync("This page was open for too long");
        await visitor.ClickAsync("Start again");

        await Expect(visitor.Heading).ToHaveTextAsync("This link no longer works");
    }

    [Theory, Engines]
    public async Task The_second_of_two_windows_shows_that_the_first_has_finished(Engine engine)
    {
        var invitation = await Invitation.CreateAsync(await servers.GetAsync(engine));
        await using var first = await Visitor.OpenAsync(invitation.Url);
        await using var second = await Visitor.OpenAsync();
        // With a socket it would learn of the first one before it can send its code.
        await second.Page.RouteWebSocketAsync("**/socket.io/**", socket => socket.CloseAsync());
        await second.Page.GotoAsync(invitation.Url);
        await second.ExpectScreenAsync("totpEnrollment");
        var secondCode = invitation.CodeOf(await second.SecretAsync());
        await second.ClickAsync("Continue");

        await first.ExpectScreenAsync("totpEnrollment");
        var firstCode = invitation.CodeOf(await first.SecretAsync());
        await first.ClickAsync("Continue");
        await first.CodeField.FillAsync(firstCode);
        await first.ExpectScreenAsync("reportRecoveryCode");
        await second.CodeField.FillAsync(secondCode);

        await second.ExpectScreenAsync("enrollmentCongrats");
        await second.ExpectTextAsync("You finished in another window");
        (await invitation.EnrollmentStatesAsync()).ShouldBe(["confirmed"]);
    }

    [Theory, Engines]
    public async Task A_window_notices_when_it_gets_the_focus_that_another_has_finished(Engine engine)
    {
        var invitation = await Invitation.CreateAsync(await servers.GetAsync(engine));
        await using var visitor = await Visitor.OpenAsync(invitation.Url);
        await visitor.ExpectScreenAsync("totpEnrollment");

        await invitation.EnrollAsync();
        await visitor.Page.EvaluateAsync("() => { window.dispatchEvent(new Event('focus')); }");

        await visitor.ExpectScreenAsync("enrollmentCongrats");
        await visitor.ExpectTextAsync("You finished in another window");
    }

    [Fact]
    public async Task After_a_lost_connection_the_person_can_try_again()
    {
        var invitation = await Invitation.CreateAsync(await servers.GetAsync(Engine.Sqlite));
        await using var visitor = await Visitor.OpenAsync();
        await visitor.Page.RouteAsync("**/start-flow", route => route.AbortAsync());
        await visitor.Page.GotoAsync(invitation.Url);
        await Expect(visitor.Heading).ToHaveTextAsync("We cannot reach the server");

        await visitor.Page.UnrouteAllAsync();
        await visitor.ClickAsync("Try again");

        await visitor.ExpectScreenAsync("totpEnrollment");
    }

    [Fact]
    public async Task Without_scripts_the_page_says_that_it_needs_them()
    {
        var invitation = await Invitation.CreateAsync(await servers.GetAsync(Engine.Sqlite));
        var device = Devices.Desktop();
        device.JavaScriptEnabled = false;

        await using var visitor = await Visitor.OpenAsync(invitation.Url, device);

        await Expect(visitor.Page.Locator("noscript p")).ToBeVisibleAsync();
        await Expect(visitor.Page.Locator("noscript p")).ToContainTextAsync("This page needs JavaScript");
        await Screenshots.SaveAsync(visitor.Page, "no-script");
        (await invitation.StatusAsync()).ShouldBe(HttpStatusCode.OK);
    }

    private static async Task ShouldShowAsync(string url, string heading, string help)
    {
        await using var visitor = await Visitor.OpenAsync(url);

        await visitor.ExpectScreenAsync("generalError");
        await Expect(visitor.Heading).ToHaveTextAsync(heading);
        await Expect(visitor.Heading).ToBeFocusedAsync();
        await visitor.ExpectTextAsync(help);
        await visitor.ExpectTextAsync("Reference: ");
        await Expect(visitor.CodeField).ToHaveCountAsync(0);
        visitor.Errors.ShouldBeEmpty();
    }
}

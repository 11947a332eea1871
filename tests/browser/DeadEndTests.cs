using System.Net;
using Sallyport.Browser.Tests.Hosting;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;
using static Microsoft.Playwright.Assertions;

namespace Sallyport.Browser.Tests;

/// <summary>Every end says what happened and what to do next, and carries a reference.</summary>
public sealed class DeadEndTests(Servers servers) : IClassFixture<Servers>
{
    [Theory, Engines]
    public async Task A_used_link_says_that_it_was_used(Engine engine)
    {
        var invitation = await Invitation.CreateAsync(await servers.GetAsync(engine));
        await invitation.EnrollAsync();

        await ShouldEndAsync(invitation.Url, "This link has been used", "there is nothing left to do");
    }

    [Theory, Engines]
    public async Task An_expired_link_says_whom_to_ask_for_another(Engine engine)
    {
        var invitation = await Invitation.CreateAsync(await servers.GetAsync(engine));
        invitation.Server.Clock.Advance(TimeSpan.FromDays(6));

        await ShouldEndAsync(invitation.Url, "This link is too old", "Ask whoever sent you the link for a new one.");
    }

    [Theory, Engines]
    public async Task An_unknown_link_says_to_open_it_again(Engine engine)
    {
        var server = await servers.GetAsync(engine);

        await ShouldEndAsync($"{server.Url}/mfa/enrollment?ticket=nobody-knows-this", "This link does not work", "Open the link from your message again.");
    }

    [Theory, Engines]
    public async Task A_link_without_a_ticket_says_to_open_it_again(Engine engine)
    {
        var server = await servers.GetAsync(engine);

        await ShouldEndAsync($"{server.Url}/mfa/enrollment", "This link does not work", "Open the link from your message again.");
    }

    [Theory, Engines]
    public async Task Whoever_is_enrolled_already_is_told_so(Engine engine)
    {
        var invitation = await Invitation.CreateAsync(await servers.GetAsync(engine));
        await invitation.EnrollAsync();

        await ShouldEndAsync((await invitation.AgainAsync()).Url, "Your account is already set up", "There is nothing left to do here.");
    }

    [Theory, Engines]
    public async Task A_ticket_that_expires_while_its_page_is_open_ends_with_words(Engine engine)
    {
        var invitation = await Invitation.CreateAsync(await servers.GetAsync(engine));
        await using var visitor = await Visitor.ArriveAsync(invitation.Url);
        await visitor.SeeAsync("totpEnrollment");
        await visitor.PressAsync("Continue");

        invitation.Server.Clock.Advance(TimeSpan.FromDays(6));
        await visitor.CodeField.FillAsync("123456");
        await visitor.SeeAsync("generalError");
        await Expect(visitor.Heading).ToHaveTextAsync("This page was open for too long");
        await visitor.PressAsync("Start again");

        await Expect(visitor.Heading).ToHaveTextAsync("This link no longer works");
    }

    [Theory, Engines]
    public async Task The_second_of_two_windows_ends_calmly_when_the_first_is_done(Engine engine)
    {
        var invitation = await Invitation.CreateAsync(await servers.GetAsync(engine));
        await using var first = await Visitor.ArriveAsync(invitation.Url);
        await using var second = await Visitor.ArriveAsync();
        // It would hear of the first one, and have no code to send.
        await second.Page.RouteWebSocketAsync("**/socket.io/**", socket => socket.CloseAsync());
        await second.Page.GotoAsync(invitation.Url);
        await second.SeeAsync("totpEnrollment");
        var secondCode = invitation.CodeOf(await second.SecretAsync());
        await second.PressAsync("Continue");

        await first.SeeAsync("totpEnrollment");
        var firstCode = invitation.CodeOf(await first.SecretAsync());
        await first.PressAsync("Continue");
        await first.CodeField.FillAsync(firstCode);
        await first.SeeAsync("reportRecoveryCode");
        await second.CodeField.FillAsync(secondCode);

        await second.SeeAsync("enrollmentCongrats");
        await second.ReadAsync("You finished in another window");
        (await invitation.EnrollmentStatesAsync()).ShouldBe(["confirmed"]);
    }

    [Theory, Engines]
    public async Task A_window_that_is_come_back_to_notices_that_another_was_faster(Engine engine)
    {
        var invitation = await Invitation.CreateAsync(await servers.GetAsync(engine));
        await using var visitor = await Visitor.ArriveAsync(invitation.Url);
        await visitor.SeeAsync("totpEnrollment");

        await invitation.EnrollAsync();
        await visitor.Page.EvaluateAsync("() => { window.dispatchEvent(new Event('focus')); }");

        await visitor.SeeAsync("enrollmentCongrats");
        await visitor.ReadAsync("You finished in another window");
    }

    [Fact]
    public async Task A_lost_connection_can_be_tried_again()
    {
        var invitation = await Invitation.CreateAsync(await servers.GetAsync(Engine.Sqlite));
        await using var visitor = await Visitor.ArriveAsync();
        await visitor.Page.RouteAsync("**/start-flow", route => route.AbortAsync());
        await visitor.Page.GotoAsync(invitation.Url);
        await Expect(visitor.Heading).ToHaveTextAsync("We cannot reach the server");

        await visitor.Page.UnrouteAllAsync();
        await visitor.PressAsync("Try again");

        await visitor.SeeAsync("totpEnrollment");
    }

    [Fact]
    public async Task Without_scripts_the_page_says_so_in_words()
    {
        var invitation = await Invitation.CreateAsync(await servers.GetAsync(Engine.Sqlite));
        var look = Looks.Desk();
        look.JavaScriptEnabled = false;

        await using var visitor = await Visitor.ArriveAsync(invitation.Url, look);

        await Expect(visitor.Page.Locator("noscript p")).ToBeVisibleAsync();
        await Expect(visitor.Page.Locator("noscript p")).ToContainTextAsync("This page needs JavaScript");
        await Screenshots.SaveAsync(visitor.Page, "no-script");
        (await invitation.LookAsync()).ShouldBe(HttpStatusCode.OK);
    }

    private static async Task ShouldEndAsync(string url, string heading, string help)
    {
        await using var visitor = await Visitor.ArriveAsync(url);

        await visitor.SeeAsync("generalError");
        await Expect(visitor.Heading).ToHaveTextAsync(heading);
        await Expect(visitor.Heading).ToBeFocusedAsync();
        await visitor.ReadAsync(help);
        await visitor.ReadAsync("Reference: ");
        await Expect(visitor.CodeField).ToHaveCountAsync(0);
        visitor.Errors.ShouldBeEmpty();
    }
}

using Microsoft.Playwright;
using Sallyport.Browser.Tests.Hosting;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Browser.Tests;

/// <summary>The widget learns through its socket that the transaction has changed elsewhere.</summary>
public sealed class StateChangeTests(Servers servers) : IClassFixture<Servers>
{
    [Theory, Engines]
    public async Task A_window_in_the_background_learns_that_another_has_enrolled(Engine engine)
    {
        var invitation = await Invitation.CreateAsync(await servers.GetAsync(engine));
        await using var visitor = await Visitor.OpenAsync();
        var authenticated = ReceivedAsync(visitor.Page, "42[\"authenticated\"");
        await visitor.Page.GotoAsync(invitation.Url);
        await visitor.ExpectScreenAsync("totpEnrollment");
        await authenticated;
        var before = StateRequests(visitor);

        await invitation.EnrollAsync();

        await visitor.ExpectScreenAsync("enrollmentCongrats");
        await visitor.ExpectTextAsync("You finished in another window");
        (StateRequests(visitor) - before).ShouldBe(1, "one event causes one request");
        visitor.Errors.ShouldBeEmpty();
        visitor.Violations.ShouldBeEmpty();
    }

    /// <summary>Some proxies let no WebSocket through.</summary>
    [Fact]
    public async Task Without_a_socket_a_user_can_still_enroll()
    {
        var invitation = await Invitation.CreateAsync(await servers.GetAsync(Engine.Sqlite));
        await using var visitor = await Visitor.OpenAsync();
        await visitor.Page.RouteWebSocketAsync("**/socket.io/**", socket => socket.CloseAsync());

        await visitor.Page.GotoAsync(invitation.Url);
        await visitor.ConfirmKeyAsync(invitation);

        (await invitation.EnrollmentStatesAsync()).ShouldBe(["confirmed"]);
        visitor.Errors.ShouldBeEmpty();
    }

    private static int StateRequests(Visitor visitor) =>
        visitor.Requests.Count(request => request.Url.EndsWith("/transaction-state", StringComparison.Ordinal));

    private static Task ReceivedAsync(IPage page, string packet)
    {
        var received = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        page.WebSocket += (_, socket) => socket.FrameReceived += (_, frame) =>
        {
            if (frame.Text?.StartsWith(packet, StringComparison.Ordinal) == true)
            {
                received.TrySetResult();
            }
        };
        return received.Task.WaitAsync(TimeSpan.FromMilliseconds(SharedBrowser.TimeoutMilliseconds));
    }
}

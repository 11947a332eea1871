using Microsoft.Playwright;
using Sallyport.Browser.Tests.Hosting;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Browser.Tests;

/// <summary>What happens elsewhere is seen here at once: the widget hears it, and does not wait until it asks again.</summary>
public sealed class NewsTests(Servers servers) : IClassFixture<Servers>
{
    [Theory, Engines]
    public async Task A_window_that_is_not_looked_at_hears_that_another_has_enrolled(Engine engine)
    {
        var invitation = await Invitation.CreateAsync(await servers.GetAsync(engine));
        await using var visitor = await Visitor.ArriveAsync();
        var authenticated = HeardAsync(visitor.Page, "42[\"authenticated\"");
        await visitor.Page.GotoAsync(invitation.Url);
        await visitor.SeeAsync("totpEnrollment");
        await authenticated;
        var asked = Asked(visitor);

        await invitation.EnrollAsync();

        await visitor.SeeAsync("enrollmentCongrats");
        await visitor.ReadAsync("You finished in another window");
        (Asked(visitor) - asked).ShouldBe(1, "it asks once, when it has heard");
        visitor.Errors.ShouldBeEmpty();
        visitor.Violations.ShouldBeEmpty();
    }

    /// <summary>A proxy that lets no websocket through takes away time and nothing else.</summary>
    [Fact]
    public async Task Without_a_socket_a_person_enrolls_all_the_same()
    {
        var invitation = await Invitation.CreateAsync(await servers.GetAsync(Engine.Sqlite));
        await using var visitor = await Visitor.ArriveAsync();
        await visitor.Page.RouteWebSocketAsync("**/socket.io/**", socket => socket.CloseAsync());

        await visitor.Page.GotoAsync(invitation.Url);
        await visitor.SeeAsync("totpEnrollment");
        var secret = await visitor.SecretAsync();
        await visitor.PressAsync("Continue");
        await visitor.CodeField.FillAsync(invitation.CodeOf(secret));
        await visitor.SeeAsync("reportRecoveryCode");

        (await invitation.EnrollmentStatesAsync()).ShouldBe(["confirmed"]);
        visitor.Errors.ShouldBeEmpty();
    }

    private static int Asked(Visitor visitor) =>
        visitor.Requests.Count(request => request.Url.EndsWith("/transaction-state", StringComparison.Ordinal));

    private static Task HeardAsync(IPage page, string packet)
    {
        var heard = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        page.WebSocket += (_, socket) => socket.FrameReceived += (_, frame) =>
        {
            if (frame.Text?.StartsWith(packet, StringComparison.Ordinal) == true)
            {
                heard.TrySetResult();
            }
        };
        return heard.Task.WaitAsync(TimeSpan.FromMilliseconds(SharedBrowser.PatienceMilliseconds));
    }
}

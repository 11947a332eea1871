using System.Net;
using Sallyport.Browser.Tests.Hosting;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Browser.Tests;

/// <summary>A preview can be walked through, and does nothing.</summary>
public sealed class PreviewTests(Servers servers) : IClassFixture<Servers>
{
    [Fact]
    public async Task A_preview_for_tickets_shows_every_screen_and_calls_nobody()
    {
        await using var visitor = await PreviewAsync(new { use = "ticket", html = DocumentedPages.BothUses });

        await visitor.SeeAsync("totpEnrollment");
        await visitor.SettleAsync();
        await Screenshots.SaveAsync(visitor.Page, "preview-ticket");
        await visitor.PressAsync("Continue");
        await visitor.CodeField.FillAsync("123456");
        await visitor.SeeAsync("reportRecoveryCode");
        await visitor.TickBox.CheckAsync();
        await visitor.PressAsync("Continue");
        await visitor.SeeAsync("enrollmentCongrats");

        await ShouldBeHarmlessAsync(visitor);
    }

    [Fact]
    public async Task A_preview_for_sign_in_shows_its_screens_and_sends_no_form()
    {
        await using var visitor = await PreviewAsync(new { use = "sign-in", html = DocumentedPages.BothUses });

        await visitor.SeeAsync("totpAuth");
        await visitor.SettleAsync();
        await Screenshots.SaveAsync(visitor.Page, "preview-sign-in");
        await visitor.CodeField.FillAsync("123456");
        await visitor.SeeAsync("authCongrats");
        await visitor.SettleAsync();

        await ShouldBeHarmlessAsync(visitor);
    }

    [Theory]
    [InlineData("ticket", "This link is too old")]
    [InlineData("sign-in", "This page was open for too long")]
    public async Task A_preview_shows_an_error_where_it_is_asked_for(string use, string words)
    {
        await using var visitor = await PreviewAsync(new { use, errors = true });

        await visitor.SeeAsync("generalError");
        await visitor.ReadAsync(words);
        await visitor.SettleAsync();
        await Screenshots.SaveAsync(visitor.Page, "preview-error-" + use);

        await ShouldBeHarmlessAsync(visitor);
    }

    private async Task<Visitor> PreviewAsync(object request)
    {
        var server = await servers.GetAsync(Engine.Sqlite);
        var answer = await new ManagementApi(server).SendAsync(HttpMethod.Post, "/guardian/mfa-page/preview", request);
        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Text);
        var visitor = await Visitor.ArriveAsync();
        await visitor.StayAtAsync(server.Url);
        await visitor.Page.RouteAsync(server.Url + "/preview", route => route.FulfillAsync(new()
        {
            Body = answer.Text,
            ContentType = "text/html; charset=utf-8",
            Headers = new Dictionary<string, string> { ["Content-Security-Policy"] = answer.Header("Content-Security-Policy"), ["Content-Type"] = "text/html; charset=utf-8" },
        }));
        await visitor.Page.GotoAsync(server.Url + "/preview");
        return visitor;
    }

    private static async Task ShouldBeHarmlessAsync(Visitor visitor)
    {
        (await visitor.Page.EvaluateAsync<string>("() => self.origin")).ShouldBe("null");
        visitor.Requests.Count.ShouldBeGreaterThan(30);
        visitor.Requests.ShouldAllBe(request => request.Method == "GET");
        visitor.Requests.ShouldNotContain(request => request.Url.Contains("/api/"));
        visitor.Errors.ShouldBeEmpty();
    }
}

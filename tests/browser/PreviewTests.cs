using System.Net;
using Sallyport.Browser.Tests.Hosting;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Browser.Tests;

/// <summary>A preview shows every screen and sends nothing.</summary>
public sealed class PreviewTests(Servers servers) : IClassFixture<Servers>
{
    [Fact]
    public async Task A_preview_for_tickets_shows_every_screen_and_sends_no_request()
    {
        await using var visitor = await PreviewAsync(new { use = "ticket", html = DocumentedPages.BothUses });

        await visitor.ExpectScreenAsync("totpEnrollment");
        await visitor.SettleAsync();
        await Screenshots.SaveAsync(visitor.Page, "preview-ticket");
        await visitor.ClickAsync("Continue");
        await visitor.CodeField.FillAsync("123456");
        await visitor.ExpectScreenAsync("reportRecoveryCode");
        await visitor.Checkbox.CheckAsync();
        await visitor.ClickAsync("Continue");
        await visitor.ExpectScreenAsync("enrollmentCongrats");

        await ShouldHaveSentNothingAsync(visitor);
    }

    [Fact]
    public async Task A_preview_for_sign_in_shows_its_screens_and_sends_no_form()
    {
        await using var visitor = await PreviewAsync(new { use = "sign-in", html = DocumentedPages.BothUses });

        await visitor.ExpectScreenAsync("totpAuth");
        await visitor.SettleAsync();
        await Screenshots.SaveAsync(visitor.Page, "preview-sign-in");
        await visitor.CodeField.FillAsync("123456");
        await visitor.ExpectScreenAsync("authCongrats");
        await visitor.SettleAsync();

        await ShouldHaveSentNothingAsync(visitor);
    }

    [Theory]
    [InlineData("ticket", "This link is too old")]
    [InlineData("sign-in", "This page was open for too long")]
    public async Task A_preview_shows_an_error_on_request(string use, string words)
    {
        await using var visitor = await PreviewAsync(new { use, errors = true });

        await visitor.ExpectScreenAsync("generalError");
        await visitor.ExpectTextAsync(words);
        await visitor.SettleAsync();
        await Screenshots.SaveAsync(visitor.Page, "preview-error-" + use);

        await ShouldHaveSentNothingAsync(visitor);
    }

    private async Task<Visitor> PreviewAsync(object request)
    {
        var server = await servers.GetAsync(Engine.Sqlite);
        var answer = await new ManagementApi(server).SendAsync(HttpMethod.Post, "/guardian/mfa-page/preview", request);
        var visitor = await Visitor.OpenAsync();
        await visitor.BlockOtherHostsAsync(server.Url);
        await visitor.Page.GotoAsync((string)answer.ShouldBe(HttpStatusCode.OK)["url"]!);
        return visitor;
    }

    private static async Task ShouldHaveSentNothingAsync(Visitor visitor)
    {
        (await visitor.Page.EvaluateAsync<string>("() => self.origin")).ShouldBe("null");
        visitor.Requests.Count.ShouldBeGreaterThan(30);
        visitor.Requests.ShouldAllBe(request => request.Method == "GET");
        visitor.Requests.ShouldNotContain(request => request.Url.Contains("/api/"));
        visitor.Errors.ShouldBeEmpty();
    }
}

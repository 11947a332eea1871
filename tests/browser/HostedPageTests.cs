using System.Net;
using System.Text.Json.Nodes;
using Sallyport.Browser.Tests.Hosting;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;
using static Microsoft.Playwright.Assertions;

namespace Sallyport.Browser.Tests;

/// <summary>The page at <c>ticket_url</c> as a tenant wrote it. Nothing but the server can be reached.</summary>
public sealed class HostedPageTests(Servers servers) : IClassFixture<Servers>
{
    private const string Endless =
        "<p>{% for a in (1..9999) %}{% for b in (1..9999) %}{% for c in (1..9999) %}{{ c }}{% endfor %}{% endfor %}{% endfor %}</p>";

    [Theory, Engines]
    public async Task A_documented_page_for_tickets_alone_enrolls_without_internet(Engine engine) =>
        await EnrollAsync(await ServeAsync(engine, DocumentedPages.TicketsAlone), "documented-tickets");

    [Theory, Engines]
    public async Task A_documented_page_for_both_uses_enrolls_without_internet(Engine engine) =>
        await EnrollAsync(await ServeAsync(engine, DocumentedPages.BothUses), "documented-both");

    [Fact]
    public async Task The_default_template_enrolls_as_a_page_of_the_tenants()
    {
        var server = await servers.GetAsync(Engine.Sqlite);
        var template = (string)(await new ManagementApi(server).GetAsync("/guardian/mfa-page/default"))["html"]!;

        await EnrollAsync(await ServeAsync(Engine.Sqlite, template), "default-as-own");
    }

    [Fact]
    public async Task A_documented_page_shows_why_a_link_is_over()
    {
        var invitation = await ServeAsync(Engine.Sqlite, DocumentedPages.TicketsAlone);
        await invitation.EnrollAsync();
        await using var visitor = await Visitor.ArriveAsync();
        await visitor.StayAtAsync(invitation.Server.Url);

        await visitor.Page.GotoAsync(invitation.Url);

        await visitor.SeeAsync("generalError");
        await visitor.ReadAsync("This link has been used.");
        await visitor.SettleAsync();
        await Screenshots.SaveAsync(visitor.Page, "documented-over");
        visitor.Errors.ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task A_page_on_guardian_js_without_the_widget_enrolls(Engine engine)
    {
        await GuardianJsBundle.MakeAsync();
        await using var server = await TestServer.StartAsync(engine);
        await SaveAsync(server, DocumentedPages.WithoutWidget);
        var invitation = await Invitation.CreateAsync(server);
        await using var visitor = await Visitor.ArriveAsync();
        await visitor.StayAtAsync(server.Url);

        await visitor.Page.GotoAsync(invitation.Url);
        await Expect(visitor.Page.Locator("#key")).ToContainTextAsync("otpauth://totp/");
        var uri = await visitor.Page.Locator("#key").TextContentAsync();
        var secret = System.Web.HttpUtility.ParseQueryString(new Uri(uri!).Query)["secret"]!;
        await visitor.CodeField.FillAsync(invitation.CodeOf(secret));
        await visitor.PressAsync("Send");

        await Expect(visitor.Page.Locator("#news")).ToContainTextAsync("Done, keep ");
        (await invitation.EnrollmentStatesAsync()).ShouldBe(["confirmed"]);
        ShouldHaveStayed(visitor, server);
    }

    /// <summary>Saved as it is; that it fails is seen when it is shown.</summary>
    [Fact]
    public async Task A_template_that_loops_for_ever_gives_way_to_a_page_that_enrolls() =>
        await EnrollAsync(await ServeAsync(Engine.Sqlite, Endless), "instead-of-endless");

    /// <summary>The API refuses it, so it is put where an older version may have left it.</summary>
    [Fact]
    public async Task Twenty_thousand_nested_tags_give_way_to_a_page_that_enrolls()
    {
        var server = await servers.GetAsync(Engine.Sqlite);
        var html = string.Concat(Enumerable.Repeat("{% if true %}", 20_000));
        (await new ManagementApi(server).SendAsync(HttpMethod.Patch, "/tenants/settings", new { guardian_mfa_page = new { html } }))
            .ShouldBeError(HttpStatusCode.BadRequest, "invalid_body");
        var settings = new JsonObject { ["guardian_mfa_page"] = new JsonObject { ["enabled"] = true, ["html"] = html } }.ToJsonString();
        await server.Database.WriteAsync(
            async unit => await unit.ExecuteAsync(new Statement("UPDATE tenant SET settings = @settings", ("settings", settings)), CancellationToken.None),
            CancellationToken.None);

        await EnrollAsync(await Invitation.CreateAsync(server), "instead-of-nested");
    }

    private async Task<Invitation> ServeAsync(Engine engine, string html)
    {
        var server = await servers.GetAsync(engine);
        await SaveAsync(server, html);
        return await Invitation.CreateAsync(server);
    }

    private static async Task SaveAsync(TestServer server, string html) =>
        (await new ManagementApi(server).SendAsync(HttpMethod.Patch, "/tenants/settings", new { guardian_mfa_page = new { enabled = true, html } }))
            .ShouldBe(HttpStatusCode.OK);

    private static async Task EnrollAsync(Invitation invitation, string name)
    {
        await using var visitor = await Visitor.ArriveAsync();
        await visitor.StayAtAsync(invitation.Server.Url);

        await visitor.Page.GotoAsync(invitation.Url);
        await visitor.SeeAsync("totpEnrollment");
        await visitor.SettleAsync();
        await Screenshots.SaveAsync(visitor.Page, name);
        await Expect(visitor.Page.Locator(".sp-account")).ToHaveTextAsync(invitation.Email);
        var secret = await visitor.SecretAsync();
        await visitor.PressAsync("Continue");
        await visitor.CodeField.FillAsync(invitation.CodeOf(secret));
        await visitor.SeeAsync("reportRecoveryCode");
        await visitor.TickBox.CheckAsync();
        await visitor.PressAsync("Continue");
        await visitor.SeeAsync("enrollmentCongrats");

        (await invitation.EnrollmentStatesAsync()).ShouldBe(["confirmed"]);
        (await invitation.LookAsync()).ShouldBe(HttpStatusCode.Gone);
        ShouldHaveStayed(visitor, invitation.Server);
    }

    private static void ShouldHaveStayed(Visitor visitor, TestServer server)
    {
        visitor.Errors.ShouldBeEmpty();
        visitor.Violations.ShouldBeEmpty();
        visitor.Requests.Select(request => request.Url)
            .Where(url => !url.StartsWith(server.Url + "/", StringComparison.Ordinal) && !url.StartsWith("blob:", StringComparison.Ordinal) && url != "data:,")
            .ShouldBeEmpty();
    }
}

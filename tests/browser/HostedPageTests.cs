using System.Net;
using System.Text.Json.Nodes;
using Sallyport.Browser.Tests.Hosting;
using Sallyport.Protocols.Otp;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;
using static Microsoft.Playwright.Assertions;

namespace Sallyport.Browser.Tests;

/// <summary>A tenant's own page at <c>ticket_url</c>. The browser can reach no other host than the server.</summary>
public sealed class HostedPageTests(Servers servers) : IClassFixture<Servers>
{
    private const string Endless =
        "<p>{% for a in (1..9999) %}{% for b in (1..9999) %}{% for c in (1..9999) %}{{ c }}{% endfor %}{% endfor %}{% endfor %}</p>";

    [Theory, Engines]
    public async Task The_vendors_documented_page_for_tickets_works_without_internet(Engine engine) =>
        await EnrollAsync(await ServeAsync(engine, DocumentedPages.TicketsAlone), "documented-tickets");

    [Theory, Engines]
    public async Task The_vendors_documented_page_for_tickets_and_sign_in_works_without_internet(Engine engine) =>
        await EnrollAsync(await ServeAsync(engine, DocumentedPages.BothUses), "documented-both");

    /// <summary>The API refuses such an address; a database may have it nevertheless.</summary>
    [Fact]
    public async Task The_vendors_documented_page_enrolls_and_signs_in_a_user_with_hostile_data()
    {
        const string Hostile = "\"'`</script><script>window.owned = 1</script><img src=x onerror='window.owned = 1'>${window.owned = 1}\\";
        var server = await servers.GetAsync(Engine.Sqlite);
        await SaveAsync(server, DocumentedPages.BothUses);
        await using var site = await ApplicationSite.StartAsync(server);
        var person = await Person.CreateAsync(server);
        await server.Database.WriteAsync(
            async unit => await unit.ExecuteAsync(
                new Statement("UPDATE \"user\" SET email = @hostile, name = @hostile WHERE user_id = @user_id", ("hostile", Hostile), ("user_id", person.UserId)),
                CancellationToken.None),
            CancellationToken.None);
        await using var visitor = await Visitor.OpenAsync();
        await visitor.BlockOtherHostsAsync(server.Url, site.Url);

        await visitor.Page.GotoAsync($"{server.Url}/mfa/enrollment?ticket={await person.NewTicketAsync()}");
        await visitor.ExpectScreenAsync("totpEnrollment");
        await ShouldShowHostileTextAsync();
        Base32.TryDecode(await visitor.SecretAsync(), out var key).ShouldBeTrue();
        await visitor.ClickAsync("Continue");
        await visitor.CodeField.FillAsync(person.Guardian.CodeOf(key));
        await visitor.ExpectScreenAsync("reportRecoveryCode");
        await visitor.Checkbox.CheckAsync();
        await visitor.ClickAsync("Continue");
        await visitor.ExpectScreenAsync("enrollmentCongrats");
        await visitor.Page.GotoAsync(site.LoginUrl(person));
        await visitor.ExpectScreenAsync("totpAuth");
        await ShouldShowHostileTextAsync();
        await visitor.SettleAsync();
        await Screenshots.SaveAsync(visitor.Page, "documented-sign-in");
        await visitor.CodeField.FillAsync(person.Guardian.CodeOf(key, 1));

        await Expect(visitor.Page.GetByText("Signed in as " + person.UserId)).ToBeVisibleAsync();
        visitor.Errors.ShouldBeEmpty();
        visitor.Violations.ShouldBeEmpty();

        async Task ShouldShowHostileTextAsync()
        {
            await Expect(visitor.Page.Locator(".sp-account")).ToHaveTextAsync(Hostile);
            await Expect(visitor.Page.Locator(".greeting")).ToHaveTextAsync(Hostile + ", add your phone");
            (await visitor.Page.EvaluateAsync<string>("() => typeof window.owned")).ShouldBe("undefined");
            await Expect(visitor.Page.Locator("img[src=x]")).ToHaveCountAsync(0);
        }
    }

    [Fact]
    public async Task The_default_template_works_as_a_tenants_own_page()
    {
        var server = await servers.GetAsync(Engine.Sqlite);
        var template = (string)(await new ManagementApi(server).GetAsync("/guardian/mfa-page/default"))["html"]!;

        await EnrollAsync(await ServeAsync(Engine.Sqlite, template), "default-as-own");
    }

    [Fact]
    public async Task The_vendors_documented_page_shows_that_a_link_has_been_used()
    {
        var invitation = await ServeAsync(Engine.Sqlite, DocumentedPages.TicketsAlone);
        await invitation.EnrollAsync();
        await using var visitor = await Visitor.OpenAsync();
        await visitor.BlockOtherHostsAsync(invitation.Server.Url);

        await visitor.Page.GotoAsync(invitation.Url);

        await visitor.ExpectScreenAsync("generalError");
        await visitor.ExpectTextAsync("This link has been used");
        await visitor.SettleAsync();
        await Screenshots.SaveAsync(visitor.Page, "documented-over");
        visitor.Errors.ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task A_page_that_uses_guardian_js_without_the_widget_works(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine, await PublishedAssets.SettingAsync());
        await SaveAsync(server, DocumentedPages.WithoutWidget);
        var invitation = await Invitation.CreateAsync(server);
        await using var visitor = await Visitor.OpenAsync();
        await visitor.BlockOtherHostsAsync(server.Url);

        await visitor.Page.GotoAsync(invitation.Url);
        await Expect(visitor.Page.Locator("#key")).ToContainTextAsync("otpauth://totp/");
        var uri = await visitor.Page.Locator("#key").TextContentAsync();
        var secret = System.Web.HttpUtility.ParseQueryString(new Uri(uri!).Query)["secret"]!;
        await visitor.CodeField.FillAsync(invitation.CodeOf(secret));
        await visitor.ClickAsync("Send");

        await Expect(visitor.Page.Locator("#news")).ToContainTextAsync("Done, keep ");
        (await invitation.EnrollmentStatesAsync()).ShouldBe(["confirmed"]);
        ShouldHaveStayed(visitor, server);
    }

    /// <summary>It parses, so it can be saved. It fails only when it is rendered.</summary>
    [Fact]
    public async Task A_template_that_loops_forever_is_replaced_by_the_default_page() =>
        await EnrollAsync(await ServeAsync(Engine.Sqlite, Endless), "instead-of-endless");

    /// <summary>The API rejects it, so the test writes it into the database, as an older version may have done.</summary>
    [Fact]
    public async Task A_template_with_20000_nested_tags_is_replaced_by_the_default_page()
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
        await using var visitor = await Visitor.OpenAsync();
        await visitor.BlockOtherHostsAsync(invitation.Server.Url);

        await visitor.Page.GotoAsync(invitation.Url);
        await visitor.ExpectScreenAsync("totpEnrollment");
        await visitor.SettleAsync();
        await Screenshots.SaveAsync(visitor.Page, name);
        await Expect(visitor.Page.Locator(".sp-account")).ToHaveTextAsync(invitation.Email);
        var secret = await visitor.SecretAsync();
        await visitor.ClickAsync("Continue");
        await visitor.CodeField.FillAsync(invitation.CodeOf(secret));
        await visitor.ExpectScreenAsync("reportRecoveryCode");
        await visitor.Checkbox.CheckAsync();
        await visitor.ClickAsync("Continue");
        await visitor.ExpectScreenAsync("enrollmentCongrats");

        (await invitation.EnrollmentStatesAsync()).ShouldBe(["confirmed"]);
        (await invitation.StatusAsync()).ShouldBe(HttpStatusCode.Gone);
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

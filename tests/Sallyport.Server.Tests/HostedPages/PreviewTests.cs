using System.Net;
using System.Text.Json.Nodes;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.HostedPages;

/// <summary>Previews for authors of pages. Tests in <c>tests/browser</c> open them.</summary>
public sealed class PreviewTests(Servers servers) : IClassFixture<Servers>
{
    private const string Path = "/guardian/mfa-page/preview";

    private const string Everything =
        "{{ ticket }}|{{ requestToken }}|{{ postActionURL }}|{{ userData.userId }}|{{ userData.email }}|{% for error in errors %}{{ error.code }}{% endfor %}";

    [Theory, Engines]
    public async Task Both_uses_are_shown_for_a_chosen_user_with_and_without_errors(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        var email = (string)(await person.Management.GetAsync(person.UserPath))["email"]!;

        (await ShowAsync(person, new { use = "ticket", html = Everything, user_id = person.UserId }))
            .ShouldBe($"preview|||{person.UserId}|{email}|");
        (await ShowAsync(person, new { use = "ticket", html = Everything, user_id = person.UserId, errors = true }))
            .ShouldBe($"preview|||{person.UserId}|{email}|ticket_expired");
        (await ShowAsync(person, new { use = "sign-in", html = Everything, user_id = person.UserId }))
            .ShouldBe($"|preview|{person.Server.Url}/mfa/preview|{person.UserId}|{email}|");
        (await ShowAsync(person, new { use = "sign-in", html = Everything, errors = true }))
            .ShouldBe($"|preview|{person.Server.Url}/mfa/preview|auth0|preview|ada@example.com|transaction_expired");
    }

    [Theory, Engines]
    public async Task Without_a_template_the_saved_page_is_shown_or_the_default(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var person = await Person.CreateAsync(server);

        (await ShowAsync(person, new { use = "ticket" })).ShouldContain("new Auth0MFAWidget(");
        (await person.Management.SendAsync(HttpMethod.Patch, "/tenants/settings", new { guardian_mfa_page = new { html = "<p>Saved</p>" } })).ShouldBe(HttpStatusCode.OK);

        (await ShowAsync(person, new { use = "ticket" })).ShouldBe("<p>Saved</p>");
    }

    [Theory, Engines]
    public async Task A_preview_changes_nothing_and_contains_no_credentials(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var person = await Person.CreateAsync(server);
        var before = await DatabaseDump.TakeAsync(server.Database);

        await CreateAsync(person, new { use = "ticket", html = Everything, user_id = person.UserId });

        await server.Database.WriteAsync(
            async unit => await unit.ExecuteAsync(new Statement("DELETE FROM mfa_page_preview"), CancellationToken.None), CancellationToken.None);
        (await DatabaseDump.TakeAsync(server.Database)).ShouldBe(before);
        (await person.Guardian.SendAsync("start-flow", "Ticket id=\"preview\"")).ShouldBeError(HttpStatusCode.Unauthorized, "invalid_token");
        (await person.Guardian.SendAsync("start-flow", "Bearer preview")).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory, Engines]
    public async Task A_preview_opens_in_a_browser_for_ten_minutes(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var person = await Person.CreateAsync(server);

        var preview = await CreateAsync(person, new { use = "ticket", html = "<p>Ours</p><script src=\"//cdn.auth0.com/js/mfa-widget/mfa-widget-1.8.min.js\"></script>" });
        var url = (string)preview["url"]!;
        var page = await server.GetAsync(url);

        ((DateTimeOffset)preview["expires_at"]!).ShouldBe(server.Clock.GetUtcNow() + TimeSpan.FromMinutes(10));
        url.ShouldMatch("^" + server.Url + @"/mfa/preview\?id=[A-Za-z0-9]{32}$");
        page.Status.ShouldBe(HttpStatusCode.OK);
        page.Text.ShouldBe((string)preview["html"]!);
        page.Text.ShouldContain($"src=\"{server.Url}/js/mfa-widget/mfa-widget-1.8.min.js\"");
        page.Text.ShouldNotContain("\"/js/");
        var policy = page.Header("Content-Security-Policy");
        policy.ShouldStartWith("sandbox allow-scripts; ");
        policy.ShouldContain("connect-src 'none'");
        policy.ShouldContain("form-action 'none'");
        page.Header("Cache-Control").ShouldBe("no-store");
        server.Clock.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromSeconds(1));
        (await server.GetAsync(url)).Status.ShouldBe(HttpStatusCode.OK);
        server.Clock.Advance(TimeSpan.FromSeconds(1));
        foreach (var dead in new[] { url, url + "A", server.Url + "/mfa/preview", server.Url + "/mfa/preview?id=%00" })
        {
            var over = await server.GetAsync(dead);
            over.Status.ShouldBe(HttpStatusCode.NotFound, dead);
            over.Text.ShouldContain("This preview has expired");
        }
    }

    [Theory, Engines]
    public async Task Only_the_last_twenty_previews_are_kept(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var person = await Person.CreateAsync(server);
        var urls = new List<string>();

        for (var i = 0; i < 22; i++)
        {
            urls.Add((string)(await CreateAsync(person, new { use = "ticket", html = $"<p>{i}</p>" }))["url"]!);
            server.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        (await server.GetAsync(urls[1])).Status.ShouldBe(HttpStatusCode.NotFound);
        (await server.GetAsync(urls[2])).Text.ShouldBe("<p>2</p>");
        (await server.GetAsync(urls[21])).Text.ShouldBe("<p>21</p>");
    }

    [Theory, Engines]
    public async Task A_template_that_fails_is_refused_with_line_and_column(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));

        await RefuseAsync(person, new { use = "ticket", html = "\n{% if %}" }, HttpStatusCode.BadRequest, "invalid_body", "line 2, column");
        await RefuseAsync(
            person, new { use = "ticket", html = "{% for a in (1..9999) %}{% for b in (1..9999) %}{% endfor %}{% endfor %}" },
            HttpStatusCode.BadRequest, "invalid_body", "line 1, column");
        await RefuseAsync(person, new { use = "login" }, HttpStatusCode.BadRequest, "invalid_body", "use");
        await RefuseAsync(person, new { html = "x" }, HttpStatusCode.BadRequest, "invalid_body", "use");
        await RefuseAsync(person, new { use = "ticket", ticket = "x" }, HttpStatusCode.BadRequest, "invalid_body", "ticket");
        await RefuseAsync(person, new { use = "ticket", user_id = "auth0|nobody" }, HttpStatusCode.NotFound, "inexistent_user", "user");
    }

    /// <summary>Otherwise a client that may read only the settings could read the address of every user.</summary>
    [Theory, Engines]
    public async Task A_preview_with_a_user_needs_the_scope_to_read_users(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        var reader = new ManagementApi(person.Server, "read:tenant_settings");

        (await reader.SendAsync(HttpMethod.Post, Path, new { use = "ticket" })).Status.ShouldBe(HttpStatusCode.OK);
        (await reader.SendAsync(HttpMethod.Post, Path, new { use = "ticket", user_id = person.UserId }))
            .ShouldBeError(HttpStatusCode.Forbidden, "insufficient_scope");
        (await new ManagementApi(person.Server, "read:users").SendAsync(HttpMethod.Post, Path, new { use = "ticket" }))
            .ShouldBeError(HttpStatusCode.Forbidden, "insufficient_scope");
    }

    private static async Task<string> ShowAsync(Person person, object body) => (string)(await CreateAsync(person, body))["html"]!;

    private static async Task<JsonNode> CreateAsync(Person person, object body) =>
        (await person.Management.SendAsync(HttpMethod.Post, Path, body)).ShouldBe(HttpStatusCode.OK);

    private static async Task RefuseAsync(Person person, object body, HttpStatusCode status, string code, string mentions)
    {
        var answer = await person.Management.SendAsync(HttpMethod.Post, Path, body);
        answer.ShouldBeError(status, code);
        ((string)answer.Json!["message"]!).ShouldContain(mentions);
    }
}

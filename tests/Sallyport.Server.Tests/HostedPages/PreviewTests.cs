using System.Net;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.HostedPages;

/// <summary>What a page would look like, for whoever writes it. How it behaves is tried in <c>tests/browser</c>.</summary>
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
    public async Task Without_a_text_the_saved_page_is_shown_or_the_default(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var person = await Person.CreateAsync(server);

        (await ShowAsync(person, new { use = "ticket" })).ShouldContain("new Auth0MFAWidget(");
        (await person.Management.SendAsync(HttpMethod.Patch, "/tenants/settings", new { guardian_mfa_page = new { html = "<p>Saved</p>" } })).ShouldBe(HttpStatusCode.OK);

        (await ShowAsync(person, new { use = "ticket" })).ShouldBe("<p>Saved</p>");
    }

    [Theory, Engines]
    public async Task A_preview_changes_nothing_and_opens_nothing(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var person = await Person.CreateAsync(server);
        var before = await DatabaseDump.TakeAsync(server.Database);

        var answer = await person.Management.SendAsync(HttpMethod.Post, Path, new { use = "ticket", html = Everything, user_id = person.UserId });

        (await DatabaseDump.TakeAsync(server.Database)).ShouldBe(before);
        var policy = answer.Header("Content-Security-Policy");
        policy.ShouldStartWith("sandbox allow-scripts; ");
        policy.ShouldContain("connect-src 'none'");
        policy.ShouldContain("form-action 'none'");
        answer.Header("Cache-Control").ShouldBe("no-store");
        (await person.Guardian.SendAsync("start-flow", "Ticket id=\"preview\"")).ShouldBeError(HttpStatusCode.Unauthorized, "invalid_token");
        (await person.Guardian.SendAsync("start-flow", "Bearer preview")).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory, Engines]
    public async Task What_cannot_be_shown_is_refused_with_the_place(Engine engine)
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

    /// <summary>Else whoever may read the settings could read everybody's address.</summary>
    [Theory, Engines]
    public async Task Who_shows_a_person_must_be_allowed_to_read_them(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        var reader = new ManagementApi(person.Server, "read:tenant_settings");

        (await reader.SendAsync(HttpMethod.Post, Path, new { use = "ticket" })).Status.ShouldBe(HttpStatusCode.OK);
        (await reader.SendAsync(HttpMethod.Post, Path, new { use = "ticket", user_id = person.UserId }))
            .ShouldBeError(HttpStatusCode.Forbidden, "insufficient_scope");
        (await new ManagementApi(person.Server, "read:users").SendAsync(HttpMethod.Post, Path, new { use = "ticket" }))
            .ShouldBeError(HttpStatusCode.Forbidden, "insufficient_scope");
    }

    private static async Task<string> ShowAsync(Person person, object body)
    {
        var answer = await person.Management.SendAsync(HttpMethod.Post, Path, body);
        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Text);
        return answer.Text;
    }

    private static async Task RefuseAsync(Person person, object body, HttpStatusCode status, string code, string mentions)
    {
        var answer = await person.Management.SendAsync(HttpMethod.Post, Path, body);
        answer.ShouldBeError(status, code);
        ((string)answer.Json!["message"]!).ShouldContain(mentions);
    }
}

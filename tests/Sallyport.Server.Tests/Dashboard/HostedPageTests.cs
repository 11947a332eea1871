using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Sallyport.Server.Administrators;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Dashboard;

/// <summary>The hosted page in the dashboard: edit, preview, switch, versions, resets.</summary>
public sealed partial class HostedPageTests(Servers servers) : IClassFixture<Servers>
{
    private const string Editor = "/dashboard/hosted-page";
    private const string Versions = Editor + "/versions";

    [Theory, Engines]
    public async Task A_saved_text_is_shown_once_it_is_switched_on(Engine engine)
    {
        var server = await servers.GetCleanAsync(engine);
        var visitor = await DashboardVisitor.CreateAsync(server, AdministratorRole.Editor);
        var page = await visitor.OpenAsync(Editor);
        page.Text.ShouldContain("The built-in page is shown");
        TextOf(page).ShouldBe(await DefaultAsync(server));

        (await SaveAsync(visitor, "<p>One\r\nTwo</p>")).Location.ShouldBe(Editor);
        (await visitor.OpenAsync(Editor)).Text.ShouldContain("People see the built-in page until you switch yours on.");
        (await SavedAsync(server)).ToJsonString().ShouldBe("""{"enabled":false,"html":"\u003Cp\u003EOne\nTwo\u003C/p\u003E"}""");
        (await SwitchAsync(visitor, "true")).Location.ShouldBe(Editor);

        page = await visitor.OpenAsync(Editor);
        page.Text.ShouldContain("Your page is shown");
        TextOf(page).ShouldBe("<p>One\nTwo</p>");
        ((bool)(await SavedAsync(server))["enabled"]!).ShouldBeTrue();
        await SwitchAsync(visitor, "false");
        (await SavedAsync(server)).ToJsonString().ShouldBe("""{"enabled":false,"html":"\u003Cp\u003EOne\nTwo\u003C/p\u003E"}""");
    }

    [Theory, Engines]
    public async Task Without_a_text_the_switch_makes_a_copy_of_the_built_in_one(Engine engine)
    {
        var server = await servers.GetCleanAsync(engine);
        var visitor = await DashboardVisitor.CreateAsync(server, AdministratorRole.Editor);

        await SwitchAsync(visitor, "true");

        ((string)(await SavedAsync(server))["html"]!).ShouldBe(await DefaultAsync(server));
        (await visitor.OpenAsync(Editor)).Text.ShouldContain("Your page is shown");
    }

    [Theory]
    [InlineData("<p>\n  {% if ticket %}\n</p>", "Line 2, column 3: ")]
    [InlineData("{{ a | }}", "Line 1, column ")]
    [InlineData("  \n ", "The page is empty.")]
    public async Task A_text_with_an_error_is_not_saved_and_the_error_is_shown_at_its_line(string text, string expected)
    {
        var server = await servers.GetCleanAsync(Engine.Sqlite);
        var visitor = await DashboardVisitor.CreateAsync(server, AdministratorRole.Editor);
        await SaveAsync(visitor, "<p>Right</p>");

        var refused = await SaveAsync(visitor, text);

        refused.Status.ShouldBe(HttpStatusCode.BadRequest);
        WebUtility.HtmlDecode(refused.Text).ShouldContain(expected);
        TextOf(refused).ShouldBe(text);
        ((string)(await SavedAsync(server))["html"]!).ShouldBe("<p>Right</p>");
    }

    [Theory, Engines]
    public async Task A_text_that_somebody_else_has_saved_meanwhile_is_not_replaced_before_the_difference_was_seen(Engine engine)
    {
        var server = await servers.GetCleanAsync(engine);
        var visitor = await DashboardVisitor.CreateAsync(server, AdministratorRole.Editor);
        var other = await DashboardVisitor.CreateAsync(server, AdministratorRole.Editor);
        await SaveAsync(visitor, "first");
        var seen = SeenIn(await visitor.OpenAsync(Editor));
        await SaveAsync(other, "theirs");

        var refused = await SaveAsync(visitor, "mine", seen);

        refused.Status.ShouldBe(HttpStatusCode.Conflict);
        refused.Text.ShouldContain("Somebody else has saved this page since you opened it.");
        DifferenceIn(refused).ShouldBe(["-theirs", "+mine"]);
        TextOf(refused).ShouldBe("mine");
        ((string)(await SavedAsync(server))["html"]!).ShouldBe("theirs");

        (await SaveAsync(visitor, "mine", SeenIn(refused))).Status.ShouldBe(HttpStatusCode.SeeOther);
        ((string)(await SavedAsync(server))["html"]!).ShouldBe("mine");
    }

    [Theory, Engines]
    public async Task Of_sixteen_texts_saved_at_the_same_time_from_the_same_page_one_is_accepted(Engine engine)
    {
        var server = await servers.GetCleanAsync(engine);
        var visitor = await DashboardVisitor.CreateAsync(server, AdministratorRole.Editor);
        await SaveAsync(visitor, "first");
        var seen = SeenIn(await visitor.OpenAsync(Editor));
        var token = await visitor.FormTokenAsync();

        var answers = await Task.WhenAll(Enumerable.Range(1, 16).Select(number => PostAsync(visitor, Editor, token, ("html", $"text {number}"), ("seen", seen))));

        answers.Count(answer => answer.Status == HttpStatusCode.SeeOther).ShouldBe(1);
        answers.Count(answer => answer.Status == HttpStatusCode.Conflict).ShouldBe(15);
        var winner = Array.FindIndex(answers, answer => answer.Status == HttpStatusCode.SeeOther) + 1;
        ((string)(await SavedAsync(server))["html"]!).ShouldBe($"text {winner}");
    }

    [Theory, Engines]
    public async Task Versions_show_their_author_and_what_they_changed_and_can_be_restored(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var visitor = await DashboardVisitor.CreateAsync(server, AdministratorRole.Editor);
        (await visitor.OpenAsync(Versions)).Text.ShouldContain("No text was saved yet");
        await new ManagementApi(server).SendAsync(HttpMethod.Patch, "/tenants/settings", new { guardian_mfa_page = new { html = "one\nsame" } });
        await SaveAsync(visitor, "two\nsame");
        await SaveAsync(visitor, "three\nsame");

        var list = (await visitor.OpenAsync(Versions)).Text;
        var version = await visitor.OpenAsync(Versions + "/2");
        var restored = await visitor.SendFormAsync(Versions + "/2", Versions + "/2");

        list.ShouldContain($"<bdi>{visitor.Email}</bdi>");
        list.ShouldContain($"<bdi>Client {TestServer.ClientId}</bdi>");
        DifferenceIn(version).ShouldBe(["-one", "+two", "=same", "-three", "+two", "=same"]);
        (await visitor.OpenAsync(Versions + "/1")).Text.ShouldContain("There is no earlier version to compare with.");
        restored.Location.ShouldBe(Editor);
        ((string)(await SavedAsync(server))["html"]!).ShouldBe("two\nsame");
        foreach (var missing in new[] { "0", "5", "x", "99999999999999999999" })
        {
            (await visitor.OpenAsync($"{Versions}/{missing}")).Status.ShouldBe(HttpStatusCode.NotFound, missing);
        }

        // The Management API does not show administrators.
        (await new ManagementApi(server).GetAsync("/guardian/mfa-page/versions")).ToJsonString().ShouldNotContain(visitor.Email);
    }

    [Theory, Engines]
    public async Task A_reset_shows_what_it_will_change_and_can_be_undone(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var visitor = await DashboardVisitor.CreateAsync(server, AdministratorRole.Editor);
        (await visitor.OpenAsync(Editor + "/reset/last")).Text.ShouldContain("There is no earlier text");
        await SaveAsync(visitor, "one");
        await SaveAsync(visitor, "two");

        DifferenceIn(await visitor.OpenAsync(Editor + "/reset/last")).ShouldBe(["-two", "+one"]);
        (await visitor.SendFormAsync(Editor + "/reset/last", Editor + "/reset/last")).Location.ShouldBe(Editor);
        ((string)(await SavedAsync(server))["html"]!).ShouldBe("one");
        DifferenceIn(await visitor.OpenAsync(Editor + "/reset/default"))[0].ShouldBe("-one");
        (await visitor.SendFormAsync(Editor + "/reset/default", Editor + "/reset/default")).Location.ShouldBe(Editor);
        ((string)(await SavedAsync(server))["html"]!).ShouldBe(await DefaultAsync(server));
        await visitor.SendFormAsync(Editor + "/reset/last", Editor + "/reset/last");
        ((string)(await SavedAsync(server))["html"]!).ShouldBe("one");
        (await visitor.OpenAsync(Editor + "/reset/x")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData(Editor + "/reset/last")]
    [InlineData(Editor + "/reset/default")]
    [InlineData(Versions + "/1")]
    public async Task A_reset_that_was_shown_for_an_earlier_text_is_refused(string path)
    {
        await using var server = await TestServer.StartAsync(Engine.Sqlite);
        var visitor = await DashboardVisitor.CreateAsync(server, AdministratorRole.Editor);
        await SaveAsync(visitor, "one");
        await SaveAsync(visitor, "two");
        var seen = SeenIn(await visitor.OpenAsync(path));
        await SaveAsync(visitor, "three");

        var refused = await PostAsync(visitor, path, await visitor.FormTokenAsync(), ("seen", seen));

        refused.Status.ShouldBe(HttpStatusCode.Conflict);
        refused.Text.ShouldContain("Somebody else has saved this page since you opened it.");
        ((string)(await SavedAsync(server))["html"]!).ShouldBe("three");
    }

    [Theory, Engines]
    public async Task A_preview_shows_the_text_of_the_form_in_a_sandbox_and_changes_nothing(Engine engine)
    {
        var server = await servers.GetCleanAsync(engine);
        var visitor = await DashboardVisitor.CreateAsync(server, AdministratorRole.Viewer);
        var management = new ManagementApi(server);
        var userId = await management.CreateUserAsync("ada.preview@example.com");
        await management.SendAsync(HttpMethod.Patch, "/tenants/settings", new { enabled_locales = new[] { "en", "de" } });
        const string Text = "{{ ticket }}|{{ requestToken }}|{{ userData.email }}|{{ lang }}|{% for error in errors %}{{ error.code }}{% endfor %}";

        var plain = await PreviewAsync(visitor, ("html", Text), ("use", "ticket"));
        var full = await PreviewAsync(visitor, ("html", Text), ("use", "sign-in"), ("language", "de"), ("user", userId), ("errors", "true"));

        plain.Text.ShouldContain("preview||ada@example.com|en|");
        full.Text.ShouldContain("|preview|ada.preview@example.com|de|transaction_expired");
        full.Policy.ShouldStartWith("sandbox allow-scripts; ");
        full.Policy.ShouldEndWith($"frame-ancestors 'self' {server.Url}");
        full.Policy.ShouldContain("connect-src 'none'");
        (await visitor.OpenAsync(Editor)).Policy.ShouldContain("; frame-src 'self'; ");
        (await new ManagementApi(server).GetAsync("/tenants/settings"))["guardian_mfa_page"].ShouldBeNull();
    }

    [Fact]
    public async Task A_preview_that_is_not_possible_says_why()
    {
        var visitor = await DashboardVisitor.CreateAsync(await servers.GetAsync(Engine.Sqlite), AdministratorRole.Viewer);
        var token = await visitor.FormTokenAsync();

        var broken = await PostAsync(visitor, Editor + "/preview", token, ("html", "<p>\n{{ <b>x</b> | }}</p>"));
        var stranger = await PostAsync(visitor, Editor + "/preview", token, ("html", "x"), ("user", "auth0|nobody"));

        broken.Status.ShouldBe(HttpStatusCode.BadRequest);
        broken.Text.ShouldContain("Line 2, column");
        broken.Text.ShouldNotContain("<b>");
        broken.Policy.ShouldBe("sandbox; default-src 'none'; style-src 'self'; frame-ancestors 'self'");
        stranger.Text.ShouldContain("There is no user with this id.");
    }

    [Fact]
    public async Task The_check_reports_the_error_at_its_line_and_variables_that_do_not_exist()
    {
        var visitor = await DashboardVisitor.CreateAsync(await servers.GetAsync(Engine.Sqlite), AdministratorRole.Viewer);

        var broken = await CheckAsync(visitor, "<p>\n  {% if ticket %}");
        var misspelt = await CheckAsync(visitor, "{{ userData.emial }}{{ ticket }}{{ errors[0].code }}");

        ((int)broken["error"]!["line"]!).ShouldBe(2);
        ((int)broken["error"]!["column"]!).ShouldBe(3);
        ((string)broken["errorText"]!).ShouldStartWith("Line 2, column 3: ");
        misspelt["error"].ShouldBeNull();
        ((string)misspelt["unknown"]!).ShouldBe("This variable does not exist, and will be empty: userData.emial");
    }

    [Fact]
    public async Task Comments_in_the_default_text_are_not_sent_to_people()
    {
        var server = await servers.GetCleanAsync(Engine.Sqlite);
        var visitor = await DashboardVisitor.CreateAsync(server, AdministratorRole.Viewer);

        TextOf(await visitor.OpenAsync(Editor)).ShouldContain("{%- comment %} Your logo, and the colour of buttons");
        var page = (await PreviewAsync(visitor, ("html", await DefaultAsync(server)))).Text;

        page.ShouldStartWith("<!doctype html>\n<html lang=\"en\" dir=\"ltr\">\n<head>\n  <meta charset=\"utf-8\">");
        page.ShouldNotContain("comment");
        page.ShouldNotContain("Your logo");
    }

    [Fact]
    public async Task A_viewer_reads_and_previews_but_sees_no_button_that_changes_something()
    {
        var visitor = await DashboardVisitor.CreateAsync(await servers.GetAsync(Engine.Sqlite), AdministratorRole.Viewer);

        var page = (await visitor.OpenAsync(Editor)).Text;

        page.ShouldContain("Show preview");
        page.ShouldContain(" readonly");
        page.ShouldNotContain(">Save<");
        page.ShouldNotContain("/reset/");
        page.ShouldNotContain("/switch");
        (await visitor.OpenAsync(Versions)).Status.ShouldBe(HttpStatusCode.OK);
    }

    /// <summary>The text of a page, a user and the name of a tenant come from elsewhere.</summary>
    [Fact]
    public async Task Markup_in_a_text_stays_text_on_every_page()
    {
        await using var server = await TestServer.StartAsync(Engine.Sqlite);
        var visitor = await DashboardVisitor.CreateAsync(server, AdministratorRole.Editor);
        const string Hostile = "</textarea></pre></td><script>alert(1)</script><img src=x onerror=alert(2)>";
        await new ManagementApi(server).SendAsync(HttpMethod.Patch, "/tenants/settings", new { friendly_name = Hostile });
        await SaveAsync(visitor, "one");
        await SaveAsync(visitor, Hostile);
        var broken = await SaveAsync(visitor, Hostile + "{{ | }}");
        var conflict = await SaveAsync(visitor, Hostile + "2", "old");

        foreach (var shown in new[] { await visitor.OpenAsync(Editor), await visitor.OpenAsync(Versions + "/2"), await visitor.OpenAsync(Editor + "/reset/last"), broken, conflict })
        {
            shown.Text.ShouldContain("onerror=alert(2)");
            shown.Text.ShouldNotContain("<script>alert");
            shown.Text.ShouldNotContain("<img src=x");
        }

        TextOf(await visitor.OpenAsync(Editor)).ShouldBe(Hostile);
    }

    [Theory, Engines]
    public async Task Each_change_is_in_the_log_with_the_administrator(Engine engine)
    {
        var server = await servers.GetCleanAsync(engine);
        var visitor = await DashboardVisitor.CreateAsync(server, AdministratorRole.Editor);
        await SaveAsync(visitor, "one");
        await SwitchAsync(visitor, "true");
        await visitor.SendFormAsync(Editor + "/reset/default", Editor + "/reset/default");

        var details = await server.Database.QueryAsync(
            new Statement("SELECT details FROM log WHERE type = 'sapi' ORDER BY log_id"), row => row.GetString(0), CancellationToken.None);

        var own = details.Select(text => JsonNode.Parse(text)!["request"]!).Where(request => (string?)request["auth"]?["user"]?["email"] == visitor.Email).ToList();
        own.Select(request => (string)request["path"]!).ShouldBe([Editor, Editor + "/switch", Editor + "/reset/default"], ignoreOrder: true);
    }

    private static async Task<BrowserAnswer> SaveAsync(DashboardVisitor visitor, string text, string? seen = null) =>
        seen is null
            ? await visitor.SendFormAsync(Editor, Editor, ("html", text))
            : await PostAsync(visitor, Editor, await visitor.FormTokenAsync(), ("html", text), ("seen", seen));

    private static async Task<BrowserAnswer> SwitchAsync(DashboardVisitor visitor, string value) =>
        await PostAsync(visitor, Editor + "/switch", await visitor.FormTokenAsync(), ("enabled", value));

    private static async Task<BrowserAnswer> PreviewAsync(DashboardVisitor visitor, params (string Name, string Value)[] fields)
    {
        var answer = await PostAsync(visitor, Editor + "/preview", await visitor.FormTokenAsync(), fields);
        answer.Status.ShouldBe(HttpStatusCode.SeeOther, answer.Text);
        return await visitor.OpenAsync(answer.Location!);
    }

    private static async Task<JsonNode> CheckAsync(DashboardVisitor visitor, string text) =>
        JsonNode.Parse((await PostAsync(visitor, Editor + "/check", await visitor.FormTokenAsync(), ("html", text))).Text)!;

    private static Task<BrowserAnswer> PostAsync(DashboardVisitor visitor, string path, string token, params (string Name, string Value)[] fields) =>
        visitor.Browser.PostAsync(path, [("form_token", token), .. fields]);

    private static async Task<JsonNode> SavedAsync(TestServer server) => (await new ManagementApi(server).GetAsync("/tenants/settings"))["guardian_mfa_page"]!;

    private static async Task<string> DefaultAsync(TestServer server) => (string)(await new ManagementApi(server).GetAsync("/guardian/mfa-page/default"))["html"]!;

    /// <summary>The text in the editor, as a browser reads it: without the first line break.</summary>
    private static string TextOf(BrowserAnswer page) => WebUtility.HtmlDecode(TextArea().Match(page.Text).Groups[1].Value)[1..];

    private static string SeenIn(BrowserAnswer page) => Seen().Match(page.Text).Groups[1].Value;

    /// <summary>The lines of the differences on a page: a sign, then the text.</summary>
    private static string[] DifferenceIn(BrowserAnswer page) =>
    [
        .. Line().Matches(page.Text).Select(match =>
            (match.Groups[1].Value switch { "added" => "+", "removed" => "-", _ => "=" }) + WebUtility.HtmlDecode(match.Groups[2].Value)),
    ];

    [GeneratedRegex("<textarea[^>]*>(.*?)</textarea>", RegexOptions.Singleline)]
    private static partial Regex TextArea();

    [GeneratedRegex("name=\"seen\" value=\"([^\"]+)\"")]
    private static partial Regex Seen();

    [GeneratedRegex("<tr class=\"difference-(added|removed|same)\">.*?<bdi>(.*?)</bdi>", RegexOptions.Singleline)]
    private static partial Regex Line();
}

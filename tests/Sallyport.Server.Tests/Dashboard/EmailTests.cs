using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Sallyport.Server.Administrators;
using Sallyport.Server.Messages.Templates;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Dashboard;

/// <summary>Email templates in the dashboard: edit, preview, test, reset.</summary>
public sealed partial class EmailTests(Servers servers) : IClassFixture<Servers>
{
    private const string Enrollment = "/dashboard/emails/enrollment_email";

    private static readonly (string Name, string Value)[] Valid = [("subject", "Join {{ friendly_name }}"), ("body", "<p>Hello {{ user.name }}: {{ link }}</p>"), ("enabled", "true")];

    [Theory, Engines]
    public async Task The_list_has_every_mail_that_the_server_sends_with_its_state(Engine engine)
    {
        var server = await servers.GetCleanAsync(engine);
        var visitor = await DashboardVisitor.CreateAsync(server, AdministratorRole.Editor);
        (await visitor.SendFormAsync(Enrollment, Enrollment, Valid)).Status.ShouldBe(HttpStatusCode.SeeOther);
        await visitor.SendFormAsync("/dashboard/emails/verify_email", "/dashboard/emails/verify_email", [.. Valid.Where(field => field.Name != "enabled")]);

        var list = (await visitor.OpenAsync("/dashboard/emails")).Text;

        Row().Matches(list).Select(match => $"{match.Groups[1].Value}: {match.Groups[2].Value}").ShouldBe(
        [
            "enrollment_email: Your own", "mfa_factor_change: Built-in", "mfa_oob_code: Built-in", "mfa_sign_in_report: Built-in", "verify_email: Switched off",
        ]);
    }

    [Theory, Engines]
    public async Task A_saved_text_is_the_one_that_the_api_shows_and_a_reset_deletes_it(Engine engine)
    {
        var server = await servers.GetCleanAsync(engine);
        var visitor = await DashboardVisitor.CreateAsync(server, AdministratorRole.Editor);
        var management = new ManagementApi(server);

        (await visitor.SendFormAsync(Enrollment, Enrollment, [.. Valid, ("from", "Acme <mfa@acme.example>")])).Location.ShouldBe(Enrollment);

        var stored = await management.GetAsync("/email-templates/enrollment_email");
        ((string)stored["body"]!).ShouldBe("<p>Hello {{ user.name }}: {{ link }}</p>");
        ((string)stored["subject"]!).ShouldBe("Join {{ friendly_name }}");
        ((string)stored["from"]!).ShouldBe("Acme <mfa@acme.example>");
        ((bool)stored["enabled"]!).ShouldBeTrue();
        (await visitor.OpenAsync(Enrollment + "/reset")).Text.ShouldContain("&lt;p&gt;Hello {{ user.name }}: {{ link }}&lt;/p&gt;");
        (await visitor.SendFormAsync(Enrollment + "/reset", Enrollment + "/reset")).Location.ShouldBe(Enrollment);
        (await management.SendAsync(HttpMethod.Get, "/email-templates/enrollment_email")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    /// <summary>The text to start from has variables in the places of the values.</summary>
    [Theory]
    [MemberData(nameof(Templates))]
    public async Task Without_a_text_the_editor_begins_with_the_built_in_mail(string name)
    {
        var server = await servers.GetCleanAsync(Engine.Sqlite);
        var visitor = await DashboardVisitor.CreateAsync(server, AdministratorRole.Viewer);
        var path = "/dashboard/emails/" + name;
        var body = TextOf(await visitor.OpenAsync(path));
        var builtIn = await PreviewAsync(visitor, path, ("subject", "x"));

        var own = await PreviewAsync(visitor, path, ("subject", "x"), ("body", body));

        body.ShouldContain("{{ friendly_name }}");
        (await CheckAsync(visitor, path, body)).ToJsonString().ShouldBe("""{"error":null,"errorText":null,"unknown":null}""");
        WordsOf(own.Text).ShouldBe(WordsOf(builtIn.Text));
    }

    public static TheoryData<string> Templates => ["enrollment_email", "mfa_factor_change", "mfa_oob_code", "mfa_sign_in_report", "verify_email"];

    [Fact]
    public async Task A_preview_loads_nothing_from_elsewhere_and_runs_no_script()
    {
        var visitor = await DashboardVisitor.CreateAsync(await servers.GetCleanAsync(Engine.Sqlite), AdministratorRole.Viewer);

        var html = await PreviewAsync(visitor, Enrollment, ("subject", "x"), ("body", "<p>{{ user.name }}</p>"), ("language", "de"));
        var text = await PreviewAsync(visitor, Enrollment, ("subject", "For {{ user.name }}"), ("body", "<p>x</p>"), ("language", "de"), ("format", "text"));

        html.Text.ShouldContain("<p>Ada Lovelace</p>");
        html.Policy.ShouldBe("sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'");
        text.Text.ShouldStartWith("Subject: For Ada Lovelace\n\nGuten Tag Ada Lovelace");
        text.Text.ShouldContain("https://example.com/link");
    }

    [Theory]
    [InlineData("subject", "", "Enter a subject")]
    [InlineData("body", " ", "Enter a text.")]
    [InlineData("body", "<p>\n{% if x %}", "Line 2, column 1: ")]
    [InlineData("subject", "{{ | }}", "Line 1, column ")]
    [InlineData("from", "{% if %}", "Line 1, column ")]
    public async Task A_text_with_an_error_is_not_saved(string field, string value, string expected)
    {
        var server = await servers.GetCleanAsync(Engine.Sqlite);
        var visitor = await DashboardVisitor.CreateAsync(server, AdministratorRole.Editor);

        var refused = await visitor.SendFormAsync(Enrollment, Enrollment, [.. Valid.Where(sent => sent.Name != field), (field, value)]);

        refused.Status.ShouldBe(HttpStatusCode.BadRequest);
        refused.Text.ShouldContain(expected);
        (await new ManagementApi(server).SendAsync(HttpMethod.Get, "/email-templates/enrollment_email")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory, Engines]
    public async Task Of_sixteen_texts_saved_at_the_same_time_from_the_same_page_one_is_accepted(Engine engine)
    {
        var server = await servers.GetCleanAsync(engine);
        var visitor = await DashboardVisitor.CreateAsync(server, AdministratorRole.Editor);
        var token = await visitor.FormTokenAsync();

        var answers = await Task.WhenAll(Enumerable.Range(1, 16).Select(number =>
            visitor.Browser.PostAsync(Enrollment, ("form_token", token), ("seen", "none"), ("subject", $"subject {number}"), ("body", "x"), ("enabled", "true"))));

        answers.Count(answer => answer.Status == HttpStatusCode.SeeOther).ShouldBe(1);
        answers.Count(answer => answer.Status == HttpStatusCode.Conflict).ShouldBe(15);
        var winner = Array.FindIndex(answers, answer => answer.Status == HttpStatusCode.SeeOther) + 1;
        ((string)(await new ManagementApi(server).GetAsync("/email-templates/enrollment_email"))["subject"]!).ShouldBe($"subject {winner}");
        answers.First(answer => answer.Status == HttpStatusCode.Conflict).Text.ShouldContain("Somebody else has saved this text since you opened it.");
    }

    [Theory, Engines]
    public async Task A_test_goes_to_the_administrator_and_saves_nothing(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var visitor = await DashboardVisitor.CreateAsync(server, AdministratorRole.Editor);
        var token = await visitor.FormTokenAsync();
        var before = Mail.ListFiles(server);

        var answer = await visitor.Browser.PostAsync(Enrollment + "/test", [("form_token", token), .. Valid]);

        answer.Text.ShouldContain($"A test mail to {visitor.Email} is on its way.");
        var mail = await Mail.WaitAsync(server, visitor.Email, before);
        mail.Html.ShouldContain("<p>Hello Ada Lovelace: https://example.com/link</p>");
        (await new ManagementApi(server).SendAsync(HttpMethod.Get, "/email-templates/enrollment_email")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task The_check_reports_variables_that_no_mail_of_this_kind_has()
    {
        var visitor = await DashboardVisitor.CreateAsync(await servers.GetAsync(Engine.Sqlite), AdministratorRole.Viewer);

        var check = await CheckAsync(visitor, Enrollment, "{{ user.user_metadata.plan }}{{ user.emial }}{{ code }}{{ link }}{{ application.name }}");

        ((string)check["unknown"]!).ShouldBe("These variables do not exist, and will be empty: code, user.emial");
    }

    [Fact]
    public async Task A_mail_that_does_not_exist_is_not_found()
    {
        var visitor = await DashboardVisitor.CreateAsync(await servers.GetAsync(Engine.Sqlite), AdministratorRole.Editor);

        foreach (var name in new[] { "welcome_email", "x", "enrollment_email%20" })
        {
            (await visitor.OpenAsync("/dashboard/emails/" + name)).Status.ShouldBe(HttpStatusCode.NotFound, name);
        }
    }

    /// <summary>The name of the tenant and the texts come from elsewhere.</summary>
    [Fact]
    public async Task Markup_in_a_text_stays_text_in_the_editor()
    {
        var server = await servers.GetCleanAsync(Engine.Sqlite);
        var visitor = await DashboardVisitor.CreateAsync(server, AdministratorRole.Editor);
        const string Hostile = "</textarea></pre><script>alert(1)</script><img src=x onerror=alert(2)>";
        await new ManagementApi(server).SendAsync(HttpMethod.Patch, "/tenants/settings", new { friendly_name = Hostile });
        await visitor.SendFormAsync(Enrollment, Enrollment, ("subject", Hostile), ("from", Hostile), ("body", Hostile));

        foreach (var path in new[] { Enrollment, Enrollment + "/reset", "/dashboard/emails", "/dashboard/emails/verify_email" })
        {
            var shown = (await visitor.OpenAsync(path)).Text;
            shown.ShouldNotContain("<script>alert");
            shown.ShouldNotContain("<img src=x");
        }

        TextOf(await visitor.OpenAsync(Enrollment)).ShouldBe(Hostile);
    }

    private static async Task<BrowserAnswer> PreviewAsync(DashboardVisitor visitor, string path, params (string Name, string Value)[] fields)
    {
        var answer = await visitor.Browser.PostAsync(path + "/preview", [("form_token", await visitor.FormTokenAsync()), .. fields]);
        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Text);
        return answer;
    }

    private static async Task<JsonNode> CheckAsync(DashboardVisitor visitor, string path, string text) =>
        JsonNode.Parse((await visitor.Browser.PostAsync(path + "/check", ("form_token", await visitor.FormTokenAsync()), ("body", text))).Text)!;

    private static string TextOf(BrowserAnswer page) => WebUtility.HtmlDecode(TextArea().Match(page.Text).Groups[1].Value)[1..];

    /// <summary>What a reader sees, without the browser of the example, which the built-in mail adds to the address.</summary>
    private static string WordsOf(string html) =>
        Space().Replace(WebUtility.HtmlDecode(Tag().Replace(html, " ")), " ").Replace($" ({MailExample.Browser})", "").Trim();

    [GeneratedRegex("<textarea[^>]*>(.*?)</textarea>", RegexOptions.Singleline)]
    private static partial Regex TextArea();

    [GeneratedRegex("href=\"/dashboard/emails/([a-z_]+)\".*?<span class=\"status[^>]*>([^<]+)<", RegexOptions.Singleline)]
    private static partial Regex Row();

    [GeneratedRegex("<style>.*?</style>|<[^>]+>", RegexOptions.Singleline)]
    private static partial Regex Tag();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}

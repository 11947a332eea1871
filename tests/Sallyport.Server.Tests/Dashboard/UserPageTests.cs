using System.Net;
using System.Text.RegularExpressions;
using Sallyport.Server.Administrators;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Dashboard;

/// <summary>Finding a user and helping them.</summary>
public sealed partial class UserPageTests(Servers servers) : IClassFixture<Servers>
{
    private const string Hostile = "</title><script>alert(1)</script>\" onx='{{7*7}}' &amp; \u202e";

    [Theory, Engines]
    public async Task A_user_is_found_by_a_part_of_the_address_a_name_an_id_or_a_query(Engine engine)
    {
        var (support, management) = await StartAsync(engine);
        var mark = Guid.CreateVersion7().ToString("N");
        var user = (await management.SendAsync(HttpMethod.Post, "/users", new
        {
            connection = "db",
            email = $"ann+{mark}@example.com",
            name = $"Ann {mark} O'Neil-Smith",
            username = $"user{mark}",
        })).ShouldBe(HttpStatusCode.Created);
        var id = (string)user["user_id"]!;

        foreach (var text in new[]
        {
            $"ann+{mark}", $"ann+{mark}@example.com", $"ANN+{mark}@EXAMPLE.com", $"Ann {mark} O'Neil", $"user{mark}", id, $"email:*{mark}* AND blocked:false OR email:*{mark}*",
            $"name:\"Ann {mark} O'Neil-Smith\"",
        })
        {
            var page = await support.OpenAsync("/dashboard/users?q=" + Uri.EscapeDataString(text));

            page.Status.ShouldBe(HttpStatusCode.OK, text);
            page.Text.ShouldContain($"href=\"/dashboard/users/{Uri.EscapeDataString(id)}\"", Case.Sensitive, text);
        }

        (await support.OpenAsync("/dashboard/users?q=nobody" + mark)).Text.ShouldContain("Nobody matches");
    }

    [Theory, Engines]
    public async Task A_search_that_cannot_be_read_says_where(Engine engine)
    {
        var (support, _) = await StartAsync(engine);

        foreach (var (text, fault) in new[] { ("bad:(", "at character 6"), ("no_such_field:x", "no_such_field is not a searchable field"), ("\"", "at character") })
        {
            var page = await support.OpenAsync("/dashboard/users?q=" + Uri.EscapeDataString(text));

            page.Status.ShouldBe(HttpStatusCode.BadRequest, text);
            page.Text.ShouldContain(fault, Case.Insensitive, text);
        }

        foreach (var text in new[] { "(", "a b c", "+-&|!(){}[]^~?\\/", "AND", "\u202e", new string('x', 2000) })
        {
            ((int)(await support.OpenAsync("/dashboard/users?q=" + Uri.EscapeDataString(text))).Status).ShouldBeLessThan(500, text);
        }
    }

    [Theory, Engines]
    public async Task A_list_longer_than_a_page_has_links_to_the_other_pages(Engine engine)
    {
        var (support, management) = await StartAsync(engine);
        var mark = Guid.CreateVersion7().ToString("N");
        for (var i = 0; i < 30; i++)
        {
            await management.CreateUserAsync($"{mark}-{i}@example.com");
        }

        var first = await support.OpenAsync($"/dashboard/users?q={mark}");
        var second = await support.OpenAsync(Next().Match(first.Text).Groups[1].Value.Replace("&amp;", "&", StringComparison.Ordinal));

        WebUtility.HtmlDecode(first.Text).ShouldContain("1–25 of 30");
        WebUtility.HtmlDecode(second.Text).ShouldContain("26–30 of 30");
        Rows().Count(first.Text).ShouldBe(25);
        Rows().Count(second.Text).ShouldBe(5);
        Next().IsMatch(second.Text).ShouldBeFalse();
    }

    [Theory, Engines]
    public async Task The_page_of_a_user_shows_factors_invitations_and_what_happened(Engine engine)
    {
        var (support, _) = await StartAsync(engine);
        var person = await Person.CreateAsync(support.Server);
        var enrolled = await person.EnrollAsync();
        await person.NewTicketAsync(allowMultiple: true);

        var page = await support.OpenAsync(Of(person));

        page.Status.ShouldBe(HttpStatusCode.OK, page.Text);
        page.Text.ShouldContain("Authenticator app");
        page.Text.ShouldContain($"/factors/{enrolled.AuthenticatorId}/remove");
        page.Text.ShouldContain("Has one");
        page.Text.ShouldContain("one more authenticator");
        page.Text.ShouldContain("Enrollment complete");
        (await support.OpenAsync(Of(person) + "/log")).Text.ShouldContain("Enrollment complete");
    }

    [Theory, Engines]
    public async Task An_invitation_is_shown_once_as_a_link_and_the_link_enrolls(Engine engine)
    {
        var (support, _) = await StartAsync(engine);
        var person = await Person.CreateAsync(support.Server);

        var shown = await support.SendFormAsync(Of(person) + "/invite", Of(person) + "/invite", ("way", "link"), ("factor", "otp"), ("language", "de"));

        shown.Status.ShouldBe(HttpStatusCode.OK, shown.Text);
        var match = TicketLink().Match(shown.Text);
        match.Groups[2].Value.ShouldBe("&amp;ui_locales=de");
        await person.Guardian.EnrollAsync(match.Groups[1].Value);
        (await person.ListEnrollmentsAsync()).Count.ShouldBe(1);
        (await support.OpenAsync(Of(person))).Text.ShouldNotContain(match.Groups[1].Value);
    }

    [Theory, Engines]
    public async Task An_invitation_goes_by_mail_to_the_user_or_another_address(Engine engine)
    {
        var (support, _) = await StartAsync(engine);
        var person = await Person.CreateAsync(support.Server);

        var sent = await support.SendFormAsync(Of(person) + "/invite", Of(person) + "/invite", ("way", "mail"), ("email", "other@example.com"));

        sent.Location.ShouldBe(Of(person), sent.Text);
        (await support.OpenAsync(sent.Location!)).Text.ShouldContain("The invitation is on its way.");
        (await support.OpenAsync(sent.Location!)).Text.ShouldNotContain("The invitation is on its way.");
        var wrong = await support.SendFormAsync(Of(person) + "/invite", Of(person) + "/invite", ("way", "mail"), ("email", "no address"));
        wrong.Status.ShouldBe(HttpStatusCode.BadRequest, wrong.Text);
        wrong.Text.ShouldContain("This is not an email address.");
        (await CountAsync(support.Server, "message", person.UserId)).ShouldBe(1);
    }

    [Theory, Engines]
    public async Task Invitations_are_withdrawn(Engine engine)
    {
        var (support, _) = await StartAsync(engine);
        var person = await Person.CreateAsync(support.Server);
        var ticket = await person.NewTicketAsync();

        (await support.SendFormAsync(Of(person) + "/withdraw", Of(person) + "/withdraw")).Location.ShouldBe(Of(person));

        (await person.Guardian.StartFlowAsync(ticket)).Status.ShouldNotBe(HttpStatusCode.Created);
    }

    [Theory, Engines]
    public async Task One_factor_is_removed_and_all_are_reset(Engine engine)
    {
        var (support, _) = await StartAsync(engine);
        var person = await Person.CreateAsync(support.Server);
        var first = await person.EnrollAsync();
        await person.EnrollAsync(allowMultiple: true);
        var remove = $"{Of(person)}/factors/{first.AuthenticatorId}/remove";

        (await support.SendFormAsync(remove, remove)).Location.ShouldBe(Of(person));
        (await person.ListEnrollmentsAsync()).Count.ShouldBe(1);
        (await support.OpenAsync(remove)).Status.ShouldBe(HttpStatusCode.NotFound);
        (await support.SendFormAsync(Of(person) + "/reset", Of(person) + "/reset")).Location.ShouldBe(Of(person));

        (await person.ListEnrollmentsAsync()).ShouldBeEmpty();
        (await support.OpenAsync(Of(person))).Text.ShouldContain("All factors were removed.");
    }

    [Theory, Engines]
    public async Task A_new_recovery_code_is_shown_once_and_works(Engine engine)
    {
        var (support, _) = await StartAsync(engine);
        var person = await Person.CreateAsync(support.Server);
        await person.EnrollAsync();

        var shown = await support.SendFormAsync(Of(person) + "/recovery-code", Of(person) + "/recovery-code");

        shown.Status.ShouldBe(HttpStatusCode.OK, shown.Text);
        var code = SecretValue().Match(shown.Text).Groups[1].Value;
        var flow = await person.StartAsync(allowMultiple: false);
        (await person.Guardian.RecoverAsync(flow, code)).ShouldBe(HttpStatusCode.OK);
    }

    [Theory, Engines]
    public async Task A_user_is_blocked_unblocked_and_unlocked(Engine engine)
    {
        var (support, management) = await StartAsync(engine);
        var person = await Person.CreateAsync(support.Server);

        await support.SendFormAsync(Of(person) + "/block", Of(person) + "/block");
        ((bool?)(await management.GetAsync(person.UserPath))["blocked"]).ShouldBe(true);
        (await support.SendFormAsync(Of(person), Of(person) + "/unblock")).Location.ShouldBe(Of(person));
        ((bool?)(await management.GetAsync(person.UserPath))["blocked"]).ShouldBe(false);

        var enrolled = await person.EnrollAsync();
        var flow = await person.StartAsync();
        for (var i = 0; i < 10; i++)
        {
            await person.Guardian.VerifyAsync(flow, person.Guardian.WrongCodeOf(enrolled));
        }

        (await support.OpenAsync(Of(person))).Text.ShouldContain("Locked out");
        (await support.SendFormAsync(Of(person), Of(person) + "/unlock")).Location.ShouldBe(Of(person));
        (await support.OpenAsync(Of(person))).Text.ShouldNotContain("Locked out");
    }

    [Theory, Engines]
    public async Task Browsers_are_forgotten_and_the_log_names_the_administrator(Engine engine)
    {
        var (support, _) = await StartAsync(engine);
        var person = await Person.CreateAsync(support.Server);

        (await support.SendFormAsync(Of(person), Of(person) + "/forget-browsers")).Location.ShouldBe(Of(person));

        var page = await support.OpenAsync(Of(person));
        page.Text.ShouldContain("Browsers forgotten");
        page.Text.ShouldContain($"<bdi>{support.Email}</bdi></td>");
        var details = (await support.Server.Database.QueryAsync(
            new Statement("SELECT details FROM log WHERE user_id = @user_id AND type = 'sapi' ORDER BY log_id DESC LIMIT 1", ("user_id", person.UserId)),
            row => row.GetString(0),
            CancellationToken.None)).Single();
        details.ShouldContain("\"channel\":\"dashboard\"");
        details.ShouldContain($"\"user\":{{\"user_id\":\"{support.UserId}\",\"email\":\"{support.Email}\"}}");
    }

    [Theory, Engines]
    public async Task A_user_is_created_and_deleted_after_the_address_was_typed(Engine engine)
    {
        var (_, management) = await StartAsync(engine);
        var editor = await DashboardVisitor.CreateAsync(await servers.GetAsync(engine), AdministratorRole.Editor);
        var email = $"new-{Guid.CreateVersion7():N}@example.com";

        var created = await editor.SendFormAsync("/dashboard/users/new", "/dashboard/users/new", ("email", email), ("name", "New Person"), ("connection", "db"));
        created.Status.ShouldBe(HttpStatusCode.SeeOther, created.Text);
        var again = await editor.SendFormAsync("/dashboard/users/new", "/dashboard/users/new", ("email", email), ("connection", "db"));
        again.Status.ShouldBe(HttpStatusCode.BadRequest);
        again.Text.ShouldContain("There is a user with this address.");
        again.Text.ShouldContain($"value=\"{email}\"");

        (await editor.SendFormAsync(created.Location + "/delete", created.Location + "/delete", ("typed", "somebody else"))).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await management.GetAsync($"/users-by-email?email={Uri.EscapeDataString(email)}")).AsArray().Count.ShouldBe(1);
        (await editor.SendFormAsync(created.Location + "/delete", created.Location + "/delete", ("typed", email))).Location.ShouldBe("/dashboard/users");
        (await editor.OpenAsync(created.Location!)).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory, Engines]
    public async Task A_decision_of_the_policies_is_explained(Engine engine)
    {
        var (support, management) = await StartAsync(engine);
        var person = await Person.CreateAsync(support.Server);
        (await management.SendAsync(HttpMethod.Put, "/guardian/policies/rules", new
        {
            rules = new[] { new { name = "Only the office", when = new { networks = new[] { "192.0.2.0/24" } }, require = false } },
        })).ShouldBe(HttpStatusCode.OK);

        var page = $"{Of(person)}/explain?client={TestServer.ClientId}&ip=";
        var office = await support.OpenAsync(page + "192.0.2.7");
        var elsewhere = await support.OpenAsync(page + "198.51.100.1");
        var wrong = await support.OpenAsync(page + "nowhere");

        office.Text.ShouldContain("No second factor is needed");
        office.Text.ShouldContain("Rule 1: Only the office");
        elsewhere.Text.ShouldContain("A second factor is needed");
        wrong.Text.ShouldContain("This is not an IP address.");
        await management.SendAsync(HttpMethod.Put, "/guardian/policies/rules", new { rules = Array.Empty<object>() });
    }

    [Theory, Engines]
    public async Task Hostile_values_of_a_user_are_shown_as_text(Engine engine)
    {
        var (support, management) = await StartAsync(engine);
        var user = (await management.SendAsync(HttpMethod.Post, "/users", new
        {
            connection = "db",
            username = Hostile,
            name = Hostile,
            user_metadata = new Dictionary<string, string> { [Hostile] = Hostile },
        })).ShouldBe(HttpStatusCode.Created);
        var path = "/dashboard/users/" + Uri.EscapeDataString((string)user["user_id"]!);

        foreach (var address in new[] { path, path + "/log", path + "/invite", path + "/reset", path + "/delete", path + "/explain", "/dashboard/users?q=" + Uri.EscapeDataString(Hostile) })
        {
            var page = await support.OpenAsync(address);

            page.Text.ShouldNotContain("<script>alert", Case.Insensitive, address);
            page.Text.ShouldNotContain("</title><script", Case.Insensitive, address);
            page.Text.ShouldNotContain("\" onx=", Case.Insensitive, address);
        }
    }

    [Theory, Engines]
    public async Task The_pages_about_users_know_neither_strangers_nor_administrators(Engine engine)
    {
        var (support, _) = await StartAsync(engine);
        var owner = await DashboardVisitor.CreateAsync(support.Server);
        var token = await support.FormTokenAsync();
        var routes = MappedEndpoint.List(support.Server).Where(route => route.Pattern.StartsWith("/dashboard/users/{id}", StringComparison.Ordinal)).ToList();

        routes.Count.ShouldBeGreaterThan(15);
        foreach (var id in new[] { owner.UserId, "auth0|nobody", "nobody" })
        {
            foreach (var route in routes.Where(route => !route.Pattern.EndsWith("/delete", StringComparison.Ordinal) && route.Method != "HEAD"))
            {
                var path = route.PathWith(Uri.EscapeDataString(id));
                var answer = route.Method == "GET" ? await support.OpenAsync(path) : await support.Browser.PostAsync(path, ("form_token", token));

                answer.Status.ShouldBe(HttpStatusCode.NotFound, $"{route} {id} {answer.Text}");
            }
        }

        (await owner.OpenAsync("/dashboard")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Theory, Engines]
    public async Task A_viewer_sees_no_buttons_that_the_role_does_not_allow(Engine engine)
    {
        var (support, _) = await StartAsync(engine);
        var viewer = await DashboardVisitor.CreateAsync(support.Server, AdministratorRole.Viewer);
        var person = await Person.CreateAsync(support.Server);
        await person.EnrollAsync();
        await person.NewTicketAsync(allowMultiple: true);

        var page = (await viewer.OpenAsync(Of(person))).Text;

        ActionLinks().Matches(page).Select(match => match.Groups[1].Value).Distinct().Order(StringComparer.Ordinal).ShouldBe(["explain", "log"]);
        FormActions().Matches(page).Select(match => match.Groups[1].Value).ShouldBe(["/dashboard/sign-out"]);
    }

    private async Task<(DashboardVisitor Support, ManagementApi Management)> StartAsync(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        return (await DashboardVisitor.CreateAsync(server, AdministratorRole.Support), new ManagementApi(server));
    }

    private static string Of(Person person) => "/dashboard/users/" + Uri.EscapeDataString(person.UserId);

    private static async Task<long> CountAsync(TestServer server, string table, string userId) =>
        (await server.Database.QueryAsync(
            new Statement($"SELECT count(*) FROM {table} WHERE user_id = @user_id", ("user_id", userId)), row => row.GetInt64(0), CancellationToken.None))[0];

    [GeneratedRegex("rel=\"next\" href=\"([^\"]+)\"")]
    private static partial Regex Next();

    [GeneratedRegex("class=\"row-link\"")]
    private static partial Regex Rows();

    [GeneratedRegex("/mfa/enrollment\\?ticket=([A-Za-z0-9]+)(&amp;[^\"]*)?\"")]
    private static partial Regex TicketLink();

    [GeneratedRegex("<input id=\"secret\"[^>]* value=\"([^\"]+)\"")]
    private static partial Regex SecretValue();

    [GeneratedRegex("href=\"/dashboard/users/[^/\"]+/([^\"]+)\"")]
    private static partial Regex ActionLinks();

    [GeneratedRegex("<form method=\"post\" action=\"([^\"]+)\"")]
    private static partial Regex FormActions();
}

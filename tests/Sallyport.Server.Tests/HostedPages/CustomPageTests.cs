using System.Net;
using System.Text.Json.Nodes;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.HostedPages;

/// <summary>A page that the tenant wrote.</summary>
public sealed class CustomPageTests(Servers servers) : IClassFixture<Servers>
{
    private const string Endless = "{% for a in (1..9999) %}{% for b in (1..9999) %}{% for c in (1..9999) %}{% endfor %}{% endfor %}{% endfor %}";

    [Theory, Engines]
    public async Task Every_variable_of_a_ticket_reaches_the_template(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        await PatchAsync(person, """{"friendly_name":"Acme","picture_url":"https://example.com/logo.png?a=1&b=2","support_email":"help@example.com","support_url":null}""");
        await SaveAsync(person, """
            {% if ticket %}T{{ ticket }}{% endif %}{% if requestToken %}R{% endif %}{% if postActionURL %}P{% endif %}|{{ mfaServerUrl }}|{{ userData.userId }}|
            {{ userData.email }}|{{ userData.friendlyUserId }}|{{ userData.tenant }}|{{ userData.tenantFriendlyName }}|{{ globalTrackingId | size }}|
            {{ iconUrl }}|{{ pageBackgroundColor | default: '#2b2b33' }}|{{ primaryColor | default: '#ea5323' }}|{{ errors | size }}|
            {{ allowRememberBrowser }}|{{ stateCheckingMechanism }}|{{ supportEmail }}|{{ supportUrl }}|{{ lang }}
            """);
        var ticket = await person.NewTicketAsync();
        var email = (string)(await person.Management.GetAsync(person.UserPath))["email"]!;

        var page = await person.Server.GetAsync("/mfa/enrollment?ticket=" + ticket);

        page.Status.ShouldBe(HttpStatusCode.OK);
        page.Text.Replace("\n", "", StringComparison.Ordinal).ShouldBe(
            $"T{ticket}|{person.Server.Url}/appliance-mfa|{person.UserId}|{email}|{email}|default|Acme|10|"
            + "https://example.com/logo.png?a=1&amp;b=2|#2b2b33|#ea5323|0|false|polling|help@example.com||en");
    }

    /// <summary>Text that a filter decodes is still data. Otherwise a script in a name would get the nonce of the page.</summary>
    [Theory, Engines]
    public async Task A_name_cannot_become_markup_through_a_filter_that_decodes(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var person = await Person.CreateAsync(server);
        await SaveAsync(person, "{{ userData.tenantFriendlyName | url_decode }}|{{ userData.tenantFriendlyName | slice: 30, 32 | base64_decode }}");
        await PatchAsync(person, """{"friendly_name":"%3Cscript%3Eone()%3C/script%3EPHNjcmlwdD50d28oKTwvc2NyaXB0Pg=="}""");

        var page = await OpenAsync(person, await person.NewTicketAsync());

        page.Text.ShouldBe("&lt;script&gt;one()&lt;/script&gt;PHNjcmlwdD50d28oKTwvc2NyaXB0Pg==|&lt;script&gt;two()&lt;/script&gt;");
    }

    [Theory, Engines]
    public async Task Tags_and_filters_of_a_page_see_unescaped_values(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        await SaveAsync(person, """
            {% if userData.tenantFriendlyName == "R&D 'Lab'" %}{{ userData.tenantFriendlyName | split: " " | last }}|{{ userData.tenantFriendlyName | url_encode }}{% endif %}
            """);
        await PatchAsync(person, """{"friendly_name":"R&D 'Lab'"}""");

        (await OpenAsync(person, await person.NewTicketAsync())).Text.Trim().ShouldBe("&#39;Lab&#39;|R%26D+%27Lab%27");
    }

    [Theory, Engines]
    public async Task The_template_of_a_dead_link_gets_its_error(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        await SaveAsync(person, "{% if ticket %}T{% endif %}{% for error in errors %}{{ error.code }}: {{ error.message }}{% endfor %}{{ userData.email }}");

        var page = await person.Server.GetAsync("/mfa/enrollment?ticket=" + new string('A', 32));

        page.Status.ShouldBe(HttpStatusCode.NotFound);
        page.Text.ShouldBe("ticket_unknown: This link does not work");
    }

    [Theory, Engines]
    public async Task A_custom_page_is_shown_only_while_it_is_enabled(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        var ticket = await person.NewTicketAsync();

        await SaveAsync(person, "<p>Ours</p>");
        (await OpenAsync(person, ticket)).Text.ShouldBe("<p>Ours</p>");
        await PatchAsync(person, """{"guardian_mfa_page":{"enabled":false}}""");
        (await OpenAsync(person, ticket)).Text.ShouldContain("new Auth0MFAWidget(");
        await PatchAsync(person, """{"guardian_mfa_page":{"enabled":true}}""");
        (await OpenAsync(person, ticket)).Text.ShouldBe("<p>Ours</p>");
        await PatchAsync(person, """{"guardian_mfa_page":{"html":""}}""");

        (await OpenAsync(person, ticket)).Text.ShouldContain("new Auth0MFAWidget(");
    }

    [Theory, Engines]
    public async Task The_default_template_can_be_saved_as_a_custom_page(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        var ticket = await person.NewTicketAsync();
        await PatchAsync(person, """{"guardian_mfa_page":null}""");
        var byDefault = await OpenAsync(person, ticket);
        var template = (string)(await person.Management.GetAsync("/guardian/mfa-page/default"))["html"]!;

        await SaveAsync(person, template);

        var own = await OpenAsync(person, ticket);
        RemoveRandomParts(own).ShouldBe(RemoveRandomParts(byDefault));
        own.Header("Content-Security-Policy").ShouldContain("script-src-attr 'unsafe-inline'");
        byDefault.Header("Content-Security-Policy").ShouldNotContain("unsafe");
    }

    [Theory, Engines]
    public async Task References_to_the_vendors_widget_are_replaced(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        await SaveAsync(person, """
            <script src="//cdn.auth0.com/js/mfa-widget/mfa-widget-1.2.1.min.js"></script>
            <script src='https://cdn.auth0.com/js/mfa-widget/mfa-widget-1.8.min.js?x=1'></script>
            <script src=HTTP://CDN.auth0.com/js/mfa-widget/mfa-widget-0.1.1.min.js></script>
            <script src="//cdn.auth0.com/js/mfa-widget/mfa-widget-1.8.min.js.map"></script>
            <script src="//cdn.auth0.com/js/lock/11/lock.min.js"></script>
            <script src="//cdn.auth0.com.example.com/js/mfa-widget/mfa-widget-1.8.min.js"></script>
            <img src="//cdn.auth0.com/styleguide/1.0.0/img/badge.png">
            """);

        var page = (await OpenAsync(person, await person.NewTicketAsync())).Text;

        page.ShouldContain("src=\"/js/mfa-widget/mfa-widget-1.2.1.min.js\"");
        page.ShouldContain("src='/js/mfa-widget/mfa-widget-1.8.min.js?x=1'");
        page.ShouldContain("src=/js/mfa-widget/mfa-widget-0.1.1.min.js>");
        page.ShouldContain("src=\"//cdn.auth0.com/js/mfa-widget/mfa-widget-1.8.min.js.map\"");
        page.ShouldContain("src=\"//cdn.auth0.com/js/lock/11/lock.min.js\"");
        page.ShouldContain("src=\"//cdn.auth0.com.example.com/js/mfa-widget/mfa-widget-1.8.min.js\"");
        page.ShouldContain("src=\"//cdn.auth0.com/styleguide/1.0.0/img/badge.png\"");
        page.Split("modulepreload\" href=\"/js/mfa-widget/modules/widget.js").Length.ShouldBe(2);
    }

    public static TheoryData<string, string> BadTemplates() => new()
    {
        { "<p>\n  {% if ticket %}", "line 2, column 3" },
        { "{{ ticket | shout }}", "line 1, column" },
        { "\n{{ 'a }}", "line 2, column" },
        { string.Concat(Enumerable.Repeat("{% if true %}", 19_000)), "line 1, column 1307" },
        { "{{ " + string.Concat(Enumerable.Repeat("a[", 50_000)), "line 1, column" },
        { new string('x', 300_000), "line 1, column" },
    };

    [Theory]
    [MemberData(nameof(BadTemplates))]
    public async Task A_template_that_does_not_parse_is_refused_with_line_and_column(string html, string place)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(Engine.Sqlite));
        await SaveAsync(person, "<p>Before</p>");

        var answer = await person.Management.SendAsync(
            HttpMethod.Patch, "/tenants/settings", new { friendly_name = "Changed", guardian_mfa_page = new { html } });

        answer.ShouldBeError(HttpStatusCode.BadRequest, "invalid_body");
        ((string)answer.Json!["message"]!).ShouldContain(place);
        ((string)answer.Json!["message"]!).ShouldContain("guardian_mfa_page.html");
        (await OpenAsync(person, await person.NewTicketAsync())).Text.ShouldBe("<p>Before</p>");
        ((string?)(await person.Management.GetAsync("/tenants/settings"))["friendly_name"]).ShouldNotBe("Changed");
    }

    /// <summary>Anyone with a link can make the page fail repeatedly, which must not fill the log.</summary>
    [Theory, Engines]
    public async Task A_template_that_fails_to_render_is_replaced_by_the_default_page(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var person = await Person.CreateAsync(server);
        await SaveAsync(person, "<p>\n" + Endless);
        var ticket = await person.NewTicketAsync();

        for (var i = 0; i < 20; i++)
        {
            var page = await OpenAsync(person, i % 2 == 0 ? ticket : "unknown");
            page.Status.ShouldBe(i % 2 == 0 ? HttpStatusCode.OK : HttpStatusCode.NotFound);
            page.Text.ShouldContain("new Auth0MFAWidget(");
            page.Header("Content-Security-Policy").ShouldNotContain("unsafe");
        }

        (await ListFailuresAsync(server)).ShouldHaveSingleItem().ShouldContain("\"line\":2");
        server.Clock.Advance(TimeSpan.FromHours(1));
        await OpenAsync(person, ticket);
        (await ListFailuresAsync(server)).Count.ShouldBe(2);
        await SaveAsync(person, Endless);
        await OpenAsync(person, ticket);
        (await ListFailuresAsync(server)).Count.ShouldBe(3);
    }

    /// <summary>Such a template may have been stored by an older version or by hand.</summary>
    [Theory, Engines]
    public async Task A_stored_template_that_does_not_parse_is_replaced_by_the_default_page(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var person = await Person.CreateAsync(server);
        var html = string.Concat(Enumerable.Repeat("{% if true %}", 20_000));
        var settings = new JsonObject { ["guardian_mfa_page"] = new JsonObject { ["enabled"] = true, ["html"] = html } }.ToJsonString();
        await server.Database.WriteAsync(
            async unit => await unit.ExecuteAsync(new Statement("UPDATE tenant SET settings = @settings", ("settings", settings)), CancellationToken.None),
            CancellationToken.None);

        var page = await OpenAsync(person, await person.NewTicketAsync());

        page.Status.ShouldBe(HttpStatusCode.OK);
        page.Text.ShouldContain("new Auth0MFAWidget(");
        (await ListFailuresAsync(server)).ShouldHaveSingleItem().ShouldContain("\"column\":");
    }

    private static Task<Answer> OpenAsync(Person person, string ticket) => person.Server.GetAsync("/mfa/enrollment?ticket=" + ticket);

    private static async Task SaveAsync(Person person, string html) =>
        (await person.Management.SendAsync(HttpMethod.Patch, "/tenants/settings", new { guardian_mfa_page = new { enabled = true, html } }))
            .ShouldBe(HttpStatusCode.OK);

    private static async Task PatchAsync(Person person, string body) =>
        (await person.Management.SendAsync(HttpMethod.Patch, "/tenants/settings", JsonNode.Parse(body))).ShouldBe(HttpStatusCode.OK);

    private static Task<List<string>> ListFailuresAsync(TestServer server) =>
        server.Database.QueryAsync(
            new Statement("SELECT details FROM log WHERE type = 'gd_page_failed' ORDER BY log_id"), row => row.GetString(0), CancellationToken.None).AsTask();

    /// <summary>Removes the random parts, which differ in each response.</summary>
    private static string RemoveRandomParts(Answer page) =>
        System.Text.RegularExpressions.Regex.Replace(page.Text, "nonce=\"[0-9a-f]+\"|globalTrackingId: \"[0-9a-f]+\"", "");
}

using System.Net;
using System.Text;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Messages;

/// <summary>The enrollment mail with the tenant's template, and sent through the tenant's mail server.</summary>
public sealed class EnrollmentTemplateTests
{
    private const string Ticket = "/guardian/enrollments/ticket";

    [Theory, Engines]
    public async Task A_template_can_use_the_published_variables(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var management = new ManagementApi(server);
        await SendAsync(management, HttpMethod.Patch, "/tenants/settings",
            """{"friendly_name":"Acme","support_email":"help@acme.example","support_url":"https://acme.example/help"}""");
        await CreateTemplateAsync(management, from: "{{ friendly_name }} Security <mfa@acme.example>", subject: "{{ user.given_name }}, enroll at {{ friendly_name }}",
            body: """
                <a href="{{ link }}">{{ application.name }}|{{ tenant }}|{{ friendly_name }}|{{ support_email }}|{{ support_url }}</a>
                {{ user.email }}|{{ user.email_verified }}|{{ user.nickname }}|{{ user.given_name }}|{{ user.family_name }}|{{ user.name }}
                {% if request_language == 'de' %}Hallo{% endif %}|{{ user.user_metadata.team[1] }}|{{ user.app_metadata.plan.seats }}
                """);
        var userId = await CreateUserAsync(management,
            """{"given_name":"Ada","family_name":"Lovelace","name":"Ada L.","nickname":"ada","user_metadata":{"team":["a","b"]},"app_metadata":{"plan":{"seats":3}}}""");

        var link = await InviteAsync(management, userId, ",\"email_locale\":\"de\"");

        var mail = (await Mail.WaitForAsync(server, 1))[0];
        mail.Headers["Subject"].ShouldBe("Ada, enroll at Acme");
        mail.Headers["From"].ShouldBe("Acme Security <mfa@acme.example>");
        mail.Html.ReplaceLineEndings("\n").ShouldBe($"""
            <a href="{link}">Acme|Acme|Acme|help@acme.example|https://acme.example/help</a>
            ada@example.com|false|ada|Ada|Lovelace|Ada L.
            Hallo|b|3
            """.ReplaceLineEndings("\n"));
        mail.Text.ShouldContain(link);
    }

    /// <summary>A value is escaped once, at the output, whatever filters it passes before, and never in subject and sender, which are plain text.</summary>
    [Theory, Engines]
    public async Task Filters_and_comparisons_see_the_value_and_the_mail_shows_it(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var management = new ManagementApi(server);
        await CreateTemplateAsync(management, from: "{{ user.name | escape }} <a@acme.example>",
            subject: "{% if user.nickname == 'R&D' %}For {{ user.name | escape | escape_once }} {{ '& <friends>' | newline_to_br | escape }}{% endif %}",
            body: """
                {{ user.name }}|{{ user.name | escape }}|{{ user.name | truncate: 8, "" }}|{{ user.name | size }}|{% if user.nickname == "R&D" %}yes{% endif %}
                <a href={{ link }} title={{ user.name }}>{{ user.user_metadata["a & b"] }}</a>|{{ user.family_name | url_decode }}|{{ user.given_name | base64_decode }}
                """);
        var userId = await CreateUserAsync(management,
            """{"name":"O'Neil & Co","nickname":"R&D","family_name":"%3Cb%3E","given_name":"PGI+","user_metadata":{"a & b":"<i>"}}""");

        var link = await InviteAsync(management, userId);

        var mail = (await Mail.WaitForAsync(server, 1))[0];
        mail.Headers["Subject"].ShouldBe("For O'Neil & Co & <friends>");
        mail.Headers["From"].ShouldBe("O'Neil & Co <a@acme.example>");
        mail.Html.ReplaceLineEndings("\n").ShouldBe($"""
            O&#39;Neil &amp; Co|O&#39;Neil &amp; Co|O&#39;Neil &amp;|11|yes
            <a href={link.Replace("=", "&#61;")} title=O&#39;Neil&#32;&amp;&#32;Co>&lt;i&gt;</a>|&lt;b&gt;|&lt;b&gt;
            """.ReplaceLineEndings("\n"));
    }

    /// <summary>The templates themselves escape nothing.</summary>
    [Theory, Engines]
    public async Task Names_cannot_add_markup_or_headers_to_body_subject_and_sender(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var management = new ManagementApi(server);
        await CreateTemplateAsync(management, from: "{{ user.name }} <a@acme.example>", subject: "For {{ user.name }}",
            body: "<p title='{{ user.name }}'>{{ user.name }}</p>{% for pair in user.user_metadata %}{{ pair[0] }}={{ pair[1] }};{% endfor %}");
        const string Name = """<img src=x onerror=y>\"' onclick='z {{ 1237 | times: 8191 }}\r\nBcc: evil@example.com\r\n\r\n<b>\u202E""";
        var userId = await CreateUserAsync(management, $$$"""{"name":"{{{Name}}}","user_metadata":{"<b>k</b>":"<i>v</i>"}}""");

        await InviteAsync(management, userId);

        var mail = (await Mail.WaitForAsync(server, 1))[0];
        mail.Headers.Keys.ShouldBe(
            ["Date", "From", "To", "Subject", "Message-Id", "Auto-Submitted", "MIME-Version", "Content-Type"], ignoreOrder: true);
        mail.Headers["From"].ShouldEndWith(" <a@acme.example>");
        mail.Headers["Subject"].IndexOfAny(['\r', '\n', '\u202E']).ShouldBe(-1);
        mail.Html.ShouldNotContain("<img");
        mail.Html.ShouldNotContain("<i>");
        mail.Html.ShouldNotContain("<b>");
        mail.Html.ShouldContain("&lt;b&gt;k&lt;/b&gt;=&lt;i&gt;v&lt;/i&gt;;");
        mail.Html.Split('\'').Length.ShouldBe(3);
        (mail.Html + mail.Headers["Subject"] + mail.Headers["From"]).ShouldNotContain("10132267");
    }

    [Theory, Engines]
    public async Task Without_a_working_template_the_built_in_mail_is_sent(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var management = new ManagementApi(server);
        var userId = await CreateUserAsync(management, "{}");
        await CreateTemplateAsync(management, from: "not an address", subject: "x", body: "{% for i in (1..90000) %}{% for j in (1..90000) %}a{% endfor %}{% endfor %}");
        await InviteAsync(management, userId);
        (await SendAsync(management, HttpMethod.Patch, "/email-templates/enrollment_email", """{"enabled":false,"body":"<p>never</p>"}""")).ShouldBe(HttpStatusCode.OK);
        server.Clock.Advance(TimeSpan.FromSeconds(1));
        await InviteAsync(management, userId);
        (await SendAsync(management, HttpMethod.Patch, "/email-templates/enrollment_email", """{"enabled":true,"subject":"{{ nothing }}","from":"{{ nothing }}"}""")).ShouldBe(HttpStatusCode.OK);
        server.Clock.Advance(TimeSpan.FromSeconds(1));
        await InviteAsync(management, userId);

        var mails = await Mail.WaitForAsync(server, 3);
        mails.Count(mail => mail.Html.Contains("Set up now")).ShouldBe(2);
        mails.Count(mail => mail.Html == "<p>never</p>").ShouldBe(1);
        mails.ShouldAllBe(mail => mail.Headers["Subject"] == "Set up your second sign-in step for Sallyport");
        mails.ShouldAllBe(mail => mail.Headers["From"].EndsWith(" <no-reply@127.0.0.1>"));
    }

    [Theory, Engines]
    public async Task Mail_leaves_through_the_enabled_provider(Engine engine)
    {
        await using var sink = await MailSink.StartAsync();
        await using var server = await TestServer.StartAsync(engine);
        var management = new ManagementApi(server);
        var userId = await CreateUserAsync(management, "{}");
        (await SendAsync(management, HttpMethod.Post, "/emails/provider", $$$$"""
            {"name":"smtp","default_from_address":"mfa@acme.example","credentials":{"smtp_host":"127.0.0.1","smtp_port":{{{{sink.Port}}}},"smtp_user":"{{{{MailSink.User}}}}","smtp_pass":"{{{{MailSink.Password}}}}"},
             "settings":{"headers":{"X-SES-Configuration-Set":"example"}}}
            """)).ShouldBe(HttpStatusCode.Created);

        var link = await InviteAsync(management, userId);

        var received = (await Eventually.GetAsync(() => Task.FromResult(sink.Mails), mails => mails.Count > 0)).ShouldHaveSingleItem();
        (received.User, received.From, received.To).ShouldBe((MailSink.User, "mfa@acme.example", "ada@example.com"));
        var mail = Mail.Parse(received.Content);
        mail.Headers["From"].ShouldEndWith(" <mfa@acme.example>");
        mail.Headers["X-SES-Configuration-Set"].ShouldBe("example");
        mail.Text.ShouldContain(link);
        Mail.ListFiles(server).ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task A_mail_that_is_refused_permanently_is_given_up_at_once_and_logged(Engine engine)
    {
        await using var sink = await MailSink.StartAsync(unknownRecipient: "ada@example.com");
        await using var server = await TestServer.StartAsync(engine);
        var management = new ManagementApi(server);
        var userId = await CreateUserAsync(management, "{}");
        (await SendAsync(management, HttpMethod.Post, "/emails/provider",
            $$$"""{"name":"smtp","credentials":{"smtp_host":"127.0.0.1","smtp_port":{{{sink.Port}}}}}""")).ShouldBe(HttpStatusCode.Created);

        await InviteAsync(management, userId);

        var rows = await Eventually.GetAsync(
            async () => await server.Database.QueryAsync(
                new Statement("SELECT last_error, attempts FROM message WHERE failed_at IS NOT NULL AND sealed_content IS NULL"),
                row => (Error: row.GetString(0), Attempts: row.GetInt64(1)),
                CancellationToken.None),
            rows => rows.Count == 1);
        rows[0].Error.ShouldStartWith("The mail server refused the recipient: 55");
        rows[0].Attempts.ShouldBe(1);
        Mail.ListFiles(server).ShouldBeEmpty();
        var entry = (await management.GetAsync($"/logs?q=type:fn"))[0]!;
        ((string)entry["user_id"]!).ShouldBe(userId);
        ((string)entry["details"]!["error"]!).ShouldBe(rows[0].Error);
    }

    [Theory, Engines]
    public async Task Mail_of_a_disabled_or_unsupported_provider_is_written_to_the_outbox_folder(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var management = new ManagementApi(server);
        var userId = await CreateUserAsync(management, "{}");
        (await SendAsync(management, HttpMethod.Post, "/emails/provider",
            """{"name":"sparkpost","default_from_address":"mfa@acme.example","credentials":{"api_key":"x"}}""")).ShouldBe(HttpStatusCode.Created);
        await InviteAsync(management, userId);
        (await Mail.WaitForAsync(server, 1))[0].Headers["From"].ShouldEndWith(" <mfa@acme.example>");

        (await SendAsync(management, HttpMethod.Patch, "/emails/provider",
            """{"name":"smtp","enabled":false,"credentials":{"smtp_host":"127.0.0.1","smtp_port":1}}""")).ShouldBe(HttpStatusCode.OK);
        server.Clock.Advance(TimeSpan.FromSeconds(1));
        await InviteAsync(management, userId);

        (await Mail.WaitForAsync(server, 2))[1].Headers["From"].ShouldEndWith(" <no-reply@127.0.0.1>");
    }

    private static async Task CreateTemplateAsync(ManagementApi management, string from, string subject, string body) =>
        (await management.SendAsync(HttpMethod.Post, "/email-templates", new { template = "enrollment_email", body, from, subject, syntax = "liquid", enabled = true }))
            .ShouldBe(HttpStatusCode.OK);

    private static async Task<string> CreateUserAsync(ManagementApi management, string members)
    {
        var separator = members == "{}" ? "" : ",";
        var user = await SendAsync(management, HttpMethod.Post, "/users", $$"""{"connection":"db","email":"ada@example.com"{{separator}}{{members[1..]}}""");
        return (string)user.ShouldBe(HttpStatusCode.Created)["user_id"]!;
    }

    /// <returns>The link.</returns>
    private static async Task<string> InviteAsync(ManagementApi management, string userId, string more = "") =>
        (string)(await SendAsync(management, HttpMethod.Post, Ticket, $$"""{"user_id":"{{userId}}","send_mail":true{{more}}}""")).ShouldBe(HttpStatusCode.OK)["ticket_url"]!;

    private static Task<Answer> SendAsync(ManagementApi management, HttpMethod method, string path, string body) =>
        management.SendAsync(method, path, new StringContent(body, Encoding.UTF8, "application/json"));
}

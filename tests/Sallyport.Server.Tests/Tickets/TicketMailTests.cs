using System.Net;
using System.Text;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;
using Sallyport.Server.Tickets;

namespace Sallyport.Server.Tests.Tickets;

public sealed class TicketMailTests
{
    private const string Path = "/guardian/enrollments/ticket";

    [Theory, Engines]
    public async Task A_mail_with_the_link_goes_to_the_address_of_the_user(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var management = new ManagementApi(server);
        var userId = await management.CreateUserAsync("ada@example.com");

        var ticket = (await management.SendAsync(HttpMethod.Post, Path, new { user_id = userId, send_mail = true })).ShouldBe(HttpStatusCode.OK);

        var mail = (await Mail.WaitForAsync(server, 1)).ShouldHaveSingleItem();
        mail.Headers["To"].ShouldBe("ada@example.com");
        mail.Headers["Subject"].ShouldBe("Set up your second sign-in step for Sallyport");
        mail.Headers["Date"].ShouldBe("Sun, 01 Mar 2026 12:00:00 +0000");
        mail.Text.ShouldContain((string)ticket["ticket_url"]!);
        mail.Html.ShouldContain($"<a href=\"{ticket["ticket_url"]}\"");
    }

    [Theory, Engines]
    public async Task The_mail_may_go_to_another_address_without_changing_the_user(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var management = new ManagementApi(server);
        var userId = await management.CreateUserAsync("own@example.com");

        await management.SendAsync(HttpMethod.Post, Path, new { user_id = userId, email = "private@example.org", send_mail = true });

        (await Mail.WaitForAsync(server, 1))[0].Headers["To"].ShouldBe("private@example.org");
        ((string)(await management.GetAsync("/users/" + Uri.EscapeDataString(userId)))["email"]!).ShouldBe("own@example.com");
    }

    [Theory, Engines]
    public async Task Without_an_address_there_is_neither_a_mail_nor_a_ticket(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var management = new ManagementApi(server);
        var user = await management.SendAsync(HttpMethod.Post, "/users", new { connection = "db", username = "nomail" });
        var userId = (string)user.ShouldBe(HttpStatusCode.Created)["user_id"]!;
        var before = await DatabaseDump.TakeAsync(server.Database);

        var answer = await management.SendAsync(HttpMethod.Post, Path, new { user_id = userId, send_mail = true });

        answer.ShouldBeError(HttpStatusCode.BadRequest, "invalid_body");
        ((string)answer.Json!["message"]!).ShouldContain("email");
        (await DatabaseDump.TakeAsync(server.Database)).ShouldBe(before);
        (await management.SendAsync(HttpMethod.Post, Path, new { user_id = userId, send_mail = true, email = "given@example.com" }))
            .ShouldBe(HttpStatusCode.OK);
    }

    [Theory, Engines]
    public async Task No_mail_is_sent_unless_it_is_asked_for(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var management = new ManagementApi(server);
        var userId = await management.CreateUserAsync("ada@example.com");

        await management.SendAsync(HttpMethod.Post, Path, new { user_id = userId, email = "b@example.com" });
        await management.SendAsync(HttpMethod.Post, Path, new { user_id = userId, send_mail = false });

        (await DatabaseDump.TakeAsync(server.Database)).ShouldAllBe(line => !line.StartsWith("message|"));
    }

    [Theory, Engines]
    public async Task A_mail_is_not_sent_after_its_ticket_has_expired(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var userId = await new ManagementApi(server).CreateUserAsync();
        // A file in place of the folder makes the delivery fail.
        await File.WriteAllTextAsync(server.Options.OutboxDirectory, "", CancellationToken.None);
        await SendAsync();
        await Eventually.GetAsync(ListErrorsAsync, errors => errors.Count == 1);
        File.Delete(server.Options.OutboxDirectory);

        server.Clock.Advance(Ticket.Lifetime);
        // A new mail wakes the worker, which otherwise polls every few seconds.
        var url = await SendAsync();

        await Eventually.GetAsync(ListErrorsAsync, errors => errors is ["The message expired before it could be delivered."]);
        (await Mail.WaitForAsync(server, 1))[0].Text.ShouldContain(url);

        async Task<string> SendAsync()
        {
            var ticket = await new ManagementApi(server).SendAsync(HttpMethod.Post, Path, new { user_id = userId, send_mail = true });
            return (string)ticket.ShouldBe(HttpStatusCode.OK)["ticket_url"]!;
        }

        Task<List<string>> ListErrorsAsync() => server.Database.QueryAsync(
            new Statement("SELECT last_error FROM message WHERE last_error IS NOT NULL"), row => row.GetString(0), CancellationToken.None).AsTask();
    }

    /// <summary>CVE-2022-1274: names in mails must not contain markup.</summary>
    [Theory, Engines]
    public async Task Names_cannot_add_markup_to_a_mail(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var management = new ManagementApi(server);
        var name = "<a href=\"https://evil.example\">Click</a>{{1237*8191}}\r\nBcc: evil@example.com\r\n\r\n<script>x</script>\u202Egnp.exe\u2028\u0085";
        var tenant = "Acme\r\nTo: evil@example.com{{ 1237 | times: 8191 }}<img src=x onerror=y>\u202E=?utf-8?B?ZXZpbA==?=\u0007 \U0001F600";
        await management.SendAsync(HttpMethod.Patch, "/tenants/settings", new { friendly_name = tenant });
        var user = await management.SendAsync(HttpMethod.Post, "/users", new { connection = "db", email = "ada@example.com", name });
        var userId = (string)user.ShouldBe(HttpStatusCode.Created)["user_id"]!;

        (await management.SendAsync(HttpMethod.Post, Path, new { user_id = userId, send_mail = true })).ShouldBe(HttpStatusCode.OK);

        var mail = (await Mail.WaitForAsync(server, 1))[0];
        mail.Headers.Keys.ShouldBe(
            ["Date", "From", "To", "Subject", "Message-Id", "Auto-Submitted", "MIME-Version", "Content-Type"], ignoreOrder: true);
        mail.Headers["To"].ShouldBe("ada@example.com");
        mail.Headers["From"].ShouldEndWith(" <no-reply@127.0.0.1>");
        foreach (var text in new[] { mail.Headers["Subject"], mail.Headers["From"], mail.Text, mail.Html })
        {
            text.ShouldNotContain("10132267");
            text.IndexOfAny(['\u202E', '\u2028', '\u0085', '\a']).ShouldBe(-1);
        }

        mail.Headers["Subject"].ShouldContain("\U0001F600");
        mail.Text.ShouldContain("{{1237*8191}}");
        mail.Html.ShouldNotContain("<script");
        mail.Html.ShouldNotContain("<img");
        mail.Html.ShouldNotContain("href=\"https://evil");
        mail.Html.Split("<a ").Length.ShouldBe(2);
    }

    [Theory, Engines]
    public async Task A_name_of_any_length_is_shortened_between_characters(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var management = new ManagementApi(server);
        var name = "x" + string.Concat(Enumerable.Repeat("\U0001F600", 140));
        var user = await management.SendAsync(HttpMethod.Post, "/users", new { connection = "db", email = "ada@example.com", name });

        await management.SendAsync(
            HttpMethod.Post, Path, new { user_id = (string)user.ShouldBe(HttpStatusCode.Created)["user_id"]!, send_mail = true });

        var mail = (await Mail.WaitForAsync(server, 1))[0];
        mail.Text.ShouldNotContain("\uFFFD");
        mail.Text.Split('\n')[0].Length.ShouldBeLessThan(150);
        new UTF8Encoding(false, throwOnInvalidBytes: true).GetByteCount(mail.Text).ShouldBeGreaterThan(0);
    }

    /// <summary>CVE-2023-49097: links are built from the configuration only.</summary>
    [Theory, Engines]
    public async Task No_header_of_a_request_changes_a_link(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine, ("Sallyport:TrustedProxies", "127.0.0.1"));
        var management = new ManagementApi(server);
        var userId = await management.CreateUserAsync("ada@example.com");
        var token = await management.FetchTokenAsync();
        (string Name, string Value)[] headers =
        [
            ("Host", "evil.example"), ("Host", "evil.example:1"), ("Host", "[::1]"), ("X-Forwarded-Host", "evil.example"), ("X-Forwarded-Proto", "gopher"),
            ("X-Forwarded-Port", "666"), ("X-Forwarded-Prefix", "/evil"), ("X-Original-Host", "evil.example"), ("X-Host", "evil.example"),
            ("Forwarded", "for=1.2.3.4;host=evil.example;proto=https"), ("X-Original-URL", "/evil"), ("X-Forwarded-Server", "evil.example"),
        ];

        foreach (var (name, value) in headers)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v2" + Path)
            {
                Content = new StringContent($$"""{"user_id":"{{userId}}","send_mail":true}""", Encoding.UTF8, "application/json"),
            };
            request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token);
            request.Headers.TryAddWithoutValidation(name, value).ShouldBeTrue();
            using var response = await server.Http.SendAsync(request, CancellationToken.None);
            var ticket = (await Answer.ReadAsync(response)).ShouldBe(HttpStatusCode.OK);
            ((string)ticket["ticket_url"]!).ShouldStartWith(server.Url + "/mfa/enrollment?ticket=", Case.Sensitive, name);
        }

        foreach (var mail in await Mail.WaitForAsync(server, headers.Length))
        {
            var whole = mail.Text + mail.Html + string.Join('\n', mail.Headers.Values);
            whole.ShouldNotContain("evil.example");
            whole.ShouldNotContain("/evil");
            mail.Text.ShouldContain(server.Url + "/mfa/enrollment?ticket=");
        }
    }
}

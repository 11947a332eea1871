using System.Net;
using System.Text.RegularExpressions;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.HostedPages;

public sealed partial class TicketPageTests(Servers servers) : IClassFixture<Servers>
{
    private static readonly string[] Addresses = ["/mfa/enrollment?ticket=", "/guardian/enroll?ticket=", "/enrollment?ticket_id="];

    [Theory, Engines]
    public async Task Every_address_shows_the_page_of_a_ticket(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        var ticket = await person.NewTicketAsync();

        foreach (var address in Addresses)
        {
            var page = await person.Server.GetAsync(address + ticket);

            page.Status.ShouldBe(HttpStatusCode.OK);
            ShouldHaveHeaders(page, person.Server);
            var options = PageOptions.Of(page);
            options["ticket"].ShouldBe(ticket);
            options["requestToken"].ShouldBeEmpty();
            options["mfaServerUrl"].ShouldBe(person.Server.Url + "/appliance-mfa");
            options["pageUrl"].ShouldBe($"{person.Server.Url}/mfa/enrollment?ticket={ticket}");
            options["userId"].ShouldBe(person.UserId);
            options["errorCode"].ShouldBeEmpty();
        }
    }

    [Theory, Engines]
    public async Task The_page_of_a_dead_link_shows_its_error_and_no_ticket(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var (used, expired, blocked) = (await Person.CreateAsync(server), await Person.CreateAsync(server), await Person.CreateAsync(server));
        var expiredTicket = await expired.NewTicketAsync();
        server.Clock.Advance(TimeSpan.FromDays(5));
        var (usedTicket, blockedTicket) = (await used.NewTicketAsync(), await blocked.NewTicketAsync());
        await used.Guardian.EnrollAsync(usedTicket);
        (await blocked.Management.SendAsync(HttpMethod.Patch, blocked.UserPath, new { blocked = true })).ShouldBe(HttpStatusCode.OK);

        foreach (var address in Addresses)
        {
            await ShouldShowErrorAsync(server, address + usedTicket, HttpStatusCode.Gone, "ticket_used");
            await ShouldShowErrorAsync(server, address + expiredTicket, HttpStatusCode.Gone, "ticket_expired");
            await ShouldShowErrorAsync(server, address + blockedTicket, HttpStatusCode.Forbidden, "user_blocked");
            foreach (var unknown in new[] { new string('A', 32), "", "%00", "%22%3E%3Cscript%3E", "a&ticket=b", new string('a', 2000), "%F0%9F%94%91" })
            {
                await ShouldShowErrorAsync(server, address + unknown, HttpStatusCode.NotFound, "ticket_unknown");
            }
        }

        await ShouldShowErrorAsync(server, "/mfa/enrollment", HttpStatusCode.NotFound, "ticket_unknown");
    }

    [Theory, Engines]
    public async Task The_page_of_a_blocked_user_says_so_and_does_not_name_the_user(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        var ticket = await person.NewTicketAsync();
        (await person.Management.SendAsync(HttpMethod.Patch, person.UserPath, new { blocked = true })).ShouldBe(HttpStatusCode.OK);

        var blocked = await person.Server.GetAsync("/mfa/enrollment?ticket=" + ticket);

        blocked.Text.ShouldContain("Your account is blocked");
        blocked.Text.ShouldNotContain("@example.com");
        blocked.Text.ShouldNotContain(person.UserId);
    }

    /// <summary>Mail scanners open links before the recipient does.</summary>
    [Theory, Engines]
    public async Task Opening_a_link_many_times_does_not_use_it(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        var ticket = await person.NewTicketAsync();

        for (var i = 0; i < 50; i++)
        {
            var address = Addresses[i % Addresses.Length] + ticket;
            (await person.Server.GetAsync(address)).Status.ShouldBe(HttpStatusCode.OK);
            var head = await person.Server.SendAsync(HttpMethod.Head, address);
            head.Status.ShouldBe(HttpStatusCode.OK);
            head.Text.ShouldBeEmpty();
            ShouldHaveHeaders(head, person.Server);
        }

        (await person.CountAsync("transaction")).ShouldBe(0);
        (await person.CountAsync("authenticator")).ShouldBe(0);
        (await person.ListGuardianLogAsync()).ShouldBeEmpty();
        await person.Guardian.EnrollAsync(ticket);
        (await person.ListEnrollmentsAsync()).Count.ShouldBe(1);
    }

    [Theory, Engines]
    public async Task A_page_accepts_only_GET_and_HEAD(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        var ticket = await person.NewTicketAsync();

        foreach (var method in new[] { HttpMethod.Post, HttpMethod.Put, HttpMethod.Delete })
        {
            (await person.Server.SendAsync(method, "/mfa/enrollment?ticket=" + ticket)).Status.ShouldBe(HttpStatusCode.MethodNotAllowed);
        }
    }

    [Theory, Engines]
    public async Task Hostile_names_are_shown_as_text(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        const string Hostile = "</script><script>alert(1)</script><!-- {{ ticket }} ${x} '\"&amp;\u2028";
        var person = await Person.CreateAsync(server);
        (await person.Management.SendAsync(HttpMethod.Patch, person.UserPath, new { name = Hostile })).ShouldBe(HttpStatusCode.OK);
        (await person.Management.SendAsync(HttpMethod.Patch, "/tenants/settings", new { friendly_name = Hostile })).ShouldBe(HttpStatusCode.OK);
        var anonymous = (string)(await person.Management.SendAsync(
            HttpMethod.Post, "/users", new { connection = "sms", phone_number = "+14255550123", name = Hostile })).Json!["user_id"]!;

        foreach (var userId in new[] { person.UserId, anonymous })
        {
            var page = await server.GetAsync("/mfa/enrollment?ticket=" + await person.Management.CreateTicketAsync(userId));

            page.Status.ShouldBe(HttpStatusCode.OK);
            Scripts().Count(page.Text).ShouldBe(2);
            page.Text.ShouldNotContain("alert(1)</script>");
            page.Text.ShouldNotContain("<!--");
            PageOptions.Of(page)["tenantFriendlyName"].ShouldBe(Hostile);
        }
    }

    [Theory, Engines]
    public async Task Links_of_the_page_come_from_the_configuration(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        var ticket = await person.NewTicketAsync();

        var page = await person.Server.SendAsync(
            HttpMethod.Get, "/mfa/enrollment?ticket=" + ticket,
            ("Host", "evil.example.com"), ("X-Forwarded-Host", "evil.example.com"), ("X-Forwarded-Proto", "https"));

        page.Status.ShouldBe(HttpStatusCode.OK);
        page.Text.ShouldNotContain("evil.example");
        page.Header("Content-Security-Policy").ShouldNotContain("evil.example");
    }

    private static async Task ShouldShowErrorAsync(TestServer server, string address, HttpStatusCode status, string errorCode)
    {
        var page = await server.GetAsync(address);
        page.Status.ShouldBe(status, address);
        ShouldHaveHeaders(page, server);
        var options = PageOptions.Of(page);
        options["errorCode"].ShouldBe(errorCode);
        options["ticket"].ShouldBeEmpty();
        options["pageUrl"].ShouldBeEmpty();
    }

    private static void ShouldHaveHeaders(Answer page, TestServer server)
    {
        var policy = page.Header("Content-Security-Policy").Split(';', StringSplitOptions.TrimEntries);
        policy.ShouldContain("default-src 'none'");
        policy.ShouldContain($"script-src 'self' 'nonce-{Nonce().Match(page.Header("Content-Security-Policy")).Value}'");
        policy.ShouldContain("frame-ancestors 'none'");
        policy.ShouldContain("base-uri 'none'");
        policy.ShouldContain("form-action 'none'");
        policy.ShouldContain($"connect-src 'self' {server.Url}");
        page.Header("Referrer-Policy").ShouldBe("no-referrer");
        page.Header("Cache-Control").ShouldBe("no-store");
        page.Header("X-Frame-Options").ShouldBe("DENY");
        page.Header("X-Content-Type-Options").ShouldBe("nosniff");
        page.Header("X-Robots-Tag").ShouldContain("noindex");
    }

    [GeneratedRegex("(?<=nonce-)[0-9a-f]{32}")]
    private static partial Regex Nonce();

    [GeneratedRegex("<script")]
    private static partial Regex Scripts();
}

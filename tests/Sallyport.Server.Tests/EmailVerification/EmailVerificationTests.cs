using System.Net;
using System.Text.RegularExpressions;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.EmailVerification;

/// <summary>A job sends a mail with a link, and the page behind the link confirms the address.</summary>
public sealed partial class EmailVerificationTests
{
    private const string Job = "/jobs/verification-email";
    private const int Competitors = 16;

    [Theory, Engines]
    public async Task A_mail_carries_a_link_that_verifies_the_address_once(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var management = new ManagementApi(server);
        var userId = await management.CreateUserAsync("ada@example.com");

        var created = (await management.SendAsync(HttpMethod.Post, Job, new { user_id = userId })).ShouldBe(HttpStatusCode.Created);

        ((string)created["type"]!).ShouldBe("verification_email");
        ((string)created["status"]!).ShouldBe("pending");
        ((string)(await management.GetAsync("/jobs/" + created["id"]))["status"]!).ShouldBe("completed");
        var mail = (await Mail.WaitForAsync(server, 1))[0];
        mail.Headers["To"].ShouldBe("ada@example.com");
        mail.Headers["Subject"].ShouldBe("Confirm your email address for Sallyport");
        var link = LinkIn(mail);
        mail.Html.ShouldContain(link);
        var page = await server.GetAsync(link);
        page.Status.ShouldBe(HttpStatusCode.OK);
        page.Text.ShouldContain("""<form method="post"><button class="sp-button sp-main">Confirm address</button></form>""");
        page.Text.ShouldContain("ada@example.com");
        page.Headers.GetValues("Referrer-Policy").ShouldBe(["no-referrer"]);
        (await IsVerifiedAsync(management, userId)).ShouldBeFalse();

        var confirmed = await PostAsync(server, link);

        confirmed.Status.ShouldBe(HttpStatusCode.OK);
        confirmed.Text.ShouldContain("Your email address is confirmed.");
        (await IsVerifiedAsync(management, userId)).ShouldBeTrue();
        (await management.ListLogTypesAsync(userId)).Count(type => type == "sv").ShouldBe(1);
        (await PostAsync(server, link)).Status.ShouldBe(HttpStatusCode.Gone);
        var used = await server.GetAsync(link);
        used.Status.ShouldBe(HttpStatusCode.Gone);
        used.Text.ShouldContain("This link has been used");
        used.Text.ShouldNotContain("ada@example.com");
    }

    [Theory, Engines]
    public async Task Opening_a_link_does_not_use_it_and_one_of_many_confirmations_succeeds(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var (management, userId, link) = await SendAsync(server);
        var before = await DumpAsync(server);
        var secret = link[^32..];
        before.ShouldAllBe(line => !line.Contains(secret));
        for (var i = 0; i < 25; i++)
        {
            (await server.GetAsync(link)).Status.ShouldBe(HttpStatusCode.OK);
            using var head = new HttpRequestMessage(HttpMethod.Head, link);
            using var answer = await server.Http.SendAsync(head, CancellationToken.None);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        (await DumpAsync(server)).ShouldBe(before);

        var answers = await Task.WhenAll(Enumerable.Range(0, Competitors).Select(_ => PostAsync(server, link)));

        answers.Count(answer => answer.Status == HttpStatusCode.OK).ShouldBe(1);
        answers.Count(answer => answer.Status == HttpStatusCode.Gone).ShouldBe(Competitors - 1);
        (await management.ListLogTypesAsync(userId)).Count(type => type == "sv").ShouldBe(1);
    }

    [Theory, Engines]
    public async Task A_link_works_for_five_days_and_only_for_the_address_it_was_sent_to(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var (_, userId, expired) = await SendAsync(server);
        server.Clock.Advance(TimeSpan.FromDays(5));
        var management = new ManagementApi(server);
        (await PostAsync(server, expired)).Status.ShouldBe(HttpStatusCode.Gone);
        (await server.GetAsync(expired)).Text.ShouldContain("This link is too old");
        var moved = await SendAgainAsync(server, management, userId, mails: 2);
        (await management.SendAsync(HttpMethod.Patch, UserPath(userId), new { email = "elsewhere@example.com" })).ShouldBe(HttpStatusCode.OK);
        (await PostAsync(server, moved)).Status.ShouldBe(HttpStatusCode.NotFound);
        var blocked = await SendAgainAsync(server, management, userId, mails: 3);
        (await management.SendAsync(HttpMethod.Patch, UserPath(userId), new { blocked = true })).ShouldBe(HttpStatusCode.OK);

        foreach (var link in new[] { moved, blocked, "/email-verification", "/email-verification?link=" + new string('A', 32), "/email-verification?link=%00" })
        {
            (await PostAsync(server, link)).Status.ShouldBe(HttpStatusCode.NotFound);
            var page = await server.GetAsync(link);
            page.Status.ShouldBe(HttpStatusCode.NotFound);
            page.Text.ShouldNotContain("@example.com");
        }

        (await IsVerifiedAsync(management, userId)).ShouldBeFalse();
    }

    [Theory, Engines]
    public async Task The_template_sets_the_text_the_lifetime_and_the_redirect_of_a_link(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var management = new ManagementApi(server);
        var client = (await management.SendAsync(HttpMethod.Post, "/clients", new { name = "Shop & Co", callbacks = new[] { "https://shop.example/cb" } }))
            .ShouldBe(HttpStatusCode.Created);
        await CreateTemplateAsync(management, new
        {
            template = "verify_email",
            body = "<a href='{{ url }}'>{{ application.name }}</a> {{ connection.name }} {{ user.email }}",
            from = "Acme <mail@acme.example>",
            subject = "Hello {{ user.email }}",
            resultUrl = "{{ application.callback_domain }}/done?from={{ application.clientID }}{{ user.email }}",
            urlLifetimeInSeconds = 60,
            includeEmailInRedirect = true,
            syntax = "liquid",
            enabled = true,
        });
        var userId = await management.CreateUserAsync("ada+x@example.com");
        (await management.SendAsync(HttpMethod.Post, Job, new { user_id = userId, client_id = (string)client["client_id"]! })).ShouldBe(HttpStatusCode.Created);
        var mail = (await Mail.WaitForAsync(server, 1))[0];
        mail.Headers["Subject"].ShouldBe("Hello ada+x@example.com");
        mail.Headers["From"].ShouldBe("Acme <mail@acme.example>");
        var link = LinkIn(mail);
        mail.Html.ShouldBe($"<a href='{link}'>Shop &amp; Co</a> Username-Password-Authentication ada+x@example.com");
        (await server.GetAsync(link)).Headers.GetValues("Content-Security-Policy").Single().ShouldContain("form-action 'self' https://shop.example;");
        var result = $"https://shop.example/done?from={client["client_id"]}";

        (await PostAsync(server, link)).Headers.Location!.AbsoluteUri.ShouldBe(
            $"{result}&success=true&message=Your%20email%20address%20is%20confirmed.%20You%20can%20close%20this%20page.&email=ada%2Bx@example.com");
        (await PostAsync(server, link)).Headers.Location!.AbsoluteUri.ShouldBe($"{result}&success=false&message=This%20link%20has%20been%20used");
        (await IsVerifiedAsync(management, userId)).ShouldBeTrue();
        var late = await SendAgainAsync(server, management, userId, mails: 2);
        server.Clock.Advance(TimeSpan.FromSeconds(60));
        (await server.GetAsync(late)).Status.ShouldBe(HttpStatusCode.Gone);
    }

    [Theory, Engines]
    public async Task A_redirect_may_go_to_an_international_domain_but_not_to_an_address_with_a_user_name(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var management = new ManagementApi(server);
        await CreateTemplateAsync(management, new
        {
            template = "verify_email",
            body = "{{ url }}",
            from = "",
            subject = "x",
            resultUrl = "https://bücher.example/ü",
            syntax = "liquid",
            enabled = true,
        });
        var (_, userId, first) = await SendAsync(server);
        var second = await SendAgainAsync(server, management, userId, mails: 2);

        (await server.GetAsync(first)).Headers.GetValues("Content-Security-Policy").Single().ShouldContain("form-action 'self' https://xn--bcher-kva.example;");
        (await PostAsync(server, first)).Headers.Location!.OriginalString.ShouldStartWith("https://xn--bcher-kva.example/%C3%BC?success=true");
        (await management.SendAsync(HttpMethod.Patch, "/email-templates/verify_email", new { resultUrl = "https://a;sandbox;x@evil.example/" })).ShouldBe(HttpStatusCode.OK);
        (await server.GetAsync(second)).Headers.GetValues("Content-Security-Policy").Single().ShouldNotContain("evil");
        (await PostAsync(server, second)).Status.ShouldBe(HttpStatusCode.Gone, "Using one link ends the others");
    }

    /// <summary>CVE-2022-1274: names in mails must not contain markup.</summary>
    [Theory, Engines]
    public async Task A_tenant_name_cannot_add_markup_and_an_invalid_request_sends_no_mail(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var management = new ManagementApi(server);
        (await management.SendAsync(HttpMethod.Patch, "/tenants/settings", new { friendly_name = "<script>x</script>\"", support_email = "help@acme.example" }))
            .ShouldBe(HttpStatusCode.OK);
        var (_, userId, link) = await SendAsync(server);
        (await server.GetAsync(link)).Text.ShouldNotContain("<script");
        (await server.GetAsync("/email-verification?link=x")).Text.ShouldContain("href=\"mailto:help@acme.example\"");
        (await management.SendAsync(HttpMethod.Patch, "/tenants/settings", new { support_email = "", support_url = "https://acme.example/?a&b" })).ShouldBe(HttpStatusCode.OK);
        (await server.GetAsync("/email-verification?link=x")).Text.ShouldContain("href=\"https://acme.example/?a&amp;b\"");
        var withoutAddress = (string)(await management.SendAsync(HttpMethod.Post, "/users", new { connection = "Username-Password-Authentication", username = "nobody" }))
            .ShouldBe(HttpStatusCode.Created)["user_id"]!;

        await RefuseAsync(new { user_id = "auth0|nobody" }, "inexistent_user");
        await RefuseAsync(new { user_id = withoutAddress }, "invalid_body");
        await RefuseAsync(new { user_id = userId, client_id = "nowhere" }, "inexistent_client");
        await RefuseAsync(new { user_id = userId, identity = new { user_id = "other", provider = "auth0" } }, "invalid_body");
        (await management.SendAsync(HttpMethod.Post, Job, new { user_id = userId, identity = new { user_id = userId["auth0|".Length..], provider = "auth0" } }))
            .ShouldBe(HttpStatusCode.Created);
        await Mail.WaitForAsync(server, 2);

        async Task RefuseAsync(object request, string errorCode) =>
            (await management.SendAsync(HttpMethod.Post, Job, request)).ShouldBeError(HttpStatusCode.BadRequest, errorCode);
    }

    private static async Task<(ManagementApi Management, string UserId, string Link)> SendAsync(TestServer server)
    {
        var management = new ManagementApi(server);
        var userId = await management.CreateUserAsync();
        return (management, userId, await SendAgainAsync(server, management, userId, mails: 1));
    }

    /// <returns>The link in the last of the mails.</returns>
    private static async Task<string> SendAgainAsync(TestServer server, ManagementApi management, string userId, int mails)
    {
        // Outbox files are sorted by time.
        server.Clock.Advance(TimeSpan.FromSeconds(1));
        (await management.SendAsync(HttpMethod.Post, Job, new { user_id = userId })).ShouldBe(HttpStatusCode.Created);
        return LinkIn((await Mail.WaitForAsync(server, mails))[^1]);
    }

    private static async Task CreateTemplateAsync(ManagementApi management, object template) =>
        (await management.SendAsync(HttpMethod.Post, "/email-templates", template)).ShouldBe(HttpStatusCode.OK);

    private static async Task<bool> IsVerifiedAsync(ManagementApi management, string userId) =>
        (bool)(await management.GetAsync(UserPath(userId)))["email_verified"]!;

    private static string UserPath(string userId) => "/users/" + Uri.EscapeDataString(userId);

    /// <summary>Submits the form like a browser, but does not follow the redirect.</summary>
    private static async Task<Answer> PostAsync(TestServer server, string link)
    {
        using var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(server.Url) };
        using var answer = await http.PostAsync(link, new FormUrlEncodedContent([]));
        return await Answer.ReadAsync(answer);
    }

    /// <summary>Leaves out the outbox: a mail is marked as delivered shortly after its file appears.</summary>
    private static async Task<IReadOnlyList<string>> DumpAsync(TestServer server) =>
        [.. (await DatabaseDump.TakeAsync(server.Database)).Where(line => !line.StartsWith("message|", StringComparison.Ordinal))];

    private static string LinkIn(Mail mail) => LinkPattern().Match(mail.Text).Value;

    [GeneratedRegex(@"http\S+/email-verification\?link=[A-Za-z0-9]{32}")]
    private static partial Regex LinkPattern();
}

using System.Net;
using System.Text.Json.Nodes;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Messages.Providers;

/// <summary>The provider that a tenant has set sends its mails, and the API can test it.</summary>
public sealed class EmailProviderTestMailTests
{
    private const string Path = "/emails/provider";
    private static readonly object Test = new { to = "ada@example.com" };

    [Theory, Engines]
    public async Task The_enabled_provider_sends_the_mails_of_the_outbox(Engine engine)
    {
        await using var service = await FakeProvider.StartAsync();
        await using var server = await TestServer.StartAsync(engine, ("Sallyport:Providers:SendGrid:BaseAddress", service.Url));
        var management = new ManagementApi(server);
        await CreateAsync(management);

        await management.SendAsync(HttpMethod.Post, "/guardian/enrollments/ticket", new { user_id = await management.CreateUserAsync("eve@example.com"), send_mail = true });

        var sent = (await service.WaitForAsync(1))[0].Json;
        ((string)sent["personalizations"]![0]!["to"]![0]!["email"]!).ShouldBe("eve@example.com");
        ((string)sent["content"]![1]!["value"]!).ShouldContain("/mfa/enrollment?ticket=");
    }

    [Theory, Engines]
    public async Task A_test_mail_returns_what_the_provider_says_even_if_it_is_not_enabled(Engine engine)
    {
        await using var service = await FakeProvider.StartAsync();
        await using var server = await TestServer.StartAsync(engine, ("Sallyport:Providers:Postmark:BaseAddress", service.Url));
        var management = new ManagementApi(server);
        (await management.SendAsync(HttpMethod.Post, Path + "/test", Test)).ShouldBeError(HttpStatusCode.NotFound, "inexistent_email_provider");
        await CreateAsync(management, new { name = "postmark", enabled = false, default_from_address = "it@example.com", credentials = new { api_key = "canary-key" } });

        service.Reply = _ => new ProviderReply(200, """{"ErrorCode":0,"MessageID":"b7bc2f4a"}""");
        var accepted = (await management.SendAsync(HttpMethod.Post, Path + "/test", Test)).ShouldBe(HttpStatusCode.OK);
        service.Reply = _ => new ProviderReply(422, """{"ErrorCode":406,"Message":"ada@example.com is inactive, canary-0123456789012345"}""");
        var refused = (await management.SendAsync(HttpMethod.Post, Path + "/test", Test)).ShouldBe(HttpStatusCode.OK);

        accepted.ToJsonString().ShouldBe("""{"accepted":true,"message_id":"b7bc2f4a"}""");
        refused.ToJsonString().ShouldBe("""{"accepted":false,"error":"Postmark answered 422: 406 *** is inactive, ***"}""");
        var mail = service.Requests[0].Json;
        ((string)mail["To"]!).ShouldBe("ada@example.com");
        ((string)mail["From"]!).ShouldEndWith("<it@example.com>");
        ((string)mail["Subject"]!).ShouldStartWith("Test mail from ");
        // It does not wait in the outbox, where it could be sent again.
        (await CountMessagesAsync(server)).ShouldBe(0);
        (await management.GetAsync("/logs")).ToJsonString().ShouldNotContain("canary");
    }

    [Theory, Engines]
    public async Task A_test_mail_over_SMTP_returns_the_reply_of_the_mail_server(Engine engine)
    {
        await using var mailServer = new ScriptedMailServer();
        await using var server = await TestServer.StartAsync(engine);
        var management = new ManagementApi(server);
        await CreateAsync(management, new { name = "smtp", credentials = new { smtp_host = "127.0.0.1", smtp_port = mailServer.Port } });

        var accepted = (await management.SendAsync(HttpMethod.Post, Path + "/test", Test)).ShouldBe(HttpStatusCode.OK);
        mailServer.Answers["RCPT"] = "550 5.1.1 no such user";
        var refused = (await management.SendAsync(HttpMethod.Post, Path + "/test", Test)).ShouldBe(HttpStatusCode.OK);

        accepted.ToJsonString().ShouldBe("""{"accepted":true,"message_id":"accepted"}""");
        ((string)refused["error"]!).ShouldBe("The mail server refused the recipient: 550 5.1.1 no such user");
    }

    /// <summary>It would end the header and begin another one.</summary>
    [Theory]
    [InlineData("sendgrid", "SendGrid", """{"api_key":"key\r\nX-Second: 1"}""")]
    [InlineData("resend", "Resend", """{"api_key":"key\nX-Second: 1"}""")]
    [InlineData("postmark", "Postmark", """{"api_key":"key\r\n\r\nGET / HTTP/1.1"}""")]
    [InlineData("ses", "Ses", """{"accessKeyId":"key\r\nX-Second: 1","secretAccessKey":"x","region":"eu-west-1"}""")]
    public async Task A_credential_with_a_line_break_is_not_sent(string name, string setting, string credentials)
    {
        await using var service = await FakeProvider.StartAsync();
        await using var server = await TestServer.StartAsync(Engine.Sqlite, ($"Sallyport:Providers:{setting}:BaseAddress", service.Url));
        var management = new ManagementApi(server);
        await CreateAsync(management, new { name, default_from_address = "it@example.com", credentials = JsonNode.Parse(credentials) });

        var answer = (await management.SendAsync(HttpMethod.Post, Path + "/test", Test)).ShouldBe(HttpStatusCode.OK);

        ((string)answer["error"]!).ShouldEndWith(" was not called: a credential has a line break, which no header can have.");
        service.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_test_mail_shows_that_the_password_is_wrong()
    {
        await using var mailServer = new ScriptedMailServer { Answers = { ["AUTH"] = "535 5.7.8 bad credentials: canary" } };
        await using var server = await TestServer.StartAsync(Engine.Sqlite);
        var management = new ManagementApi(server);
        var credentials = new { smtp_host = "127.0.0.1", smtp_port = mailServer.Port, smtp_user = "sallyport", smtp_pass = "canary" };
        await CreateAsync(management, new { name = "smtp", credentials });

        var refused = (await management.SendAsync(HttpMethod.Post, Path + "/test", Test)).ShouldBe(HttpStatusCode.OK);

        refused.ToJsonString().ShouldBe("""{"accepted":false,"error":"The mail server refused the user name or the password: 535"}""");
    }

    [Fact]
    public async Task A_provider_that_is_not_supported_cannot_be_tested()
    {
        await using var server = await TestServer.StartAsync(Engine.Sqlite);
        var management = new ManagementApi(server);
        await CreateAsync(management, new { name = "custom", credentials = new { } });

        var answer = await management.SendAsync(HttpMethod.Post, Path + "/test", Test);

        answer.ShouldBeError(HttpStatusCode.NotFound, "inexistent_email_provider");
        ((string)answer.Json!["message"]!).ShouldBe("This version cannot send through the configured email provider");
    }

    [Fact]
    public async Task A_test_needs_the_scope_of_a_change_and_a_valid_address()
    {
        await using var server = await TestServer.StartAsync(Engine.Sqlite);
        await CreateAsync(new ManagementApi(server));

        (await new ManagementApi(server, "read:email_provider create:email_provider").SendAsync(HttpMethod.Post, Path + "/test", Test))
            .ShouldBeError(HttpStatusCode.Forbidden, "insufficient_scope");
        foreach (var to in new object?[] { "a@example.com, b@example.com", "a@example.com\r\nBcc: b@example.com", "", null, 1 })
        {
            (await new ManagementApi(server).SendAsync(HttpMethod.Post, Path + "/test", new { to })).ShouldBeError(HttpStatusCode.BadRequest, "invalid_body");
        }
    }

    [Fact]
    public async Task Tests_are_limited()
    {
        await using var service = await FakeProvider.StartAsync();
        await using var server = await TestServer.StartAsync(
            Engine.Sqlite, ("Sallyport:Providers:SendGrid:BaseAddress", service.Url), ("Sallyport:RateLimits:EmailTemplates", "30"));
        var management = new ManagementApi(server);
        await CreateAsync(management);

        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 5; i++)
        {
            statuses.Add((await management.SendAsync(HttpMethod.Post, Path + "/test", Test)).Status);
        }

        statuses.ShouldBe([HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.TooManyRequests, HttpStatusCode.TooManyRequests]);
        service.Requests.Count.ShouldBe(3);
    }

    private static async Task CreateAsync(ManagementApi management, object? provider = null) =>
        (await management.SendAsync(HttpMethod.Post, Path, provider ?? new { name = "sendgrid", credentials = new { api_key = "canary-key" } })).ShouldBe(HttpStatusCode.Created);

    private static async Task<long> CountMessagesAsync(TestServer server) => (await server.Database.QueryAsync(
        new Statement("SELECT count(*) FROM message"), row => row.GetInt64(0), CancellationToken.None))[0];
}

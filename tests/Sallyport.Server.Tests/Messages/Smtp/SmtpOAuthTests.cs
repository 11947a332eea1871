using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Sallyport.Server.Messages;
using Sallyport.Server.Messages.MailServices;
using Sallyport.Server.Messages.Smtp;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Messages.Smtp;

/// <summary>Logins to a mail server with an access token (XOAUTH2), as Google and Microsoft publish them.</summary>
public sealed class SmtpOAuthTests
{
    private const string Scope = "https://outlook.office365.com/.default";

    [Fact]
    public async Task A_client_gets_a_token_by_itself_and_logs_in_with_it()
    {
        await using var authority = await NewAuthorityAsync();
        await using var server = NewMailServer();

        await SendAsync(authority, server, NewClient(authority));

        var request = authority.Requests.ShouldHaveSingleItem();
        (request.Method, request.Target).ShouldBe(("POST", "/tenant/oauth2/v2.0/token"));
        request.Headers["Content-Type"].ShouldBe("application/x-www-form-urlencoded");
        request.FieldNames.ShouldBe(["grant_type", "client_id", "client_secret", "scope"]);
        (request.Field("grant_type"), request.Field("client_id"), request.Field("client_secret"), request.Field("scope"))
            .ShouldBe(("client_credentials", "client-1", "canary-secret", Scope));
        server.Commands.ShouldContain("AUTH XOAUTH2 " + Convert.ToBase64String(Encoding.UTF8.GetBytes("user=box@example.com\u0001auth=Bearer token-1\u0001\u0001")));
        server.Mails.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_refresh_token_gets_a_token_for_its_mailbox()
    {
        await using var authority = await NewAuthorityAsync();
        await using var server = NewMailServer();

        await SendAsync(authority, server, NewClient(authority) with { RefreshToken = "canary-refresh", Scope = null });

        var request = authority.Requests.ShouldHaveSingleItem();
        request.FieldNames.ShouldBe(["grant_type", "client_id", "client_secret", "refresh_token"]);
        (request.Field("grant_type"), request.Field("refresh_token")).ShouldBe(("refresh_token", "canary-refresh"));
    }

    [Fact]
    public async Task A_token_is_used_until_shortly_before_it_expires()
    {
        await using var authority = await NewAuthorityAsync();
        await using var server = NewMailServer();
        await using var services = NewServices();

        await SendAsync(services, server, NewClient(authority));
        Clock(services).Advance(TimeSpan.FromSeconds(3600 - 61));
        await SendAsync(services, server, NewClient(authority));
        authority.Requests.Count.ShouldBe(1);
        await SendAsync(services, server, NewClient(authority) with { ClientSecret = "another" });
        authority.Requests.Count.ShouldBe(2);
        Clock(services).Advance(TimeSpan.FromSeconds(1));
        await SendAsync(services, server, NewClient(authority));

        authority.Requests.Count.ShouldBe(3);
        server.Mails.Count.ShouldBe(4);
    }

    [Fact]
    public async Task A_token_that_the_mail_server_refuses_is_not_used_again()
    {
        await using var authority = await NewAuthorityAsync();
        await using var server = NewMailServer(("AUTH", "535 5.7.3 Authentication unsuccessful"));
        await using var services = NewServices();

        for (var attempt = 0; attempt < 2; attempt++)
        {
            var refused = await Should.ThrowAsync<DeliveryException>(() => SendAsync(services, server, NewClient(authority)));
            (refused.IsPermanent, refused.IsConfigurationFault).ShouldBe((false, true));
            refused.Message.ShouldBe("The mail server refused the user name or the password.");
        }

        authority.Requests.Count.ShouldBe(2);
        server.Mails.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(400, """{"error":"invalid_grant","error_description":"canary"}""", true, "The token endpoint answered 400: invalid_grant")]
    [InlineData(401, """{"error":"invalid_client"}""", true, "The token endpoint answered 401: invalid_client")]
    [InlineData(200, """{"token_type":"bearer"}""", true, "The token endpoint issued no access token.")]
    [InlineData(200, "<html>", true, "The token endpoint issued no access token.")]
    [InlineData(503, "", false, "The token endpoint answered 503")]
    public async Task Without_a_token_nothing_is_sent_and_the_mail_waits(int status, string body, bool isConfigurationFault, string message)
    {
        await using var authority = await NewAuthorityAsync();
        authority.Reply = _ => new ProviderReply(status, body);
        await using var server = NewMailServer();

        var refused = await Should.ThrowAsync<DeliveryException>(() => SendAsync(authority, server, NewClient(authority)));

        (refused.IsPermanent, refused.IsConfigurationFault, refused.Message).ShouldBe((false, isConfigurationFault, message));
        server.Commands.ShouldNotContain(line => line.StartsWith("AUTH", StringComparison.Ordinal) || line.StartsWith("MAIL", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_server_without_XOAUTH2_gets_no_token()
    {
        await using var authority = await NewAuthorityAsync();
        await using var server = new ScriptedMailServer { Extensions = ["AUTH PLAIN LOGIN", "8BITMIME"] };

        var refused = await Should.ThrowAsync<DeliveryException>(() => SendAsync(authority, server, NewClient(authority)));

        refused.Message.ShouldContain("XOAUTH2");
        authority.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_token_is_fetched_only_over_https_and_from_the_public_Internet()
    {
        await using var authority = await NewAuthorityAsync();
        await using var server = NewMailServer();
        await using var services = NewServices(allowsPrivateWebhooks: false);

        (await Should.ThrowAsync<DeliveryException>(() => SendAsync(services, server, NewClient(authority)))).Message.ShouldContain("https");
        var inside = NewClient(authority) with { TokenUrl = authority.Url.Replace("http://", "https://", StringComparison.Ordinal) };
        (await Should.ThrowAsync<DeliveryException>(() => SendAsync(services, server, inside))).Message.ShouldContain("not on the public Internet");

        authority.Requests.ShouldBeEmpty();
    }

    private static async Task<FakeProvider> NewAuthorityAsync()
    {
        var authority = await FakeProvider.StartAsync();
        authority.Reply = _ => new ProviderReply(200, $$"""{"token_type":"Bearer","expires_in":3600,"access_token":"token-{{authority.Requests.Count}}"}""");
        return authority;
    }

    private static ScriptedMailServer NewMailServer(params (string Command, string Reply)[] replies)
    {
        var server = new ScriptedMailServer { Extensions = ["AUTH PLAIN XOAUTH2", "8BITMIME"] };
        foreach (var (command, reply) in replies)
        {
            server.Answers[command] = reply;
        }

        return server;
    }

    private static SmtpOAuthClient NewClient(FakeProvider authority) =>
        new(authority.Url + "/tenant/oauth2/v2.0/token", "client-1") { ClientSecret = "canary-secret", Scope = Scope };

    private static async Task SendAsync(FakeProvider authority, ScriptedMailServer server, SmtpOAuthClient client)
    {
        await using var services = NewServices();
        await SendAsync(services, server, client);
    }

    private static async Task SendAsync(ServiceProvider services, ScriptedMailServer server, SmtpOAuthClient client)
    {
        var account = new SmtpAccount("localhost", server.Port) { User = "box@example.com", OAuth = client, ClientName = "mfa.example.com" };
        await using var connection = new SmtpConnection(account) { Tokens = services.GetRequiredService<SmtpTokens>() };
        var mail = new MailV1 { FromName = "Acme", FromAddress = "from@example.com", To = "to@example.com", Subject = "x", Text = "x", Html = "<p>x</p>" };
        await connection.SendAsync(
            new OutgoingMessage("20260301120000000abcdef01", Message.Email, DateTimeOffset.UnixEpoch, Message.Of(mail).Content), TestContext.Current.CancellationToken);
    }

    private static ServiceProvider NewServices(bool allowsPrivateWebhooks = true)
    {
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(new ManualClock());
        services.AddSingleton(MinimalOptions.For("https://mfa.example.com", allowsPrivateWebhooks));
        services.AddLogging();
        services.AddMailProviders();
        return services.BuildServiceProvider();
    }

    private static ManualClock Clock(ServiceProvider services) => (ManualClock)services.GetRequiredService<TimeProvider>();
}

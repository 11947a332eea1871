using System.Net;
using System.Text.Json.Nodes;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Factors;

/// <summary>The mail that tells a user of every change of their factors.</summary>
public sealed class FactorChangeMailTests(Servers servers) : IClassFixture<Servers>
{
    private const string Subject = "Your second sign-in step for";
    private const string Windows = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0";

    [Theory, Engines]
    public async Task A_confirmed_authenticator_is_reported_with_the_time_and_the_browser(Engine engine)
    {
        var client = await CreateAsync(engine);
        client.Server.Http.DefaultRequestHeaders.UserAgent.ParseAdd(Windows);

        await client.EnrollAsync();

        client.Server.Http.DefaultRequestHeaders.UserAgent.Clear();
        var mail = await WaitAsync(client, 1);
        mail.Headers["Subject"].ShouldStartWith(Subject);
        mail.Text.ShouldContain("Added: Authenticator app");
        mail.Text.ShouldContain($"Time: {client.Server.Clock.GetUtcNow():yyyy-MM-dd HH:mm} UTC");
        mail.Text.ShouldContain("From: 127.0.0.1 (Firefox, Windows)");
        mail.Text.ShouldNotContain("Changed by");
        mail.Html.ShouldContain("Authenticator app");
        mail.Html.ShouldNotContain("Gecko");
    }

    [Theory, Engines]
    public async Task The_mail_has_no_link_but_the_support_contact(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var client = await MfaClient.CreateAsync(server);
        (await client.Management.SendAsync(HttpMethod.Patch, "/tenants/settings", new { support_email = "help@acme.example" })).ShouldBe(HttpStatusCode.OK);

        await client.EnrollAsync();

        var mail = await WaitAsync(client, 1);
        mail.Text.ShouldContain("Questions? Contact help@acme.example");
        mail.Html.Split("href=").Skip(1).ShouldHaveSingleItem().ShouldStartWith("\"mailto:help@acme.example\"");
        (mail.Text + mail.Html).ShouldNotContain(server.Url);
    }

    [Theory, Engines]
    public async Task A_removal_is_reported_whoever_does_it(Engine engine)
    {
        var client = await CreateAsync(engine);
        var enrolled = await client.EnrollAsync();
        var token = await client.MfaAccessTokenAsync(enrolled);
        (await client.DeleteAsync(token, "totp|" + enrolled.AuthenticatorId)).Status.ShouldBe(HttpStatusCode.NoContent);
        var byUser = await WaitAsync(client, 2, "Removed");
        var second = await client.EnrollAsync();
        (await client.Management.SendAsync(HttpMethod.Delete, "/guardian/enrollments/" + second.AuthenticatorId)).Status.ShouldBe(HttpStatusCode.NoContent);
        var byAdministrator = await WaitAsync(client, 4, "Changed by");
        await client.EnrollAsync();
        (await client.Management.SendAsync(HttpMethod.Delete, client.UserPath + "/authenticators")).Status.ShouldBe(HttpStatusCode.NoContent);
        var byReset = await WaitAsync(client, 6, "Recovery code");

        byUser.Text.ShouldContain("Removed: Authenticator app\n");
        byUser.Text.ShouldContain("From: 127.0.0.1");
        byUser.Text.ShouldNotContain("Changed by");
        byAdministrator.Text.ShouldContain("Removed: Authenticator app\n");
        byAdministrator.Text.ShouldContain("Changed by: An administrator");
        byAdministrator.Text.ShouldNotContain("From:");
        byReset.Text.ShouldContain("Removed: Authenticator app, Recovery code");
    }

    [Theory, Engines]
    public async Task A_recovery_code_that_was_used_or_made_again_is_reported(Engine engine)
    {
        var client = await CreateAsync(engine);
        var enrolled = await client.EnrollAsync();

        (await client.RecoverAsync(await client.MfaTokenAsync(), enrolled.RecoveryCode!)).ShouldBe(HttpStatusCode.OK);
        var used = await WaitAsync(client, 2, "Used");
        (await client.Management.SendAsync(HttpMethod.Post, client.UserPath + "/recovery-code-regeneration")).ShouldBe(HttpStatusCode.OK);
        var replaced = await WaitAsync(client, 3, "Changed by");

        used.Text.ShouldContain("Used and replaced: Recovery code");
        replaced.Text.ShouldContain("\nReplaced: Recovery code");
    }

    [Theory, Engines]
    public async Task Competing_confirmations_send_one_mail_and_refused_ones_none(Engine engine)
    {
        var client = await CreateAsync(engine);
        var flow = await client.Guardian.StartAsync(await client.Management.CreateTicketAsync(client.UserId));
        (await client.Guardian.VerifyAsync(flow, "000000")).Status.ShouldBe(HttpStatusCode.Forbidden);

        await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => client.Guardian.VerifyAsync(flow, client.Guardian.CodeOf(flow))));

        await WaitAsync(client, 1);
        (await client.CountAsync("message")).ShouldBe(1);
    }

    /// <summary>Otherwise a migration would send mails to all users.</summary>
    [Theory, Engines]
    public async Task Methods_of_a_new_account_are_not_reported_and_later_ones_are(Engine engine)
    {
        var client = await CreateAsync(engine);
        var path = client.UserPath + "/authentication-methods";
        (await client.Management.SendAsync(HttpMethod.Post, path, new { type = "phone", name = "Phone", phone_number = "+15550100001" })).ShouldBe(HttpStatusCode.Created);
        (await client.CountAsync("message")).ShouldBe(0);
        client.Server.Clock.Advance(TimeSpan.FromMinutes(11));

        (await client.Management.SendAsync(HttpMethod.Post, path, new { type = "phone", name = "Phone", phone_number = "+15550100002" })).ShouldBe(HttpStatusCode.Created);
        var added = await WaitAsync(client, 1);
        (await client.Management.SendAsync(HttpMethod.Put, path, new[] { new { type = "email", name = "Mail", email = "other@example.com" } })).ShouldBe(HttpStatusCode.OK);
        var replaced = await WaitAsync(client, 2, "Removed");

        added.Text.ShouldContain("Added: Phone");
        added.Text.ShouldContain("Changed by: An administrator");
        replaced.Text.ShouldContain("Added: Code by email");
        replaced.Text.ShouldContain("Removed: Phone, Phone");
    }

    [Theory, Engines]
    public async Task A_template_replaces_the_mail_and_a_disabled_one_stops_it(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var client = await MfaClient.CreateAsync(server);
        var template = new JsonObject
        {
            ["template"] = "mfa_factor_change",
            ["body"] = "{{ added_factors | join: '+' }}|{{ removed_factors | size }}|{{ changed_by }}|{{ ip_address }}|{{ browser }}|{{ user.email }}|{{ changed_at }}",
            ["from"] = "security@acme.example",
            ["subject"] = "Your factors at {{ friendly_name }}",
            ["syntax"] = "liquid",
            ["enabled"] = true,
        };
        (await client.Management.SendAsync(HttpMethod.Post, "/email-templates", template)).ShouldBe(HttpStatusCode.OK);
        var enrolled = await client.EnrollAsync();

        var mail = (await Mail.WaitForAsync(server, 1))[0];

        mail.Html.Trim().ShouldBe($"Authenticator app|0|user|127.0.0.1||{client.Email}|{server.Clock.GetUtcNow():yyyy-MM-dd HH:mm} UTC");
        mail.Headers["Subject"].ShouldStartWith("Your factors at ");
        mail.Headers["From"].ShouldContain("security@acme.example");
        (await client.Management.SendAsync(HttpMethod.Patch, "/email-templates/mfa_factor_change", new { enabled = false })).ShouldBe(HttpStatusCode.OK);
        (await client.Management.SendAsync(HttpMethod.Delete, "/guardian/enrollments/" + enrolled.AuthenticatorId)).Status.ShouldBe(HttpStatusCode.NoContent);
        await Eventually.GetAsync(() => client.CountAsync("message", "delivered_at IS NULL"), waiting => waiting == 0);
        (await client.CountAsync("message")).ShouldBe(1);
        Mail.ListFiles(server).Length.ShouldBe(1);
    }

    [Theory, Engines]
    public async Task The_mail_goes_to_the_address_of_the_account_when_the_factor_changed(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var client = await MfaClient.CreateAsync(server);
        // A file in place of the folder makes the delivery fail.
        await File.WriteAllTextAsync(server.Options.OutboxDirectory, "", CancellationToken.None);
        await client.EnrollAsync();
        await Eventually.GetAsync(() => client.CountAsync("message", "last_error IS NOT NULL"), failed => failed == 1);
        (await client.Management.SendAsync(HttpMethod.Patch, client.UserPath, new { email = "thief@example.com" })).ShouldBe(HttpStatusCode.OK);

        File.Delete(server.Options.OutboxDirectory);
        server.Clock.Advance(TimeSpan.FromMinutes(1));

        (await Mail.WaitForAsync(server, 1))[0].Headers["To"].ShouldBe(client.Email);
    }

    [Theory, Engines]
    public async Task A_user_without_an_address_gets_none(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var management = new ManagementApi(server);
        var user = (await management.SendAsync(HttpMethod.Post, "/users", new { connection = "sms", phone_number = $"+1555{Random(7)}" })).ShouldBe(HttpStatusCode.Created);
        var userId = (string)user["user_id"]!;

        await new GuardianApi(server).EnrollAsync(await management.CreateTicketAsync(userId));

        (await management.ListLogTypesAsync(userId)).ShouldContain("gd_enrollment_complete");
        (await server.Database.QueryAsync(
            new Statement("SELECT message_id FROM message WHERE user_id = @user_id", ("user_id", userId)), row => row.GetString(0), CancellationToken.None)).ShouldBeEmpty();
    }

    private static string Random(int digits) => System.Security.Cryptography.RandomNumberGenerator.GetString("0123456789", digits);

    private async Task<MfaClient> CreateAsync(Engine engine) => await MfaClient.CreateAsync(await servers.GetAsync(engine));

    /// <returns>The mail that contains a text, once so many have arrived.</returns>
    private static async Task<Mail> WaitAsync(MfaClient client, int count, string text = "")
    {
        var files = await Eventually.GetAsync(
            () => Task.FromResult(Mail.ListFilesTo(client.Server, client.Email)), files => files.Length >= count);
        files.Length.ShouldBe(count);
        return files.Select(file => Mail.Parse(File.ReadAllText(file))).Last(mail => mail.Text.Contains(text, StringComparison.Ordinal));
    }
}

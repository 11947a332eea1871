using System.Net;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Messages;

/// <summary>Names of users and tenants come from others and stand in the headers of mails. The reader of <see cref="Mail"/> is strict about headers.</summary>
public sealed class MailHeaderAttackTests
{
    private const string Victim = "victim@evil.example";

    [Theory, Engines]
    public async Task A_name_adds_no_header_and_no_recipient(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var management = new ManagementApi(server);
        string[] names =
        [
            $"Ada\r\nBcc: {Victim}", $"Ada\nBcc: {Victim}", $"Ada\rBcc: {Victim}", $"Ada\r\n\r\n<p>Body</p>", $"Ada\u2028Bcc: {Victim}", $"Ada\u0085Bcc: {Victim}",
            $"\"Ada\" <{Victim}>, x", $"Ada <{Victim}>", $"=?utf-8?B?QmNjOiB2aWN0aW1A?= {Victim}", $"Ada, {Victim}",
        ];
        foreach (var (name, i) in names.Select((name, i) => (name, i)))
        {
            var address = $"ada-{i}@example.com";
            var sent = await management.SendAsync(HttpMethod.Patch, "/tenants/settings", new { friendly_name = name });
            sent.Status.ShouldBeOneOf(HttpStatusCode.OK, HttpStatusCode.BadRequest);
            var created = await management.SendAsync(
                HttpMethod.Post, "/users", new { connection = "Username-Password-Authentication", email = address, name, given_name = name, password = MfaClient.Password });
            if (created.Status == HttpStatusCode.BadRequest)
            {
                continue;
            }

            var userId = (string)created.ShouldBe(HttpStatusCode.Created)["user_id"]!;
            (await management.SendAsync(HttpMethod.Post, "/guardian/enrollments/ticket", new { user_id = userId, send_mail = true })).ShouldBe(HttpStatusCode.OK);

            var mail = await Mail.WaitAsync(server, address, before: []);
            mail.Headers.Keys.ShouldNotContain("Bcc");
            mail.Headers.Keys.ShouldNotContain("Cc");
            MimeKit.InternetAddressList.Parse(mail.Headers["To"]).Mailboxes.ShouldHaveSingleItem().Address.ShouldBe(address);
            MimeKit.InternetAddressList.Parse(mail.Headers["From"]).Mailboxes.ShouldHaveSingleItem().Address.ShouldNotBe(Victim);
        }

        Mail.ListFiles(server).Length.ShouldBeGreaterThan(names.Length / 2);
    }

    [Theory]
    [InlineData("ada@example.com\r\nBcc: victim@evil.example")]
    [InlineData("ada@example.com, victim@evil.example")]
    [InlineData("Ada <victim@evil.example>")]
    [InlineData("ada\n@example.com")]
    public async Task An_address_with_more_than_an_address_is_refused(string address)
    {
        await using var server = await TestServer.StartAsync(Engine.Sqlite);

        (await new ManagementApi(server).SendAsync(
            HttpMethod.Post, "/users", new { connection = "Username-Password-Authentication", email = address, password = MfaClient.Password }))
            .Status.ShouldBe(HttpStatusCode.BadRequest);
        (await new ManagementApi(server).SendAsync(
            HttpMethod.Post, "/guardian/enrollments/ticket", new { user_id = await new ManagementApi(server).CreateUserAsync(), email = address, send_mail = true }))
            .Status.ShouldBe(HttpStatusCode.BadRequest);
    }
}

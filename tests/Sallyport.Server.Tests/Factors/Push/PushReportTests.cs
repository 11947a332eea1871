using System.Net;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Factors.Push;

/// <summary>docs/push.md, "This was not me": a report halts the push messages to a user.</summary>
public sealed class PushReportTests(Servers servers) : IClassFixture<Servers>
{
    private const string Support = "help@acme.example";

    [Theory, Engines]
    public async Task After_a_report_no_message_is_sent_until_the_user_proves_another_factor(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        var (phone, enrolled) = await Phone.EnrollAsync(person);
        var (attacked, other) = (await person.StartAsync(), await person.StartAsync());
        var pushToOther = await phone.RequestPushAsync(other);

        (await phone.RejectAsync(await phone.RequestPushAsync(attacked), " This was NOT me ")).Status.ShouldBe(HttpStatusCode.NoContent);

        (await phone.SendPushAsync(attacked)).ShouldBeError(HttpStatusCode.Forbidden, "pn_endpoint_disabled");
        (await phone.SendPushAsync(other)).ShouldBeError(HttpStatusCode.Forbidden, "pn_endpoint_disabled");
        (await phone.AcceptAsync(pushToOther)).ShouldBeError(HttpStatusCode.Unauthorized, "invalid_challenge");
        var offered = (await person.StartAsync()).Json;
        offered["device_account"]!["available_authenticator_types"].Texts().ShouldBe(["otp", "recovery-code"]);
        offered["device_account"]!["push_notifications"]!["enabled"]!.GetValue<bool>().ShouldBeFalse();
        (await person.ListGuardianLogAsync()).TakeLast(4).ShouldBe(["gd_auth_rejected", "gd_auth_reported", "gd_auth_failed", "gd_start_auth"]);

        (await person.Guardian.VerifyAsync(other, person.Guardian.CodeOf(enrolled))).ShouldBe(HttpStatusCode.OK);
        (await person.ListGuardianLogAsync()).TakeLast(2).ShouldBe(["gd_push_resumed", "gd_auth_succeed"]);
        (await phone.AcceptAsync(await phone.RequestPushAsync(await person.StartAsync()))).Status.ShouldBe(HttpStatusCode.NoContent);
    }

    [Theory, Engines]
    public async Task An_administrator_resumes_the_messages(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        var (phone, flow) = await Phone.EnrollAsync(person);
        (await phone.RejectAsync(await phone.RequestPushAsync(flow), "hacked")).Status.ShouldBe(HttpStatusCode.NoContent);
        (await phone.SendPushAsync(flow)).ShouldBeError(HttpStatusCode.Forbidden, "pn_endpoint_disabled");

        var path = person.UserPath + "/multifactor/actions/resume-push-notifications";
        (await person.Management.SendAsync(HttpMethod.Post, path)).ShouldBe(HttpStatusCode.NoContent);
        (await person.Management.SendAsync(HttpMethod.Post, path)).ShouldBe(HttpStatusCode.NoContent);

        (await phone.SendPushAsync(flow)).ShouldBe(HttpStatusCode.OK);
        (await person.ListGuardianLogAsync()).Count(type => type == "gd_push_resumed").ShouldBe(1);
        (await new ManagementApi(person.Server, "read:users").SendAsync(HttpMethod.Post, path)).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await person.Management.SendAsync(HttpMethod.Post, "/users/auth0%7Cnobody/multifactor/actions/resume-push-notifications"))
            .ShouldBeError(HttpStatusCode.NotFound, "inexistent_user");
    }

    [Theory, Engines]
    public async Task A_report_is_mailed_to_the_support_address_of_the_tenant(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var person = await Person.CreateAsync(server);
        (await person.Management.SendAsync(HttpMethod.Patch, person.UserPath, new { name = "Ada" })).ShouldBe(HttpStatusCode.OK);
        await SetSupportAsync(person);
        var (phone, flow) = await Phone.EnrollAsync(person);
        server.Http.DefaultRequestHeaders.UserAgent.ParseAdd("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0");
        var push = await phone.RequestPushAsync(flow);
        server.Http.DefaultRequestHeaders.UserAgent.Clear();

        (await phone.RejectAsync(push, "not_me")).Status.ShouldBe(HttpStatusCode.NoContent);

        var mail = await Mail.WaitAsync(server, Support, before: []);
        mail.Headers["Subject"].ShouldBe("A user of Sallyport reports a sign-in by somebody else");
        mail.Text.ShouldStartWith("Hello,\n\nA user of Sallyport has rejected a sign-in on the phone");
        mail.Text.ShouldContain($"({person.UserId})\n");
        mail.Text.ShouldContain($"Time: {server.Clock.GetUtcNow():yyyy-MM-dd HH:mm} UTC\nFrom: 127.0.0.1 (Firefox, Windows)\n");
        mail.Text.ShouldContain("No more push messages are sent to this user");
        (mail.Text + mail.Html).ShouldNotContain(server.Url);
    }

    [Theory, Engines]
    public async Task One_mail_is_sent_for_a_halt_whatever_number_of_messages_is_reported_at_once(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var person = await Person.CreateAsync(server);
        await SetSupportAsync(person);
        var (phone, enrolled) = await Phone.EnrollAsync(person);
        var pushes = new List<ReceivedPush>();
        for (var i = 0; i < 16; i++)
        {
            pushes.Add(await phone.RequestPushAsync(await person.StartAsync()));
            server.Clock.Advance(TimeSpan.FromSeconds(12));
        }

        var answers = await Task.WhenAll(pushes.Select(push => phone.RejectAsync(push, "fraud")));

        answers.Count(answer => answer.Status == HttpStatusCode.NoContent).ShouldBe(1);
        await Mail.WaitAsync(server, Support, before: []);
        (await CountMailsAsync(person)).ShouldBe(2, "One to the user about the phone, one about the report.");

        server.Clock.Advance(TimeSpan.FromMinutes(5));
        (await person.Guardian.VerifyAsync(await person.StartAsync(), person.Guardian.CodeOf(enrolled))).ShouldBe(HttpStatusCode.OK);
        var known = Mail.ListFilesTo(server, Support);
        (await phone.RejectAsync(await phone.RequestPushAsync(await person.StartAsync()), "fraud")).Status.ShouldBe(HttpStatusCode.NoContent);
        await Mail.WaitAsync(server, Support, known);
    }

    [Theory, Engines]
    public async Task Without_a_support_address_or_with_the_template_switched_off_there_is_no_mail_and_the_log_entry_stays(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var (first, second) = (await Person.CreateAsync(server), await Person.CreateAsync(server));
        await ReportAsync(first);
        await ShouldHaveNoMailAsync(first);
        await ReportAsync(second, async () =>
        {
            await SetSupportAsync(second);
            var template = new { template = "mfa_sign_in_report", body = "{{ user.user_id }}", from = "", subject = "", syntax = "liquid", enabled = false };
            (await second.Management.SendAsync(HttpMethod.Post, "/email-templates", template)).ShouldBe(HttpStatusCode.OK);
        });
        await ShouldHaveNoMailAsync(second);

        Mail.ListFilesTo(server, Support).ShouldBeEmpty();

        static async Task ShouldHaveNoMailAsync(Person person)
        {
            (await Eventually.GetAsync(() => CountMailsAsync(person), count => count == 1)).ShouldBe(1, "The one to the user about the phone.");
            (await person.ListGuardianLogAsync()).ShouldContain("gd_auth_reported");
        }
    }

    [Fact]
    public async Task A_template_has_the_facts_of_the_report()
    {
        await using var server = await TestServer.StartAsync(Engine.Sqlite);
        var person = await Person.CreateAsync(server);
        await SetSupportAsync(person);
        var template = new
        {
            template = "mfa_sign_in_report",
            body = "{{ user.user_id }}/{{ ip_address }}/{{ browser }}/{{ reported_at }}",
            from = "",
            subject = "Fraud at {{ tenant }}",
            syntax = "liquid",
            enabled = true,
        };
        (await person.Management.SendAsync(HttpMethod.Post, "/email-templates", template)).ShouldBe(HttpStatusCode.OK);

        await ReportAsync(person);

        var mail = await Mail.WaitAsync(server, Support, before: []);
        mail.Headers["Subject"].ShouldBe("Fraud at Sallyport");
        mail.Html.Trim().ShouldBe($"{person.UserId}/127.0.0.1//{server.Clock.GetUtcNow():yyyy-MM-dd HH:mm} UTC");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("mistake")]
    [InlineData("")]
    [InlineData("not me too")]
    [InlineData("\u0000\ud83d\ude00")]
    public async Task Any_other_reason_only_rejects(string? reason)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(Engine.Sqlite));
        var (phone, flow) = await Phone.EnrollAsync(person);

        (await phone.RejectAsync(await phone.RequestPushAsync(flow), reason)).Status.ShouldBe(HttpStatusCode.NoContent);

        (await phone.SendPushAsync(flow)).ShouldBe(HttpStatusCode.OK);
        (await person.ListGuardianLogAsync()).ShouldNotContain("gd_auth_reported");
    }

    private static async Task SetSupportAsync(Person person) =>
        (await person.Management.SendAsync(HttpMethod.Patch, "/tenants/settings", new { support_email = Support })).ShouldBe(HttpStatusCode.OK);

    private static async Task ReportAsync(Person person, Func<Task>? before = null)
    {
        var (phone, flow) = await Phone.EnrollAsync(person);
        await (before?.Invoke() ?? Task.CompletedTask);
        (await phone.RejectAsync(await phone.RequestPushAsync(flow), "not_me")).Status.ShouldBe(HttpStatusCode.NoContent);
    }

    private static Task<long> CountMailsAsync(Person person) => person.CountAsync("message", "channel = 'email'");
}

using System.Net;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Factors.Push;

/// <summary>docs/push.md, "This was not me": a report halts the push messages to a user.</summary>
public sealed class PushReportTests(Servers servers) : IClassFixture<Servers>
{
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
}

using System.Net;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Factors;

public sealed class UserEnrollmentTests(Servers servers) : IClassFixture<Servers>
{
    [Theory, Engines]
    public async Task A_user_without_authenticators_has_an_empty_list(Engine engine)
    {
        var management = new ManagementApi(await servers.GetAsync(engine));
        var userId = await management.CreateUserAsync();

        (await management.GetAsync(PathOf(userId))).ToJsonString().ShouldBe("[]");
        var unknown = await management.SendAsync(HttpMethod.Get, PathOf("auth0|nobody"));
        unknown.ShouldBeError(HttpStatusCode.NotFound, "inexistent_user");
    }

    /// <summary>An enrollment that was started and never confirmed must not count.</summary>
    [Theory, Engines]
    public async Task A_pending_authenticator_is_not_listed(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var management = new ManagementApi(server);
        var userId = await management.CreateUserAsync();

        await new GuardianApi(server).StartAsync(await management.CreateTicketAsync(userId));

        (await management.GetAsync(PathOf(userId))).ToJsonString().ShouldBe("[]");
    }

    [Theory, Engines]
    public async Task A_confirmed_authenticator_is_shown_without_its_secret_and_its_recovery_code(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var management = new ManagementApi(server);
        var userId = await management.CreateUserAsync();
        var flow = await new GuardianApi(server).EnrollAsync(await management.CreateTicketAsync(userId));

        var listed = (await management.GetAsync(PathOf(userId))).AsArray().ShouldHaveSingleItem()!;
        var single = await management.GetAsync("/guardian/enrollments/" + flow.AuthenticatorId);

        ((string)listed["id"]!).ShouldBe(flow.AuthenticatorId);
        flow.AuthenticatorId.ShouldMatch("^dev_[A-Za-z0-9]{16}$");
        ((string)listed["status"]!).ShouldBe("confirmed");
        ((string)listed["auth_method"]!).ShouldBe("authenticator");
        ((string)listed["enrolled_at"]!).ShouldMatch("^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$");
        ((string)single["id"]!).ShouldBe(flow.AuthenticatorId);
        ((string)single["status"]!).ShouldBe("confirmed");
        (listed.ToJsonString() + single.ToJsonString()).ShouldNotContain("secret");
    }

    [Theory, Engines]
    public async Task A_deleted_enrollment_is_gone_with_its_recovery_code_and_answers_404_from_then_on(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var management = new ManagementApi(server);
        var userId = await management.CreateUserAsync();
        var flow = await new GuardianApi(server).EnrollAsync(await management.CreateTicketAsync(userId));
        var path = "/guardian/enrollments/" + flow.AuthenticatorId;

        (await management.SendAsync(HttpMethod.Delete, path)).Status.ShouldBe(HttpStatusCode.NoContent);

        (await management.SendAsync(HttpMethod.Delete, path)).ShouldBeError(HttpStatusCode.NotFound, "enrollment_not_found");
        (await management.SendAsync(HttpMethod.Get, path)).ShouldBeError(HttpStatusCode.NotFound, "enrollment_not_found");
        (await management.GetAsync(PathOf(userId))).ToJsonString().ShouldBe("[]");
        (await management.ListLogTypesAsync(userId)).ShouldContain("gd_unenroll");
        (await DatabaseDump.TakeAsync(server.Database)).ShouldAllBe(line => !(line.StartsWith("authenticator|") && line.Contains(userId)));
    }

    [Theory, Engines]
    public async Task A_recovery_code_is_not_listed_as_an_enrollment(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var management = new ManagementApi(server);
        var userId = await management.CreateUserAsync();
        await new GuardianApi(server).EnrollAsync(await management.CreateTicketAsync(userId));
        var recoveryId = (await server.Database.QueryAsync(
            new Statement("SELECT authenticator_id FROM authenticator WHERE user_id = @u AND factor = 'recovery-code'", ("u", userId)),
            row => row.GetString(0),
            CancellationToken.None)).ShouldHaveSingleItem();

        (await management.SendAsync(HttpMethod.Get, "/guardian/enrollments/" + recoveryId))
            .ShouldBeError(HttpStatusCode.NotFound, "enrollment_not_found");
        (await management.SendAsync(HttpMethod.Delete, "/guardian/enrollments/" + recoveryId))
            .ShouldBeError(HttpStatusCode.NotFound, "enrollment_not_found");
    }

    private static string PathOf(string userId) => $"/users/{Uri.EscapeDataString(userId)}/enrollments";
}

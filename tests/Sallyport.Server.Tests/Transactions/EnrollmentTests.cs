using System.Net;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Transactions;

public sealed class EnrollmentTests(Servers servers) : IClassFixture<Servers>
{
    [Theory, Engines]
    public async Task A_ticket_and_a_right_code_enroll_its_user(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var (management, guardian) = (new ManagementApi(server), new GuardianApi(server));
        var userId = await management.CreateUserAsync();
        var flow = await guardian.StartAsync(await management.CreateTicketAsync(userId));
        flow.IsEnrolling.ShouldBeTrue();

        (await guardian.VerifyAsync(flow, guardian.CodeOf(flow))).ShouldBe(HttpStatusCode.OK);

        var enrollments = await management.GetAsync($"/users/{Uri.EscapeDataString(userId)}/enrollments");
        enrollments.AsArray().Count.ShouldBe(1);
        ((string)enrollments[0]!["id"]!).ShouldBe(flow.AuthenticatorId);
        var state = await guardian.GetStateAsync(flow);
        ((string)state["state"]!).ShouldBe("accepted");
        (await management.ListLogTypesAsync(userId)).ShouldBe(["sapi", "sapi", "gd_start_enroll", "gd_enrollment_complete"]);
    }
}

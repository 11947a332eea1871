using System.Net;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.PublishedClients;

/// <summary>npm <c>auth0</c>: managing the second factors of a user.</summary>
[Collection(SharedServers.Name)]
public sealed class SdkEnrollmentTests(Servers servers)
{
    private const string NoEnrollment = "dev_0000000000000000";

    [Theory, Generations]
    public async Task The_factors_of_a_user_are_read_reset_and_removed(Engine engine, int generation)
    {
        var server = await servers.GetSecureAsync(engine);
        var (ann, bob) = (await Person.CreateAsync(server), await Person.CreateAsync(server));
        await ann.EnrollAsync();
        await bob.EnrollAsync();

        await new ManagementSdk(server, generation)
            .Then("users.enrollments", ann.UserId, name: "enrollments").Lists(list => ((string)list.ShouldHaveSingleItem()!["status"]!).ShouldBe("confirmed"))
            .Then("guardian.getEnrollment", "$enrollments.0.id").Gives(enrollment => ((string)enrollment["status"]!).ShouldBe("confirmed"))
            .Then("users.regenerateRecoveryCode", ann.UserId).Gives(answer => ((string)answer["recovery_code"]!).ShouldMatch("^[A-Z0-9]{24}$"))
            .Then("users.invalidateRememberBrowser", ann.UserId)
            .Then("users.blocks", ann.UserId).Gives("""{"blocked_for":[]}""")
            .Then("users.unblock", ann.UserId)
            .Then("users.blocksByIdentifier", "nobody@example.com").Gives("""{"blocked_for":[]}""")
            .Then("users.unblockByIdentifier", "nobody@example.com")
            .Then("users.logs", ann.UserId, query: new { per_page = 10 })
                .Lists(entries => entries.Select(entry => (string)entry!["type"]!).ShouldContain("gd_enrollment_complete"))
            .Then("guardian.deleteEnrollment", "$enrollments.0.id")
            .Then("users.enrollments", ann.UserId).Lists(list => list.ShouldBeEmpty())
            .ThenOf("users.deleteMultifactor", bob.UserId, "google-authenticator")
            .Then("users.enrollments", bob.UserId).Lists(list => list.ShouldBeEmpty())
            .Then("users.deleteAuthenticators", bob.UserId)
            .ProveAsync();
    }

    [Theory, Generations]
    public async Task Errors_arrive_as_the_error_types_of_the_client(Engine engine, int generation)
    {
        var person = await Person.CreateAsync(await servers.GetSecureAsync(engine));

        await new ManagementSdk(person.Server, generation)
            .Then("users.enrollments", "auth0|nobody").Refused(404, "inexistent_user")
            .Then("guardian.getEnrollment", NoEnrollment).Refused(404, "enrollment_not_found", isDeclared: false)
            .Then("guardian.deleteEnrollment", NoEnrollment).Refused(404, "enrollment_not_found", isDeclared: false)
            .Then("guardian.createTicket", body: new { user_id = "auth0|nobody" }).Refused(404, "inexistent_user")
            .Then("guardian.createTicket", body: new { user_id = person.UserId, factor = "oob" }).Refused(400, "invalid_body")
            .Then("guardian.setFactor", "nonsense", new { enabled = true }).Refused(400, "invalid_uri")
            .Then("guardian.setFactor", "otp", new { enabled = "yes" }).Refused(400, "invalid_body")
            .Then("users.regenerateRecoveryCode", "auth0|nobody").Refused(404, "inexistent_user")
            .Then("users.invalidateRememberBrowser", "auth0|nobody").Refused(404, "inexistent_user", isDeclared: false)
            .ThenOf("users.deleteMultifactor", "auth0|nobody", "duo").Refused(404, "inexistent_user")
            .ThenOf("users.deleteMultifactor", person.UserId, "nonsense").Refused(400, "invalid_uri")
            .Then("users.deleteAuthenticators", "auth0|nobody").Refused(404, "inexistent_user", isDeclared: false)
            .Then("users.blocks", "auth0|nobody").Refused(404, "inexistent_user")
            .Then("users.unblock", "auth0|nobody").Refused(404, "inexistent_user")
            .ProveAsync();
    }

    /// <summary>Opens the page as a browser does, with the ticket as the only credential.</summary>
    [Theory, Generations]
    public async Task A_ticket_opens_its_page(Engine engine, int generation)
    {
        var person = await Person.CreateAsync(await servers.GetSecureAsync(engine));

        var outcomes = await new ManagementSdk(person.Server, generation)
            .Then("guardian.createTicket", body: new { user_id = person.UserId })
            .Then("guardian.createTicket", body: new { user_id = person.UserId, factor = "otp", allow_multiple_enrollments = true, send_mail = false })
            .RunAsync();

        foreach (var outcome in outcomes)
        {
            using var response = await person.Server.Http.GetAsync((string)outcome.Value!["ticket_url"]!, CancellationToken.None);
            var page = await Answer.ReadAsync(response);
            page.ShouldBe(HttpStatusCode.OK);
            page.Text.ShouldContain((string)outcome.Value["ticket_id"]!);
        }
    }
}

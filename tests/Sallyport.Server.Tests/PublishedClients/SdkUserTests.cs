using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.PublishedClients;

/// <summary>npm <c>auth0</c> 2.44.1, 4.37.1, 5.14.1 and 7.1.0, unmodified, over TLS: users, tickets, factors, settings.</summary>
[Collection(SharedServers.Name)]
public sealed class SdkUserTests(Servers servers)
{
    private const string Connection = "Username-Password-Authentication";

    [Theory, Generations]
    public async Task A_user_is_made_read_changed_found_invited_and_deleted(Engine engine, int generation)
    {
        var server = await servers.GetSecureAsync(engine);
        var email = $"ann-{generation}@example.com";

        var outcomes = await new ManagementSdk(server, generation)
            .Then("users.create", body: new { connection = Connection, email, app_metadata = new { plan = "gold" } }, name: "user")
            .Then("users.get", "$user.user_id")
            .Then("users.update", "$user.user_id", new { nickname = "annie", user_metadata = new { colour = "red" } })
            .Then("users.listByEmail", query: new { email })
            .Then("users.list", query: new { per_page = 100 })
            .Then("guardian.createTicket", body: new { user_id = "$user.user_id" })
            .Then("users.enrollments", "$user.user_id")
            .Then("users.delete", "$user.user_id")
            .Then("users.get", "$user.user_id")
            .RunAsync();

        var userId = (string)outcomes[0].Value!["user_id"]!;
        ((string)outcomes[1].Value!["app_metadata"]!["plan"]!).ShouldBe("gold");
        ((string)outcomes[2].Value!["nickname"]!).ShouldBe("annie");
        outcomes[3].Items.Select(user => (string)user!["user_id"]!).ShouldBe([userId]);
        outcomes[4].Items.Select(user => (string)user!["user_id"]!).ShouldContain(userId);
        ((string)outcomes[5].Value!["ticket_url"]!).ShouldStartWith(server.Url + "/mfa/enrollment?ticket=");
        outcomes[6].Items.ShouldBeEmpty();
        outcomes[7].Json["error"].ShouldBeNull();
        outcomes[8].ShouldBeError(404, "inexistent_user");
    }

    [Theory, Generations]
    public async Task Factors_and_settings_are_read_and_changed(Engine engine, int generation)
    {
        var server = await servers.GetSecureAsync(engine);
        var name = $"Acme {generation}";

        var outcomes = await new ManagementSdk(server, generation)
            .Then("guardian.factors")
            .Then("guardian.setFactor", "otp", new { enabled = true })
            .Then("tenant.update", body: new { friendly_name = name })
            .Then("tenant.get")
            .RunAsync();

        outcomes[0].Items.Count.ShouldBe(8);
        ((bool)outcomes[1].Value!["enabled"]!).ShouldBeTrue();
        ((string)outcomes[2].Value!["friendly_name"]!).ShouldBe(name);
        ((string)outcomes[3].Value!["friendly_name"]!).ShouldBe(name);
    }

    [Theory, Generations]
    public async Task Refusals_arrive_as_the_errors_of_the_client(Engine engine, int generation)
    {
        var server = await servers.GetSecureAsync(engine);
        var email = $"bob-{generation}@example.com";

        var outcomes = await new ManagementSdk(server, generation)
            .Then("users.create", body: new { connection = Connection, email, is_admin = true })
            .Then("users.create", body: new { connection = Connection, email })
            .Then("users.create", body: new { connection = Connection, email })
            .Then("guardian.createTicket", body: new { user_id = "auth0|nobody" })
            .Then("guardian.getEnrollment", "dev_0000000000000000")
            .Then("guardian.deleteEnrollment", "dev_0000000000000000")
            .ThenAs(new { token = await new ManagementApi(server, "read:tenant_settings").FetchTokenAsync("read:tenant_settings") }, "users.delete", "auth0|nobody")
            .ThenAs(new { token = "a.b.c" }, "tenant.get")
            .RunAsync();

        outcomes[0].ShouldBeError(400, "invalid_body");
        outcomes[1].Json["error"].ShouldBeNull();
        outcomes[2].ShouldBeError(409, "auth0_idp_error");
        outcomes[3].ShouldBeError(404, "inexistent_user");
        outcomes[4].ShouldBeError(404, "enrollment_not_found", isDeclared: false);
        outcomes[5].ShouldBeError(404, "enrollment_not_found", isDeclared: false);
        outcomes[6].ShouldBeError(403, "insufficient_scope");
        outcomes[7].ShouldBeError(401, null);
    }
}

using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.PublishedClients;

/// <summary>npm <c>auth0</c> 2.44.1, 4.37.1, 5.14.1 and 7.1.0, unmodified, over TLS: users, tickets, factors, settings.</summary>
[Collection(SharedServers.Name)]
public sealed class SdkUserTests(Servers servers)
{
    private const string Connection = "Username-Password-Authentication";

    [Theory, Generations]
    public async Task A_user_is_created_read_changed_found_invited_and_deleted(Engine engine, int generation)
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
    public async Task A_list_of_users_is_searched_sorted_paged_and_limited_to_fields(Engine engine, int generation)
    {
        var server = await servers.GetSecureAsync(engine);
        var team = $"team-{generation}";
        var q = $"app_metadata.team:\"{team}\"";

        await new ManagementSdk(server, generation)
            .Then("users.create", body: new { connection = Connection, email = $"zoe@{team}.example", blocked = true, app_metadata = new { team } })
            .Then("users.create", body: new { connection = Connection, email = $"abe@{team}.example", app_metadata = new { team } })
            .Then("users.list", query: new { q, sort = "email:1", search_engine = "v3", page = 0, per_page = 1, include_totals = true })
                .Lists(users => ((string)users.ShouldHaveSingleItem()!["email"]!).ShouldBe($"abe@{team}.example"))
            .Then("users.list", query: new { q = q + " AND blocked:true", fields = "email", include_fields = true })
                .Lists(users => users.ShouldHaveSingleItem().Names().ShouldBe(["email"]))
            .Then("users.list", query: new { q = $"email.domain:{team}.example AND NOT blocked:true" }).Lists(users => users.ShouldHaveSingleItem())
            .ProveAsync();
    }

    [Theory, Generations]
    public async Task Calls_for_metadata_blocks_and_signing_keys_work(Engine engine, int generation)
    {
        var server = await servers.GetSecureAsync(engine);
        var identifier = $"own-{generation}@example.com";

        await new ManagementSdk(server, generation)
            .Then("users.create", body: new { connection = Connection, email = identifier, user_metadata = new { a = 1 } }, name: "user")
            .Then("users.updateUserMetadata", "$user.user_id", new { b = 2 }).Gives(user => user["user_metadata"].Names().ShouldBe(["a", "b"]))
            .Then("users.updateAppMetadata", "$user.user_id", new { c = 3 }).Gives(user => user["app_metadata"].Names().ShouldBe(["c"]))
            .Then("users.blocksByIdentifier", identifier).Gives("""{"blocked_for":[]}""")
            .Then("users.unblockByIdentifier", identifier)
            .Then("keys.list", name: "keys").Lists(keys => keys.Count.ShouldBeGreaterThanOrEqualTo(2))
            .Then("keys.get", "$keys.0.kid").Gives(key => ((string)key["cert"]!).ShouldContain("CERTIFICATE"))
            .Then("keys.rotate")
            .Then("keys.get", "unknown").Refused(404, "inexistent_signing_key")
            .Then("keys.revoke", "unknown").Refused(404, "inexistent_signing_key")
            .ProveAsync();
    }

    [Theory, Generations]
    public async Task Errors_arrive_as_the_error_types_of_the_client(Engine engine, int generation)
    {
        var server = await servers.GetSecureAsync(engine);
        var email = $"bob-{generation}@example.com";

        await new ManagementSdk(server, generation)
            .Then("users.create", body: new { connection = Connection, email, is_admin = true }).Refused(400, "invalid_body")
            .Then("users.create", body: new { connection = Connection, email }, name: "user")
            .Then("users.create", body: new { connection = Connection, email }).Refused(409, "auth0_idp_error")
            .Then("users.get", "auth0|nobody").Refused(404, "inexistent_user")
            .Then("users.get", "nobody").Refused(400, "invalid_uri")
            .Then("users.update", "auth0|nobody", new { nickname = "x" }).Refused(404, "inexistent_user")
            .Then("users.update", "$user.user_id", new { email = "new@example.com", password = "correct horse battery" }).Refused(400, "invalid_body")
            .Then("users.list", query: new { q = "email:a~" }).Refused(400, "invalid_query_string")
            .Then("users.list", query: new { q = "email:a", search_engine = "v1" }).Refused(400, "invalid_query_string")
            .Then("users.list", query: new { page = 10, per_page = 100 }).Refused(400, "invalid_query_string")
            .Then("users.listByEmail", query: new { email = "nobody@example.com" }).Lists(users => users.ShouldBeEmpty())
            .Then("users.delete", "auth0|nobody")
            .ProveAsync();
    }

    /// <summary>Turns off the automatic retries of the client. The clock moves only between generations.</summary>
    [Fact]
    public async Task A_client_over_the_rate_limit_gets_its_error_type()
    {
        const int Limit = 2;
        await using var server = await TestServer.StartSecureAsync(Engine.Sqlite, ("Sallyport:RateLimits:Management", $"{Limit}"));
        var patient = new { token = await new ManagementApi(server).FetchTokenAsync(), maxRetries = 0, retry = new { enabled = false } };
        foreach (var generation in ManagementSdk.Generations)
        {
            server.Clock.Advance(TimeSpan.FromMinutes(1));

            var outcomes = await new ManagementSdk(server, generation)
                .ThenAs(patient, "users.get", "auth0|nobody")
                .ThenAs(patient, "users.get", "auth0|nobody")
                .ThenAs(patient, "users.get", "auth0|nobody")
                .RunAsync();

            outcomes[Limit - 1].ShouldBeError(404, "inexistent_user");
            outcomes[Limit].ShouldBeError(429, "too_many_requests");
        }
    }
}

using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.PublishedClients;

/// <summary>npm <c>auth0</c> 2.44.1, 4.37.1, 5.14.1 and 7.1.0, unmodified, over TLS: clients, grants, APIs, connections.</summary>
[Collection(SharedServers.Name)]
public sealed class SdkClientTests(Servers servers)
{
    [Theory, Generations]
    public async Task A_client_is_created_granted_an_API_and_deleted(Engine engine, int generation)
    {
        var server = await servers.GetSecureAsync(engine);
        var audience = $"https://bills.example/{generation}/";

        var outcomes = await new ManagementSdk(server, generation)
            .Then("clients.create", body: new { name = "Billing", app_type = "non_interactive" }, name: "client")
            .Then("clients.get", "$client.client_id")
            .Then("clients.update", "$client.client_id", new { description = "Sends bills", oidc_logout = new { backchannel_logout_urls = Array.Empty<string>() } })
            .Then("clients.list", query: new { per_page = 100, is_global = false })
            .Then("apis.create", body: new { identifier = audience, name = "Bills", scopes = new[] { new { value = "read:bills" } } }, name: "api")
            .Then("apis.get", audience)
            .Then("apis.update", "$api.id", new { token_lifetime = 300 })
            .Then("apis.list", query: new { identifiers = new[] { audience, "urn:none" } })
            .Then("grants.create", body: new { client_id = "$client.client_id", audience, scope = new[] { "read:bills" } }, name: "grant")
            .Then("grants.list", query: new { audience })
            .Then("grants.update", "$grant.id", new { scope = Array.Empty<string>() })
            .Then("grants.get", "$grant.id")
            .Then("grants.delete", "$grant.id")
            .Then("apis.delete", "$api.id")
            .Then("clients.rotateSecret", "$client.client_id")
            .Then("clients.delete", "$client.client_id")
            .RunAsync();

        var clientId = (string)outcomes[0].Value!["client_id"]!;
        var secret = (string)outcomes[0].Value!["client_secret"]!;
        outcomes[1].Value!["client_secret"].ShouldBeNull();
        ((string)outcomes[2].Value!["description"]!).ShouldBe("Sends bills");
        outcomes[3].Items.Select(client => (string)client!["client_id"]!).ShouldContain(clientId);
        ((string)outcomes[5].Value!["id"]!).ShouldBe((string)outcomes[4].Value!["id"]!);
        ((int)outcomes[6].Value!["token_lifetime"]!).ShouldBe(300);
        ((string)outcomes[7].Items.ShouldHaveSingleItem()!["identifier"]!).ShouldBe(audience);
        outcomes[9].Items.ShouldHaveSingleItem()!["scope"].Texts().ShouldBe(["read:bills"]);
        outcomes[10].Value!["scope"].Texts().ShouldBeEmpty();
        if (!outcomes[11].IsMissing)
        {
            ((string)outcomes[11].Value!["audience"]!).ShouldBe(audience);
        }

        if (!outcomes[14].IsMissing)
        {
            ((string)outcomes[14].Value!["client_secret"]!).ShouldNotBe(secret);
        }

        foreach (var removal in new[] { 12, 13, 15 })
        {
            outcomes[removal].Json["error"].ShouldBeNull();
        }
    }

    [Theory, Generations]
    public async Task A_connection_is_created_used_and_deleted_with_its_users(Engine engine, int generation)
    {
        var server = await servers.GetSecureAsync(engine);
        var name = $"staff-{generation}";

        var outcomes = await new ManagementSdk(server, generation)
            .Then("connections.create", body: new { name, strategy = "auth0" }, name: "connection")
            .Then("connections.get", "$connection.id")
            .Then("connections.update", "$connection.id", new { options = new { brute_force_protection = true } })
            .Then("connections.list", query: new { name })
            .Then("connections.setClients", "$connection.id", new[] { new { client_id = TestServer.ClientId, status = true } })
            .Then("connections.listClients", "$connection.id")
            .Then("users.create", body: new { connection = name, email = $"sdk-{generation}@example.com" }, name: "user")
            .Then("connections.delete", "$connection.id")
            .Then("users.get", "$user.user_id")
            .RunAsync();

        outcomes[1].Value!["realms"].Texts().ShouldBe([name]);
        ((bool)outcomes[2].Value!["options"]!["brute_force_protection"]!).ShouldBeTrue();
        outcomes[3].Items.ShouldHaveSingleItem();
        if (!outcomes[5].IsMissing)
        {
            outcomes[4].Json["error"].ShouldBeNull();
            ((string)outcomes[5].Items.ShouldHaveSingleItem()!["client_id"]!).ShouldBe(TestServer.ClientId);
        }

        outcomes[7].Json["error"].ShouldBeNull();
        outcomes[8].ShouldBeError(404, "inexistent_user");
    }

    [Theory, Generations]
    public async Task Errors_arrive_as_the_error_types_of_the_client(Engine engine, int generation)
    {
        var server = await servers.GetSecureAsync(engine);
        var token = new { token = await new ManagementApi(server).FetchTokenAsync("read:users") };
        var (identifier, connection) = ($"urn:twice-{generation}", $"twice-{generation}");

        var outcomes = await new ManagementSdk(server, generation)
            .Then("clients.get", "nobody")
            .Then("clients.create", body: new { name = "x", global = true })
            .ThenAs(token, "clients.create", body: new { name = "x" })
            .Then("apis.create", body: new { identifier })
            .Then("apis.create", body: new { identifier })
            .Then("apis.get", "urn:none")
            .Then("connections.create", body: new { name = connection, strategy = "auth0" })
            .Then("connections.create", body: new { name = connection, strategy = "auth0" })
            .Then("connections.get", "con_0000000000000000")
            .Then("grants.create", body: new { client_id = TestServer.ClientId, audience = identifier, scope = new[] { "a" } })
            .Then("grants.create", body: new { client_id = TestServer.ClientId, audience = identifier, scope = new[] { "a" } })
            .Then("users.create", body: new { connection = "no-such", email = "a@example.com" })
            .ThenAs(new { token = "a.b.c" }, "connections.get", "con_0000000000000000")
            .RunAsync();

        outcomes[0].ShouldBeError(404, "inexistent_client");
        outcomes[1].ShouldBeError(400, "invalid_body");
        outcomes[2].ShouldBeError(403, "insufficient_scope");
        outcomes[3].Value.ShouldNotBeNull();
        outcomes[4].ShouldBeError(409, "resource_server_conflict");
        outcomes[5].ShouldBeError(404, "inexistent_resource_server");
        outcomes[6].Value.ShouldNotBeNull();
        outcomes[7].ShouldBeError(409, "connection_conflict");
        outcomes[8].ShouldBeError(404, "inexistent_connection");
        outcomes[9].Value.ShouldNotBeNull();
        outcomes[10].ShouldBeError(409, "client_grant_conflict");
        outcomes[11].ShouldBeError(400, "inexistent_connection");
        outcomes[12].ShouldBeError(401, null);
    }
}

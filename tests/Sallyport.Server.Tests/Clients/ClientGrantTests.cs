using System.Net;
using System.Text.Json;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Clients;

public sealed class ClientGrantTests(Servers servers) : IClassFixture<Servers>
{
    private const int Competitors = 16;

    [Theory, Engines]
    public async Task A_grant_gives_exactly_its_scopes_while_it_exists(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var management = new ManagementApi(server);
        var client = await CreateClientAsync(management);
        (await ScopeAsync(server, client)).ShouldBeNull();

        var grant = (await management.SendAsync(HttpMethod.Post, "/client-grants", Grant(server, client.Id, "read:users", "create:users")))
            .ShouldBe(HttpStatusCode.Created);

        var id = (string)grant["id"]!;
        id.ShouldMatch("^cgr_[A-Za-z0-9]{16}$");
        ((string)grant["subject_type"]!).ShouldBe("client");
        (await ScopeAsync(server, client)).ShouldBe("read:users create:users");
        (await management.SendAsync(HttpMethod.Patch, "/client-grants/" + id, new { scope = new[] { "read:users" } })).ShouldBe(HttpStatusCode.OK);
        (await ScopeAsync(server, client)).ShouldBe("read:users");
        (await management.GetAsync("/client-grants/" + id))["scope"].Texts().ShouldBe(["read:users"]);
        (await management.SendAsync(HttpMethod.Delete, "/client-grants/" + id)).Status.ShouldBe(HttpStatusCode.NoContent);
        (await ScopeAsync(server, client)).ShouldBeNull();
        (await management.SendAsync(HttpMethod.Delete, "/client-grants/" + id)).Status
            .ShouldBe(HttpStatusCode.NoContent, "Deleting a missing grant succeeds");
    }

    [Theory, Engines]
    public async Task A_grant_for_users_gives_the_client_itself_no_scopes(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var management = new ManagementApi(server);
        var client = await CreateClientAsync(management);

        (await management.SendAsync(
            HttpMethod.Post,
            "/client-grants",
            new { client_id = client.Id, audience = server.Options.ManagementAudience, scope = new[] { "read:users" }, subject_type = "user" }))
            .ShouldBe(HttpStatusCode.Created);

        (await ScopeAsync(server, client)).ShouldBeNull();
    }

    [Theory, Engines]
    public async Task Filters_and_checkpoints_find_grants(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var management = new ManagementApi(server);
        var client = await CreateClientAsync(management);
        await management.SendAsync(HttpMethod.Post, "/client-grants", Grant(server, client.Id, "read:users"));

        var own = (await management.GetAsync("/client-grants?client_id=" + client.Id)).AsArray();
        var first = await management.GetAsync("/client-grants?include_totals=true&take=1");
        var none = await management.GetAsync("/client-grants?audience=urn%3Anothing&include_totals=true");

        own.ShouldHaveSingleItem();
        first.Names().ShouldBe(["client_grants", "next"], "A checkpoint wins over totals");
        ((int)none["total"]!).ShouldBe(0);
        none["client_grants"]!.AsArray().ShouldBeEmpty();
        (await management.GetAsync("/client-grants?allow_any_organization=false")).AsArray().ShouldNotBeEmpty();
        (await management.GetAsync("/client-grants?allow_any_organization=true")).AsArray().ShouldBeEmpty();
        (await management.GetAsync("/client-grants?default_for=third_party_clients")).AsArray().ShouldBeEmpty();
    }

    /// <summary>Exports from the vendor contain these rules.</summary>
    [Theory, Engines]
    public async Task Unsupported_rules_of_a_grant_are_accepted_only_when_they_are_off(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var management = new ManagementApi(server);
        var client = await CreateClientAsync(management);
        var audience = server.Options.ManagementAudience;

        foreach (var rule in new object[] { new { allow_any_organization = true }, new { organization_usage = "allow" }, new { allow_all_scopes = true } })
        {
            var body = JsonSerializer.SerializeToNode(rule)!;
            body["client_id"] = client.Id;
            body["audience"] = audience;
            (await management.SendAsync(HttpMethod.Post, "/client-grants", body)).ShouldBeError(HttpStatusCode.BadRequest, "invalid_body");
        }

        var grant = (await management.SendAsync(
            HttpMethod.Post, "/client-grants",
            new { client_id = client.Id, audience, scope = new[] { "read:users" }, allow_any_organization = false, organization_usage = "deny", allow_all_scopes = false }))
            .ShouldBe(HttpStatusCode.Created);
        (await management.SendAsync(
            HttpMethod.Patch, $"/client-grants/{(string)grant["id"]!}", new { scope = new[] { "read:users" }, allow_any_organization = (bool?)null, organization_usage = (string?)null }))
            .ShouldBe(HttpStatusCode.OK);
        (await ScopeAsync(server, client)).ShouldBe("read:users");
    }

    [Theory, Engines]
    public async Task A_grant_needs_an_existing_client_and_API_and_is_unique(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var management = new ManagementApi(server);
        var client = await CreateClientAsync(management);

        (await management.SendAsync(HttpMethod.Post, "/client-grants", Grant(server, "nobody", "a"))).ShouldBeError(HttpStatusCode.NotFound, "inexistent_client");
        (await management.SendAsync(HttpMethod.Post, "/client-grants", new { client_id = client.Id, audience = "urn:none", scope = new[] { "a" } }))
            .ShouldBeError(HttpStatusCode.NotFound, "inexistent_resource_server");
        (await management.SendAsync(HttpMethod.Post, "/client-grants", Grant(server, client.Id, "a b"))).ShouldBeError(HttpStatusCode.BadRequest, "invalid_body");

        var answers = await Task.WhenAll(Enumerable.Range(0, Competitors).Select(_ =>
            management.SendAsync(HttpMethod.Post, "/client-grants", Grant(server, client.Id, "read:users"))));

        answers.Count(answer => answer.Status == HttpStatusCode.Created).ShouldBe(1);
        answers.Where(answer => answer.Status != HttpStatusCode.Created).ShouldAllBe(answer => answer.ErrorCode == "client_grant_conflict");
    }

    [Theory, Engines]
    public async Task Grants_are_deleted_with_their_client(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var management = new ManagementApi(server);
        var client = await CreateClientAsync(management);
        await management.SendAsync(HttpMethod.Post, "/client-grants", Grant(server, client.Id, "read:users"));

        await management.SendAsync(HttpMethod.Delete, "/clients/" + client.Id);

        (await management.GetAsync("/client-grants?client_id=" + client.Id)).AsArray().ShouldBeEmpty();
    }

    private static object Grant(TestServer server, string clientId, params string[] scope) =>
        new { client_id = clientId, audience = server.Options.ManagementAudience, scope };

    private static async Task<(string Id, string Secret)> CreateClientAsync(ManagementApi management)
    {
        var client = (await management.SendAsync(HttpMethod.Post, "/clients", new { name = "Machine", app_type = "non_interactive" })).ShouldBe(HttpStatusCode.Created);
        return ((string)client["client_id"]!, (string)client["client_secret"]!);
    }

    /// <returns>Null if no token was issued.</returns>
    private static async Task<string?> ScopeAsync(TestServer server, (string Id, string Secret) client) =>
        (string?)(await new OAuthApi(server).SendAsync(("client_id", client.Id), ("client_secret", client.Secret))).Json!["scope"];
}

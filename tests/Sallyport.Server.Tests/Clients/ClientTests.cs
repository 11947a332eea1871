using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Sallyport.Server.Clients;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Clients;

public sealed class ClientTests(Servers servers) : IClassFixture<Servers>
{
    [Theory, Engines]
    public async Task A_new_client_has_the_published_defaults_and_shows_its_secret_once(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var management = new ManagementApi(server);

        var created = (await management.SendAsync(HttpMethod.Post, "/clients", new { name = "Billing", app_type = "non_interactive" }))
            .ShouldBe(HttpStatusCode.Created);

        var id = (string)created["client_id"]!;
        id.ShouldMatch("^[A-Za-z0-9]{32}$");
        var secret = (string)created["client_secret"]!;
        secret.Length.ShouldBe(64);
        created["grant_types"].Texts().ShouldBe(["client_credentials"]);
        ((string)created["token_endpoint_auth_method"]!).ShouldBe("client_secret_post");
        ((bool)created["global"]!).ShouldBeFalse();
        var read = await management.GetAsync("/clients/" + id);
        read["client_secret"].ShouldBeNull();
        ((string)read["name"]!).ShouldBe("Billing");
        (await management.SendAsync(HttpMethod.Get, "/clients?per_page=100")).Text.ShouldNotContain("client_secret\"");
        (await DatabaseDump.TakeAsync(server.Database)).ShouldAllBe(line => !line.Contains(secret));
        (await LogEntry.ListAsync(server, "sapi")).ShouldAllBe(entry => !entry.Details!.Contains(secret));
    }

    [Theory, Engines]
    public async Task A_patch_sets_what_is_sent_and_null_removes(Engine engine)
    {
        var management = new ManagementApi(await servers.GetAsync(engine));
        var id = await CreateAsync(management, new { name = "App", description = "old", client_metadata = new { a = "1", b = "2" }, callbacks = new[] { "https://a.example/cb" } });

        var patched = (await management.SendAsync(HttpMethod.Patch, "/clients/" + id, Json("""{"description":null,"client_metadata":{"a":null,"c":"3"}}""")))
            .ShouldBe(HttpStatusCode.OK);

        patched["description"].ShouldBeNull();
        patched["client_metadata"].Names().ShouldBe(["b", "c"]);
        patched["callbacks"].Texts().ShouldBe(["https://a.example/cb"]);
        (await management.GetAsync("/clients/" + id)).ToJsonString().ShouldBe(patched.ToJsonString());
    }

    [Theory, Engines]
    public async Task Lists_are_pages_filters_and_checkpoints(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var management = new ManagementApi(server);
        var ids = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            ids.Add(await CreateAsync(management, new { name = "App " + i, app_type = i % 2 == 0 ? "spa" : "native", is_first_party = i != 4 }));
        }

        var page = await management.GetAsync("/clients?page=1&per_page=3&include_totals=true");
        var global = (await management.GetAsync("/clients?is_global=true&fields=client_id,global&include_fields=true")).AsArray();
        var firstTwo = await management.GetAsync("/clients?take=2&include_totals=true");
        var rest = await management.GetAsync($"/clients?take=100&from={(string)firstTwo["next"]!}");

        page.Names().ShouldBe(["clients", "limit", "start", "total"]);
        ((int)page["total"]!).ShouldBe(7);
        ((int)page["start"]!).ShouldBe(3);
        page["clients"]!.AsArray().Count.ShouldBe(3);
        global.ShouldHaveSingleItem().Names().ShouldBe(["client_id", "global"]);
        firstTwo.Names().ShouldBe(["clients", "next"]);
        rest.Names().ShouldBe(["clients"]);
        (firstTwo["clients"]!.AsArray().Count + rest["clients"]!.AsArray().Count).ShouldBe(7);
        (await management.GetAsync("/clients?app_type=spa")).AsArray().Count.ShouldBe(3);
        (await management.GetAsync("/clients?app_type=spa,native&is_first_party=true")).AsArray().Count.ShouldBe(4);
        (await management.GetAsync("/clients?app_type=sp")).AsArray().ShouldBeEmpty();
        (await management.GetAsync("/clients?external_client_id=https%3A%2F%2Fa.example")).AsArray().ShouldBeEmpty();
        (await management.SendAsync(HttpMethod.Get, "/clients?q=client_grant.organization_id:org_1")).ShouldBeError(HttpStatusCode.BadRequest, "invalid_query_string");
        (await management.SendAsync(HttpMethod.Get, "/clients?take=101")).ShouldBeError(HttpStatusCode.BadRequest, "invalid_query_string");
    }

    [Theory, Engines]
    public async Task Members_used_only_at_sign_in_are_stored_and_returned(Engine engine)
    {
        const string Settings = """
            {
                "app_type": "slack", "oidc_logout": { "backchannel_logout_urls": ["https://a.example/out"] }, "oidc_backchannel_logout": {},
                "session_transfer": { "can_create_session_transfer_token": false }, "token_exchange": null, "encryption_key": { "pub": "PEM" },
                "default_organization": null, "organization_usage": "allow", "organization_require_behavior": "no_prompt",
                "organization_discovery_methods": ["email"], "custom_login_page_preview": "<p>", "form_template": "<form>",
                "resource_server_identifier": "urn:a", "par_request_expiry": 60, "skip_non_verifiable_callback_uri_confirmation_prompt": true,
                "async_approval_notification_channels": ["guardian-push"], "redirection_policy": "allow_always", "third_party_security_mode": "strict",
                "compliance_level": "none"
            }
            """;
        var management = new ManagementApi(await servers.GetAsync(engine));
        var body = JsonNode.Parse(Settings)!;
        body["name"] = "Exported";

        var created = (await management.SendAsync(HttpMethod.Post, "/clients", body)).ShouldBe(HttpStatusCode.Created);

        var read = await management.GetAsync("/clients/" + (string)created["client_id"]!);
        foreach (var (name, value) in JsonNode.Parse(Settings)!.AsObject())
        {
            JsonNode.DeepEquals(read[name], value).ShouldBeTrue(name);
        }

        (await management.SendAsync(HttpMethod.Post, "/clients", new { name = "Promised", compliance_level = "fapi2_sp_mtls_mtls" }))
            .ShouldBeError(HttpStatusCode.BadRequest, "invalid_body");
    }

    [Theory, Engines]
    public async Task The_token_endpoint_enforces_the_grant_types_and_the_authentication_method_of_a_client(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var management = new ManagementApi(server);

        (await ExchangeAsync(server, await CreateGrantedAsync(server, new { name = "Body", app_type = "non_interactive" }))).Status.ShouldBe(HttpStatusCode.OK);
        (await ExchangeAsync(server, await CreateGrantedAsync(server, new { name = "Body", app_type = "non_interactive" }), isBasic: true)).Status
            .ShouldBe(HttpStatusCode.Unauthorized);
        var basic = await CreateGrantedAsync(server, new { name = "Basic", token_endpoint_auth_method = "client_secret_basic" });
        (await ExchangeAsync(server, basic, isBasic: true)).Status.ShouldBe(HttpStatusCode.OK);
        (await ExchangeAsync(server, basic)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await ExchangeAsync(server, await CreateGrantedAsync(server, new { name = "Page", app_type = "spa" }))).Status
            .ShouldBe(HttpStatusCode.Unauthorized, "A client without proof gets no token of its own");
        var other = await ExchangeAsync(server, await CreateGrantedAsync(server, new { name = "Code", grant_types = new[] { "authorization_code" } }));
        other.Status.ShouldBe(HttpStatusCode.Forbidden);
        ((string)other.Json!["error"]!).ShouldBe("unauthorized_client");
        var global = (string)(await management.GetAsync("/clients?is_global=true")).AsArray().Single()!["client_id"]!;
        (await ExchangeAsync(server, (global, ""))).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory, Engines]
    public async Task A_rotated_secret_replaces_the_old_one(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var client = await CreateGrantedAsync(server, new { name = "Rotating", app_type = "non_interactive" });

        var rotated = (await new ManagementApi(server).SendAsync(HttpMethod.Post, $"/clients/{client.Id}/rotate-secret")).ShouldBe(HttpStatusCode.OK);

        (await ExchangeAsync(server, client)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await ExchangeAsync(server, (client.Id, (string)rotated["client_secret"]!))).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Theory, Engines]
    public async Task A_secret_may_be_chosen_and_is_neither_shown_nor_kept(Engine engine)
    {
        const string Secret = "a-secret-from-another-secret-store";
        var server = await servers.GetAsync(engine);
        var management = new ManagementApi(server);
        var client = await CreateGrantedAsync(server, new { name = "Chosen", app_type = "non_interactive" });
        var path = "/clients/" + client.Id;
        var global = (string)(await management.GetAsync("/clients?is_global=true")).AsArray().Single()!["client_id"]!;

        var patched = await management.SendAsync(HttpMethod.Patch, path, new { description = "Rotated", client_secret = Secret });

        patched.ShouldBe(HttpStatusCode.OK);
        patched.Text.ShouldNotContain(Secret);
        (await ExchangeAsync(server, client)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await ExchangeAsync(server, (client.Id, Secret))).Status.ShouldBe(HttpStatusCode.OK);
        (await DatabaseDump.TakeAsync(server.Database)).ShouldAllBe(line => !line.Contains(Secret));
        (await management.SendAsync(HttpMethod.Patch, path, new { client_secret = "too short" })).ShouldBeError(HttpStatusCode.BadRequest, "invalid_body");
        (await management.SendAsync(HttpMethod.Patch, "/clients/" + global, new { client_secret = Secret }))
            .ShouldBeError(HttpStatusCode.BadRequest, "operation_not_supported");
        (await new ManagementApi(server, "update:clients").SendAsync(HttpMethod.Patch, path, new { client_secret = Secret }))
            .ShouldBeError(HttpStatusCode.Forbidden, "insufficient_scope");
    }

    [Theory, Engines]
    public async Task Tokens_of_a_deleted_client_end_at_once_on_this_node_and_soon_on_others(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var client = await CreateGrantedAsync(server, new { name = "Short-lived", app_type = "non_interactive" });
        var token = (string)(await ExchangeAsync(server, client)).Json!["access_token"]!;
        (await GetAsync(server, token)).ShouldBe(HttpStatusCode.OK);
        var elsewhere = new ClientRevocations(server.Database, TenantId.Default, server.Clock);

        (await new ManagementApi(server).SendAsync(HttpMethod.Delete, "/clients/" + client.Id)).Status.ShouldBe(HttpStatusCode.NoContent);

        (await GetAsync(server, token)).ShouldBe(HttpStatusCode.Unauthorized);
        (await ExchangeAsync(server, client)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        elsewhere.Includes(client.Id, server.Clock.GetUtcNow()).ShouldBeFalse();
        await elsewhere.RefreshAsync(CancellationToken.None);
        elsewhere.Includes(client.Id, server.Clock.GetUtcNow()).ShouldBeTrue();
        elsewhere.Includes(client.Id, server.Clock.GetUtcNow() + TimeSpan.FromSeconds(1)).ShouldBeFalse("Tokens of a client that was created again are valid");
        (await new ManagementApi(server).SendAsync(HttpMethod.Delete, "/clients/" + client.Id)).Status
            .ShouldBe(HttpStatusCode.NoContent, "Deleting a missing client succeeds");
    }

    [Theory, Engines]
    public async Task The_global_client_cannot_be_deleted(Engine engine)
    {
        var management = new ManagementApi(await servers.GetAsync(engine));
        var id = (string)(await management.GetAsync("/clients?is_global=true")).AsArray().Single()!["client_id"]!;

        (await management.SendAsync(HttpMethod.Delete, "/clients/" + id)).ShouldBeError(HttpStatusCode.BadRequest, "operation_not_supported");
        (await management.SendAsync(HttpMethod.Post, $"/clients/{id}/rotate-secret")).ShouldBeError(HttpStatusCode.BadRequest, "operation_not_supported");
        (await management.SendAsync(HttpMethod.Patch, "/clients/" + id, new { custom_login_page_on = false })).ShouldBe(HttpStatusCode.OK);
    }

    /// <summary>Mass assignment (CVE-2026-54693): members that only the server may set are refused.</summary>
    [Theory]
    [InlineData("""{"name":"x","client_id":"mine"}""")]
    [InlineData("""{"name":"x","client_secret":"mine"}""")]
    [InlineData("""{"name":"x","global":true}""")]
    [InlineData("""{"name":"x","tenant":"other"}""")]
    [InlineData("""{"name":"<script>"}""")]
    [InlineData("""{"name":""}""")]
    [InlineData("""{"name":"x","app_type":"toaster"}""")]
    [InlineData("""{"name":"x","grant_types":["magic"]}""")]
    [InlineData("""{"name":"x","callbacks":["java script:"]}""")]
    [InlineData("""{"name":"x","client_metadata":{"a":1}}""")]
    public async Task An_invalid_client_is_refused(string body)
    {
        foreach (var engine in Enum.GetValues<Engine>())
        {
            var server = await servers.GetAsync(engine);
            var management = new ManagementApi(server);
            var before = await DatabaseDump.TakeAsync(server.Database);

            (await management.SendAsync(HttpMethod.Post, "/clients", Json(body))).ShouldBeError(HttpStatusCode.BadRequest, "invalid_body");
            (await management.SendAsync(HttpMethod.Patch, "/clients/" + TestServer.ClientId, Json(body))).ShouldBeError(HttpStatusCode.BadRequest, "invalid_body");

            (await DatabaseDump.TakeAsync(server.Database)).ShouldBe(before);
        }
    }

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    private static async Task<string> CreateAsync(ManagementApi management, object body) =>
        (string)(await management.SendAsync(HttpMethod.Post, "/clients", body)).ShouldBe(HttpStatusCode.Created)["client_id"]!;

    private static async Task<(string Id, string Secret)> CreateGrantedAsync(TestServer server, object body)
    {
        var management = new ManagementApi(server);
        var client = (await management.SendAsync(HttpMethod.Post, "/clients", body)).ShouldBe(HttpStatusCode.Created);
        var id = (string)client["client_id"]!;
        var grant = new { client_id = id, audience = server.Options.ManagementAudience, scope = new[] { "read:users" } };
        (await management.SendAsync(HttpMethod.Post, "/client-grants", grant)).ShouldBe(HttpStatusCode.Created);
        return (id, (string)client["client_secret"]!);
    }

    private static Task<Answer> ExchangeAsync(TestServer server, (string Id, string Secret) client, bool isBasic = false)
    {
        var oauth = new OAuthApi(server);
        return isBasic
            ? oauth.SendAsync(new FormUrlEncodedContent(oauth.Parameters(("client_id", null), ("client_secret", null))), $"{client.Id}:{client.Secret}")
            : oauth.SendAsync(("client_id", client.Id), ("client_secret", client.Secret));
    }

    private static async Task<HttpStatusCode> GetAsync(TestServer server, string token) =>
        (await server.SendAsync(HttpMethod.Get, "/api/v2/users", ("Authorization", "Bearer " + token))).Status;
}

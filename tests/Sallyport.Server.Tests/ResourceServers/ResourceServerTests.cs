using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Sallyport.Server.Clients;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.ResourceServers;

public sealed class ResourceServerTests(Servers servers) : IClassFixture<Servers>
{
    private const string Path = "/resource-servers";
    private const int Competitors = 16;

    [Theory, Engines]
    public async Task An_API_is_found_by_its_id_and_by_its_identifier(Engine engine)
    {
        var management = new ManagementApi(await servers.GetAsync(engine));

        var created = (await management.SendAsync(HttpMethod.Post, Path, new { identifier = "https://found.example/v1/", scopes = new[] { new { value = "a", description = "A" } } }))
            .ShouldBe(HttpStatusCode.Created);

        var id = (string)created["id"]!;
        id.ShouldMatch("^[0-9a-f]{24}$");
        ((string)created["name"]!).ShouldBe("https://found.example/v1/");
        ((int)created["token_lifetime"]!).ShouldBe(86400);
        foreach (var key in new[] { id, "https%3A%2F%2Ffound.example%2Fv1%2F", "https:%2F%2Ffound.example%2Fv1%2F" })
        {
            (await management.GetAsync($"{Path}/{key}")).ToJsonString().ShouldBe(created.ToJsonString());
        }

        (await management.SendAsync(HttpMethod.Get, Path + "/https%3A%2F%2Ffound.example%2Fv1")).ShouldBeError(HttpStatusCode.NotFound, "inexistent_resource_server");
        (await management.GetAsync(Path + "?identifiers=https%3A%2F%2Ffound.example%2Fv1%2F&include_totals=true"))["total"]!.GetValue<int>().ShouldBe(1);
    }

    /// <summary>One generation of the client repeats the parameter, another separates values by commas.</summary>
    [Theory, Engines]
    public async Task APIs_are_filtered_by_their_identifiers_to_the_letter(Engine engine)
    {
        var management = new ManagementApi(await servers.GetAsync(engine));
        foreach (var identifier in new[] { "urn:one", "urn:two", "urn:%", "urn:o_e" })
        {
            (await management.SendAsync(HttpMethod.Post, Path, new { identifier })).ShouldBe(HttpStatusCode.Created);
        }

        foreach (var (query, expected) in new[]
        {
            ("identifiers=urn:one&identifiers=urn:two&identifiers=urn:none", 2), ("identifiers=urn:two,urn:one", 2), ("identifiers=urn:%25", 1),
            ("identifiers=urn:one", 1), ("identifiers=urn", 0),
        })
        {
            ((int)(await management.GetAsync($"{Path}?{query}&include_totals=true"))["total"]!).ShouldBe(expected, query);
            (await management.GetAsync($"{Path}?{query}")).AsArray().Count.ShouldBe(expected, query);
        }
    }

    [Theory, Engines]
    public async Task Only_the_token_policies_in_force_are_accepted(Engine engine)
    {
        const string Policies = """{"user":{"policy":"allow_all"},"client":{"policy":"require_client_grant"}}""";
        var management = new ManagementApi(await servers.GetAsync(engine));

        var created = await management.SendAsync(
            HttpMethod.Post, Path, new { identifier = "urn:policies", subject_type_authorization = System.Text.Json.Nodes.JsonNode.Parse(Policies) });

        created.ShouldBe(HttpStatusCode.Created)["subject_type_authorization"]!.ToJsonString().ShouldBe(Policies);
        (await management.SendAsync(HttpMethod.Post, Path, new { identifier = "urn:closed", subject_type_authorization = new { client = new { policy = "deny_all" } } }))
            .ShouldBeError(HttpStatusCode.BadRequest, "invalid_body");
    }

    [Theory, Engines]
    public async Task A_token_for_an_API_has_its_audience_its_lifetime_and_the_scopes_it_still_has(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var management = new ManagementApi(server);
        const string Audience = "urn:billing";
        var scopes = new[] { new { value = "read:bills" }, new { value = "write:bills" } };
        var id = (string)(await management.SendAsync(HttpMethod.Post, Path, new { identifier = Audience, token_lifetime = 60, scopes })).ShouldBe(HttpStatusCode.Created)["id"]!;
        await management.SendAsync(
            HttpMethod.Post, "/client-grants", new { client_id = TestServer.ClientId, audience = Audience, scope = new[] { "read:bills", "write:bills", "burn:bills" } });

        var answer = (await new OAuthApi(server).SendAsync(("audience", Audience))).ShouldBe(HttpStatusCode.OK);
        await management.SendAsync(HttpMethod.Patch, $"{Path}/{id}", new { scopes = new[] { new { value = "read:bills" } } });
        var narrowed = (await new OAuthApi(server).SendAsync(("audience", Audience))).ShouldBe(HttpStatusCode.OK);

        ((int)answer["expires_in"]!).ShouldBe(60);
        ((string)answer["scope"]!).ShouldBe("read:bills write:bills");
        var token = new JsonWebToken((string)answer["access_token"]!);
        token.Audiences.ShouldBe([Audience]);
        (token.ValidTo - token.IssuedAt).ShouldBe(TimeSpan.FromSeconds(60));
        ((string)narrowed["scope"]!).ShouldBe("read:bills");
        (await server.SendAsync(HttpMethod.Get, "/api/v2/users", ("Authorization", "Bearer " + (string)answer["access_token"]!))).Status
            .ShouldBe(HttpStatusCode.Unauthorized, "A token for another API is refused here");
    }

    /// <summary>Some verifiers ignore a trailing slash when they compare audiences.</summary>
    [Theory, Engines]
    public async Task No_API_can_imitate_the_audience_of_the_Management_API(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var audience = server.Options.ManagementAudience;
        string[] imitations = [audience + "/", audience[..^1], audience.ToUpperInvariant(), audience + "\u200B", audience.Replace("/api", "//api", StringComparison.Ordinal), "\uFE0F" + audience];
        var management = new ManagementApi(server);

        foreach (var identifier in imitations)
        {
            (await management.SendAsync(HttpMethod.Post, Path, new { identifier })).ShouldBeError(HttpStatusCode.BadRequest, "invalid_body");
            var token = server.Services.GetRequiredService<AccessTokens>().Issue(TestServer.ClientId, identifier, "read:users", TimeSpan.FromHours(1));
            (await server.SendAsync(HttpMethod.Get, "/api/v2/users", ("Authorization", "Bearer " + token))).Status.ShouldBe(HttpStatusCode.Unauthorized, identifier);
        }

        var real = server.Services.GetRequiredService<AccessTokens>().Issue(TestServer.ClientId, audience, "read:users", TimeSpan.FromHours(1));
        (await server.SendAsync(HttpMethod.Get, "/api/v2/users", ("Authorization", "Bearer " + real))).Status.ShouldBe(HttpStatusCode.OK);
        (await management.SendAsync(HttpMethod.Post, Path, new { identifier = audience + "reports/" })).ShouldBe(HttpStatusCode.Created);
    }

    [Theory, Engines]
    public async Task The_Management_API_is_listed_and_cannot_be_changed(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var management = new ManagementApi(server);
        var system = (await management.GetAsync(Path + "?per_page=100")).AsArray().Single(api => (bool)api!["is_system"]!)!;

        ((string)system["identifier"]!).ShouldBe(server.Options.ManagementAudience);
        system["scopes"]!.AsArray().Select(scope => (string)scope!["value"]!).ShouldContain("create:guardian_enrollment_tickets");
        (await management.SendAsync(HttpMethod.Patch, $"{Path}/{(string)system["id"]!}", new { token_lifetime = 1 }))
            .ShouldBeError(HttpStatusCode.BadRequest, "operation_not_supported");
        (await management.SendAsync(HttpMethod.Delete, $"{Path}/{Uri.EscapeDataString(server.Options.ManagementAudience)}"))
            .ShouldBeError(HttpStatusCode.BadRequest, "operation_not_supported");
        (await management.SendAsync(HttpMethod.Post, Path, new { identifier = server.Options.ManagementAudience }))
            .ShouldBeError(HttpStatusCode.Conflict, "resource_server_conflict");
    }

    [Theory, Engines]
    public async Task Grants_are_deleted_with_their_API_and_stay_deleted_when_it_is_created_again(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var management = new ManagementApi(server);
        var body = new { identifier = "urn:reborn", scopes = new[] { new { value = "a" } } };
        await management.SendAsync(HttpMethod.Post, Path, body);
        await management.SendAsync(HttpMethod.Post, "/client-grants", new { client_id = TestServer.ClientId, audience = "urn:reborn", scope = new[] { "a" } });
        (await new OAuthApi(server).SendAsync(("audience", "urn:reborn"))).ShouldBe(HttpStatusCode.OK);

        foreach (var reason in new[] { "It exists", "Deleting an API that is gone succeeds" })
        {
            (await management.SendAsync(HttpMethod.Delete, Path + "/urn:reborn")).Status.ShouldBe(HttpStatusCode.NoContent, reason);
        }

        await management.SendAsync(HttpMethod.Post, Path, body);

        (await new OAuthApi(server).SendAsync(("audience", "urn:reborn"))).ShouldBe(HttpStatusCode.Forbidden);
        (await management.GetAsync("/client-grants?audience=urn:reborn")).AsArray().ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task Of_concurrent_requests_with_one_identifier_one_succeeds(Engine engine)
    {
        var management = new ManagementApi(await servers.GetAsync(engine));
        await management.GetAsync(Path);

        var answers = await Task.WhenAll(Enumerable.Range(0, Competitors).Select(_ => management.SendAsync(HttpMethod.Post, Path, new { identifier = "urn:race" })));

        answers.Count(answer => answer.Status == HttpStatusCode.Created).ShouldBe(1);
        answers.Where(answer => answer.Status != HttpStatusCode.Created).ShouldAllBe(answer => answer.ErrorCode == "resource_server_conflict");
    }

    [Theory]
    [InlineData("""{"identifier":"urn:x","is_system":true}""")]
    [InlineData("""{"identifier":"0123456789abcdef01234567"}""")]
    [InlineData("""{"identifier":"with space"}""")]
    [InlineData("""{"identifier":"urn:x","token_lifetime":0}""")]
    [InlineData("""{"identifier":"urn:x","token_lifetime":2592001}""")]
    [InlineData("""{"identifier":"urn:x","signing_alg":"none"}""")]
    [InlineData("""{"identifier":"urn:x","scopes":["a"]}""")]
    [InlineData("""{"identifier":"urn:x","scopes":[{}]}""")]
    [InlineData("""{"identifier":"urn:x","scopes":[{"value":"a b"}]}""")]
    [InlineData("""{"identifier":"urn:x","scopes":[{"value":"a","extra":1}]}""")]
    public async Task An_invalid_API_is_refused(string body)
    {
        foreach (var engine in Enum.GetValues<Engine>())
        {
            var answer = await new ManagementApi(await servers.GetAsync(engine))
                .SendAsync(HttpMethod.Post, Path, new StringContent(body, System.Text.Encoding.UTF8, "application/json"));

            answer.ShouldBeError(HttpStatusCode.BadRequest, "invalid_body");
        }
    }

    /// <summary>An installation that moves to another address keeps its grants.</summary>
    [Fact]
    public async Task Grants_are_kept_when_the_public_address_changes()
    {
        var folder = Directory.CreateTempSubdirectory("sallyport-moved").FullName;
        string clientId, secret;
        await using (var before = await TestServer.StartAsync(Engine.Sqlite, ("Sallyport:PublicUrl", "https://old.example"), ("Sallyport:DataDirectory", folder)))
        {
            var management = new ManagementApi(before);
            var client = (await management.SendAsync(HttpMethod.Post, "/clients", new { name = "Machine", app_type = "non_interactive" })).ShouldBe(HttpStatusCode.Created);
            (clientId, secret) = ((string)client["client_id"]!, (string)client["client_secret"]!);
            await management.SendAsync(HttpMethod.Post, "/client-grants", new { client_id = clientId, audience = "https://old.example/api/v2/", scope = new[] { "read:users" } });
            CopyTo(folder + "-copy", folder);
        }

        await using var after = await TestServer.StartAsync(
            Engine.Sqlite,
            ("Sallyport:PublicUrl", "https://new.example"),
            ("Sallyport:AcceptPublicUrlChangeFrom", "https://old.example"),
            ("Sallyport:DataDirectory", folder + "-copy"));

        var answer = await new OAuthApi(after).SendAsync(("client_id", clientId), ("client_secret", secret));
        ((string)answer.ShouldBe(HttpStatusCode.OK)["scope"]!).ShouldBe("read:users");
    }

    private static void CopyTo(string target, string source)
    {
        Directory.CreateDirectory(target);
        foreach (var file in Directory.GetFiles(source))
        {
            File.Copy(file, System.IO.Path.Combine(target, System.IO.Path.GetFileName(file)));
        }
    }
}

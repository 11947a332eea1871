using System.Net;
using System.Text.Json.Nodes;
using Sallyport.Server.Clients;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Clients;

/// <summary>Pages of public clients call the OAuth endpoints from a browser.</summary>
public sealed class ClientCorsTests(Servers servers) : IClassFixture<Servers>
{
    private const string Evil = "https://evil.example";

    [Theory]
    [InlineData("/.well-known/openid-configuration")]
    [InlineData("/.well-known/jwks.json")]
    public async Task Any_page_may_read_the_public_documents(string path)
    {
        var server = await servers.GetAsync(Engine.Sqlite);

        var response = await server.SendAsync(HttpMethod.Get, path, ("Origin", Evil));

        response.Status.ShouldBe(HttpStatusCode.OK);
        response.Header("Access-Control-Allow-Origin").ShouldBe("*");
    }

    [Theory, Engines]
    public async Task Pages_of_public_clients_may_exchange_codes_and_read_claims(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var host = $"{Guid.CreateVersion7():N}.example";
        await CreateAsync(server, "spa", new() { ["web_origins"] = new JsonArray($"https://WEB.{host}/") });
        await CreateAsync(server, "spa", new() { ["allowed_origins"] = new JsonArray($"https://allowed.{host}:8443"), ["callbacks"] = new JsonArray($"https://unused.{host}/") });
        await CreateAsync(server, "native", new() { ["callbacks"] = new JsonArray($"http://localhost.{host}:3000/callback?x=1", "com.example.app:/callback") });
        await CreateAsync(server, "regular_web", new() { ["web_origins"] = new JsonArray($"https://secret.{host}") });
        server.Clock.Advance(ClientOrigins.MaxAge);

        foreach (var path in new[] { "/oauth/token", "/oauth/par", "/userinfo" })
        {
            foreach (var origin in new[] { $"https://web.{host}", $"https://allowed.{host}:8443", $"http://localhost.{host}:3000" })
            {
                var preflight = await PreflightAsync(server, path, origin);
                preflight.Status.ShouldBe(HttpStatusCode.NoContent);
                preflight.Header("Access-Control-Allow-Origin").ShouldBe(origin, path);
                preflight.Header("Access-Control-Allow-Credentials").ShouldBeEmpty();
                var refused = await server.SendAsync(HttpMethod.Post, path, ("Origin", origin));
                ((int)refused.Status).ShouldBeInRange(400, 401);
                refused.Header("Access-Control-Allow-Origin").ShouldBe(origin, "a page can read the error");
                refused.Headers.Vary.ShouldContain("Origin");
            }

            foreach (var origin in new[] { Evil, $"https://unused.{host}", $"https://secret.{host}", $"http://web.{host}", $"https://allowed.{host}", "null", "com.example.app:" })
            {
                (await PreflightAsync(server, path, origin)).Header("Access-Control-Allow-Origin").ShouldBeEmpty(origin);
                (await server.SendAsync(HttpMethod.Post, path, ("Origin", origin))).Header("Access-Control-Allow-Origin").ShouldBeEmpty(origin);
            }
        }
    }

    [Fact]
    public async Task The_page_that_signs_in_is_for_no_script()
    {
        var server = await servers.GetAsync(Engine.Sqlite);
        await CreateAsync(server, "spa", new() { ["web_origins"] = new JsonArray("https://page.example") });
        server.Clock.Advance(ClientOrigins.MaxAge);

        (await server.SendAsync(HttpMethod.Get, "/authorize", ("Origin", "https://page.example"))).Header("Access-Control-Allow-Origin").ShouldBeEmpty();
    }

    private static async Task CreateAsync(TestServer server, string type, JsonObject settings)
    {
        settings["name"] = $"Application {Guid.CreateVersion7():N}";
        settings["app_type"] = type;
        (await new ManagementApi(server).SendAsync(HttpMethod.Post, "/clients", settings)).ShouldBe(HttpStatusCode.Created);
    }

    private static Task<Answer> PreflightAsync(TestServer server, string path, string origin) => server.SendAsync(
        HttpMethod.Options, path, ("Origin", origin), ("Access-Control-Request-Method", "POST"), ("Access-Control-Request-Headers", "authorization,content-type"));
}

using System.Net;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Http;

/// <summary>Pages of other origins call the Guardian API (docs/wire.md §1.2).</summary>
public sealed class GuardianCorsTests(Servers servers) : IClassFixture<Servers>
{
    private const string Origin = "https://login.example.com";

    private static readonly string[] RequestedHeaders = ["authorization", "content-type", "x-global-tracking-id"];

    [Theory, EnginesAndBases]
    public async Task The_preflight_of_a_published_client_is_granted_to_any_origin(Engine engine, string prefix)
    {
        var server = await servers.GetAsync(engine);

        var response = await PreflightAsync(server, prefix + "/api/start-flow", Origin, "POST");

        response.Status.ShouldBe(HttpStatusCode.NoContent);
        response.Header("Access-Control-Allow-Origin").ShouldBe("*");
        response.Header("Access-Control-Allow-Methods").ShouldBe("POST");
        var allowed = response.Header("Access-Control-Allow-Headers").ToLowerInvariant().Split(',', StringSplitOptions.TrimEntries);
        RequestedHeaders.ShouldBeSubsetOf(allowed);
        response.Header("Access-Control-Allow-Credentials").ShouldBeEmpty();
    }

    [Theory, EnginesAndBases]
    public async Task Pages_of_other_origins_can_read_results_and_errors(Engine engine, string prefix)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine), prefix);
        var flow = await person.StartAsync();

        var calls = new[]
        {
            ($"Bearer {flow.Token}", HttpStatusCode.OK), ("Bearer x", HttpStatusCode.Unauthorized), ("", HttpStatusCode.Unauthorized),
        };
        foreach (var (authorization, status) in calls)
        {
            var response = await person.Server.SendAsync(
                HttpMethod.Post, prefix + "/api/transaction-state", ("Authorization", authorization), ("Origin", Origin));

            response.Status.ShouldBe(status);
            response.Header("Access-Control-Allow-Origin").ShouldBe("*");
            var exposed = response.Header("Access-Control-Expose-Headers").Split(',', StringSplitOptions.TrimEntries);
            exposed.ShouldBe(["X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset", "Retry-After"], ignoreOrder: true);
        }
    }

    [Theory, Engines]
    public async Task With_configured_origins_only_these_are_allowed(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine, ("Sallyport:AllowedOrigins", Origin + ",https://two.example.com"));

        foreach (var granted in new[] { Origin, "https://two.example.com" })
        {
            var response = await PreflightAsync(server, "/api/start-flow", granted, "POST");
            response.Header("Access-Control-Allow-Origin").ShouldBe(granted);
            response.Headers.Vary.ShouldContain("Origin");
        }

        string[] others =
            ["https://evil.example.com", "http://login.example.com", "https://login.example.com.evil.com", "https://login.example.com:8443", "null"];
        foreach (var refused in others)
        {
            var response = await PreflightAsync(server, "/api/start-flow", refused, "POST");
            response.Header("Access-Control-Allow-Origin").ShouldBeEmpty(refused);
        }
    }

    [Theory, Engines]
    public async Task The_Management_API_allows_no_origin(Engine engine)
    {
        var server = await servers.GetAsync(engine);

        var response = await PreflightAsync(server, "/api/v2/users", Origin, "GET");

        response.Header("Access-Control-Allow-Origin").ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task Each_answer_has_the_rate_limit_headers_if_a_limit_is_set(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine, ("Sallyport:RateLimits:Guardian", "3"));
        var guardian = new GuardianApi(server);

        var answers = new List<Answer>();
        for (var i = 0; i < 4; i++)
        {
            answers.Add(await guardian.SendAsync("start-flow", "Ticket id=\"unknown\""));
        }

        answers.Select(answer => answer.Headers.GetValues("X-RateLimit-Remaining").Single()).ShouldBe(["2", "1", "0", "0"]);
        answers.ShouldAllBe(answer => answer.Headers.GetValues("X-RateLimit-Limit").Single() == "3");
        answers[2].ShouldBeError(HttpStatusCode.Unauthorized, "invalid_token");
        answers[3].ShouldBeError(HttpStatusCode.TooManyRequests, "too_many_requests");
        answers[3].Headers.RetryAfter.ShouldNotBeNull();
        server.Clock.Advance(TimeSpan.FromSeconds(1));
        (await guardian.SendAsync("start-flow", "Ticket id=\"unknown\"")).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    private static Task<Answer> PreflightAsync(TestServer server, string path, string origin, string method) =>
        server.SendAsync(
            HttpMethod.Options, path,
            ("Origin", origin),
            ("Access-Control-Request-Method", method),
            ("Access-Control-Request-Headers", string.Join(',', RequestedHeaders)));
}

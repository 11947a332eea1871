using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.DependencyInjection;
using Sallyport.Server.Clients;
using Sallyport.Server.Http;
using Sallyport.Server.Security;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Http;

public sealed class RateLimitTests
{
    private const string OtherClientId = "other-client";

    [Theory, Engines]
    public async Task Every_answer_has_the_rate_limit_headers(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine, ("Sallyport:RateLimits:Management", "3"));
        var management = new ManagementApi(server);

        var remaining = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            var answer = await management.SendAsync(HttpMethod.Get, "/users");
            answer.ShouldBe(HttpStatusCode.OK);
            answer.Headers.GetValues("X-RateLimit-Limit").ShouldBe(["3"]);
            remaining.Add(answer.Headers.GetValues("X-RateLimit-Remaining").Single());
            var reset = long.Parse(answer.Headers.GetValues("X-RateLimit-Reset").Single(), System.Globalization.CultureInfo.InvariantCulture);
            reset.ShouldBeInRange(server.Clock.GetUtcNow().ToUnixTimeSeconds(), server.Clock.GetUtcNow().ToUnixTimeSeconds() + 2);
        }

        remaining.ShouldBe(["2", "1", "0"]);
    }

    [Theory, Engines]
    public async Task A_client_over_the_limit_is_refused_until_its_bucket_refills(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine, ("Sallyport:RateLimits:Management", "3"));
        var management = new ManagementApi(server);
        for (var i = 0; i < 3; i++)
        {
            await management.GetAsync("/users");
        }

        var refused = await management.SendAsync(HttpMethod.Post, "/users", new { connection = "db", email = "late@example.com" });
        server.Clock.Advance(TimeSpan.FromSeconds(1));
        var accepted = await management.SendAsync(HttpMethod.Get, "/users");

        refused.ShouldBe(HttpStatusCode.TooManyRequests).ToJsonString().ShouldBe(
            """{"statusCode":429,"error":"Too Many Requests","message":"Global limit has been reached","errorCode":"too_many_requests"}""");
        refused.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(1));
        refused.Headers.GetValues("X-RateLimit-Remaining").ShouldBe(["0"]);
        accepted.ShouldBe(HttpStatusCode.OK).AsArray().ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task One_client_does_not_use_up_the_limit_of_another(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine, ("Sallyport:RateLimits:Management", "2"));
        await AddOtherClientAsync(server);
        var management = new ManagementApi(server);
        for (var i = 0; i < 2; i++)
        {
            await management.GetAsync("/users");
        }

        (await management.SendAsync(HttpMethod.Get, "/users")).Status.ShouldBe(HttpStatusCode.TooManyRequests);
        (await new ManagementApi(server).SendAsync(HttpMethod.Get, "/users")).Status
            .ShouldBe(HttpStatusCode.TooManyRequests, "Another token of the same client");
        (await GetAsOtherClientAsync(server)).ShouldBe(HttpStatusCode.OK);
    }

    [Theory, Engines]
    public async Task Email_templates_can_be_written_ten_at_once_and_a_hundred_times_a_minute(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine, ("Sallyport:RateLimits:EmailTemplates", "100"), ("Sallyport:RateLimits:Management", "50"));
        var management = new ManagementApi(server);
        Task<Answer> WriteAsync() => management.SendAsync(HttpMethod.Patch, "/email-templates/enrollment_email", new { subject = "Hello" });

        var first = await WriteAsync();
        for (var i = 1; i < 10; i++)
        {
            (await WriteAsync()).Status.ShouldBe(HttpStatusCode.NotFound);
        }

        var refused = await WriteAsync();
        var read = await management.SendAsync(HttpMethod.Get, "/email-templates/enrollment_email");
        server.Clock.Advance(TimeSpan.FromMilliseconds(600));
        var (later, tooEarly) = (await WriteAsync(), await WriteAsync());

        first.Headers.GetValues("X-RateLimit-Limit").ShouldBe(["10"]);
        first.Headers.GetValues("X-RateLimit-Remaining").ShouldBe(["9"]);
        refused.ShouldBeError(HttpStatusCode.TooManyRequests, "too_many_requests");
        refused.Headers.GetValues("X-RateLimit-Limit").ShouldBe(["10"]);
        refused.Headers.GetValues("X-RateLimit-Remaining").ShouldBe(["0"]);
        refused.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(1));
        (read.Status, read.Headers.GetValues("X-RateLimit-Limit").Single()).ShouldBe((HttpStatusCode.NotFound, "50"));
        (later.Status, tooEarly.Status).ShouldBe((HttpStatusCode.NotFound, HttpStatusCode.TooManyRequests));
    }

    [Theory, Engines]
    public async Task Authentication_methods_have_an_additional_limit(Engine engine)
    {
        await using var server = await TestServer.StartAsync(
            engine, ("Sallyport:RateLimits:AuthenticationMethods", "2"), ("Sallyport:RateLimits:Management", "4"));
        var management = new ManagementApi(server);
        Task<Answer> ListAsync() => management.SendAsync(HttpMethod.Get, "/users/auth0%7Cnobody/authentication-methods");

        var answers = new[] { await ListAsync(), await ListAsync(), await ListAsync() };
        var (other, overAll) = (await management.SendAsync(HttpMethod.Get, "/users"), await ListAsync());

        answers.Select(answer => (int)answer.Status).ShouldBe([404, 404, 429]);
        answers.ShouldAllBe(answer => answer.Headers.GetValues("X-RateLimit-Limit").Single() == "2");
        other.Headers.GetValues("X-RateLimit-Remaining").ShouldBe(["0"]);
        overAll.ShouldBe(HttpStatusCode.TooManyRequests);
        overAll.Headers.GetValues("X-RateLimit-Limit").ShouldBe(["4"]);
    }

    [Theory, Engines]
    public async Task Requests_without_a_valid_credential_are_limited_by_address(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine, ("Sallyport:RateLimits:Guardian", "2"));
        var guardian = new GuardianApi(server);

        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 3; i++)
        {
            statuses.Add((await guardian.StartFlowAsync("guess" + i)).Status);
        }

        statuses.ShouldBe([HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized, HttpStatusCode.TooManyRequests]);
        (await server.Http.GetAsync("/mfa/enrollment?ticket=guess", CancellationToken.None)).StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
    }

    [Theory, InlineData("/openapi.json"), InlineData("/metrics")]
    public async Task Public_endpoints_are_limited_by_address(string path)
    {
        await using var server = await TestServer.StartAsync(Engine.Sqlite, ("Sallyport:RateLimits:Guardian", "1"));

        var first = await server.Http.GetAsync(path, CancellationToken.None);
        var second = await server.Http.GetAsync(path, CancellationToken.None);

        first.StatusCode.ShouldBe(HttpStatusCode.OK);
        second.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
    }

    [Theory, Engines]
    public async Task The_token_endpoint_answers_with_an_OAuth_error(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine, ("Sallyport:RateLimits:Guardian", "1"));
        var oauth = new OAuthApi(server);
        await oauth.SendAsync();

        var refused = await oauth.SendAsync();

        refused.ShouldBe(HttpStatusCode.TooManyRequests).ToJsonString().ShouldBe(
            """{"error":"too_many_requests","error_description":"Global limit has been reached"}""");
        refused.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(1));
    }

    [Theory, Engines]
    public async Task A_forwarded_address_is_used_only_from_a_trusted_proxy(Engine engine)
    {
        await using var trusting = await TestServer.StartAsync(
            engine, ("Sallyport:RateLimits:Guardian", "1"), ("Sallyport:TrustedProxies", "127.0.0.0/8"));
        await using var distrusting = await TestServer.StartAsync(
            engine, ("Sallyport:RateLimits:Guardian", "1"), ("Sallyport:TrustedProxies", "10.0.0.0/8"));

        (await StatusesAsync(trusting, "203.0.113.1", "203.0.113.2", "203.0.113.1")).ShouldBe([200, 200, 429]);
        (await StatusesAsync(distrusting, "203.0.113.1", "203.0.113.2")).ShouldBe([200, 429]);
    }

    /// <summary>A proxy appends the address that it saw. The addresses before it were sent by the caller and may be false.</summary>
    [Theory, Engines]
    public async Task Addresses_before_the_one_that_the_proxy_appended_are_ignored(Engine engine)
    {
        await using var server = await TestServer.StartAsync(
            engine, ("Sallyport:RateLimits:Guardian", "1"), ("Sallyport:TrustedProxies", "127.0.0.1"));

        (await StatusesAsync(server, "198.51.100.1, 203.0.113.1", "198.51.100.2, 203.0.113.1")).ShouldBe([200, 429]);
    }

    [Theory, Engines]
    public async Task A_limit_of_zero_disables_limiting(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);

        var answer = await new ManagementApi(server).SendAsync(HttpMethod.Get, "/users");

        answer.Headers.Contains("X-RateLimit-Limit").ShouldBeFalse();
    }

    private static async Task<List<int>> StatusesAsync(TestServer server, params string[] forwardedFor)
    {
        var statuses = new List<int>();
        foreach (var value in forwardedFor)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/.well-known/jwks.json");
            request.Headers.TryAddWithoutValidation("X-Forwarded-For", value);
            using var response = await server.Http.SendAsync(request, CancellationToken.None);
            statuses.Add((int)response.StatusCode);
        }

        return statuses;
    }

    private static async Task AddOtherClientAsync(TestServer server)
    {
        var hash = server.Services.GetRequiredService<SecretHash>().ClientSecret("secret");
        await server.Database.WriteAsync(
            unit =>
            {
                unit.Enqueue(ClientStore.InsertIfMissing(
                    TenantId.Default, new Client(OtherClientId, "Other", hash), server.Clock.GetUtcNow()));
                unit.Enqueue(ClientGrantStore.Set(
                    TenantId.Default, OtherClientId, server.Options.ManagementAudience, ManagementScopes.ReadUsers));
                return ValueTask.CompletedTask;
            },
            CancellationToken.None);
    }

    private static async Task<HttpStatusCode> GetAsOtherClientAsync(TestServer server)
    {
        var token = (await new OAuthApi(server).SendAsync(("client_id", OtherClientId), ("client_secret", "secret"))).ShouldBe(HttpStatusCode.OK);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v2/users");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", (string)token["access_token"]!);
        using var response = await server.Http.SendAsync(request, CancellationToken.None);
        return response.StatusCode;
    }
}

using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Audit;

public sealed class AuditLogTests
{
    [Theory, Engines]
    public async Task A_write_is_logged_with_its_client_and_its_request(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var management = new ManagementApi(server);
        var userId = await management.CreateUserAsync("ada@example.com");
        var path = "/users/" + Uri.EscapeDataString(userId);

        await management.SendAsync(HttpMethod.Patch, path, new { nickname = "Ada" });
        await management.SendAsync(HttpMethod.Delete, path);

        var entries = await LogEntry.ListAsync(server, "sapi");
        entries.ShouldAllBe(entry => entry.UserId == userId && entry.ClientId == TestServer.ClientId && entry.Address == "127.0.0.1");
        var requests = entries.Select(entry => entry.Json["request"]!).ToList();
        requests.Select(request => $"{request["method"]} {request["path"]}").ShouldBe(
            ["POST /api/v2/users", $"PATCH /api/v2/users/{userId}", $"DELETE /api/v2/users/{userId}"]);
        requests[0].ToJsonString().ShouldBe(
            """{"method":"POST","path":"/api/v2/users","query":{},"userAgent":null,"body":{"connection":"Username-Password-Authentication","email":"ada@example.com"},"channel":"api","ip":"127.0.0.1","auth":{"strategy":"jwt"}}""");
        requests[1]["body"]!.ToJsonString().ShouldBe("""{"nickname":"Ada"}""");
        entries.Select(entry => (int)entry.Json["response"]!["statusCode"]!).ShouldBe([201, 200, 204]);
        entries.Take(2).Select(entry => (string)entry.Json["response"]!["body"]!["user_id"]!).ShouldBe([userId, userId]);
        entries[2].Json["response"]!["body"].ShouldBeNull();
        entries.ShouldAllBe(entry => entry.Id.Length == 56 && entry.Id.StartsWith("90020260301120000"));
    }

    [Theory, Engines]
    public async Task A_refused_write_is_logged_and_a_read_is_not(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var management = new ManagementApi(server);

        await management.SendAsync(HttpMethod.Post, "/users", new { connection = "db" });
        await management.SendAsync(HttpMethod.Get, "/users/auth0%7Cnobody");
        await new ManagementApi(server, "read:users").SendAsync(HttpMethod.Delete, "/users/auth0%7Cx");

        // Refusals are logged after the answer is sent.
        var entries = await Eventually.GetAsync(() => LogEntry.ListAsync(server, "fapi"), entries => entries.Count >= 2);
        entries.Select(entry => $"{entry.ClientId} {entry.Json["request"]!["method"]} {entry.Json["response"]!["statusCode"]}")
            .ShouldBe([$"{TestServer.ClientId} POST 400", $"{TestServer.ClientId} DELETE 403"]);
        entries.Select(entry => (string)entry.Json["response"]!["body"]!["errorCode"]!).ShouldBe(["invalid_body", "insufficient_scope"]);
        (await LogEntry.ListAsync(server, "sapi")).ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task An_access_token_sent_to_the_Guardian_API_is_not_logged_as_a_refused_write(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var management = new ManagementApi(server);

        var answer = await new GuardianApi(server).SendAsync("verify-otp", "Bearer " + await management.FetchTokenAsync());
        await management.SendAsync(HttpMethod.Post, "/users", new { connection = "db" });

        answer.ShouldBeError(HttpStatusCode.Unauthorized, "invalid_token");
        var entries = await Eventually.GetAsync(() => LogEntry.ListAsync(server, "fapi"), entries => entries.Count >= 1);
        ((string)entries.ShouldHaveSingleItem().Json["request"]!["path"]!).ShouldBe("/api/v2/users");
    }

    [Theory, Engines]
    public async Task No_password_or_secret_is_logged_at_any_depth(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var management = new ManagementApi(server);
        const string Secret = "hunter2-and-more";
        var body = $$$"""
            {"connection":"db","email":"ada@example.com","password":"{{{Secret}}}",
             "app_metadata":{"old":{"Password":"{{{Secret}}}","list":[{"client_secret":["{{{Secret}}}"]}]},"kept":"visible"}}
            """;

        var user = await management.SendAsync(HttpMethod.Post, "/users", Json(body));
        var path = "/users/" + Uri.EscapeDataString((string)user.ShouldBe(HttpStatusCode.Created)["user_id"]!);
        (await management.SendAsync(HttpMethod.Patch, path, Json($$"""{"password":"{{Secret}}","secret_question":"{{Secret}}"}"""))).ShouldBe(HttpStatusCode.OK);
        (await management.SendAsync(HttpMethod.Post, "/users", Json(body))).Status.ShouldBe(HttpStatusCode.Conflict);

        await Eventually.GetAsync(() => LogEntry.ListAsync(server, "fapi"), entries => entries.Count == 1);
        var all = await server.Database.QueryAsync(
            new Statement("SELECT details FROM log WHERE details IS NOT NULL"), row => row.GetString(0), CancellationToken.None);
        all.Count.ShouldBe(3);
        all.ShouldAllBe(details => !details.Contains(Secret));
        (await LogEntry.ListAsync(server, "sapi"))[0].Json["request"]!["body"]!["app_metadata"]!.ToJsonString()
            .ShouldBe("""{"old":{"Password":"***","list":[{"client_secret":"***"}]},"kept":"visible"}""");
    }

    /// <summary>If the entry cannot be written, the operation is rolled back.</summary>
    [Theory, Engines]
    public async Task An_operation_and_its_log_entry_are_written_together_or_not_at_all(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var management = new ManagementApi(server);
        var userId = await management.CreateUserAsync();
        var before = await DatabaseDump.TakeAsync(server.Database);
        await server.Database.WriteAsync(
            unit => unit.ExecuteAsync(new Statement("ALTER TABLE log RENAME TO away"), CancellationToken.None), CancellationToken.None);

        foreach (var (method, path, body) in new (HttpMethod, string, object?)[]
        {
            (HttpMethod.Post, "/users", new { connection = "db", email = "x@example.com" }),
            (HttpMethod.Patch, "/users/" + Uri.EscapeDataString(userId), new { name = "x" }),
            (HttpMethod.Delete, "/users/" + Uri.EscapeDataString(userId), null),
            (HttpMethod.Post, "/guardian/enrollments/ticket", new { user_id = userId, send_mail = true }),
            (HttpMethod.Put, "/guardian/factors/sms", new { enabled = true }),
            (HttpMethod.Patch, "/tenants/settings", new { friendly_name = "x" }),
            (HttpMethod.Post, "/keys/signing/rotate", null),
            (HttpMethod.Post, $"/users/{Uri.EscapeDataString(userId)}/authentication-methods", new { type = "phone", phone_number = "+15550100" }),
            (HttpMethod.Put, $"/users/{Uri.EscapeDataString(userId)}/authentication-methods", Array.Empty<object>()),
            (HttpMethod.Delete, $"/users/{Uri.EscapeDataString(userId)}/authenticators", null),
            (HttpMethod.Post, $"/users/{Uri.EscapeDataString(userId)}/recovery-code-regeneration", null),
            (HttpMethod.Post, $"/users/{Uri.EscapeDataString(userId)}/multifactor/actions/invalidate-remember-browser", null),
            (HttpMethod.Delete, "/user-blocks/" + Uri.EscapeDataString(userId), null),
        })
        {
            var answer = await management.SendAsync(method, path, body);
            ((int)answer.Status).ShouldBe(500, path);
            ((string)answer.Json!["message"]!).ShouldStartWith("Something went wrong here. Reference: ");
            // Case-sensitive, because the reference consists of capitals and digits.
            answer.Text.ShouldNotContain("log", Case.Sensitive);
        }

        await server.Database.WriteAsync(
            unit => unit.ExecuteAsync(new Statement("ALTER TABLE away RENAME TO log"), CancellationToken.None), CancellationToken.None);
        (await DatabaseDump.TakeAsync(server.Database)).ShouldBe(before);
    }

    /// <summary>PostgreSQL refuses half of a surrogate pair, and the operation would fail with it.</summary>
    [Theory, Engines]
    public async Task A_user_agent_is_cut_between_characters(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        using var http = new HttpClient(new SocketsHttpHandler { RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8 });
        using var request = new HttpRequestMessage(HttpMethod.Post, server.Url + "/api/v2/users")
        {
            Content = Json("""{"connection":"db","email":"agent@example.com"}"""),
        };
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + await new ManagementApi(server).FetchTokenAsync());
        request.Headers.TryAddWithoutValidation("User-Agent", new string('a', 511) + "\U0001F600 and more");

        using var response = await http.SendAsync(request, CancellationToken.None);

        response.StatusCode.ShouldBe(HttpStatusCode.Created);
        var agents = await server.Database.QueryAsync(
            new Statement("SELECT user_agent FROM log WHERE type = 'sapi'"), row => row.GetString(0), CancellationToken.None);
        agents.ShouldBe([new string('a', 511)]);
    }

    [Theory, Engines]
    public async Task Ids_sort_by_time_across_sixteen_writers(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var management = new ManagementApi(server);
        await management.GetAsync("/users");

        await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => management.CreateUserAsync()));
        server.Clock.Advance(TimeSpan.FromMilliseconds(1));
        var last = await management.CreateUserAsync();

        var entries = await LogEntry.ListAsync(server, "sapi");
        entries.Count.ShouldBe(17);
        entries[^1].UserId.ShouldBe(last);
    }

    private static StringContent Json(string body) => new(JsonNode.Parse(body)!.ToJsonString(), Encoding.UTF8, "application/json");
}

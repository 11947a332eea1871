using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Durability;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Jobs.Imports;

/// <summary>A node is killed during an import, and another continues.</summary>
public sealed class KilledImportTests
{
    private const int Users = 8_000;

    [Theory, Engines]
    public async Task An_import_whose_node_is_killed_imports_each_user_once(Engine engine)
    {
        await using var installation = await Installation.CreateAsync(engine);
        string jobId;
        using (var server = await installation.StartAsync())
        {
            using var http = await SignInAsync(installation);
            jobId = await PostAsync(http);
            await Eventually.GetAsync(() => GetAsync(http, jobId), job => (int)job["percentage_done"]! > 10);

            await server.KillAsync();
        }

        var doneBefore = await CountAsync(installation);
        doneBefore.ShouldBeInRange(1, Users - 1, "It was not killed in the middle.");
        using var second = await installation.StartAsync();
        using var again = await SignInAsync(installation);
        var job = await Eventually.GetAsync(() => GetAsync(again, jobId), job => (string)job["status"]! is "completed" or "failed");

        job["summary"]!.ToJsonString().ShouldBe($$"""{"failed":0,"updated":0,"inserted":{{Users}},"total":{{Users}}}""");
        (await CountAsync(installation)).ShouldBe(Users);
        await installation.ShouldBeSoundAsync();
    }

    private static async Task<long> CountAsync(Installation installation)
    {
        await using var database = installation.OpenDatabase();
        return (await database.QueryAsync(
            new Statement("SELECT count(DISTINCT email) FROM \"user\" WHERE email LIKE 'u%'"), row => row.GetInt64(0), CancellationToken.None))[0];
    }

    private static async Task<HttpClient> SignInAsync(Installation installation)
    {
        var http = new HttpClient { BaseAddress = new Uri(installation.Url) };
        using var answer = await http.PostAsJsonAsync("/oauth/token", new
        {
            grant_type = "client_credentials",
            client_id = TestServer.ClientId,
            client_secret = TestServer.ClientSecret,
            audience = installation.Url + "/api/v2/",
        });
        var token = (string)(await Answer.ReadAsync(answer)).ShouldBe(HttpStatusCode.OK)["access_token"]!;
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return http;
    }

    private static async Task<string> PostAsync(HttpClient http)
    {
        using var connections = await http.GetAsync("/api/v2/connections");
        var connectionId = (string)(await Answer.ReadAsync(connections)).ShouldBe(HttpStatusCode.OK)[0]!["id"]!;
        var users = "[" + string.Join(',', Enumerable.Range(0, Users).Select(i => $$"""{"email":"u{{i}}@example.com"}""")) + "]";
        using var form = new MultipartFormDataContent { { new StringContent(users), "users", "u.json" }, { new StringContent(connectionId), "connection_id" } };
        using var answer = await http.PostAsync("/api/v2/jobs/users-imports", form);
        return (string)(await Answer.ReadAsync(answer)).ShouldBe(HttpStatusCode.Accepted)["id"]!;
    }

    private static async Task<JsonNode> GetAsync(HttpClient http, string jobId)
    {
        using var answer = await http.GetAsync("/api/v2/jobs/" + jobId);
        return (await Answer.ReadAsync(answer)).ShouldBe(HttpStatusCode.OK);
    }
}

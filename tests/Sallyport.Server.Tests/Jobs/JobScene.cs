using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Jobs;

/// <summary>A new connection on a server that several tests share, with imports into it and exports of it.</summary>
internal sealed class JobScene
{
    private JobScene(TestServer server, string name, string id) => (Server, Connection, ConnectionId, Management) = (server, name, id, new ManagementApi(server));

    public TestServer Server { get; }

    public string Connection { get; }

    public string ConnectionId { get; }

    public ManagementApi Management { get; }

    public static async Task<JobScene> CreateAsync(TestServer server)
    {
        var name = $"jobs-{Guid.CreateVersion7():N}";
        var created = (await new ManagementApi(server).SendAsync(HttpMethod.Post, "/connections", new { name, strategy = "auth0" })).ShouldBe(HttpStatusCode.Created);
        return new JobScene(server, name, (string)created["id"]!);
    }

    public MultipartFormDataContent Form(string users, params (string Name, string Value)[] parts)
    {
        var form = new MultipartFormDataContent { { new StringContent(users, Encoding.UTF8, "application/json"), "users", "users.json" } };
        foreach (var (name, value) in parts.Any(part => part.Name == "connection_id") ? parts : [("connection_id", ConnectionId), .. parts])
        {
            form.Add(new StringContent(value), name);
        }

        return form;
    }

    public Task<Answer> PostAsync(string users, params (string Name, string Value)[] parts) => PostAsync(Management, users, parts);

    public Task<Answer> PostAsync(ManagementApi management, string users, params (string Name, string Value)[] parts) =>
        management.SendAsync(HttpMethod.Post, "/jobs/users-imports", Form(users, parts));

    /// <returns>The finished job.</returns>
    public async Task<JsonNode> ImportAsync(string users, params (string Name, string Value)[] parts)
    {
        var created = (await PostAsync(users, parts)).ShouldBe(HttpStatusCode.Accepted);
        return await FinishedAsync((string)created["id"]!);
    }

    public Task<JsonNode> FinishedAsync(string jobId) => Eventually.GetAsync(
        () => Management.GetAsync("/jobs/" + jobId), job => (string)job["status"]! is "completed" or "failed");

    public async Task<JsonArray> ErrorsAsync(JsonNode job) => (await Management.GetAsync($"/jobs/{job["id"]}/errors")).AsArray();

    public async Task<long> CountUsersAsync() => (await Server.Database.QueryAsync(
        new Statement("SELECT count(*) FROM \"user\" WHERE connection = @connection", ("connection", Connection)),
        row => row.GetInt64(0),
        CancellationToken.None))[0];

    public async Task<JsonNode> GetUserAsync(string email) =>
        (await Management.GetAsync("/users-by-email?email=" + Uri.EscapeDataString(email))).AsArray().ShouldHaveSingleItem()!;

    /// <returns>The text of the export.</returns>
    public async Task<string> ExportAsync(object request) => await DownloadAsync(await StartExportAsync(request));

    /// <returns>The id of the finished job.</returns>
    public async Task<string> StartExportAsync(object request)
    {
        var created = (await Management.SendAsync(HttpMethod.Post, "/jobs/users-exports", request)).ShouldBe(HttpStatusCode.OK);
        var job = await FinishedAsync((string)created["id"]!);
        ((string)job["status"]!).ShouldBe("completed");
        return (string)job["id"]!;
    }

    public async Task<string> DownloadAsync(string jobId)
    {
        var job = await Management.GetAsync("/jobs/" + jobId);
        return await LoadAsync((string)job["location"]!);
    }

    public async Task<string> LoadAsync(string location)
    {
        await using var packed = await Server.Http.GetStreamAsync(location);
        await using var unpacked = new GZipStream(packed, CompressionMode.Decompress);
        using var reader = new StreamReader(unpacked);
        return await reader.ReadToEndAsync();
    }

    /// <summary>A file with different users.</summary>
    public static string Users(int count, string prefix) =>
        "[" + string.Join(',', Enumerable.Range(0, count).Select(i => $$"""{"email":"{{prefix}}{{i}}@example.com"}""")) + "]";
}

using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Tests.Hosting;

/// <summary>Calls to the Management API with an access token.</summary>
/// <param name="scope">Null for every scope that the client has.</param>
internal sealed class ManagementApi(TestServer server, string? scope = null)
{
    private string? token;

    /// <param name="body">Sent as it is if it is an <see cref="HttpContent"/>, else as JSON.</param>
    public async Task<Answer> SendAsync(HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, "/api/v2" + path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token ??= await FetchTokenAsync(scope));
        request.Content = body as HttpContent ?? (body is null ? null : JsonContent.Create(body));
        using var response = await server.Http.SendAsync(request);
        return await Answer.ReadAsync(response);
    }

    public async Task<JsonNode> GetAsync(string path) => (await SendAsync(HttpMethod.Get, path)).ShouldBe(HttpStatusCode.OK);

    /// <returns>The id of a new user.</returns>
    public async Task<string> CreateUserAsync(string? email = null)
    {
        email ??= $"user-{Guid.CreateVersion7():N}@example.com";
        var answer = await SendAsync(
            HttpMethod.Post, "/users", new { connection = "Username-Password-Authentication", email });
        return (string)answer.ShouldBe(HttpStatusCode.Created)["user_id"]!;
    }

    /// <returns>The id of a new ticket.</returns>
    public async Task<string> CreateTicketAsync(string userId, bool allowMultiple = false)
    {
        var answer = await SendAsync(
            HttpMethod.Post, "/guardian/enrollments/ticket", new { user_id = userId, allow_multiple_enrollments = allowMultiple });
        return (string)answer.ShouldBe(HttpStatusCode.OK)["ticket_id"]!;
    }

    /// <returns>The types of the log entries about a user, oldest first.</returns>
    public async Task<IReadOnlyList<string>> ListLogTypesAsync(string userId) =>
        await server.Database.QueryAsync(
            new Statement("SELECT type FROM log WHERE user_id = @user_id ORDER BY log_id", ("user_id", userId)),
            row => row.GetString(0),
            CancellationToken.None);

    public async Task<string> FetchTokenAsync(string? scope = null)
    {
        using var response = await server.Http.PostAsJsonAsync("/oauth/token", new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = TestServer.ClientId,
            ["client_secret"] = TestServer.ClientSecret,
            ["audience"] = server.Url + "/api/v2/",
            ["scope"] = scope ?? "",
        });
        var answer = await Answer.ReadAsync(response);
        return (string)answer.ShouldBe(HttpStatusCode.OK)["access_token"]!;
    }
}

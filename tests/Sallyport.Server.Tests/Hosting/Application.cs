using System.Net;
using System.Text.Json.Nodes;

namespace Sallyport.Server.Tests.Hosting;

/// <summary>An application that has checked a person's password and asks Sallyport for the second factor.</summary>
internal sealed class Application
{
    public const string Callback = "https://app.example/mfa-result";

    private Application(TestServer server, string clientId) => (Server, ClientId) = (server, clientId);

    public TestServer Server { get; }

    public string ClientId { get; }

    /// <param name="settings">Members of the client, in addition to its name and, unless they are given, its callbacks.</param>
    public static async Task<Application> CreateAsync(TestServer server, JsonObject? settings = null)
    {
        var client = (JsonObject)(settings ?? []).DeepClone();
        client["name"] = $"Application {Guid.CreateVersion7():N}";
        client["callbacks"] ??= new JsonArray(Callback);
        var answer = await new ManagementApi(server).SendAsync(HttpMethod.Post, "/clients", client);
        return new Application(server, (string)answer.ShouldBe(HttpStatusCode.Created)["client_id"]!);
    }

    /// <param name="changes">Members of the body; null leaves a member out.</param>
    public Task<Answer> TryStartAsync(string userId, JsonObject? changes = null)
    {
        var body = new JsonObject { ["user_id"] = userId, ["client_id"] = ClientId, ["post_action_url"] = Callback };
        foreach (var (name, value) in changes ?? [])
        {
            if (value is null)
            {
                body.Remove(name);
            }
            else
            {
                body[name] = value.DeepClone();
            }
        }

        return new ManagementApi(Server).SendAsync(HttpMethod.Post, "/guardian/transactions", body);
    }

    public async Task<SignInStart> StartAsync(Person person, JsonObject? changes = null) =>
        new((await TryStartAsync(person.UserId, changes)).ShouldBe(HttpStatusCode.Created));

    public async Task<JsonNode> GetAsync(SignInStart signIn) => await new ManagementApi(Server).GetAsync("/guardian/transactions/" + signIn.Id);

    /// <param name="signature">What the browser has posted.</param>
    public Task<Answer> RedeemAsync(SignInStart signIn, string? signature = null) =>
        new ManagementApi(Server).SendAsync(
            HttpMethod.Post, $"/guardian/transactions/{signIn.Id}/redeem", signature is null ? null : new JsonObject { ["signature"] = signature });
}

/// <summary>The answer to an application that starts a sign-in.</summary>
internal sealed record SignInStart(JsonNode Json)
{
    public string Id => (string)Json["transaction_id"]!;

    public string RequestToken => (string)Json["request_token"]!;

    public string PageUrl => (string)Json["mfa_url"]!;

    public DateTimeOffset ExpiresAt => (DateTimeOffset)Json["expires_at"]!;
}

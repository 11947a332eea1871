using System.Net;
using System.Text.Json.Nodes;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Factors.WebAuthn;

/// <summary>A person with security keys, on a server whose address is a domain.</summary>
internal sealed class WebAuthnScene(Person person)
{
    public const string Roaming = "webauthn-roaming";
    public const string Platform = "webauthn-platform";

    public Person Person => person;

    public static async Task<WebAuthnScene> CreateAsync(Servers servers, Engine engine) =>
        new(await Person.CreateAsync(await servers.GetOnLocalhostAsync(engine)));

    public SoftwareKey NewKey() => new(person.Server.Url);

    public Task<Answer> TryChallengeAsync(Flow flow, string method = Roaming) => person.SendAsync("webauthn/challenge", flow, new { method });

    /// <returns>The options for the browser.</returns>
    public async Task<JsonNode> ChallengeAsync(Flow flow, string method = Roaming) =>
        (await TryChallengeAsync(flow, method)).ShouldBe(HttpStatusCode.OK)["public_key"]!;

    public Task<Answer> VerifyAsync(Flow flow, JsonNode credential) => person.SendAsync("webauthn/verify", flow, new { credential });

    public async Task<Answer> RegisterAsync(Flow flow, SoftwareKey key, string method = Roaming) =>
        await VerifyAsync(flow, key.Register(await ChallengeAsync(flow, method)));

    public async Task<Answer> AssertAsync(Flow flow, SoftwareKey key, string method = Roaming) =>
        await VerifyAsync(flow, key.Assert(await ChallengeAsync(flow, method)));

    /// <summary>Registers a key.</summary>
    public async Task<SoftwareKey> EnrollAsync(bool allowMultiple = false)
    {
        var key = NewKey();
        (await RegisterAsync(await person.StartAsync(allowMultiple), key)).ShouldBe(HttpStatusCode.OK);
        return key;
    }

    /// <returns>The answer of start-flow for a ticket that names a factor.</returns>
    public async Task<Flow> StartAsync(string factor, bool allowMultiple = false)
    {
        var ticket = await person.Management.SendAsync(
            HttpMethod.Post, "/guardian/enrollments/ticket", new { user_id = person.UserId, factor, allow_multiple_enrollments = allowMultiple });
        return await person.Guardian.StartAsync((string)ticket.ShouldBe(HttpStatusCode.OK)["ticket_id"]!);
    }

    public async Task<string> StateAsync(Flow flow) => (string)(await person.Guardian.GetStateAsync(flow))["state"]!;

    /// <returns>The details of the last log entry of a type.</returns>
    public async Task<JsonNode> LastLogDetailsAsync(string type) => JsonNode.Parse((await person.Server.Database.QueryAsync(
        new Statement("SELECT details FROM log WHERE user_id = @user_id AND type = @type ORDER BY log_id DESC", ("user_id", person.UserId), ("type", type)),
        row => row.GetString(0),
        CancellationToken.None))[0])!;
}

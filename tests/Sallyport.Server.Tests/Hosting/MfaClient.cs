using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Sallyport.Protocols.Otp;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Tests.Hosting;

/// <summary>A user with a password, and an application that signs the user in through the MFA API.</summary>
internal sealed class MfaClient
{
    public const string Password = "correct horse battery staple";
    public const string Prefix = "http://auth0.com/oauth/grant-type/";

    private static readonly string[] GrantTypes =
        ["password", Prefix + "password-realm", Prefix + "mfa-otp", Prefix + "mfa-oob", Prefix + "mfa-recovery-code"];

    private MfaClient(TestServer server, string clientId, string? secret, string userId, string email) =>
        (Server, ClientId, Secret, UserId, Email) = (server, clientId, secret, userId, email);

    public TestServer Server { get; }

    public string ClientId { get; }

    /// <summary>Null for a public client.</summary>
    public string? Secret { get; }

    public string UserId { get; }

    public string Email { get; }

    public ManagementApi Management => new(Server);

    public GuardianApi Guardian => new(Server);

    public string MfaAudience => Server.Url + "/mfa/";

    public string UserPath => "/users/" + Uri.EscapeDataString(UserId);

    /// <param name="settings">Members of the client, in addition to its name and grant types.</param>
    public static async Task<MfaClient> CreateAsync(TestServer server, JsonObject? settings = null)
    {
        var client = (JsonObject)(settings ?? []).DeepClone();
        client["name"] = $"Application {Guid.CreateVersion7():N}";
        client["grant_types"] ??= new JsonArray([.. GrantTypes.Select(type => (JsonNode)type)]);
        var created = (await new ManagementApi(server).SendAsync(HttpMethod.Post, "/clients", client)).ShouldBe(HttpStatusCode.Created);
        var email = $"user-{Guid.CreateVersion7():N}@example.com";
        var user = (await new ManagementApi(server).SendAsync(HttpMethod.Post, "/users", new
        {
            connection = "Username-Password-Authentication",
            email,
            email_verified = true,
            password = Password,
        })).ShouldBe(HttpStatusCode.Created);
        var secret = (string?)client["token_endpoint_auth_method"] == "none" ? null : (string)created["client_secret"]!;
        return new MfaClient(server, (string)created["client_id"]!, secret, (string)user["user_id"]!, email);
    }

    /// <summary>Posts a form to the token endpoint with the credentials of the client.</summary>
    public Task<Answer> TokenAsync(string grantType, params (string Name, string? Value)[] parameters) =>
        FormAsync("/oauth/token", [("grant_type", grantType), .. parameters]);

    public Task<Answer> PasswordAsync(params (string Name, string? Value)[] changes) =>
        TokenAsync("password", [("username", Email), ("password", Password), .. changes]);

    public Task<Answer> OtpAsync(string mfaToken, string code) => TokenAsync(Prefix + "mfa-otp", ("mfa_token", mfaToken), ("otp", code));

    public Task<Answer> RecoverAsync(string mfaToken, string code) =>
        TokenAsync(Prefix + "mfa-recovery-code", ("mfa_token", mfaToken), ("recovery_code", code));

    public Task<Answer> OobAsync(string mfaToken, string oobCode, string? bindingCode) =>
        TokenAsync(Prefix + "mfa-oob", ("mfa_token", mfaToken), ("oob_code", oobCode), ("binding_code", bindingCode));

    public Task<Answer> ChallengeAsync(string mfaToken, params (string Name, string? Value)[] changes) =>
        FormAsync("/mfa/challenge", [("mfa_token", mfaToken), .. changes]);

    public Task<Answer> AssociateAsync(string token, object body) => SendAsync(HttpMethod.Post, "/mfa/associate", token, JsonContent.Create(body));

    public Task<Answer> ListAsync(string token) => SendAsync(HttpMethod.Get, "/mfa/authenticators", token);

    public Task<Answer> DeleteAsync(string token, string id) => SendAsync(HttpMethod.Delete, "/mfa/authenticators/" + Uri.EscapeDataString(id), token);

    /// <returns>The token of a sign-in that needs a second factor.</returns>
    public async Task<string> MfaTokenAsync(params (string Name, string? Value)[] changes)
    {
        var answer = await PasswordAsync(changes);
        answer.ShouldBeOAuthError(HttpStatusCode.Forbidden, "mfa_required");
        return (string)answer.Json!["mfa_token"]!;
    }

    /// <summary>Enrolls an authenticator app with a ticket.</summary>
    public async Task<Flow> EnrollAsync() => await Guardian.EnrollAsync(await Management.CreateTicketAsync(UserId));

    /// <returns>An access token for the authenticators of an enrolled user, proved with the code of one step ahead.</returns>
    public async Task<string> MfaAccessTokenAsync(Flow enrolled, int stepsAhead = 1, string scope = "enroll read:authenticators remove:authenticators")
    {
        var mfaToken = await MfaTokenAsync(("audience", MfaAudience), ("scope", scope));
        return (string)(await OtpAsync(mfaToken, Guardian.CodeOf(enrolled, stepsAhead))).ShouldBe(HttpStatusCode.OK)["access_token"]!;
    }

    public string CodeOf(JsonNode association, int stepsAhead = 0) =>
        Base32.TryDecode((string?)association["secret"], out var secret)
            ? Guardian.CodeOf(secret, stepsAhead)
            : throw new InvalidOperationException("No secret");

    public async Task<long> CountAsync(string table, string condition = "1 = 1") =>
        (await Server.Database.QueryAsync(
            new Statement($"SELECT count(*) FROM \"{table}\" WHERE user_id = @user_id AND ({condition})", ("user_id", UserId)),
            row => row.GetInt64(0),
            CancellationToken.None))[0];

    public Task<Answer> FormAsync(string path, (string Name, string? Value)[] parameters)
    {
        var form = new Dictionary<string, string?> { ["client_id"] = ClientId, ["client_secret"] = Secret };
        foreach (var (name, value) in parameters)
        {
            form[name] = value;
        }

        return SendAsync(
            HttpMethod.Post, path, token: null,
            new FormUrlEncodedContent(form.Where(field => field.Value is not null).Select(field => KeyValuePair.Create(field.Key, field.Value!))));
    }

    public async Task<Answer> SendAsync(HttpMethod method, string path, string? token, HttpContent? content = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        using var response = await Server.Http.SendAsync(request);
        return await Answer.ReadAsync(response);
    }
}

using System.Net;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.JsonWebTokens;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.MfaApi;

/// <summary>The password step of the MFA API.</summary>
public sealed class PasswordGrantTests(Servers servers) : IClassFixture<Servers>
{
    [Theory, Engines]
    public async Task A_user_without_a_second_factor_gets_tokens_for_a_right_password(Engine engine)
    {
        var client = await CreateAsync(engine);
        var api = await CreateApiAsync(client);

        var answer = (await client.PasswordAsync(("audience", api), ("scope", "openid email read:a unknown"))).ShouldBe(HttpStatusCode.OK);

        ((string)answer["scope"]!).ShouldBe("openid email read:a");
        ((int)answer["expires_in"]!).ShouldBe(600);
        ((string)answer["token_type"]!).ShouldBe("Bearer");
        var access = new JsonWebToken((string)answer["access_token"]!);
        (access.Alg, access.Subject, access.Audiences.Single(), access.Issuer).ShouldBe(("RS256", client.UserId, api, client.Server.Url + "/"));
        access.GetPayloadValue<string>("azp").ShouldBe(client.ClientId);
        access.GetPayloadValue<string>("scope").ShouldBe("openid email read:a");
        var id = new JsonWebToken((string)answer["id_token"]!);
        (id.Alg, id.Subject, id.Audiences.Single()).ShouldBe(("RS256", client.UserId, client.ClientId));
        id.GetPayloadValue<string>("email").ShouldBe(client.Email);
        id.TryGetPayloadValue<object>("amr", out _).ShouldBeFalse();
    }

    [Theory, Engines]
    public async Task The_realm_grant_and_a_user_name_in_another_case_find_the_same_user(Engine engine)
    {
        var client = await CreateAsync(engine);

        var byRealm = await client.TokenAsync(
            MfaClient.Prefix + "password-realm",
            ("username", client.Email.ToUpperInvariant()), ("password", MfaClient.Password), ("realm", "Username-Password-Authentication"));

        var token = new JsonWebToken((string)byRealm.ShouldBe(HttpStatusCode.OK)["access_token"]!);
        (token.Subject, token.Audiences.Single()).ShouldBe((client.UserId, client.Server.Url + "/userinfo"));
        (await client.PasswordAsync(("realm", "Other"))).ShouldBeOAuthError(HttpStatusCode.Forbidden, "unauthorized_client");
    }

    [Theory, Engines]
    public async Task An_unknown_user_a_wrong_password_and_a_user_without_one_are_refused_alike_and_locked_out_after_as_many(Engine engine)
    {
        var client = await CreateAsync(engine);
        var withoutPassword = $"none-{Guid.CreateVersion7():N}@example.com";
        await client.Management.CreateUserAsync(withoutPassword);
        var texts = new HashSet<string>();

        foreach (var name in new[] { client.Email, withoutPassword, "nobody-" + client.Email })
        {
            for (var i = 0; i < 10; i++)
            {
                var wrong = await client.PasswordAsync(("username", name), ("password", "wrong"));
                wrong.ShouldBeOAuthError(HttpStatusCode.Forbidden, "invalid_grant", "Wrong email or password.");
                texts.Add(wrong.Text);
            }

            var locked = await client.PasswordAsync(("username", name));
            locked.ShouldBeOAuthError(HttpStatusCode.TooManyRequests, "too_many_requests");
            locked.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromMinutes(6));
            texts.Add(locked.Text);
        }

        texts.Count.ShouldBe(2);
        client.Server.Clock.Advance(TimeSpan.FromMinutes(6));
        (await client.PasswordAsync()).ShouldBe(HttpStatusCode.OK);
    }

    [Theory, Engines]
    public async Task Wrong_passwords_do_not_lock_the_second_factor_and_an_administrator_lifts_the_lock(Engine engine)
    {
        var client = await CreateAsync(engine);
        var enrolled = await client.EnrollAsync();
        var mfaToken = await client.MfaTokenAsync();
        for (var i = 0; i < 10; i++)
        {
            (await client.PasswordAsync(("password", "wrong"))).ShouldBeOAuthError(HttpStatusCode.Forbidden, "invalid_grant");
        }

        (await client.OtpAsync(mfaToken, client.Guardian.CodeOf(enrolled, 1))).ShouldBe(HttpStatusCode.OK);
        (await client.PasswordAsync()).Status.ShouldBe(HttpStatusCode.TooManyRequests);
        (await client.Management.SendAsync(HttpMethod.Delete, "/user-blocks/" + Uri.EscapeDataString(client.UserId))).Status.ShouldBe(HttpStatusCode.NoContent);
        await client.MfaTokenAsync();
    }

    [Theory, Engines]
    public async Task The_password_is_neither_stored_nor_logged(Engine engine)
    {
        var client = await CreateAsync(engine);
        (await client.PasswordAsync()).ShouldBe(HttpStatusCode.OK);
        const string Wrong = "a wrong password that nobody may read";
        (await client.PasswordAsync(("password", Wrong))).Status.ShouldBe(HttpStatusCode.Forbidden);

        var rows = await DatabaseDump.TakeAsync(client.Server.Database);
        var log = await client.Server.Database.QueryAsync(
            new Statement("SELECT type, details FROM log WHERE user_id = @user_id ORDER BY log_id", ("user_id", client.UserId)),
            row => row.GetString(0) + row.GetStringOrNull(1),
            CancellationToken.None);

        rows.Concat(log).ShouldAllBe(line => !line.Contains(MfaClient.Password, StringComparison.Ordinal) && !line.Contains(Wrong, StringComparison.Ordinal));
        log.ShouldContain(line => line.StartsWith("sepft", StringComparison.Ordinal));
        log.ShouldContain(line => line.StartsWith("fepft", StringComparison.Ordinal));
    }

    [Theory, Engines]
    public async Task A_blocked_user_and_a_client_without_the_grant_type_get_nothing(Engine engine)
    {
        var client = await CreateAsync(engine);
        (await client.Management.SendAsync(HttpMethod.Patch, client.UserPath, new { blocked = true })).ShouldBe(HttpStatusCode.OK);
        (await client.PasswordAsync()).ShouldBeOAuthError(HttpStatusCode.Forbidden, "access_denied", "user is blocked");

        var backend = await MfaClient.CreateAsync(client.Server, new JsonObject { ["grant_types"] = new JsonArray("client_credentials") });
        (await backend.PasswordAsync()).ShouldBeOAuthError(HttpStatusCode.Forbidden, "unauthorized_client", "Grant type 'password' not allowed for the client.");
        (await backend.OtpAsync("x", "1")).ShouldBeOAuthError(HttpStatusCode.Forbidden, "unauthorized_client");
    }

    [Theory, Engines]
    public async Task A_confidential_client_needs_its_secret_and_a_public_one_has_none(Engine engine)
    {
        var confidential = await CreateAsync(engine);
        foreach (var secret in new[] { null, "", "wrong" })
        {
            (await confidential.PasswordAsync(("client_secret", secret))).ShouldBeOAuthError(HttpStatusCode.Unauthorized, "invalid_client");
        }

        (await confidential.PasswordAsync(("client_id", "unknown"))).ShouldBeOAuthError(HttpStatusCode.Unauthorized, "invalid_client");
        var open = await MfaClient.CreateAsync(confidential.Server, new JsonObject { ["token_endpoint_auth_method"] = "none" });
        (await open.PasswordAsync()).ShouldBe(HttpStatusCode.OK);
    }

    [Theory, Engines]
    public async Task No_user_gets_a_token_for_the_Management_API_or_for_an_API_that_is_closed_to_users(Engine engine)
    {
        var client = await CreateAsync(engine);
        var api = await CreateApiAsync(client);
        var stored = await client.Management.GetAsync("/resource-servers/" + Uri.EscapeDataString(api));
        foreach (var audience in new[] { client.Server.Url + "/api/v2/", client.Server.Url + "/api/v2", "https://unknown.example/", (string)stored["id"]! })
        {
            (await client.PasswordAsync(("audience", audience))).ShouldBeOAuthError(HttpStatusCode.Forbidden, "access_denied");
        }

        foreach (var policy in new[] { "deny_all", "require_client_grant" })
        {
            await client.Management.SendAsync(
                HttpMethod.Patch, "/resource-servers/" + (string)stored["id"]!, new { subject_type_authorization = new { user = new { policy } } });
            (await client.PasswordAsync(("audience", api))).ShouldBeOAuthError(HttpStatusCode.Forbidden, "access_denied");
        }

        (await client.Management.SendAsync(
            HttpMethod.Post, "/client-grants", new { client_id = client.ClientId, audience = api, scope = new[] { "read:a" }, subject_type = "user" }))
            .ShouldBe(HttpStatusCode.Created);
        ((string)(await client.PasswordAsync(("audience", api), ("scope", "read:a read:b"))).ShouldBe(HttpStatusCode.OK)["scope"]!).ShouldBe("read:a");
    }

    [Theory, Engines]
    public async Task A_policy_asks_a_user_without_a_factor_to_enroll_one(Engine engine)
    {
        var client = await CreateAsync(engine);
        (await client.Management.SendAsync(HttpMethod.Put, "/guardian/policies", new[] { "all-applications" })).ShouldBe(HttpStatusCode.OK);
        try
        {
            var answer = await client.PasswordAsync();

            answer.ShouldBeOAuthError(HttpStatusCode.Forbidden, "mfa_required");
            answer.Json!["mfa_requirements"]!["challenge"].ShouldBeNull();
            answer.Json["mfa_requirements"]!["enroll"]!.AsArray().Select(item => (string)item!["type"]!).ShouldContain("otp");
        }
        finally
        {
            (await client.Management.SendAsync(HttpMethod.Put, "/guardian/policies", Array.Empty<string>())).ShouldBe(HttpStatusCode.OK);
        }
    }

    [Theory]
    [InlineData("username", "", "Missing required parameter: username")]
    [InlineData("password", "", "Missing required parameter: password")]
    [InlineData("username", null, "Missing required parameter: username")]
    [InlineData("username", "a\0b", "The form is malformed")]
    public async Task A_bad_parameter_is_named(string name, string? value, string description)
    {
        var client = await CreateAsync(Engine.Sqlite);

        (await client.PasswordAsync((name, value))).ShouldBeOAuthError(HttpStatusCode.BadRequest, "invalid_request", description);
    }

    private async Task<MfaClient> CreateAsync(Engine engine) => await MfaClient.CreateAsync(await servers.GetAsync(engine));

    private static async Task<string> CreateApiAsync(MfaClient client)
    {
        var identifier = $"https://{Guid.CreateVersion7():N}.example/";
        (await client.Management.SendAsync(HttpMethod.Post, "/resource-servers", new
        {
            identifier,
            token_lifetime = 600,
            scopes = new[] { new { value = "read:a" }, new { value = "read:b" } },
        })).ShouldBe(HttpStatusCode.Created);
        return identifier;
    }
}

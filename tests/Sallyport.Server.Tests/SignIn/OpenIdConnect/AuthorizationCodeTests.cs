using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.IdentityModel.JsonWebTokens;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.SignIn.OpenIdConnect;

/// <summary>Codes, and the tokens that they are exchanged for.</summary>
public sealed class AuthorizationCodeTests(Servers servers) : IClassFixture<Servers>
{
    private const string InvalidCode = "Invalid authorization code";

    [Theory, Engines]
    public async Task A_code_is_exchanged_for_tokens_of_the_user(Engine engine)
    {
        var (party, person, enrolled) = await CreateAsync(engine);
        var code = await party.SignInAsync(person, enrolled, ("max_age", "0"));

        var tokens = (await party.ExchangeAsync(code)).ShouldBe(HttpStatusCode.OK);

        var idToken = new JsonWebToken((string)tokens["id_token"]!);
        idToken.Alg.ShouldBe("RS256");
        idToken.Issuer.ShouldBe(party.Server.Url + "/");
        idToken.Audiences.ShouldBe([party.ClientId]);
        idToken.Subject.ShouldBe(person.UserId);
        idToken.GetPayloadValue<string>("nonce").ShouldBe("the nonce");
        idToken.GetPayloadValue<string[]>("amr").ShouldBe(["mfa", "otp"]);
        idToken.GetPayloadValue<string>("acr").ShouldBe("http://schemas.openid.net/pape/policies/2007/06/multi-factor");
        idToken.GetPayloadValue<long>("auth_time").ShouldBe(party.Server.Clock.GetUtcNow().ToUnixTimeSeconds());
        idToken.GetPayloadValue<string>("at_hash").ShouldBe(
            Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes((string)tokens["access_token"]!)).AsSpan(0, 16)));
        tokens["refresh_token"].ShouldBeNull();
        var claims = (await party.GetUserInfoAsync((string)tokens["access_token"]!)).ShouldBe(HttpStatusCode.OK);
        ((string)claims["sub"]!).ShouldBe(person.UserId);
        var log = (await person.Management.GetAsync(person.UserPath + "/logs")).AsArray().Take(2).ToList();
        log.Select(entry => (string)entry!["type"]!).ShouldBe(["seacft", "s"]);
        log.ShouldAllBe(entry => (string?)entry!["client_id"] == party.ClientId);
    }

    [Theory, Engines]
    public async Task A_code_works_once(Engine engine)
    {
        var (party, person, enrolled) = await CreateAsync(engine);
        var code = await party.SignInAsync(person, enrolled);
        (await party.ExchangeAsync(code)).ShouldBe(HttpStatusCode.OK);

        (await party.ExchangeAsync(code)).ShouldBeOAuthError(HttpStatusCode.Forbidden, "invalid_grant", InvalidCode);

        (await person.Management.ListLogTypesAsync(person.UserId)).ShouldContain("feacft");
    }

    /// <summary>One of the two who have the code has stolen it (RFC 6749 section 4.1.2).</summary>
    [Theory, Engines]
    public async Task A_code_that_is_presented_again_revokes_its_tokens(Engine engine)
    {
        var (party, person, enrolled) = await CreateAsync(engine);
        var other = await RelyingParty.CreateAsync(party.Server);
        var code = await party.SignInAsync(person, enrolled);
        var token = (string)(await party.ExchangeAsync(code)).ShouldBe(HttpStatusCode.OK)["access_token"]!;
        var kept = (string)(await party.ExchangeAsync(await party.SignInAsync(person, enrolled))).ShouldBe(HttpStatusCode.OK)["access_token"]!;

        (await other.ExchangeAsync(code)).ShouldBeOAuthError(HttpStatusCode.Forbidden, "invalid_grant", InvalidCode);
        (await party.GetUserInfoAsync(token)).ShouldBe(HttpStatusCode.OK);
        (await party.ExchangeAsync(code)).ShouldBeOAuthError(HttpStatusCode.Forbidden, "invalid_grant", InvalidCode);

        (await party.GetUserInfoAsync(token)).ShouldBeOAuthError(HttpStatusCode.Unauthorized, "invalid_token");
        (await party.GetUserInfoAsync(kept)).ShouldBe(HttpStatusCode.OK);
        party.Server.Clock.Advance(TimeSpan.FromHours(23));
        await DeleteExpiredAsync(party);
        (await party.GetUserInfoAsync(token)).ShouldBeOAuthError(HttpStatusCode.Unauthorized, "invalid_token");
        (await party.GetUserInfoAsync(kept)).ShouldBe(HttpStatusCode.OK);
        party.Server.Clock.Advance(TimeSpan.FromHours(2));
        await DeleteExpiredAsync(party);
        (await CountAsync(party)).Authorizations.ShouldBe(0);
    }

    [Theory, Engines]
    public async Task A_token_for_the_authenticators_is_revoked_with_its_code(Engine engine)
    {
        var (party, person, enrolled) = await CreateAsync(engine);
        var code = await party.SignInAsync(person, enrolled, ("audience", party.Server.Url + "/mfa/"), ("scope", "openid read:authenticators"));
        var token = (string)(await party.ExchangeAsync(code)).ShouldBe(HttpStatusCode.OK)["access_token"]!;
        (await ListAuthenticatorsAsync(party, token)).ShouldBe(HttpStatusCode.OK);

        await party.ExchangeAsync(code);

        (await ListAuthenticatorsAsync(party, token)).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory, Engines]
    public async Task A_code_expires_after_a_minute(Engine engine)
    {
        var (party, person, enrolled) = await CreateAsync(engine);
        var code = await party.SignInAsync(person, enrolled);

        party.Server.Clock.Advance(TimeSpan.FromSeconds(60));

        (await party.ExchangeAsync(code)).ShouldBeOAuthError(HttpStatusCode.Forbidden, "invalid_grant", InvalidCode);
    }

    [Theory, Engines]
    public async Task A_stolen_code_is_worth_nothing(Engine engine)
    {
        var (party, person, enrolled) = await CreateAsync(engine);
        var other = await RelyingParty.CreateAsync(party.Server, new() { ["callbacks"] = new JsonArray(RelyingParty.Callback, "https://app.example/other") });
        var code = await party.SignInAsync(person, enrolled);

        foreach (var attempt in new[]
        {
            await other.ExchangeAsync(code),
            await party.ExchangeAsync(code, ("redirect_uri", "https://app.example/other")),
            await party.ExchangeAsync(code, ("code_verifier", RelyingParty.Verifier + "x")),
            await party.ExchangeAsync(code, ("code_verifier", RelyingParty.Challenge)),
            await party.ExchangeAsync(code, ("code_verifier", null)),
            await party.ExchangeAsync(code + "x"),
        })
        {
            attempt.ShouldBeOAuthError(HttpStatusCode.Forbidden, "invalid_grant", InvalidCode);
        }

        (await party.ExchangeAsync(code, ("client_secret", "wrong"))).ShouldBeOAuthError(HttpStatusCode.Unauthorized, "invalid_client");
        (await party.ExchangeAsync(code, ("redirect_uri", null))).ShouldBeOAuthError(HttpStatusCode.BadRequest, "invalid_request");
        (await party.ExchangeAsync("")).ShouldBeOAuthError(HttpStatusCode.BadRequest, "invalid_request");
        (await party.ExchangeAsync(code)).ShouldBe(HttpStatusCode.OK);
    }

    /// <summary>PKCE downgrade: an attacker has removed the challenge from the request.</summary>
    [Theory, Engines]
    public async Task A_verifier_without_a_challenge_is_refused(Engine engine)
    {
        var (party, person, enrolled) = await CreateAsync(engine);
        var code = await party.SignInAsync(person, enrolled, ("code_challenge", null), ("code_challenge_method", null));

        (await party.ExchangeAsync(code)).ShouldBeOAuthError(HttpStatusCode.Forbidden, "invalid_grant", InvalidCode);
        (await party.ExchangeAsync(code, ("code_verifier", null))).ShouldBe(HttpStatusCode.OK);
    }

    [Theory, Engines]
    public async Task A_code_ends_with_what_has_proved_it(Engine engine)
    {
        foreach (var end in new Func<RelyingParty, Person, Flow, Task>[]
        {
            (_, person, _) => person.PatchAsync(new { blocked = true }),
            (_, person, _) => person.PatchAsync(new { email = person.Address }),
            (_, person, _) => person.PatchAsync(new { password = "another correct horse" }),
            (_, person, _) => person.Management.SendAsync(HttpMethod.Delete, person.UserPath + "/authenticators"),
            (_, person, enrolled) => person.Management.SendAsync(HttpMethod.Delete, "/guardian/enrollments/" + enrolled.AuthenticatorId),
            (_, person, _) => person.Management.SendAsync(HttpMethod.Delete, person.UserPath),
            (party, _, _) => party.ChangeAsync(new() { ["callbacks"] = new JsonArray("https://app.example/other") }),
        })
        {
            var (party, person, enrolled) = await CreateAsync(engine);
            var code = await party.SignInAsync(person, enrolled);

            await end(party, person, enrolled);

            (await party.ExchangeAsync(code)).ShouldBeOAuthError(HttpStatusCode.Forbidden, "invalid_grant", InvalidCode);
        }
    }

    [Theory, Engines]
    public async Task A_code_does_not_end_with_another_authenticator(Engine engine)
    {
        var (party, person, enrolled) = await CreateAsync(engine);
        party.Server.Clock.Advance(TimeSpan.FromSeconds(30));
        var other = await person.EnrollAsync(allowMultiple: true);
        var code = await party.SignInAsync(person, enrolled);

        await person.Management.SendAsync(HttpMethod.Delete, "/guardian/enrollments/" + other.AuthenticatorId);

        (await party.ExchangeAsync(code)).ShouldBe(HttpStatusCode.OK);
    }

    [Theory, Engines]
    public async Task Old_requests_and_codes_are_deleted(Engine engine)
    {
        var (party, person, enrolled) = await CreateAsync(engine);
        (await party.ExchangeAsync(await party.SignInAsync(person, enrolled))).ShouldBe(HttpStatusCode.OK);
        (await CountAsync(party)).ShouldBe((1, 1));

        party.Server.Clock.Advance(TimeSpan.FromHours(2));
        await DeleteExpiredAsync(party);

        (await CountAsync(party)).ShouldBe((0, 0));
    }

    [Theory, Engines]
    public async Task An_open_authorization_ends_with_its_client_its_callback_and_its_user(Engine engine)
    {
        foreach (var (end, isShown) in new (Func<RelyingParty, Person, Task>, bool)[]
        {
            ((party, _) => new ManagementApi(party.Server).SendAsync(HttpMethod.Delete, party.ClientPath), true),
            ((party, _) => party.ChangeAsync(new() { ["callbacks"] = new JsonArray("https://app.example/other") }), true),
            ((party, _) => party.ChangeAsync(new() { ["grant_types"] = new JsonArray() }), true),
            ((_, person) => person.PatchAsync(new { blocked = true }), false),
            ((_, person) => person.Management.SendAsync(HttpMethod.Delete, person.UserPath + "/authenticators"), false),
        })
        {
            var (party, person, enrolled) = await CreateAsync(engine);
            var browser = new Browser(party.Server);
            var signature = await Browser.ProveAsync(person, enrolled, await browser.OpenAsync(await party.PushAsync(("login_hint", person.UserId))));

            await end(party, person);

            var answer = await browser.ResumeAsync(signature);
            if (isShown)
            {
                answer.Status.ShouldBe(HttpStatusCode.BadRequest, answer.Location);
            }
            else
            {
                answer.ShouldBeClientError("access_denied", party.Server);
            }
        }
    }

    [Theory, Engines]
    public async Task Claims_are_given_for_an_access_token_of_this_endpoint_only(Engine engine)
    {
        var (party, person, enrolled) = await CreateAsync(engine);
        var tokens = (await party.ExchangeAsync(await party.SignInAsync(person, enrolled))).ShouldBe(HttpStatusCode.OK);
        var withoutScope = (await party.ExchangeAsync(await party.SignInAsync(person, enrolled, ("scope", "profile")))).ShouldBe(HttpStatusCode.OK);

        withoutScope["id_token"].ShouldBeNull();
        (await party.GetUserInfoAsync(null)).Headers.WwwAuthenticate.ToString().ShouldBe("Bearer");
        foreach (var token in new[] { "x", (string)tokens["id_token"]!, await new ManagementApi(party.Server).FetchTokenAsync() })
        {
            var refused = await party.GetUserInfoAsync(token);
            refused.ShouldBeOAuthError(HttpStatusCode.Unauthorized, "invalid_token");
            refused.Headers.WwwAuthenticate.ToString().ShouldContain("error=\"invalid_token\"");
        }

        (await party.GetUserInfoAsync((string)withoutScope["access_token"]!)).ShouldBeOAuthError(HttpStatusCode.Forbidden, "insufficient_scope");
        (await person.PatchAsync(new { blocked = true })).ShouldBe(HttpStatusCode.OK);
        (await party.GetUserInfoAsync((string)tokens["access_token"]!)).ShouldBeOAuthError(HttpStatusCode.Unauthorized, "invalid_token");
    }

    private static async Task DeleteExpiredAsync(RelyingParty party) =>
        await party.Server.Services.GetServices<IHostedService>().OfType<RetentionWorker>().Single().DeleteExpiredAsync(CancellationToken.None);

    private static async Task<Answer> ListAuthenticatorsAsync(RelyingParty party, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/mfa/authenticators");
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token);
        using var response = await party.Server.Http.SendAsync(request);
        return await Answer.ReadAsync(response);
    }

    private static async Task<(long Pushed, long Authorizations)> CountAsync(RelyingParty party)
    {
        async Task<long> CountAsync(string table) => (await party.Server.Database.QueryAsync(
            new Statement($"SELECT count(*) FROM {table} WHERE client_id = @client_id", ("client_id", party.ClientId)),
            row => row.GetInt64(0),
            CancellationToken.None))[0];
        return (await CountAsync("pushed_request"), await CountAsync("authorization_request"));
    }

    private async Task<(RelyingParty Party, Person Person, Flow Enrolled)> CreateAsync(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var person = await Person.CreateAsync(server);
        return (await RelyingParty.CreateAsync(server), person, await person.EnrollAsync());
    }
}

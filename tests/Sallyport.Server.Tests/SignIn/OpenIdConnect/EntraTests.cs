using System.Net;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.SignIn.OpenIdConnect;

/// <summary>Sallyport as an external authentication method of Microsoft Entra, against a server that stands for Entra.</summary>
public sealed class EntraTests
{
    private const string Claims = """
        {"id_token":{"acr":{"essential":true,"values":["possessionorinherence"]},
        "amr":{"essential":true,"values":["face","fido","fpt","hwk","iris","otp","pop","retina","sc","sms","swk","tel","vbm"]}}}
        """;

    [Theory, Engines]
    public async Task Entra_gets_an_ID_token_after_the_second_factor(Engine engine)
    {
        await using var scene = await Scene.StartAsync(engine);
        (await scene.Person.Management.SendAsync(HttpMethod.Put, "/guardian/policies", Array.Empty<string>())).ShouldBe(HttpStatusCode.OK);
        foreach (var post in new[] { true, false })
        {
            var browser = new Browser(scene.Server);
            var asked = await scene.BeginAsync(browser, post);
            scene.Server.Clock.Advance(TimeSpan.FromSeconds(30));

            var answer = await browser.ResumeAsync(await Browser.ProveAsync(scene.Person, scene.Enrolled, asked));

            answer.Text.ShouldContain($"action=\"{FakeEntra.Callback}\"");
            answer.Policy.ShouldContain("https://login.microsoftonline.com");
            answer.Fields.Keys.Order().ShouldBe(["id_token", "state"]);
            var stored = (await DatabaseDump.TakeAsync(scene.Server.Database)).Where(row => row.StartsWith("authorization_request", StringComparison.Ordinal)).ToList();
            stored.ShouldNotBeEmpty();
            stored.ShouldAllBe(row => !row.Contains("eyJ"), "the hint is not stored");
            (await scene.CountCodesAsync()).ShouldBe(0);
            answer.Fields["state"].ShouldBe("the state");
            var token = await scene.VerifyAsync(answer.Fields["id_token"]);
            token.Subject.ShouldBe(FakeEntra.Subject);
            token.GetPayloadValue<string>("nonce").ShouldBe("the nonce");
            token.GetPayloadValue<string>("acr").ShouldBe("possessionorinherence");
            token.GetPayloadValue<string[]>("amr").ShouldBe(["otp"]);
            (token.ValidTo - token.IssuedAt).ShouldBe(TimeSpan.FromMinutes(5));
        }
    }

    [Theory, Engines]
    public async Task A_hint_that_is_not_of_the_tenant_for_this_client_begins_nothing(Engine engine)
    {
        await using var scene = await Scene.StartAsync(engine);
        var (entra, server, oid) = (scene.Entra, scene.Server, scene.ObjectId);
        var now = server.Clock.GetUtcNow().ToUnixTimeSeconds();
        foreach (var (name, hint) in new (string, string?)[]
        {
            ("none", null), ("no token", "abc"), ("three parts", "a.b.c"),
            ("issuer", entra.Hint(server, oid, ("iss", "https://login.microsoftonline.com/" + FakeEntra.Tenant + "/v2.0"))),
            ("tenant in the issuer", entra.Hint(server, oid, ("iss", $"{entra.Url}/{Guid.CreateVersion7()}/v2.0"))),
            ("audience", entra.Hint(server, oid, ("aud", Guid.CreateVersion7().ToString()))),
            ("two audiences", entra.Hint(server, oid, ("aud", new[] { FakeEntra.ApplicationId, "other" }))),
            ("tenant", entra.Hint(server, oid, ("tid", Guid.CreateVersion7().ToString()))), ("no tenant", entra.Hint(server, oid, ("tid", null))),
            ("too old", entra.Hint(server, oid, ("iat", now - 601))), ("future", entra.Hint(server, oid, ("iat", now + 301))),
            ("no time", entra.Hint(server, oid, ("iat", null))), ("no object", entra.Hint(server, oid, ("oid", null))),
            ("no subject", entra.Hint(server, oid, ("sub", null))),
            ("foreign key", entra.HintOf(server, oid, new SigningCredentials(FakeEntra.NewKey("first"), SecurityAlgorithms.RsaSha256))),
            ("unknown key", entra.HintOf(server, oid, new SigningCredentials(FakeEntra.NewKey("other"), SecurityAlgorithms.RsaSha256))),
            ("alg none", entra.HintOf(server, oid, null)),
            ("HMAC with the public key", entra.HintOf(server, oid, new SigningCredentials(entra.PublicKeyAsSecret(), SecurityAlgorithms.HmacSha256))),
        })
        {
            var answer = await scene.SendAsync(new Browser(server), ("id_token_hint", hint));

            ShouldBeRefused(answer, "invalid_request", name);
        }

        (await scene.Person.CountAsync("transaction", "origin = 'sign-in'")).ShouldBe(0);
    }

    [Theory]
    [InlineData("""{"id_token":{"acr":{"values":["inherence"]}}}""", "access_denied")]
    [InlineData("""{"id_token":{"acr":{"values":["knowledge","knowledgeorinherence"]}}}""", "access_denied")]
    [InlineData("""{"id_token":{"amr":{"essential":true,"values":["face","fido"]}}}""", "access_denied")]
    [InlineData("""{"id_token":{"acr":{"values":"possession"}}}""", "invalid_request")]
    [InlineData("""{"id_token":{"acr":{"values":[1]}}}""", "invalid_request")]
    [InlineData("""{"id_token":{"acr":5}}""", "invalid_request")]
    [InlineData("[]", "invalid_request")]
    [InlineData("no JSON", "invalid_request")]
    public async Task What_cannot_be_fulfilled_is_answered_with_an_error(string claims, string error)
    {
        await using var scene = await Scene.StartAsync(Engine.Sqlite);

        ShouldBeRefused(await scene.SendAsync(new Browser(scene.Server), ("claims", claims)), error, claims);
    }

    [Theory]
    [InlineData("""{"id_token":{"acr":{"value":"possession"},"amr":{"value":"otp"}}}""", "possession")]
    [InlineData("""{"id_token":{"acr":{"values":["inherence","knowledgeorpossession"]},"amr":null}}""", "knowledgeorpossession")]
    [InlineData("""{"id_token":{}}""", "possessionorinherence")]
    [InlineData(null, "possessionorinherence")]
    public async Task The_context_is_one_of_those_that_were_asked_for(string? claims, string expected)
    {
        await using var scene = await Scene.StartAsync(Engine.Sqlite);
        var browser = new Browser(scene.Server);
        var asked = await scene.SendAsync(browser, ("claims", claims));
        scene.Server.Clock.Advance(TimeSpan.FromSeconds(30));

        var answer = await browser.ResumeAsync(await Browser.ProveAsync(scene.Person, scene.Enrolled, asked));

        var token = await scene.VerifyAsync(answer.Fields["id_token"]);
        token.GetPayloadValue<string>("acr").ShouldBe(expected);
        token.GetPayloadValue<string[]>("amr").ShouldBe(["otp"]);
    }

    [Theory, Engines]
    public async Task An_unknown_or_blocked_user_is_answered_with_an_error(Engine engine)
    {
        await using var scene = await Scene.StartAsync(engine);
        ShouldBeRefused(
            await scene.SendAsync(new Browser(scene.Server), ("id_token_hint", scene.Entra.Hint(scene.Server, Guid.CreateVersion7().ToString()))), "access_denied", "unknown");
        (await scene.Person.PatchAsync(new { blocked = true })).ShouldBe(HttpStatusCode.OK);

        ShouldBeRefused(await scene.SendAsync(new Browser(scene.Server)), "access_denied", "blocked");
    }

    [Theory, Engines]
    public async Task A_result_is_used_once_and_in_the_browser_that_has_begun_it(Engine engine)
    {
        await using var scene = await Scene.StartAsync(engine);
        var browser = new Browser(scene.Server);
        var asked = await scene.BeginAsync(browser, post: true);
        scene.Server.Clock.Advance(TimeSpan.FromSeconds(30));
        var signature = await Browser.ProveAsync(scene.Person, scene.Enrolled, asked);

        (await new Browser(scene.Server).ResumeAsync(signature)).ShouldBeShown("invalid_request");
        (await browser.ResumeAsync(signature)).Fields.ShouldContainKey("id_token");
        (await browser.ResumeAsync(signature)).ShouldBeShown("invalid_request");
    }

    [Theory, Engines]
    public async Task A_silent_request_is_answered_without_a_page(Engine engine)
    {
        await using var scene = await Scene.StartAsync(engine);

        ShouldBeRefused(await scene.SendAsync(new Browser(scene.Server), ("prompt", "none")), "interaction_required", "prompt");
        (await scene.Person.CountAsync("transaction", "origin = 'sign-in'")).ShouldBe(0);
    }

    [Theory, Engines]
    public async Task Requests_of_Entra_are_not_pushed(Engine engine)
    {
        await using var scene = await Scene.StartAsync(engine);

        (await scene.Party.TryPushAsync(("redirect_uri", FakeEntra.Callback), ("id_token_hint", scene.Entra.Hint(scene.Server, scene.ObjectId))))
            .ShouldBeOAuthError(HttpStatusCode.BadRequest, "invalid_request");
    }

    /// <summary>Otherwise anybody's password and factor would be those of the user in the hint.</summary>
    [Theory, Engines]
    public async Task Another_user_cannot_prove_it_on_the_password_page(Engine engine)
    {
        await using var scene = await Scene.StartAsync(engine);
        var thief = await MfaClient.CreateAsync(scene.Server);
        var browser = new Browser(scene.Server);
        await scene.BeginAsync(browser, post: true);
        var requestId = browser.Cookies.GetAllCookies().Single().Name.Split('-')[^1];

        var answer = await browser.PostAsync(
            "/authorize/password?request=" + requestId, ("username", thief.Email), ("password", MfaClient.Password));

        answer.Status.ShouldBe(HttpStatusCode.Gone);
    }

    [Theory, Engines]
    public async Task Keys_are_kept_and_fetched_again_when_Entra_rotates_them(Engine engine)
    {
        await using var scene = await Scene.StartAsync(engine);
        scene.Entra.IsDown = true;
        ShouldBeRefused(await scene.SendAsync(new Browser(scene.Server)), "temporarily_unavailable", "down");
        scene.Entra.IsDown = false;
        ShouldBeRefused(await scene.SendAsync(new Browser(scene.Server)), "temporarily_unavailable", "failed a moment ago");
        scene.Server.Clock.Advance(TimeSpan.FromSeconds(10));
        for (var i = 0; i < 3; i++)
        {
            await scene.BeginAsync(new Browser(scene.Server), post: true);
        }

        scene.Entra.Fetches.ShouldBe(2);
        scene.Entra.RotateKey("second");
        ShouldBeRefused(await scene.SendAsync(new Browser(scene.Server)), "invalid_request", "fetched a moment ago");
        scene.Server.Clock.Advance(TimeSpan.FromMinutes(1));
        await scene.BeginAsync(new Browser(scene.Server), post: true);
        scene.Entra.Fetches.ShouldBe(3);

        scene.Entra.IsDown = true;
        scene.Server.Clock.Advance(TimeSpan.FromDays(1));
        await scene.BeginAsync(new Browser(scene.Server), post: true);
    }

    [Fact]
    public async Task Users_are_found_by_their_address_if_the_client_says_so()
    {
        await using var scene = await Scene.StartAsync(Engine.Sqlite);
        await scene.Party.ChangeAsync(new() { ["client_metadata"] = new JsonObject { ["entra_match"] = "email" } });
        var email = (string)(await scene.Person.Management.GetAsync(scene.Person.UserPath))["email"]!;

        (await scene.SendAsync(new Browser(scene.Server), ("id_token_hint", scene.Entra.Hint(scene.Server, "other", ("preferred_username", email.ToUpperInvariant())))))
            .Location!.ShouldContain("/mfa/sign-in");
        ShouldBeRefused(
            await scene.SendAsync(new Browser(scene.Server), ("id_token_hint", scene.Entra.Hint(scene.Server, scene.ObjectId))), "access_denied", "by object id");
    }

    [Theory, Engines]
    public async Task Only_a_client_that_is_set_up_for_Entra_gets_an_ID_token_from_the_browser(Engine engine)
    {
        await using var scene = await Scene.StartAsync(engine);
        var other = await RelyingParty.CreateAsync(scene.Server);
        var unfinished = await RelyingParty.CreateAsync(
            scene.Server, new() { ["client_metadata"] = new JsonObject { ["entra_tenant"] = FakeEntra.Tenant } });

        foreach (var party in new[] { other, unfinished })
        {
            (await new Browser(scene.Server).OpenAsync(RelyingParty.AuthorizePath(party.Parameters(("response_type", "id_token"), ("response_mode", "query")))))
                .ShouldBeClientError("unsupported_response_type", scene.Server);
        }

        foreach (var (name, value) in new[] { ("response_type", "code"), ("response_type", "id_token token"), ("response_mode", "fragment"), ("scope", "email"), ("nonce", "") })
        {
            var answer = await scene.SendAsync(new Browser(scene.Server), (name, value));
            (answer.Text + answer.Location).ShouldNotContain("id_token=");
            (answer.Location ?? answer.Text).ShouldContain("error");
        }
    }

    [Fact]
    public async Task The_metadata_are_as_Entra_needs_them()
    {
        await using var scene = await Scene.StartAsync(Engine.Sqlite);
        using var response = await scene.Server.Http.GetAsync("/.well-known/openid-configuration", TestContext.Current.CancellationToken);
        var document = JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        var keys = await new OAuthApi(scene.Server).GetAsync("/.well-known/jwks.json");

        response.Headers.TransferEncodingChunked.ShouldNotBe(true);
        response.Content.Headers.ContentLength.ShouldNotBeNull();
        document["response_types_supported"].Texts().ShouldContain("id_token");
        foreach (var key in keys["keys"]!.AsArray())
        {
            using var certificate = System.Security.Cryptography.X509Certificates.X509CertificateLoader.LoadCertificate(
                Convert.FromBase64String(key!["x5c"].Texts().ShouldHaveSingleItem()));
            Base64UrlEncoder.Encode(certificate.PublicKey.GetRSAPublicKey()!.ExportParameters(includePrivateParameters: false).Modulus)
                .ShouldBe((string)key["n"]!);
        }
    }

    private static void ShouldBeRefused(BrowserAnswer answer, string error, string name)
    {
        answer.Status.ShouldBe(HttpStatusCode.OK, name);
        answer.Text.ShouldContain($"action=\"{FakeEntra.Callback}\"");
        answer.Fields["error"].ShouldBe(error, name);
        answer.Fields["state"].ShouldBe("the state", name);
        answer.Fields.ShouldNotContainKey("id_token");
    }

    /// <summary>A client for Entra, and an enrolled user whose id is the object id in Entra.</summary>
    private sealed record Scene(TestServer Server, FakeEntra Entra, RelyingParty Party, Person Person, Flow Enrolled) : IAsyncDisposable
    {
        public string ObjectId => Person.UserId.Split('|')[1];

        public static async Task<Scene> StartAsync(Engine engine)
        {
            var entra = await FakeEntra.StartAsync();
            var server = await TestServer.StartAsync(engine, ("Sallyport:EntraUrl", entra.Url));
            var party = await RelyingParty.CreateAsync(server, new()
            {
                ["callbacks"] = new JsonArray(FakeEntra.Callback),
                ["client_metadata"] = new JsonObject { ["entra_tenant"] = FakeEntra.Tenant, ["entra_app_id"] = FakeEntra.ApplicationId },
            });
            var person = await Person.CreateAsync(server);
            return new Scene(server, entra, party, person, await person.EnrollAsync());
        }

        public async Task<long> CountCodesAsync() => (await Server.Database.QueryAsync(
            new Statement("SELECT count(*) FROM authorization_request WHERE code_hash IS NOT NULL"), row => row.GetInt64(0), CancellationToken.None))[0];

        public Task<BrowserAnswer> SendAsync(Browser browser, params (string Name, string? Value)[] changes) =>
            browser.PostAsync("/authorize", [.. Parameters(changes).Select(parameter => (parameter.Key, parameter.Value))]);

        public async Task<BrowserAnswer> BeginAsync(Browser browser, bool post)
        {
            var answer = post ? await SendAsync(browser) : await browser.OpenAsync(RelyingParty.AuthorizePath(Parameters()));
            answer.Status.ShouldBe(HttpStatusCode.SeeOther, answer.Text);
            answer.Location!.ShouldContain("/mfa/sign-in");
            return answer;
        }

        /// <summary>As Entra verifies the token.</summary>
        public async Task<JsonWebToken> VerifyAsync(string token)
        {
            var keys = new JsonWebKeySet((await new OAuthApi(Server).GetAsync("/.well-known/jwks.json")).ToJsonString());
            var result = await new JsonWebTokenHandler().ValidateTokenAsync(token, new TokenValidationParameters
            {
                ValidIssuer = Server.Url + "/",
                ValidAudience = Party.ClientId,
                ValidAlgorithms = [SecurityAlgorithms.RsaSha256],
                IssuerSigningKeys = keys.GetSigningKeys(),
                LifetimeValidator = (_, expires, _, _) => expires > Server.Clock.GetUtcNow().UtcDateTime,
            });
            result.IsValid.ShouldBeTrue(result.Exception?.Message);
            return (JsonWebToken)result.SecurityToken;
        }

        public async ValueTask DisposeAsync()
        {
            await Server.DisposeAsync();
            await Entra.DisposeAsync();
        }

        private Dictionary<string, string> Parameters(params (string Name, string? Value)[] changes) => Party.Parameters(
            [
                ("redirect_uri", FakeEntra.Callback), ("response_type", "id_token"), ("response_mode", "form_post"), ("scope", "openid"), ("claims", Claims),
                ("code_challenge", null), ("code_challenge_method", null), ("client-request-id", Guid.CreateVersion7().ToString()),
                ("id_token_hint", Entra.Hint(Server, ObjectId)), .. changes,
            ]);
    }
}

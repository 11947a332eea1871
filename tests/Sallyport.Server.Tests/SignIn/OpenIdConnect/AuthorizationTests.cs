using System.Net;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.JsonWebTokens;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.SignIn.OpenIdConnect;

/// <summary>What an authorization request may ask for, over HTTP.</summary>
public sealed class AuthorizationTests(Servers servers) : IClassFixture<Servers>
{
    private const string MultiFactor = "http://schemas.openid.net/pape/policies/2007/06/multi-factor";

    [Fact]
    public async Task Discovery_lists_what_is_served()
    {
        var server = await servers.GetAsync(Engine.Sqlite);

        var document = await new OAuthApi(server).GetAsync("/.well-known/openid-configuration");

        ((string)document["authorization_endpoint"]!).ShouldBe(server.Url + "/authorize");
        ((string)document["pushed_authorization_request_endpoint"]!).ShouldBe(server.Url + "/oauth/par");
        ((string)document["userinfo_endpoint"]!).ShouldBe(server.Url + "/userinfo");
        document["response_types_supported"].Texts().ShouldBe(["code", "id_token"]);
        document["response_modes_supported"].Texts().ShouldBe(["query", "fragment", "form_post"]);
        document["code_challenge_methods_supported"].Texts().ShouldBe(["S256"]);
        document["grant_types_supported"].Texts().ShouldContain("authorization_code");
        document["acr_values_supported"].Texts().ShouldBe([MultiFactor]);
        ((bool)document["authorization_response_iss_parameter_supported"]!).ShouldBeTrue();
    }

    [Theory, Engines]
    public async Task The_user_is_named_by_an_address_that_nobody_else_has(Engine engine)
    {
        var (party, person, enrolled) = await CreateAsync(engine);
        (await person.PatchAsync(new { email = person.Address })).ShouldBe(HttpStatusCode.OK);

        var code = await party.SignInAsync(person, enrolled, ("login_hint", person.Address.ToUpperInvariant()));

        SubjectOf(await party.ExchangeAsync(code)).ShouldBe(person.UserId);
        await person.Management.SendAsync(HttpMethod.Post, "/users", new { connection = "other", email = person.Address, password = MfaClient.Password });
        (await OpenAsync(party, ("login_hint", person.Address))).ShouldBeClientError("invalid_request", party.Server);
        (await OpenAsync(party, ("login_hint", "nobody@example.com"))).ShouldBeClientError("invalid_request", party.Server);
        (await OpenAsync(party)).ShouldBeClientError("invalid_request", party.Server);
    }

    [Theory, Engines]
    public async Task The_user_is_named_by_an_id_token_of_this_client(Engine engine)
    {
        var (party, person, enrolled) = await CreateAsync(engine);
        var other = await RelyingParty.CreateAsync(party.Server);
        var ofOther = IdTokenOf(await other.ExchangeAsync(await other.SignInAsync(person, enrolled)));
        var token = IdTokenOf(await party.ExchangeAsync(await party.SignInAsync(person, enrolled)));
        var another = await Person.CreateAsync(party.Server);
        // An expired one still says who it was.
        party.Server.Clock.Advance(TimeSpan.FromDays(1));

        SubjectOf(await party.ExchangeAsync(await party.SignInAsync(person, enrolled, ("login_hint", null), ("id_token_hint", token)))).ShouldBe(person.UserId);

        foreach (var hint in new[] { ofOther, token + "x", await another.AcceptedResultAsync(), await new ManagementApi(party.Server).FetchTokenAsync() })
        {
            (await OpenAsync(party, ("id_token_hint", hint))).ShouldBeClientError("invalid_request", party.Server);
        }

        (await OpenAsync(party, ("id_token_hint", token), ("login_hint", another.UserId))).ShouldBeClientError("invalid_request", party.Server);
    }

    /// <summary>It contains claims about the user.</summary>
    [Theory, Engines]
    public async Task An_id_token_hint_is_read_and_not_stored(Engine engine)
    {
        var (party, person, enrolled) = await CreateAsync(engine);
        var token = IdTokenOf(await party.ExchangeAsync(await party.SignInAsync(person, enrolled)));
        var claims = token.Split('.')[1];

        var code = await party.SignInAsync(person, enrolled, ("id_token_hint", token));

        var stored = await DatabaseDump.TakeAsync(party.Server.Database);
        stored.ShouldContain(row => row.Contains("hinted_user", StringComparison.Ordinal));
        stored.ShouldNotContain(row => row.Contains(claims, StringComparison.Ordinal));
        SubjectOf(await party.ExchangeAsync(code)).ShouldBe(person.UserId);
    }

    /// <summary>The names under which the server stores what it has read.</summary>
    [Theory]
    [InlineData("hinted_user")]
    [InlineData("hinted_subject")]
    public async Task Nobody_can_send_what_the_server_reads_from_a_hint(string name)
    {
        var (party, person, _) = await CreateAsync(Engine.Sqlite);

        (await OpenAsync(party, ("login_hint", null), (name, person.UserId))).ShouldBeClientError("invalid_request", party.Server);
    }

    [Theory, Engines]
    public async Task A_blocked_user_is_refused_at_once(Engine engine)
    {
        var (party, person, _) = await CreateAsync(engine);
        (await person.PatchAsync(new { blocked = true })).ShouldBe(HttpStatusCode.OK);

        (await OpenAsync(party, ("login_hint", person.UserId))).ShouldBeClientError("access_denied", party.Server);
    }

    [Theory, Engines]
    public async Task A_user_without_an_authenticator_enrolls_one(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var (party, person) = (await RelyingParty.CreateAsync(server), await Person.CreateAsync(server));
        var browser = new Browser(server);
        var asked = await browser.OpenAsync(await party.PushAsync(("login_hint", person.UserId)));

        // The enrollment takes its time.
        server.Clock.Advance(TimeSpan.FromMinutes(25));
        var started = await person.Guardian.SendAsync("start-flow", "Bearer " + asked.Query("request_token"));
        var flow = new Flow(started.ShouldBe(HttpStatusCode.Created));
        (await person.Guardian.VerifyAsync(flow, person.Guardian.CodeOf(flow))).ShouldBe(HttpStatusCode.OK);
        var answer = await browser.ResumeAsync((string)(await person.Guardian.GetStateAsync(flow))["token"]!);

        SubjectOf(await party.ExchangeAsync(answer.Code)).ShouldBe(person.UserId);
        (await person.ListEnrollmentsAsync()).Count.ShouldBe(1);
    }

    [Theory, Engines]
    public async Task An_access_token_is_for_the_api_that_was_requested(Engine engine)
    {
        var (party, person, enrolled) = await CreateAsync(engine);
        var api = $"https://{Guid.CreateVersion7():N}.example/";
        (await person.Management.SendAsync(HttpMethod.Post, "/resource-servers", new
        {
            identifier = api,
            name = "Transfers",
            scopes = new[] { new { value = "read:transfers" }, new { value = "make:transfers" } },
        })).ShouldBe(HttpStatusCode.Created);

        foreach (var name in new[] { "audience", "resource" })
        {
            var code = await party.SignInAsync(person, enrolled, (name, api), ("scope", "openid read:transfers other"));
            var tokens = (await party.ExchangeAsync(code)).ShouldBe(HttpStatusCode.OK);

            var token = new JsonWebToken((string)tokens["access_token"]!);
            token.Audiences.ShouldBe([api]);
            token.Subject.ShouldBe(person.UserId);
            token.GetPayloadValue<string>("azp").ShouldBe(party.ClientId);
            token.GetPayloadValue<string>("scope").ShouldBe("openid read:transfers");
        }

        foreach (var audience in new[] { "https://unknown.example/", party.Server.Url + "/api/v2/" })
        {
            (await OpenAsync(party, ("login_hint", person.UserId), ("audience", audience))).ShouldBeClientError("access_denied", party.Server);
        }
    }

    /// <summary>The five minutes count from the second factor, not from the exchange of the code.</summary>
    [Theory, Engines]
    public async Task An_access_token_for_the_authenticators_is_as_old_as_its_second_factor(Engine engine)
    {
        var (party, person, enrolled) = await CreateAsync(engine);
        var code = await party.SignInAsync(person, enrolled, ("audience", party.Server.Url + "/mfa/"), ("scope", "enroll"));
        party.Server.Clock.Advance(TimeSpan.FromSeconds(50));
        var token = (string)(await party.ExchangeAsync(code)).ShouldBe(HttpStatusCode.OK)["access_token"]!;

        (await AssociateAsync(party.Server, token)).ShouldBe(HttpStatusCode.OK);
        party.Server.Clock.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromSeconds(40));

        (await AssociateAsync(party.Server, token)).ShouldBeOAuthError(HttpStatusCode.Forbidden, "access_denied");
    }

    [Theory, Engines]
    public async Task Rules_see_the_client_the_scopes_and_the_address_of_the_browser(Engine engine)
    {
        var (party, person, _) = await CreateAsync(engine);
        try
        {
            foreach (var when in new JsonObject[]
            {
                new() { ["client_ids"] = new JsonArray(party.ClientId) },
                new() { ["scopes"] = new JsonArray("profile") },
                new() { ["networks"] = new JsonArray("127.0.0.0/8", "::1/128") },
            })
            {
                await SetRulesAsync(person, new JsonArray(
                    new JsonObject { ["name"] = "matches", ["when"] = when.DeepClone(), ["require"] = false },
                    new JsonObject { ["name"] = "others", ["require"] = true }));

                var answer = await OpenAsync(party, ("login_hint", person.UserId), ("prompt", "none"));

                answer.Code.ShouldNotBeEmpty(when.ToJsonString());
                (await OpenAsync(party, ("login_hint", person.UserId), ("prompt", "none"), ("acr_values", MultiFactor)))
                    .ShouldBeClientError("interaction_required", party.Server);
            }
        }
        finally
        {
            await SetRulesAsync(person, []);
        }
    }

    [Theory, Engines]
    public async Task A_remembered_browser_is_asked_only_if_multi_factor_is_requested(Engine engine)
    {
        var (party, person, enrolled) = await CreateAsync(engine);
        var browser = new Browser(party.Server);
        var visitor = new PageVisitor(party.Server) { OfBrowser = browser.Cookies };
        var asked = await browser.OpenAsync(await party.PushAsync(("login_hint", person.UserId)));
        var flow = new Flow((await person.Guardian.SendAsync("start-flow", "Bearer " + asked.Query("request_token"))).ShouldBe(HttpStatusCode.Created));
        (await person.Guardian.VerifyAsync(flow, person.Guardian.CodeOf(enrolled, 1))).ShouldBe(HttpStatusCode.OK);
        (await visitor.RememberAsync(flow.Token)).Status.ShouldBe(HttpStatusCode.NoContent);
        browser.Cookies.Add(new Uri(party.Server.Url), new Cookie("auth0-mf", visitor.Cookie, "/"));

        foreach (var prompt in new[] { "login", "none" })
        {
            var answered = await browser.OpenAsync(await party.PushAsync(("login_hint", person.UserId), ("prompt", prompt)));
            var idToken = new JsonWebToken(IdTokenOf(await party.ExchangeAsync(answered.Code)));

            idToken.Subject.ShouldBe(person.UserId);
            idToken.TryGetPayloadValue<string>("acr", out _).ShouldBeFalse();
            idToken.TryGetPayloadValue<string[]>("amr", out _).ShouldBeFalse();
            (await OpenAsync(party, ("login_hint", person.UserId), ("prompt", "none"))).ShouldBeClientError("interaction_required", party.Server);
        }

        (await browser.OpenAsync(await party.PushAsync(("login_hint", person.UserId), ("prompt", "none"), ("acr_values", MultiFactor))))
            .ShouldBeClientError("interaction_required", party.Server);

        (await OpenPageAsync(browser, party, ("login_hint", person.UserId), ("acr_values", MultiFactor))).Fields.ShouldBeEmpty();
        await party.ChangeAsync(new()
        {
            ["client_metadata"] = new JsonObject { ["allow_remember_browser"] = "false", ["first_factor"] = "application" },
        });
        (await OpenPageAsync(browser, party, ("login_hint", person.UserId))).Fields.ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task A_response_comes_in_the_fragment_if_that_was_requested(Engine engine)
    {
        var (party, person, enrolled) = await CreateAsync(engine);
        var browser = new Browser(party.Server);
        var asked = await browser.OpenAsync(await party.PushAsync(("login_hint", person.UserId), ("response_mode", "fragment")));

        var answer = await browser.ResumeAsync(await Browser.ProveAsync(person, enrolled, asked));

        answer.Location!.ShouldStartWith(RelyingParty.Callback + "#code=");
        answer.Location.ShouldContain("&state=the%20state&iss=");
    }

    [Theory]
    [InlineData("https://bücher.example/zurück?tenant=ä", "https://xn--bcher-kva.example/zur%C3%BCck?tenant=%C3%A4&code=")]
    [InlineData("com.example.app:/zurück", "com.example.app:/zur%C3%BCck?code=")]
    [InlineData("com.example.app://callback", "com.example.app://callback?code=")]
    public async Task A_callback_may_have_a_query_letters_of_any_alphabet_and_the_scheme_of_an_app(string address, string answered)
    {
        var server = await servers.GetAsync(Engine.Sqlite);
        var person = await Person.CreateAsync(server);
        var enrolled = await person.EnrollAsync();
        var party = await RelyingParty.CreateAsync(server, new() { ["callbacks"] = new JsonArray(address) });
        var browser = new Browser(server);
        var asked = await browser.OpenAsync(await party.PushAsync(("login_hint", person.UserId), ("redirect_uri", address)));

        var answer = await browser.ResumeAsync(await Browser.ProveAsync(person, enrolled, asked));

        answer.Location!.ShouldStartWith(answered);
        (await new Browser(server).OpenAsync(asked.Location!)).Policy.ShouldContain(" form-action 'self' https: " + (address.StartsWith("https", StringComparison.Ordinal)
            ? "https://xn--bcher-kva.example;"
            : "com.example.app:;"));
        (await party.ExchangeAsync(answer.Code, ("redirect_uri", address))).ShouldBe(HttpStatusCode.OK);
    }

    [Theory, Engines]
    public async Task A_request_may_be_posted_by_the_browser(Engine engine)
    {
        var (party, _, _) = await CreateAsync(engine);

        var answer = await new Browser(party.Server).PostAsync(
            "/authorize", [.. party.Parameters(("response_type", "token")).Select(parameter => (parameter.Key, parameter.Value))]);

        answer.Status.ShouldBe(HttpStatusCode.SeeOther);
        answer.Location!.ShouldStartWith(RelyingParty.Callback + "#error=unsupported_response_type");
    }

    [Theory, Engines]
    public async Task A_client_sets_how_long_its_pushed_requests_are_valid_and_can_require_them(Engine engine)
    {
        var (party, person, _) = await CreateAsync(engine);
        await party.ChangeAsync(new() { ["par_request_expiry"] = 600, ["require_pushed_authorization_requests"] = true });

        var pushed = (await party.TryPushAsync(("login_hint", person.UserId))).ShouldBe(HttpStatusCode.Created);

        ((int)pushed["expires_in"]!).ShouldBe(600);
        (await new Browser(party.Server).OpenAsync(RelyingParty.AuthorizePath(party.Parameters()))).ShouldBeClientError("invalid_request", party.Server);
        (await party.TryPushAsync(("redirect_uri", "https://evil.example/"))).ShouldBeOAuthError(HttpStatusCode.BadRequest, "invalid_request");
        (await party.TryPushAsync(("request_uri", "urn:ietf:params:oauth:request_uri:x"))).ShouldBeOAuthError(HttpStatusCode.BadRequest, "invalid_request");
    }

    [Fact]
    public async Task The_cookie_is_bound_to_the_host_and_hidden_from_scripts()
    {
        await using var server = await TestServer.StartSecureAsync(Engine.Sqlite);
        var (party, person) = (await RelyingParty.CreateAsync(server), await Person.CreateAsync(server));
        using var http = new HttpClient(TestCertificate.CreateHandler(new CookieContainer())) { BaseAddress = new Uri(server.Url) };

        using var response = await http.GetAsync(await party.PushAsync(("login_hint", person.UserId)), TestContext.Current.CancellationToken);

        var cookie = response.Headers.GetValues("Set-Cookie").ShouldHaveSingleItem();
        cookie.ShouldStartWith("__Host-authorization-");
        cookie.ShouldContain("; path=/; secure; samesite=lax; httponly");
        response.Headers.GetValues("Referrer-Policy").ShouldBe(["no-referrer"]);
        response.Headers.CacheControl!.NoStore.ShouldBeTrue();
    }

    [Theory, Engines]
    public async Task The_page_is_shown_in_the_language_of_the_request(Engine engine)
    {
        var (party, person, _) = await CreateAsync(engine);
        await person.Management.SendAsync(HttpMethod.Patch, "/tenants/settings", new { enabled_locales = new[] { "en", "de" } });

        var asked = await OpenAsync(party, ("login_hint", person.UserId), ("ui_locales", "de fr"));

        asked.Query("ui_locales").ShouldBe("de fr");
        (await new Browser(party.Server).OpenAsync(asked.Location!)).Text.ShouldContain("<html lang=\"de\"");
        var many = await OpenAsync(party, ("login_hint", person.UserId), ("ui_locales", string.Concat(Enumerable.Repeat("de-AT ", 600))));
        many.Location!.Length.ShouldBeLessThan(2000);
        (await new Browser(party.Server).OpenAsync(many.Location)).Text.ShouldContain("<html lang=\"de\"");
    }

    [Theory, Engines]
    public async Task An_access_token_for_the_claims_of_the_user_can_be_requested(Engine engine)
    {
        var (party, person, enrolled) = await CreateAsync(engine);

        var tokens = (await party.ExchangeAsync(await party.SignInAsync(person, enrolled, ("audience", party.Server.Url + "/userinfo")))).ShouldBe(HttpStatusCode.OK);

        (await party.GetUserInfoAsync((string)tokens["access_token"]!)).ShouldBe(HttpStatusCode.OK);
    }

    /// <summary>Opens the page that asks for the second factor, or posts its result at once.</summary>
    private static async Task<BrowserAnswer> OpenPageAsync(Browser browser, RelyingParty party, params (string Name, string? Value)[] changes)
    {
        var page = await browser.OpenAsync((await browser.OpenAsync(await party.PushAsync(changes))).Location!);
        page.Status.ShouldBe(HttpStatusCode.OK, page.Text);
        return page;
    }

    private static string IdTokenOf(Answer answer) => (string)answer.ShouldBe(HttpStatusCode.OK)["id_token"]!;

    private static string SubjectOf(Answer answer) => new JsonWebToken(IdTokenOf(answer)).Subject;

    private static async Task<BrowserAnswer> OpenAsync(RelyingParty party, params (string Name, string? Value)[] changes) =>
        await new Browser(party.Server).OpenAsync(await party.PushAsync(changes));

    private static async Task SetRulesAsync(Person person, JsonArray rules) =>
        (await person.Management.SendAsync(HttpMethod.Put, "/guardian/policies/rules", new JsonObject { ["rules"] = rules })).ShouldBe(HttpStatusCode.OK);

    private static async Task<Answer> AssociateAsync(TestServer server, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/mfa/associate")
        {
            Content = System.Net.Http.Json.JsonContent.Create(new { authenticator_types = new[] { "otp" } }),
        };
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token);
        using var response = await server.Http.SendAsync(request);
        return await Answer.ReadAsync(response);
    }

    private async Task<(RelyingParty Party, Person Person, Flow Enrolled)> CreateAsync(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var person = await Person.CreateAsync(server);
        return (await RelyingParty.CreateAsync(server), person, await person.EnrollAsync());
    }
}

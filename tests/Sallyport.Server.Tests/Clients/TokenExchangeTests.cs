using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Clients;

public sealed class TokenExchangeTests(Servers servers) : IClassFixture<Servers>
{
    [Theory, Engines]
    public async Task A_token_is_given_for_a_form_and_for_JSON(Engine engine)
    {
        var oauth = new OAuthApi(await servers.GetAsync(engine));

        foreach (var content in new HttpContent[]
        {
            new FormUrlEncodedContent(oauth.Parameters()), JsonContent.Create(oauth.Parameters()),
        })
        {
            var answer = await oauth.SendAsync(content);

            var token = answer.ShouldBe(HttpStatusCode.OK);
            ((string)token["access_token"]!).Split('.').Length.ShouldBe(3);
            ((int)token["expires_in"]!).ShouldBe(86400);
            ((string)token["token_type"]!).ShouldBe("Bearer");
            ((string)token["scope"]!).ShouldContain("create:guardian_enrollment_tickets");
            answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
        }
    }

    /// <summary>The exact token requests that published clients send by default. {0} is the domain of the server.</summary>
    public static TheoryData<string, string, string, string?> PublishedRequests()
    {
        const string Json = "application/json";
        const string Form = "application/x-www-form-urlencoded";
        var id = TestServer.ClientId;
        var secret = TestServer.ClientSecret;
        var encoded = Uri.EscapeDataString(secret).Replace("%20", "+", StringComparison.Ordinal);
        return new()
        {
            { "auth0-python 4.6 and later, GetToken", Json, $$"""{"client_id": "{{id}}", "audience": "https://{0}/api/v2/", "grant_type": "client_credentials", "organization": null, "client_secret": "{{secret}}"}""", null },
            { "auth0-python 5, ManagementClient", Form, $"grant_type=client_credentials&client_id={id}&client_secret={encoded}&audience=https%3A%2F%2F{{0}}%2Fapi%2Fv2%2F", null },
            { "ruby-auth0 5.16 and later", Json, $$"""{"grant_type":"client_credentials","client_id":"{{id}}","audience":"https://{0}/api/v2/","organization":null,"client_secret":"{{secret}}"}""", null },
            { "auth0-java, AuthAPI", Json, $$"""{"audience":"https://{0}/api/v2/","grant_type":"client_credentials","client_secret":"{{secret}}","client_id":"{{id}}"}""", null },
            { "go-auth0 and Terraform", Form, "audience=https%3A%2F%2F{0}%2Fapi%2Fv2%2F&grant_type=client_credentials", $"{id}:{encoded}" },
            { "go-auth0 and Terraform, second attempt", Form, $"audience=https%3A%2F%2F{{0}}%2Fapi%2Fv2%2F&client_id={id}&client_secret={encoded}&grant_type=client_credentials", null },
            { "Auth0.AuthenticationApi for .NET", Form, $"grant_type=client_credentials&client_id={id}&audience=https%3A%2F%2F{{0}}%2Fapi%2Fv2%2F&client_secret={encoded}", null },
            { "npm auth0 2 and 3", Json, $$"""{"grant_type":"client_credentials","client_id":"{{id}}","client_secret":"{{secret}}","audience":"https://{0}/api/v2/"}""", null },
            { "npm auth0 4 and later", Form, $"client_id={id}&grant_type=client_credentials&audience=https%3A%2F%2F{{0}}%2Fapi%2Fv2%2F&client_secret={encoded}", null },
        };
    }

    [Theory, MemberData(nameof(PublishedRequests))]
    public async Task Published_clients_get_a_token(string client, string type, string body, string? basic)
    {
        foreach (var engine in Enum.GetValues<Engine>())
        {
            var server = await servers.GetAsync(engine);
            var content = new StringContent(body.Replace("{0}", server.Domain, StringComparison.Ordinal), System.Text.Encoding.UTF8, type);

            var answer = await new OAuthApi(server).SendAsync(content, basic);

            ((string)answer.ShouldBe(HttpStatusCode.OK)["access_token"]!).ShouldNotBeEmpty(client);
        }
    }

    [Theory]
    [InlineData("\"organization\":null")]
    [InlineData("\"organization\":\"\",\"scope\":null")]
    [InlineData("\"organization\":{\"id\":\"org_1\"},\"resource\":[\"a\",null,1],\"dpop\":true,\"nonce\":7,\"x\":false")]
    [InlineData("\"a\":{\"b\":{\"c\":{\"d\":{\"e\":{\"f\":{\"g\":{\"h\":{\"i\":1}}}}}}}}")]
    public async Task Members_that_are_null_or_unknown_are_ignored_whatever_their_type(string members)
    {
        var server = await servers.GetAsync(Engine.Sqlite);
        var known = JsonContent.Create(new OAuthApi(server).Parameters());
        var body = (await known.ReadAsStringAsync(TestContext.Current.CancellationToken)).TrimEnd('}') + "," + members + "}";

        (await new OAuthApi(server).SendTextAsync(body, "application/json")).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Unknown_form_fields_are_ignored_even_if_they_are_repeated()
    {
        var server = await servers.GetAsync(Engine.Sqlite);
        var body = await new FormUrlEncodedContent(new OAuthApi(server).Parameters()).ReadAsStringAsync(TestContext.Current.CancellationToken);

        (await new OAuthApi(server).SendTextAsync(body + "&organization=&x=1&x=2", "application/x-www-form-urlencoded")).ShouldBe(HttpStatusCode.OK);
    }

    /// <summary>Null is the same as absent, also for a parameter that is required.</summary>
    [Theory]
    [InlineData("grant_type", HttpStatusCode.BadRequest)]
    [InlineData("client_id", HttpStatusCode.Unauthorized)]
    [InlineData("client_secret", HttpStatusCode.Unauthorized)]
    [InlineData("audience", HttpStatusCode.Forbidden)]
    public async Task A_required_parameter_that_is_null_is_missing(string name, HttpStatusCode status)
    {
        var oauth = new OAuthApi(await servers.GetAsync(Engine.Sqlite));
        var body = JsonNode.Parse(await JsonContent.Create(oauth.Parameters()).ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        body[name] = null;

        var answer = await oauth.SendTextAsync(body.ToJsonString(), "application/json");

        answer.Status.ShouldBe(status);
        answer.Text.ShouldBe((await oauth.SendAsync((name, null))).Text);
    }

    [Theory, Engines]
    public async Task The_client_may_authenticate_with_HTTP_Basic(Engine engine)
    {
        var oauth = new OAuthApi(await servers.GetAsync(engine));
        var bare = new FormUrlEncodedContent(oauth.Parameters(("client_id", null), ("client_secret", null)));
        var escaped = new FormUrlEncodedContent(oauth.Parameters(("client_id", null), ("client_secret", null)));

        var plain = await oauth.SendAsync(bare, $"{TestServer.ClientId}:{TestServer.ClientSecret}");
        var encoded = await oauth.SendAsync(escaped, $"{TestServer.ClientId}:{Uri.EscapeDataString(TestServer.ClientSecret).Replace("%20", "+")}");

        plain.ShouldBe(HttpStatusCode.OK);
        encoded.ShouldBe(HttpStatusCode.OK);
    }

    [Theory, Engines]
    public async Task The_audience_may_have_another_scheme_and_no_trailing_slash(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var oauth = new OAuthApi(server);

        foreach (var audience in new[]
        {
            server.Url + "/api/v2/", server.Url + "/api/v2", server.Url.Replace("http://", "https://") + "/api/v2/",
        })
        {
            (await oauth.SendAsync(("audience", audience))).ShouldBe(HttpStatusCode.OK);
        }

        foreach (var audience in new[] { null, "", "urn:other", "https://example.com/api/v2/", "http://127.0.0.1/api/v2/", server.Url, @"http:\\x", @"https:\\", "http:" })
        {
            var answer = await oauth.SendAsync(("audience", audience));
            answer.ShouldBe(HttpStatusCode.Forbidden);
            ((string)answer.Json!["error"]!).ShouldBe("access_denied");
        }
    }

    [Theory, Engines]
    public async Task A_requested_scope_can_narrow_but_not_widen_the_granted_scopes(Engine engine)
    {
        var oauth = new OAuthApi(await servers.GetAsync(engine));

        var narrowed = await oauth.SendAsync(("scope", "read:users delete:everything create:users read:users"));
        var none = await oauth.SendAsync(("scope", "delete:everything"));

        ((string)narrowed.ShouldBe(HttpStatusCode.OK)["scope"]!).Split(' ').ShouldBe(["create:users", "read:users"], ignoreOrder: true);
        ((string)none.ShouldBe(HttpStatusCode.OK)["scope"]!).ShouldBe("");
    }

    /// <summary>The answer must not reveal which clients exist.</summary>
    [Theory, Engines]
    public async Task A_wrong_secret_and_an_unknown_client_get_the_same_answer(Engine engine)
    {
        var oauth = new OAuthApi(await servers.GetAsync(engine));

        var answers = new[]
        {
            await oauth.SendAsync(("client_secret", "wrong")),
            await oauth.SendAsync(("client_id", "nobody")),
            await oauth.SendAsync(("client_secret", "")),
            await oauth.SendAsync(("client_id", null), ("client_secret", null)),
            await oauth.SendAsync(("client_id", TestServer.ClientId.ToUpperInvariant())),
            await oauth.SendAsync(("client_secret", TestServer.ClientSecret + " ")),
            await oauth.SendAsync(("client_secret", "wrong"), ("audience", "urn:other")),
        };

        answers.ShouldAllBe(answer => answer.Status == HttpStatusCode.Unauthorized);
        answers.Select(answer => answer.Text).Distinct()
            .ShouldBe(["""{"error":"access_denied","error_description":"Unauthorized"}"""]);
        answers.Select(answer => answer.Headers.WwwAuthenticate.ToString()).Distinct().Count().ShouldBe(1);
    }

    [Theory, Engines]
    public async Task A_grant_type_that_is_missing_or_unknown_is_refused(Engine engine)
    {
        var oauth = new OAuthApi(await servers.GetAsync(engine));

        ShouldBeFault(await oauth.SendAsync(("grant_type", null)), "invalid_request");
        ShouldBeFault(await oauth.SendAsync(("grant_type", "")), "invalid_request");
        ShouldBeFault(await oauth.SendAsync(("grant_type", "magic")), "unsupported_grant_type");
        ShouldBeFault(await oauth.SendAsync(("grant_type", "CLIENT_CREDENTIALS")), "unsupported_grant_type");
    }

    public static TheoryData<string, string> BadRequests() => new()
    {
        { "application/x-www-form-urlencoded", "" },
        { "application/x-www-form-urlencoded", "grant_type=client_credentials&grant_type=client_credentials" },
        { "application/x-www-form-urlencoded", "grant_type=client_credentials&client_id=a&client_id=b" },
        { "application/x-www-form-urlencoded", "grant_type=client_credentials&client_id=a%00b&client_secret=x" },
        { "application/x-www-form-urlencoded", "grant_type=client_credentials&" + new string('k', 3000) + "=1" },
        { "application/x-www-form-urlencoded", string.Join('&', Enumerable.Range(0, 1100).Select(n => $"p{n}=1")) },
        { "multipart/form-data", "no boundary" },
        { "application/json", "" },
        { "application/json", "null" },
        { "application/json", "[]" },
        { "application/json", "\"client_credentials\"" },
        { "application/json", "{" },
        { "application/json", """{"grant_type":["client_credentials"]}""" },
        { "application/json", """{"grant_type":"client_credentials","client_id":7}""" },
        { "application/json", """{"grant_type":"client_credentials","grant_type":"client_credentials"}""" },
        { "application/json", """{"grant_type":"client_credentials","client_id":"a\u0000"}""" },
        { "application/json", """{"grant_type":"client_credentials","client_id":"\ud800"}""" },
        { "application/json", """{"grant_type":"client_credentials","\ud800":"x"}""" },
        { "application/json", string.Concat(Enumerable.Repeat("{\"a\":", 100)) },
        { "application/json", "\"" + new string('x', 1_100_000) + "\"" },
        { "application/x-www-form-urlencoded", "client_secret=" + new string('x', 1_100_000) },
    };

    [Theory, MemberData(nameof(BadRequests))]
    public async Task A_malformed_request_is_refused_with_an_OAuth_error(string type, string body)
    {
        foreach (var engine in Enum.GetValues<Engine>())
        {
            var server = await servers.GetAsync(engine);
            var before = await DatabaseDump.TakeAsync(server.Database);

            var answer = await new OAuthApi(server).SendTextAsync(body, type);

            ((int)answer.Status).ShouldBeInRange(400, 499, answer.Text);
            ((string)answer.Json!["error"]!).ShouldBe("invalid_request");
            ((string)answer.Json!["error_description"]!).ShouldNotBeEmpty();
            (await DatabaseDump.TakeAsync(server.Database)).ShouldBe(before);
        }
    }

    [Theory, Engines]
    public async Task A_broken_Basic_header_names_no_client(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var oauth = new OAuthApi(server);

        foreach (var basic in new[] { "a%00b:x", "a\0b:x", "nocolon", ":", "%ZZ:%ZZ", new string('a', 5000) + ":x" })
        {
            var answer = await oauth.SendAsync(new FormUrlEncodedContent(oauth.Parameters(("client_id", null), ("client_secret", null))), basic);

            ((int)answer.Status).ShouldBeInRange(400, 401, basic);
            ((string)answer.Json!["error"]!).ShouldBeOneOf("access_denied", "invalid_request");
        }
    }

    [Theory, Engines]
    public async Task Every_token_request_is_logged_without_its_secret(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var oauth = new OAuthApi(server);

        await oauth.SendAsync();
        await oauth.SendAsync(("client_secret", "not the secret"));
        await oauth.SendAsync(("client_id", "nobody"), ("client_secret", "not the secret"));

        (await LogEntry.ListAsync(server, "seccft")).Select(entry => entry.ClientId).ShouldBe([TestServer.ClientId]);
        var failed = await LogEntry.ListAsync(server, "feccft");
        failed.Select(entry => entry.ClientId).ShouldBe([TestServer.ClientId, "nobody"]);
        failed.ShouldAllBe(entry => entry.Address == "127.0.0.1" && !entry.Details!.Contains("not the secret"));
    }

    [Theory, Engines]
    public async Task Repeated_refusals_do_not_fill_the_log(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var oauth = new OAuthApi(server);

        for (var i = 0; i < 3; i++)
        {
            (await oauth.SendAsync(("client_id", "nobody" + i))).ShouldBe(HttpStatusCode.Unauthorized);
            (await oauth.SendAsync(("client_secret", "wrong"))).ShouldBe(HttpStatusCode.Unauthorized);
        }

        server.Clock.Advance(TimeSpan.FromMinutes(1));
        await oauth.SendAsync(("client_id", "nobody3"));

        (await LogEntry.ListAsync(server, "feccft")).Select(entry => $"{entry.ClientId} {entry.Json["count"]}")
            .ShouldBe(["nobody0 3", $"{TestServer.ClientId} 3", "nobody3 1"]);
    }

    /// <summary>Anyone can send a client id, so only a limited part of it is stored.</summary>
    [Theory, Engines]
    public async Task A_long_client_id_is_truncated_in_the_log(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);

        var answer = await new OAuthApi(server).SendAsync(("client_id", new string('x', 100_000)));

        answer.ShouldBe(HttpStatusCode.Unauthorized);
        (await LogEntry.ListAsync(server, "feccft")).ShouldHaveSingleItem().ClientId!.Length.ShouldBeLessThan(1000);
    }

    private static void ShouldBeFault(Answer answer, string error)
    {
        JsonNode body = answer.ShouldBe(HttpStatusCode.BadRequest);
        ((string)body["error"]!).ShouldBe(error);
    }
}

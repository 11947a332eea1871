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

    [Theory, Engines]
    public async Task The_client_may_prove_itself_by_HTTP_Basic(Engine engine)
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
    public async Task The_audience_may_carry_another_scheme_and_lack_the_last_slash(Engine engine)
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
    public async Task A_scope_that_is_asked_for_narrows_what_is_granted_and_widens_nothing(Engine engine)
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
    public async Task A_malformed_request_is_refused_in_the_words_of_OAuth(string type, string body)
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
    public async Task Every_exchange_is_in_the_log_without_its_secret(Engine engine)
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

    /// <summary>Anybody can send a client id: what is kept of it has a bound.</summary>
    [Theory, Engines]
    public async Task A_huge_client_id_is_not_kept_whole(Engine engine)
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

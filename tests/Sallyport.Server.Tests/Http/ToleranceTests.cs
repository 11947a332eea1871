using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Http;

/// <summary>Requests of published clients that a strict server would refuse (docs/management-api.md §E.4).</summary>
public sealed class ToleranceTests(Servers servers) : IClassFixture<Servers>
{
    [Theory, Engines]
    public async Task A_GET_may_carry_a_content_type_and_a_body(Engine engine)
    {
        var management = new ManagementApi(await servers.GetAsync(engine));

        foreach (var body in new[] { "", "null\n", "{}" })
        {
            (await management.SendAsync(HttpMethod.Get, "/users", Json(body))).ShouldBe(HttpStatusCode.OK);
            (await management.SendAsync(HttpMethod.Get, "/guardian/factors", Json(body))).ShouldBe(HttpStatusCode.OK);
        }
    }

    [Theory, Engines]
    public async Task A_DELETE_and_an_empty_POST_may_carry_an_empty_object(Engine engine)
    {
        var management = new ManagementApi(await servers.GetAsync(engine));
        var path = "/users/" + Uri.EscapeDataString(await management.CreateUserAsync());

        (await management.SendAsync(HttpMethod.Delete, path, Json("{}"))).Status.ShouldBe(HttpStatusCode.NoContent);
        (await management.SendAsync(HttpMethod.Post, "/keys/signing/rotate", Json("{}"))).ShouldBe(HttpStatusCode.Created);
        (await management.SendAsync(HttpMethod.Post, "/keys/signing/rotate", new ByteArrayContent([]))).ShouldBe(HttpStatusCode.Created);
    }

    [Theory, Engines]
    public async Task JSON_may_contain_white_space_and_have_any_or_no_content_type(Engine engine)
    {
        var management = new ManagementApi(await servers.GetAsync(engine));

        foreach (var type in new[] { null, "application/json", "application/json; charset=utf-8", "text/plain", "application/scim+json" })
        {
            var content = new ByteArrayContent(Encoding.UTF8.GetBytes(
                $"\r\n{{\n  \"connection\" : \"db\",\n\t\"email\" : \"user-{Guid.CreateVersion7():N}@example.com\"\n}}\n\n"));
            content.Headers.ContentType = type is null ? null : MediaTypeHeaderValue.Parse(type);

            (await management.SendAsync(HttpMethod.Post, "/users", content)).ShouldBe(HttpStatusCode.Created);
        }
    }

    /// <summary>curl labels every body as a form by default.</summary>
    [Theory, Engines]
    public async Task JSON_that_is_labelled_as_a_form_is_read_as_JSON(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var management = new ManagementApi(server);
        var asForm = MediaTypeHeaderValue.Parse("application/x-www-form-urlencoded");
        HttpContent Labelled(string body) => new StringContent(body, Encoding.UTF8, asForm);

        var user = await management.SendAsync(HttpMethod.Post, "/users", Labelled("\n {\"connection\":\"db\",\"email\":\"curl@example.com\"}"));
        var refused = await management.SendAsync(HttpMethod.Post, "/users", Labelled("{\"connection\":\"db\",\"nonsense\":1}"));
        var malformed = await management.SendAsync(HttpMethod.Post, "/users", Labelled("{\"connection\":"));
        var empty = await management.SendAsync(HttpMethod.Post, "/users", Labelled(""));
        using var token = await server.Http.PostAsync(
            "/oauth/token",
            Labelled($$"""{"grant_type":"client_credentials","client_id":"{{TestServer.ClientId}}","client_secret":"{{TestServer.ClientSecret}}","audience":"{{server.Url}}/api/v2/"}"""),
            CancellationToken.None);

        user.ShouldBe(HttpStatusCode.Created);
        refused.Text.ShouldContain("'Additional properties not allowed: nonsense'");
        malformed.Text.ShouldContain("Malformed JSON at line 1");
        empty.ShouldBeError(HttpStatusCode.BadRequest, "invalid_body");
        token.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    /// <summary>Answers are JSON and never read as HTML, so an apostrophe needs no escape.</summary>
    [Theory, Engines]
    public async Task No_answer_escapes_an_apostrophe(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var management = new ManagementApi(server);
        await management.SendAsync(HttpMethod.Post, "/users", new { connection = "db", email = "brien@example.com", name = "O'Brien <é>" });

        foreach (var path in new[] { "", "&include_totals=true", "&fields=name", "&fields=name&include_totals=true" })
        {
            (await management.SendAsync(HttpMethod.Get, "/users?q=email:brien@example.com" + path)).Text.ShouldContain("\"O'Brien <é>\"");
        }

        foreach (var path in new[] { "", "&include_totals=true", "&fields=details" })
        {
            (await management.SendAsync(HttpMethod.Get, "/logs?q=user_name:brien@example.com" + path)).Text.ShouldContain("\"O'Brien <é>\"");
        }

        var refused = await management.SendAsync(HttpMethod.Get, "/users?page=x");
        refused.Text.ShouldContain("error: 'Expected type");
        refused.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
    }

    [Theory, Engines]
    public async Task Every_write_accepts_a_form(Engine engine)
    {
        var management = new ManagementApi(await servers.GetAsync(engine));

        var user = await management.SendAsync(HttpMethod.Post, "/users", Form(
            ("connection", "db"), ("email", "form@example.com"), ("blocked", "false"), ("user_metadata", """{"a":[1]}"""), ("name", "true")));
        var userId = (string)user.ShouldBe(HttpStatusCode.Created)["user_id"]!;
        var patched = await management.SendAsync(HttpMethod.Patch, "/users/" + Uri.EscapeDataString(userId), Form(("email_verified", "true"), ("nickname", "7")));
        var ticket = await management.SendAsync(
            HttpMethod.Post, "/guardian/enrollments/ticket", Form(("user_id", userId), ("send_mail", "false"), ("factor", "otp")));
        var factor = await management.SendAsync(HttpMethod.Put, "/guardian/factors/sms", Form(("enabled", "true")));
        var settings = await management.SendAsync(HttpMethod.Patch, "/tenants/settings", Form(("friendly_name", "Acme & Söhne")));

        ((string)user.Json!["name"]!).ShouldBe("true");
        user.Json["user_metadata"]!.ToJsonString().ShouldBe("""{"a":[1]}""");
        ((bool)patched.ShouldBe(HttpStatusCode.OK)["email_verified"]!).ShouldBeTrue();
        ((string)patched.Json!["nickname"]!).ShouldBe("7");
        ticket.ShouldBe(HttpStatusCode.OK);
        factor.ShouldBe(HttpStatusCode.OK);
        ((string)settings.ShouldBe(HttpStatusCode.OK)["friendly_name"]!).ShouldBe("Acme & Söhne");
    }

    [Theory, Engines]
    public async Task A_list_in_a_form_is_sent_item_by_item_or_as_JSON(Engine engine)
    {
        const string MessageTypes = "/guardian/factors/phone/message-types";
        var management = new ManagementApi(await servers.GetAsync(engine));

        var two = await management.SendAsync(HttpMethod.Put, MessageTypes, Form(("message_types", "sms"), ("message_types", "voice")));
        var one = await management.SendAsync(HttpMethod.Patch, "/tenants/settings", Form(("enabled_locales", "de")));
        var json = await management.SendAsync(HttpMethod.Put, MessageTypes, Form(("message_types", """["voice"]""")));
        var wrong = await management.SendAsync(HttpMethod.Put, MessageTypes, Form(("message_types", "sms"), ("message_types", "pigeon")));

        two.ShouldBe(HttpStatusCode.OK)["message_types"].Texts().ShouldBe(["sms", "voice"]);
        one.ShouldBe(HttpStatusCode.OK)["enabled_locales"].Texts().ShouldBe(["de"]);
        json.ShouldBe(HttpStatusCode.OK)["message_types"].Texts().ShouldBe(["voice"]);
        wrong.ShouldBeError(HttpStatusCode.BadRequest, "invalid_body");
        (await management.GetAsync(MessageTypes))["message_types"].Texts().ShouldBe(["voice"]);
    }

    /// <summary>People read these texts, and tools compare them with known ones.</summary>
    [Theory, Engines]
    public async Task Answers_escape_no_more_than_JSON_needs(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var management = new ManagementApi(server);
        await management.CreateUserAsync();

        (await management.SendAsync(HttpMethod.Post, "/users", Json("{}"))).Text.ShouldContain("'Missing required property: connection'");
        (await management.SendAsync(HttpMethod.Get, "/users/x")).Text.ShouldContain(@"'String does not match pattern ^.+\\|.+$'");
        foreach (var query in new[] { "", "?fields=picture", "?include_totals=true", "?include_totals=true&fields=picture" })
        {
            (await management.SendAsync(HttpMethod.Get, "/users" + query)).Text.ShouldContain("?s=480&r=pg&d=", customMessage: query);
        }
    }

    [Theory, Engines]
    public async Task A_form_is_checked_like_JSON(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var management = new ManagementApi(server);
        await management.FetchTokenAsync();
        var before = await DatabaseDump.TakeAsync(server.Database);

        foreach (var (name, value) in new[]
        {
            ("blocked", "yes"), ("unknown", "x"), ("name", "a\0b"), ("a\0b", "x"), ("user_metadata", "{"), ("user_metadata", new string('[', 100)),
            ("user_metadata", """{"a":1,"a":2}"""), ("phone_number", ""), (new string('k', 5000), "x"),
        })
        {
            var answer = await management.SendAsync(
                HttpMethod.Post, "/users", Form(("connection", "db"), ("email", "checked@example.com"), (name, value)));
            answer.ShouldBeError(HttpStatusCode.BadRequest, "invalid_body");
        }

        var tooMany = Form([.. Enumerable.Range(0, 2000).Select(number => ($"p{number}", "x"))]);
        (await management.SendAsync(HttpMethod.Post, "/users", tooMany)).ShouldBeError(HttpStatusCode.BadRequest, "invalid_body");
        var noBoundary = new ByteArrayContent([1, 2, 3]);
        noBoundary.Headers.TryAddWithoutValidation("Content-Type", "multipart/form-data");
        (await management.SendAsync(HttpMethod.Post, "/users", noBoundary)).ShouldBeError(HttpStatusCode.BadRequest, "invalid_body");
        (await DatabaseDump.TakeAsync(server.Database)).ShouldBe(before);
    }

    [Theory, Engines]
    public async Task Headers_of_published_clients_are_optional_and_never_refused(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var token = await new ManagementApi(server).FetchTokenAsync();
        (string Name, string Value)[] headers =
        [
            ("Auth0-Client", "eyJuYW1lIjoiYXV0aDAifQ"), ("Auth0-Client", "%%%"), ("Auth0-Custom-Domain", "login.example.com"),
            ("Accept", "text/html"), ("Accept-Encoding", "zstd"), ("Expect", "100-continue"), ("User-Agent", new string('a', 4000)), ("X-Ignored", "1"),
        ];

        foreach (var (name, value) in headers)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v2/users")
            {
                Content = Json($$"""{"connection":"db","email":"user-{{Guid.CreateVersion7():N}}@example.com"}"""),
            };
            // HttpClient adds no User-Agent and no Accept.
            request.Headers.TryAddWithoutValidation("Authorization", "bearer " + token);
            request.Headers.TryAddWithoutValidation(name, value).ShouldBeTrue();
            using var response = await server.Http.SendAsync(request, CancellationToken.None);
            response.StatusCode.ShouldBe(HttpStatusCode.Created, name);
            response.Content.Headers.ContentType!.ToString().ShouldBe("application/json; charset=utf-8");
        }
    }

    [Theory, Engines]
    public async Task A_204_has_no_body_and_no_Server_header(Engine engine)
    {
        var server = await servers.GetAsync(engine);

        var answer = await new ManagementApi(server).SendAsync(HttpMethod.Delete, "/users/auth0%7Cnobody");

        answer.Status.ShouldBe(HttpStatusCode.NoContent);
        answer.Text.ShouldBeEmpty();
        answer.Headers.Contains("Server").ShouldBeFalse();
    }

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    private static FormUrlEncodedContent Form(params (string Name, string Value)[] parameters) =>
        new(parameters.Select(parameter => KeyValuePair.Create(parameter.Name, parameter.Value)));
}

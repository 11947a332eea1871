using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.HostedPages;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.SignIn;

/// <summary>The hosted page of a sign-in over HTTP, also for requests that no application makes.</summary>
public sealed class SignInPageTests(Servers servers) : IClassFixture<Servers>
{
    private const string Path = "/mfa/sign-in";
    private const string Hostile = "\"><script>owned()</script>";

    private static readonly string[] KnownErrors =
    [
        "globalTransactionExpired", "guardianInvalidNonce", "guardianInvalidToken", "loginTokenInvalidSignature", "loginTokenTransactionExpired",
        "invalidLoginTokenStatus", "noPublicKeyAvailable",
    ];

    [Theory, Engines]
    public async Task The_page_has_the_request_token_and_the_address_of_the_application(Engine engine)
    {
        var (person, signIn) = await StartAsync(engine, new() { ["allow_remember_browser"] = true });

        foreach (var page in new[] { await person.Server.GetAsync(Relative(signIn)), await PostAsync(person.Server, Path, Form(("request_token", signIn.RequestToken))) })
        {
            page.Status.ShouldBe(HttpStatusCode.OK);
            var options = PageOptions.Of(page);
            options["requestToken"].ShouldBe(signIn.RequestToken);
            options["postActionURL"].ShouldBe(Application.Callback);
            options["ticket"].ShouldBeEmpty();
            options["pageUrl"].ShouldBeEmpty();
            options["userId"].ShouldBe(person.UserId);
            page.Text.ShouldContain("allowRememberBrowser: true");
            ShouldBeProtected(page, "form-action 'self' https: https://app.example;");
        }

        (await person.Server.SendAsync(HttpMethod.Head, Relative(signIn))).Status.ShouldBe(HttpStatusCode.OK);
        (await person.Server.SendAsync(HttpMethod.Put, Relative(signIn))).Status.ShouldBe(HttpStatusCode.MethodNotAllowed);
        (await person.CountAsync("transaction", "state_transport IS NOT NULL")).ShouldBe(0, "opening the page starts nothing");
    }

    [Theory, Engines]
    public async Task The_page_shows_the_binding_message_as_text(Engine engine)
    {
        var (person, signIn) = await StartAsync(engine, new() { ["binding_message"] = "Pay 20 € to " + Hostile });
        var (_, without) = await StartAsync(engine);

        var page = await person.Server.GetAsync(Relative(signIn));

        page.Text.ShouldContain("<bdi>Pay 20 € to &quot;&gt;&lt;script&gt;owned()&lt;/script&gt;</bdi>");
        (await person.Server.GetAsync(Relative(without))).Text.ShouldNotContain("page-message");
    }

    [Theory, Engines]
    public async Task An_error_that_the_application_found_is_shown_if_it_is_a_known_one(Engine engine)
    {
        var (person, signIn) = await StartAsync(engine);

        foreach (var code in KnownErrors)
        {
            PageOptions.Of(await person.Server.GetAsync($"{Relative(signIn)}&error_code={code}"))["errorCode"].ShouldBe(code);
            var form = Form(("request_token", signIn.RequestToken), ("error_code", code));
            PageOptions.Of(await PostAsync(person.Server, Path, form))["errorCode"].ShouldBe(code);
        }

        foreach (var code in new[] { Hostile, "", "GUARDIANINVALIDNONCE", "ticket_used", "__proto__" })
        {
            var page = await person.Server.GetAsync($"{Relative(signIn)}&error_code={Uri.EscapeDataString(code)}");
            page.Status.ShouldBe(HttpStatusCode.OK);
            PageOptions.Of(page)["errorCode"].ShouldBeEmpty();
            page.Text.ShouldNotContain("owned");
        }
    }

    [Theory, Engines]
    public async Task A_token_that_is_no_request_token_shows_that_the_sign_in_has_ended_and_nothing_of_the_request(Engine engine)
    {
        var (person, signIn) = await StartAsync(engine);
        var flow = await person.StartSignInAsync(signIn);
        var parts = signIn.RequestToken.Split('.');
        var unsigned = Convert.ToBase64String("{\"alg\":\"none\"}"u8).TrimEnd('=');

        foreach (var token in new[]
        {
            "", "x", "a.b.c", "....", Hostile, "\0", "🔑", new string('a', 6000), flow.Token, $"{unsigned}.{parts[1]}.", $"{parts[0]}.{parts[1]}.AAAA",
            signIn.RequestToken + "x", await person.NewTicketAsync(),
        })
        {
            foreach (var page in new[]
            {
                await person.Server.GetAsync($"{Path}?request_token={Uri.EscapeDataString(token)}"),
                await PostAsync(person.Server, Path, Form(("request_token", token), ("error_code", Hostile))),
            })
            {
                ShouldHaveEnded(page, person);
            }
        }

        ShouldHaveEnded(await person.Server.GetAsync(Path), person);
        ShouldHaveEnded(await person.Server.GetAsync($"{Path}?request_token={signIn.RequestToken}&request_token={signIn.RequestToken}"), person);
        (await person.Server.GetAsync($"{Path}?request_token={new string('a', 20_000)}")).Status.ShouldBe(HttpStatusCode.RequestUriTooLong);
    }

    [Theory, Engines]
    public async Task The_page_of_a_sign_in_that_has_ended_does_not_name_the_user(Engine engine)
    {
        var (person, signIn) = await StartAsync(engine);
        (await person.PatchAsync(new { blocked = true })).ShouldBe(HttpStatusCode.OK);
        ShouldHaveEnded(await person.Server.GetAsync(Relative(signIn)), person);

        var (late, expired) = await StartAsync(engine);
        late.Clock.Advance(TimeSpan.FromMinutes(30));
        ShouldHaveEnded(await late.Server.GetAsync(Relative(expired) + "&error_code=guardianInvalidNonce"), late);
    }

    [Theory, Engines]
    public async Task A_body_that_is_not_a_form_is_ignored_and_a_large_one_is_refused(Engine engine)
    {
        var (person, signIn) = await StartAsync(engine);
        var many = string.Join('&', Enumerable.Range(0, 5000).Select(n => $"f{n}=1"));

        foreach (var (type, body) in new[]
        {
            ("multipart/form-data; boundary=x", "garbage"), ("multipart/form-data", "garbage"), ("multipart/form-data; boundary=x", $"--x\r\n{Hostile}"),
            ("multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"request_token\"\r\n\r\nfrom-multipart\r\n--x--\r\n"),
            ("application/x-www-form-urlencoded", "%zz&=&%00=%ff&==="), ("application/x-www-form-urlencoded", many), ("application/x-www-form-urlencoded", ""),
            ("application/x-www-form-urlencoded; charset=no-such", "a=b"), ("application/x-www-form-urlencoded; charset=utf-7", "a=+ADw-"),
            ("application/x-www-form-urlencoded", "x=" + new string('y', 900_000)), ("application/x-www-form-urlencoded", new string('k', 10_000) + "=1"),
            ("application/json", "{\"request_token\":\"x\"}"), ("text/plain", Hostile), ("application/xml", "<x/>"), (";;;", "a=b"),
        })
        {
            var page = await PostAsync(person.Server, Relative(signIn), Content(type, body));

            page.Status.ShouldBe(HttpStatusCode.OK, type);
            PageOptions.Of(page)["requestToken"].ShouldBe(signIn.RequestToken, type);
            page.Text.ShouldNotContain("owned");
        }

        var large = await PostAsync(person.Server, Relative(signIn), Content("application/x-www-form-urlencoded", "x=" + new string('y', 1_100_000)));
        large.Status.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
    }

    /// <summary>The address becomes a source of the content security policy, which is a header.</summary>
    [Theory, Engines]
    public async Task Only_a_web_address_receives_a_result_and_its_origin_fits_into_a_header(Engine engine)
    {
        (string Callback, string? Origin)[] callbacks =
        [
            ("https://münchen.example/zurück?x=ü", "https://xn--mnchen-3ya.example"), ("http://ada:pass@app.example:8080/cb;script-src", "http://app.example:8080"),
            ("com.example.app://callback", null), ("javascript:alert(1)", null), ("callback", null), ("https://*.app.example;script-src", null),
        ];
        var server = await servers.GetAsync(engine);
        var person = await Person.CreateAsync(server);
        var application = await Application.CreateAsync(server, new() { ["callbacks"] = new JsonArray([.. callbacks.Select(known => (JsonNode)known.Callback)]) });

        foreach (var (callback, origin) in callbacks)
        {
            var answer = await application.TryStartAsync(person.UserId, new() { ["post_action_url"] = callback });
            if (origin is null)
            {
                answer.ShouldBeError(HttpStatusCode.BadRequest, "invalid_body");
                ((string)answer.Json!["message"]!).ShouldContain("post_action_url");
                continue;
            }

            var page = await server.GetAsync(Relative(new SignInStart(answer.ShouldBe(HttpStatusCode.Created))));
            page.Status.ShouldBe(HttpStatusCode.OK, callback);
            PageOptions.Of(page)["postActionURL"].ShouldBe(callback);
            ShouldBeProtected(page, "form-action 'self' https: " + origin + ";");
        }
    }

    [Theory, Engines]
    public async Task Start_flow_says_when_an_invitation_is_needed(Engine engine)
    {
        var (person, refused) = await StartAsync(engine, new() { ["self_service_enrollment"] = false });
        var application = await Application.CreateAsync(person.Server);

        ((bool)(await person.StartSignInAsync(refused)).Json["self_service_enrollment"]!).ShouldBeFalse();
        (await person.StartSignInAsync(await application.StartAsync(person))).Json["self_service_enrollment"].ShouldBeNull();
        await person.EnrollAsync();
        var enrolled = await application.StartAsync(person, new() { ["self_service_enrollment"] = false });
        (await person.StartSignInAsync(enrolled)).Json["self_service_enrollment"].ShouldBeNull();
    }

    private async Task<(Person Person, SignInStart SignIn)> StartAsync(Engine engine, JsonObject? changes = null)
    {
        var server = await servers.GetAsync(engine);
        var person = await Person.CreateAsync(server);
        return (person, await (await Application.CreateAsync(server)).StartAsync(person, changes));
    }

    private static string Relative(SignInStart signIn) => new Uri(signIn.PageUrl).PathAndQuery;

    private static FormUrlEncodedContent Form(params (string Name, string Value)[] fields) =>
        new(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));

    private static ByteArrayContent Content(string type, string body)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        return content;
    }

    private static async Task<Answer> PostAsync(TestServer server, string path, HttpContent content)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
        // The server may refuse a large body before it was sent.
        request.Headers.ExpectContinue = content.Headers.ContentLength > 1_000_000;
        using var response = await server.Http.SendAsync(request);
        return await Answer.ReadAsync(response);
    }

    private static void ShouldHaveEnded(Answer page, Person person)
    {
        page.Status.ShouldBe(HttpStatusCode.Gone);
        var options = PageOptions.Of(page);
        options["errorCode"].ShouldBe("globalTransactionExpired");
        options["requestToken"].ShouldBeEmpty();
        options["postActionURL"].ShouldBeEmpty();
        page.Text.ShouldNotContain(person.UserId);
        page.Text.ShouldNotContain("owned");
        ShouldBeProtected(page, "form-action 'none'");
    }

    /// <summary>Nobody frames the page, keeps it, or learns its address.</summary>
    private static void ShouldBeProtected(Answer page, string formAction)
    {
        page.Header("Content-Security-Policy").ShouldContain("default-src 'none'");
        page.Header("Content-Security-Policy").ShouldContain("frame-ancestors 'none'");
        page.Header("Content-Security-Policy").ShouldContain(formAction);
        page.Header("X-Frame-Options").ShouldBe("DENY");
        page.Header("X-Content-Type-Options").ShouldBe("nosniff");
        page.Header("Referrer-Policy").ShouldBe("no-referrer");
        page.Header("Cache-Control").ShouldBe("no-store");
        page.Header("Set-Cookie").ShouldBeEmpty();
    }
}

using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Sallyport.Server.SignIn.OpenIdConnect;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.SignIn.OpenIdConnect;

/// <summary>What somebody tries who does not own the account.</summary>
public sealed class AuthorizationAttackTests(Servers servers) : IClassFixture<Servers>
{
    private const string EvilAddress = "https://evil.example/";

    [Theory, Engines]
    public async Task A_fault_is_never_sent_to_an_address_that_is_not_registered(Engine engine)
    {
        var (party, _, _) = await CreateAsync(engine);

        foreach (var changes in new (string, string?)[][]
        {
            [("redirect_uri", EvilAddress)],
            [("redirect_uri", null)],
            [("redirect_uri", EvilAddress), ("response_type", "token")],
            [("client_id", "unknown")],
            [("client_id", null)],
        })
        {
            var answer = await new Browser(party.Server).OpenAsync(RelyingParty.AuthorizePath(party.Parameters(changes)));

            answer.ShouldBeShown("invalid_request");
            answer.Text.ShouldNotContain("evil.example");
            answer.Policy.ShouldContain("default-src 'none'");
        }
    }

    [Theory, Engines]
    public async Task A_user_is_not_named_through_the_browser(Engine engine)
    {
        var (party, person, _) = await CreateAsync(engine);

        foreach (var hint in new[] { "login_hint", "id_token_hint" })
        {
            var answer = await new Browser(party.Server).OpenAsync(RelyingParty.AuthorizePath(party.Parameters((hint, person.UserId))));

            answer.ShouldBeClientError("invalid_request", party.Server);
        }
    }

    [Theory, Engines]
    public async Task A_public_client_cannot_name_a_user(Engine engine)
    {
        var (_, person, _) = await CreateAsync(engine);
        var party = await RelyingParty.CreateAsync(person.Server, new JsonObject { ["token_endpoint_auth_method"] = "none" });

        var answer = await new Browser(party.Server).OpenAsync(await party.PushAsync(("login_hint", person.UserId), ("client_secret", null)));

        answer.ShouldBeClientError("invalid_request", party.Server);
    }

    [Theory, Engines]
    public async Task A_request_is_pushed_only_with_the_secret(Engine engine)
    {
        var (party, person, _) = await CreateAsync(engine);

        (await party.TryPushAsync(("login_hint", person.UserId), ("client_secret", "wrong"))).ShouldBeOAuthError(HttpStatusCode.Unauthorized, "invalid_client");
        (await party.TryPushAsync(("login_hint", person.UserId), ("client_secret", null))).ShouldBeOAuthError(HttpStatusCode.Unauthorized, "invalid_client");
    }

    [Theory, Engines]
    public async Task A_pushed_request_works_once_and_for_its_client(Engine engine)
    {
        var (party, person, _) = await CreateAsync(engine);
        var other = await RelyingParty.CreateAsync(person.Server);
        var path = await party.PushAsync(("login_hint", person.UserId));

        (await new Browser(party.Server).OpenAsync(path.Replace(party.ClientId, other.ClientId, StringComparison.Ordinal))).ShouldBeShown("invalid_request_uri");
        (await new Browser(party.Server).OpenAsync(path)).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await new Browser(party.Server).OpenAsync(path)).ShouldBeShown("invalid_request_uri");
    }

    [Theory, Engines]
    public async Task Parameters_beside_a_pushed_request_change_nothing(Engine engine)
    {
        var (party, person, enrolled) = await CreateAsync(engine);
        var victim = await Person.CreateAsync(person.Server);
        var path = await party.PushAsync(("login_hint", person.UserId));
        var browser = new Browser(party.Server);

        var asked = await browser.OpenAsync(
            $"{path}&redirect_uri={Uri.EscapeDataString(EvilAddress)}&login_hint={Uri.EscapeDataString(victim.UserId)}&state=other");
        var answer = await browser.ResumeAsync(await Browser.ProveAsync(person, enrolled, asked));

        answer.Location!.ShouldStartWith(RelyingParty.Callback + "?");
        answer.Query("state").ShouldBe("the state");
    }

    [Theory, Engines]
    public async Task A_pushed_request_expires(Engine engine)
    {
        var (party, person, _) = await CreateAsync(engine);
        var path = await party.PushAsync(("login_hint", person.UserId));

        party.Server.Clock.Advance(TimeSpan.FromSeconds(90));

        (await new Browser(party.Server).OpenAsync(path)).ShouldBeShown("invalid_request_uri");
    }

    /// <summary>Login CSRF: the victim's browser would be signed in to the attacker's account.</summary>
    [Theory, Engines]
    public async Task A_sign_in_is_not_completed_in_another_browser(Engine engine)
    {
        var (party, person, enrolled) = await CreateAsync(engine);
        var attacker = new Browser(party.Server);
        var signature = await Browser.ProveAsync(person, enrolled, await attacker.OpenAsync(await party.PushAsync(("login_hint", person.UserId))));

        var victim = new Browser(party.Server);
        (await victim.ResumeAsync(signature)).ShouldBeShown("invalid_request");
        // With a cookie of its own, for another authorization.
        await victim.OpenAsync(await party.PushAsync(("login_hint", person.UserId)));
        (await victim.ResumeAsync(signature)).ShouldBeShown("invalid_request");

        (await attacker.ResumeAsync(signature)).Code.ShouldNotBeEmpty();
    }

    /// <summary>Fixation: what an attacker has put in the cookie binds nothing.</summary>
    [Theory, Engines]
    public async Task A_planted_cookie_does_not_bind_the_browser(Engine engine)
    {
        var (party, person, enrolled) = await CreateAsync(engine);
        var attacker = new Browser(party.Server);
        var signature = await Browser.ProveAsync(person, enrolled, await attacker.OpenAsync(await party.PushAsync(("login_hint", person.UserId))));
        var planted = attacker.Cookies.GetAllCookies().Single();
        var victim = new Browser(party.Server);
        victim.Cookies.Add(new Uri(party.Server.Url), new Cookie(planted.Name, new string('x', planted.Value.Length), "/"));

        (await victim.ResumeAsync(signature)).ShouldBeShown("invalid_request");
    }

    /// <summary>An attacker who knows the password must not have the user prove the second factor for him, on the genuine page.</summary>
    [Theory, Engines]
    public async Task The_page_of_a_sign_in_opens_only_in_the_browser_that_has_begun_it(Engine engine)
    {
        var (party, person, enrolled) = await CreateAsync(engine);
        var attacker = new Browser(party.Server);
        var asked = await attacker.OpenAsync(await party.PushAsync(("login_hint", person.UserId)));
        var other = new Browser(party.Server);
        await other.OpenAsync(await party.PushAsync(("login_hint", person.UserId)));

        foreach (var victim in new[] { new Browser(party.Server), other })
        {
            var shown = await victim.OpenAsync(asked.Location!);
            shown.Status.ShouldBe(HttpStatusCode.Gone, shown.Text);
            shown.Text.ShouldNotContain(asked.Query("request_token")!);
        }

        (await attacker.OpenAsync(asked.Location!)).Status.ShouldBe(HttpStatusCode.OK);
        var signature = await Browser.ProveAsync(person, enrolled, asked);
        (await attacker.ResumeAsync(signature)).Code.ShouldNotBeEmpty();
    }

    /// <summary>A subdomain can set a cookie for this host, but none with the prefix <c>__Host-</c>.</summary>
    [Fact]
    public void Over_https_only_a_cookie_that_no_other_host_can_set_binds_a_browser()
    {
        var request = new DefaultHttpContext().Request;
        request.Headers.Cookie = "authorization-1=planted; __Host-authorization-2=own";

        Find("https://mfa.example", "1").ShouldBeNull();
        Find("https://mfa.example", "2").ShouldBe("own");
        Find("http://localhost", "1").ShouldBe("planted");
        Find("http://localhost", "2").ShouldBeNull();

        string? Find(string publicUrl, string requestId) => BrowserBindingCookie.Find(request, MinimalOptions.For(publicUrl), requestId);
    }

    [Fact]
    public void A_browser_keeps_the_cookies_of_the_newest_sign_ins_only()
    {
        var context = new DefaultHttpContext();
        string[] open = [.. Enumerable.Range(0, BrowserBindingCookie.MaxCookies + 1).Select(i => $"authorization-{i}")];
        context.Request.Headers.Cookie = "other=1; " + string.Join("; ", open.Select(name => name + "=x"));

        BrowserBindingCookie.Set(context, MinimalOptions.For("http://localhost"), new BrowserBinding("new", "secret"));

        string[] set = [.. context.Response.Headers.SetCookie.Select(cookie => cookie!.Split(';')[0])];
        set.ShouldBe(["authorization-0=", "authorization-1=", "authorization-new=secret"]);
    }

    [Theory, Engines]
    public async Task A_tampered_or_foreign_result_is_refused(Engine engine)
    {
        var (party, person, enrolled) = await CreateAsync(engine);
        var browser = new Browser(party.Server);
        var signature = await Browser.ProveAsync(person, enrolled, await browser.OpenAsync(await party.PushAsync(("login_hint", person.UserId))));
        var parts = signature.Split('.');
        var enrollment = await (await Person.CreateAsync(party.Server)).AcceptedResultAsync();

        foreach (var forged in new[]
        {
            "", "x", signature + "x", $"{parts[0]}.{parts[1]}.", $"eyJhbGciOiJub25lIn0.{parts[1]}.", $"{parts[0]}.e30.{parts[2]}",
            new string('x', 10_000), enrollment,
        })
        {
            (await browser.ResumeAsync(forged)).ShouldBeShown("invalid_request");
        }

        (await browser.ResumeAsync(signature)).Code.ShouldNotBeEmpty();
    }

    /// <summary>A result that a backend has asked for completes no authorization, and the other way round.</summary>
    [Theory, Engines]
    public async Task Results_of_the_two_kinds_of_sign_in_are_not_exchangeable(Engine engine)
    {
        var (party, person, enrolled) = await CreateAsync(engine);
        var application = await Application.CreateAsync(party.Server);
        var signIn = await application.StartAsync(person);
        var flow = await person.StartSignInAsync(signIn);
        (await person.Guardian.VerifyAsync(flow, person.Guardian.CodeOf(enrolled, 1))).ShouldBe(HttpStatusCode.OK);
        var ofBackend = (string)(await person.Guardian.GetStateAsync(flow))["token"]!;
        var browser = new Browser(party.Server);
        var asked = await browser.OpenAsync(await party.PushAsync(("login_hint", person.UserId)));

        (await browser.ResumeAsync(ofBackend)).ShouldBeShown("invalid_request");

        party.Server.Clock.Advance(TimeSpan.FromSeconds(30));
        var signature = await Browser.ProveAsync(person, enrolled, asked);
        var transactionId = new Microsoft.IdentityModel.JsonWebTokens.JsonWebToken(signature).GetPayloadValue<string>("txid");
        (await new ManagementApi(party.Server).SendAsync(
            HttpMethod.Post, $"/guardian/transactions/{transactionId}/redeem", new JsonObject { ["signature"] = signature }))
            .ShouldBeError(HttpStatusCode.NotFound, "transaction_not_found");
    }

    [Theory, Engines]
    public async Task A_result_answers_once(Engine engine)
    {
        var (party, person, enrolled) = await CreateAsync(engine);
        var browser = new Browser(party.Server);
        var signature = await Browser.ProveAsync(person, enrolled, await browser.OpenAsync(await party.PushAsync(("login_hint", person.UserId))));

        (await browser.ResumeAsync(signature)).Code.ShouldNotBeEmpty();

        (await browser.ResumeAsync(signature)).ShouldBeShown("invalid_request");
    }

    [Theory, Engines]
    public async Task Nothing_that_a_browser_sends_is_a_fault_of_the_server(Engine engine)
    {
        var (party, _, _) = await CreateAsync(engine);
        var browser = new Browser(party.Server);
        foreach (var query in new[]
        {
            "", "?client_id=a&client_id=b", "?client_id=%00", "?client_id[]=a", "?%ff=%ff", "?request_uri=urn:ietf:params:oauth:request_uri:",
            "?request_uri=https://evil.example/", "?client_id=" + new string('x', 5000), "?request_uri=urn:ietf:params:oauth:request_uri:x&client_id=%ed%a0%80",
        })
        {
            (await browser.OpenAsync("/authorize" + query)).Status.ShouldBe(HttpStatusCode.BadRequest, query);
        }

        foreach (var id in new[] { "", "%00", "x", new string('x', 5000), "%ff" })
        {
            (await browser.OpenAsync("/authorize/password?request=" + id)).Status.ShouldBe(HttpStatusCode.Gone, id);
        }

        (await browser.PostAsync("/authorize", [.. Enumerable.Range(0, 3000).Select(i => ($"p{i}", "x"))])).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await browser.PostAsync("/authorize/resume", [.. Enumerable.Range(0, 3000).Select(i => ($"p{i}", "x"))])).Status.ShouldBe(HttpStatusCode.BadRequest);
        foreach (var path in new[] { "/authorize", "/authorize/resume", "/oauth/par" })
        {
            using var response = await party.Server.Http.PostAsync(path, new StringContent("{", System.Text.Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);
            response.StatusCode.ShouldBe(HttpStatusCode.BadRequest, path);
        }
    }

    [Theory, Engines]
    public async Task A_parameter_that_is_sent_twice_is_refused(Engine engine)
    {
        var (party, _, _) = await CreateAsync(engine);
        var path = RelyingParty.AuthorizePath(party.Parameters());

        foreach (var name in new[] { "state", "redirect_uri", "client_id", "scope" })
        {
            (await new Browser(party.Server).OpenAsync($"{path}&{name}=x")).ShouldBeShown("invalid_request");
        }
    }

    private async Task<(RelyingParty Party, Person Person, Flow Enrolled)> CreateAsync(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var person = await Person.CreateAsync(server);
        return (await RelyingParty.CreateAsync(server), person, await person.EnrollAsync());
    }
}

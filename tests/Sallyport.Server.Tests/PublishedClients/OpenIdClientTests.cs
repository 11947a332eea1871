using System.Net;
using System.Text.Json.Nodes;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.PublishedClients;

/// <summary>npm <c>openid-client</c> 6.9.0, unmodified, over TLS: it pushes requests, checks the response and the ID token, and asks for the claims.</summary>
[Collection(SharedServers.Name)]
public sealed class OpenIdClientTests(Servers servers)
{
    [Theory, Engines]
    public async Task A_user_signs_in_and_the_answer_is_a_redirect(Engine engine)
    {
        var (party, person, enrolled) = await CreateAsync(engine);
        var started = await StartAsync(party, person, new { redirect_uri = RelyingParty.Callback });

        var answer = await SignInAsync(party, person, enrolled, started);

        answer.Status.ShouldBe(HttpStatusCode.SeeOther);
        var finished = await FinishAsync(party, started, answer);
        ShouldBeSignedIn(finished, party, person);
    }

    [Theory, Engines]
    public async Task A_user_signs_in_and_the_answer_is_a_form(Engine engine)
    {
        var (party, person, enrolled) = await CreateAsync(engine);
        var started = await StartAsync(party, person, new { redirect_uri = RelyingParty.Callback, response_mode = "form_post" });

        var answer = await SignInAsync(party, person, enrolled, started);

        answer.Status.ShouldBe(HttpStatusCode.OK);
        answer.Text.ShouldContain($"action=\"{RelyingParty.Callback}\"");
        var finished = await FinishAsync(party, started, answer);
        ShouldBeSignedIn(finished, party, person);
    }

    [Theory, Engines]
    public async Task A_client_authenticates_in_either_way(Engine engine)
    {
        var (_, person, enrolled) = await CreateAsync(engine);
        foreach (var (method, authentication) in new[] { ("client_secret_basic", "basic"), ("client_secret_post", "post") })
        {
            var party = await RelyingParty.CreateAsync(person.Server, new() { ["token_endpoint_auth_method"] = method });
            person.Server.Clock.Advance(TimeSpan.FromSeconds(30));
            var started = await StartAsync(party, person, new { redirect_uri = RelyingParty.Callback }, authentication);

            var answer = await SignInAsync(party, person, enrolled, started);

            ShouldBeSignedIn(await FinishAsync(party, started, answer, authentication: authentication), party, person);
        }
    }

    [Theory, Engines]
    public async Task The_client_refuses_a_response_that_was_changed(Engine engine)
    {
        var (party, person, enrolled) = await CreateAsync(engine);
        var started = await StartAsync(party, person, new { redirect_uri = RelyingParty.Callback });
        var answer = await SignInAsync(party, person, enrolled, started);
        var issuer = Uri.EscapeDataString(party.Server.Url + "/");

        foreach (var (changed, expected) in new[]
        {
            (answer with { Location = answer.Location!.Replace(issuer, "https%3A%2F%2Fevil.example%2F", StringComparison.Ordinal) }, "\"iss\""),
            (answer with { Location = answer.Location!.Replace("iss=" + issuer, "", StringComparison.Ordinal) }, "\"iss\""),
            (answer with { Location = answer.Location!.Replace((string)started["state"]!, "other", StringComparison.Ordinal) }, "\"state\""),
        })
        {
            var finished = await FinishAsync(party, started, changed);

            ((string?)finished["error"]?["cause"]).ShouldNotBeNull(finished.ToJsonString()).ShouldContain(expected);
        }

        var otherNonce = started.DeepClone();
        otherNonce["nonce"] = "other";
        (await FinishAsync(party, otherNonce, answer))["error"].ShouldNotBeNull();
    }

    [Theory, Engines]
    public async Task The_client_understands_an_error(Engine engine)
    {
        var (party, person, _) = await CreateAsync(engine);
        var started = await StartAsync(party, person, new { redirect_uri = RelyingParty.Callback, prompt = "none" });

        var answer = await new Browser(party.Server).OpenAsync((string)started["url"]!);

        ((string?)(await FinishAsync(party, started, answer))["error"]!["error"]).ShouldBe("interaction_required");
    }

    [Theory, Engines]
    public async Task The_time_of_the_sign_in_fulfils_any_maximum_age(Engine engine)
    {
        var (party, person, enrolled) = await CreateAsync(engine);
        var started = await StartAsync(party, person, new { redirect_uri = RelyingParty.Callback, max_age = "5", prompt = "login" });

        var answer = await SignInAsync(party, person, enrolled, started);

        ShouldBeSignedIn(await FinishAsync(party, started, answer, maxAge: 5), party, person);
    }

    [Theory, Engines]
    public async Task Without_a_second_factor_the_id_token_says_nothing_of_one(Engine engine)
    {
        var (party, person, enrolled) = await CreateAsync(engine);
        await SetPolicyAsync(person);
        try
        {
            foreach (var prompt in new[] { "login", "none" })
            {
                var started = await StartAsync(party, person, new { redirect_uri = RelyingParty.Callback, prompt });
                var answer = await new Browser(party.Server).OpenAsync((string)started["url"]!);

                var claims = (await FinishAsync(party, started, answer))["claims"]!;
                ((string)claims["sub"]!).ShouldBe(person.UserId);
                claims["acr"].ShouldBeNull();
                claims["amr"].ShouldBeNull();
            }

            var asking = await StartAsync(
                party, person,
                new { redirect_uri = RelyingParty.Callback, acr_values = "http://schemas.openid.net/pape/policies/2007/06/multi-factor" });
            ShouldBeSignedIn(await FinishAsync(party, asking, await SignInAsync(party, person, enrolled, asking)), party, person);
        }
        finally
        {
            await SetPolicyAsync(person, "all-applications");
        }
    }

    private static async Task SetPolicyAsync(Person person, params string[] policies) =>
        (await person.Management.SendAsync(HttpMethod.Put, "/guardian/policies", policies)).ShouldBe(HttpStatusCode.OK);

    private static void ShouldBeSignedIn(JsonNode finished, RelyingParty party, Person person)
    {
        finished["error"].ShouldBeNull(finished.ToJsonString());
        var claims = finished["claims"]!;
        ((string)claims["iss"]!).ShouldBe(party.Server.Url + "/");
        ((string)claims["aud"]!).ShouldBe(party.ClientId);
        ((string)claims["sub"]!).ShouldBe(person.UserId);
        ((string)claims["acr"]!).ShouldBe("http://schemas.openid.net/pape/policies/2007/06/multi-factor");
        claims["amr"].Texts().ShouldBe(["mfa", "otp"]);
        claims["auth_time"].ShouldNotBeNull();
        ((string)finished["userInfo"]!["sub"]!).ShouldBe(person.UserId);
    }

    private static Task<BrowserAnswer> SignInAsync(RelyingParty party, Person person, Flow enrolled, JsonNode started) =>
        SignInAsync(new Browser(party.Server), person, enrolled, started);

    private static async Task<BrowserAnswer> SignInAsync(Browser browser, Person person, Flow enrolled, JsonNode started)
    {
        started["error"].ShouldBeNull(started.ToJsonString());
        var asked = await browser.OpenAsync((string)started["url"]!);
        return await browser.ResumeAsync(await Browser.ProveAsync(person, enrolled, asked));
    }

    private static Task<JsonNode> StartAsync(RelyingParty party, Person person, object parameters, string authentication = "post")
    {
        var all = System.Text.Json.JsonSerializer.SerializeToNode(parameters)!.AsObject();
        all["login_hint"] ??= person.UserId;
        return RunAsync(party, new { parameters = all, pushes = true, authentication });
    }

    /// <param name="maxAge">In seconds.</param>
    private static Task<JsonNode> FinishAsync(
        RelyingParty party, JsonNode started, BrowserAnswer answer, int? maxAge = null, string authentication = "post") =>
        RunAsync(party, answer.Location is { } location
            ? (object)new { started, maxAge, authentication, callback = location }
            : new { started, maxAge, authentication, callback = RelyingParty.Callback, form = answer.Fields });

    private static Task<JsonNode> RunAsync(RelyingParty party, object input)
    {
        var all = System.Text.Json.JsonSerializer.SerializeToNode(input)!.AsObject();
        all["issuer"] = party.Server.Url + "/";
        all["clientId"] = party.ClientId;
        all["secret"] = party.Secret;
        return NodeClient.RunScriptAsync("oidc", "run.mjs", all);
    }

    /// <summary>The client compares ID tokens with the time of the machine.</summary>
    private async Task<(RelyingParty Party, Person Person, Flow Enrolled)> CreateAsync(Engine engine)
    {
        var server = await servers.GetSecureAsync(engine);
        server.Clock.Run();
        var person = await Person.CreateAsync(server);
        return (await RelyingParty.CreateAsync(server), person, await person.EnrollAsync());
    }
}

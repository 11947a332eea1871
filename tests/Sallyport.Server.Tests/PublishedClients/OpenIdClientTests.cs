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

    private static Task<JsonNode> StartAsync(RelyingParty party, Person person, object parameters)
    {
        var all = System.Text.Json.JsonSerializer.SerializeToNode(parameters)!.AsObject();
        all["login_hint"] ??= person.UserId;
        return RunAsync(party, new { parameters = all, pushes = true });
    }

    /// <param name="maxAge">In seconds.</param>
    private static Task<JsonNode> FinishAsync(RelyingParty party, JsonNode started, BrowserAnswer answer, int? maxAge = null) =>
        RunAsync(party, answer.Location is { } location
            ? (object)new { started, maxAge, callback = location }
            : new { started, maxAge, callback = RelyingParty.Callback, form = answer.Fields });

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

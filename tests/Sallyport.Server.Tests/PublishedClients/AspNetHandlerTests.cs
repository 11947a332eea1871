using System.Net;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.PublishedClients;

/// <summary>Microsoft.AspNetCore.Authentication.OpenIdConnect 10.0.15, unmodified. The browser tests open the same application in Chromium.</summary>
public sealed class AspNetHandlerTests(Servers servers) : IClassFixture<Servers>
{
    [Theory, Engines]
    public async Task A_user_signs_in_and_the_answer_is_a_redirect(Engine engine)
    {
        await using var party = await AspNetRelyingParty.StartAsync(await servers.GetAsync(engine), "query", isSecure: true);
        var person = await Person.CreateAsync(party.Server);
        var browser = new Browser(party.Server);

        var answer = await SignInAsync(browser, party, person);
        var returned = await browser.OpenAsync(answer.Location!);

        returned.Location.ShouldBe("/home", returned.Text);
        (await browser.OpenAsync(party.HomeUrl)).Text.ShouldBe($"Signed in as {person.UserId} with mfa+otp");
    }

    [Theory, Engines]
    public async Task A_user_signs_in_and_the_answer_is_a_form(Engine engine)
    {
        await using var party = await AspNetRelyingParty.StartAsync(await servers.GetAsync(engine), "form_post", isSecure: true);
        var person = await Person.CreateAsync(party.Server);
        var browser = new Browser(party.Server);

        var answer = await SignInAsync(browser, party, person);
        var returned = await browser.PostAsync(party.Url + "/signin-oidc", [.. answer.Fields.Select(field => (field.Key, field.Value))]);

        returned.Location.ShouldBe("/home", returned.Text);
        (await browser.OpenAsync(party.HomeUrl)).Text.ShouldBe($"Signed in as {person.UserId} with mfa+otp");
    }

    [Theory, Engines]
    public async Task A_blocked_user_is_refused(Engine engine)
    {
        await using var party = await AspNetRelyingParty.StartAsync(await servers.GetAsync(engine), "query", isSecure: true);
        var person = await Person.CreateAsync(party.Server);
        (await person.PatchAsync(new { blocked = true })).ShouldBe(HttpStatusCode.OK);
        var browser = new Browser(party.Server);

        var answer = await browser.OpenAsync((await browser.OpenAsync(party.LoginUrl(person))).Location!);

        (await browser.OpenAsync(answer.Location!)).Text.ShouldContain("access_denied");
    }

    private static async Task<BrowserAnswer> SignInAsync(Browser browser, AspNetRelyingParty party, Person person)
    {
        var enrolled = await person.EnrollAsync();
        var begun = await browser.OpenAsync(party.LoginUrl(person));
        begun.Query("request_uri").ShouldNotBeNull("The handler pushes its requests.");
        return await browser.ResumeAsync(await Browser.ProveAsync(person, enrolled, await browser.OpenAsync(begun.Location!)));
    }
}

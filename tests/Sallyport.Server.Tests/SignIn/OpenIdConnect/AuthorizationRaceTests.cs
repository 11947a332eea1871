using System.Net;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.SignIn.OpenIdConnect;

/// <summary>What may happen once, asked for by many at the same time.</summary>
public sealed class AuthorizationRaceTests(Servers servers) : IClassFixture<Servers>
{
    private const int Competitors = 16;

    [Theory, Engines]
    public async Task A_code_is_exchanged_once(Engine engine)
    {
        var (party, person, enrolled) = await CreateAsync(engine);
        var code = await party.SignInAsync(person, enrolled);

        var answers = await Task.WhenAll(Enumerable.Range(0, Competitors).Select(_ => party.ExchangeAsync(code)));

        answers.Count(answer => answer.Status == HttpStatusCode.OK).ShouldBe(1);
        answers.Count(answer => answer.Status == HttpStatusCode.Forbidden).ShouldBe(Competitors - 1);
        var token = (string)answers.Single(answer => answer.Status == HttpStatusCode.OK).Json!["access_token"]!;
        (await party.GetUserInfoAsync(token)).ShouldBeOAuthError(HttpStatusCode.Unauthorized, "invalid_token");
    }

    [Theory, Engines]
    public async Task A_pushed_request_is_used_once(Engine engine)
    {
        var (party, person, _) = await CreateAsync(engine);
        var path = await party.PushAsync(("login_hint", person.UserId));

        var answers = await Task.WhenAll(Enumerable.Range(0, Competitors).Select(_ => new Browser(party.Server).OpenAsync(path)));

        answers.Count(answer => answer.Status == HttpStatusCode.SeeOther).ShouldBe(1);
        answers.Count(answer => answer.Status == HttpStatusCode.BadRequest).ShouldBe(Competitors - 1);
    }

    [Theory, Engines]
    public async Task A_result_answers_once(Engine engine)
    {
        var (party, person, enrolled) = await CreateAsync(engine);
        var browser = new Browser(party.Server);
        var signature = await Browser.ProveAsync(person, enrolled, await browser.OpenAsync(await party.PushAsync(("login_hint", person.UserId))));

        var answers = await Task.WhenAll(Enumerable.Range(0, Competitors).Select(_ => browser.ResumeAsync(signature)));

        var code = answers.Select(answer => answer.Query("code")).OfType<string>().ShouldHaveSingleItem();
        answers.ShouldAllBe(answer => answer.Status == HttpStatusCode.SeeOther || answer.Status == HttpStatusCode.BadRequest);
        (await party.ExchangeAsync(code)).ShouldBe(HttpStatusCode.OK);
    }

    private async Task<(RelyingParty Party, Person Person, Flow Enrolled)> CreateAsync(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var person = await Person.CreateAsync(server);
        return (await RelyingParty.CreateAsync(server), person, await person.EnrollAsync());
    }
}

using System.Net;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.SignIn;

/// <summary>What may happen once, asked for by many at the same time.</summary>
public sealed class SignInRaceTests(Servers servers) : IClassFixture<Servers>
{
    private const int Competitors = 16;

    [Theory, Engines]
    public async Task A_result_is_redeemed_once(Engine engine)
    {
        var (person, enrolled, application) = await CreateAsync(engine);
        var signIn = await application.StartAsync(person);
        (await person.Guardian.VerifyAsync(await person.StartSignInAsync(signIn), person.Guardian.CodeOf(enrolled, 1))).ShouldBe(HttpStatusCode.OK);

        var answers = await Task.WhenAll(Enumerable.Range(0, Competitors).Select(_ => application.RedeemAsync(signIn)));

        answers.Count(answer => answer.Status == HttpStatusCode.OK).ShouldBe(1);
        answers.Count(answer => answer.Status == HttpStatusCode.Conflict).ShouldBe(Competitors - 1);
    }

    [Theory, Engines]
    public async Task A_code_of_an_app_signs_in_once_across_sign_ins(Engine engine)
    {
        var (person, enrolled, application) = await CreateAsync(engine);
        var flows = await StartManyAsync(person, application);
        var code = person.Guardian.CodeOf(enrolled, 1);

        var answers = await Task.WhenAll(flows.Select(flow => person.Guardian.VerifyAsync(flow, code)));

        answers.Count(answer => answer.Status == HttpStatusCode.OK).ShouldBe(1);
    }

    [Theory, Engines]
    public async Task A_recovery_code_signs_in_once_across_sign_ins(Engine engine)
    {
        var (person, enrolled, application) = await CreateAsync(engine);
        var flows = await StartManyAsync(person, application);

        var answers = await Task.WhenAll(flows.Select(flow => person.Guardian.RecoverAsync(flow, enrolled.RecoveryCode!)));

        answers.Count(answer => answer.Status == HttpStatusCode.OK).ShouldBe(1);
    }

    [Theory, Engines]
    public async Task Starting_one_sign_in_many_times_leaves_one_key(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var (person, application) = (await Person.CreateAsync(server), await Application.CreateAsync(server));
        var signIn = await application.StartAsync(person);

        var flows = await Task.WhenAll(Enumerable.Range(0, Competitors).Select(_ => person.StartSignInAsync(signIn)));

        (await person.CountAsync("authenticator", "factor = 'otp'")).ShouldBe(1);
        var last = (await person.Server.Database.QueryAsync(
            new Statement("SELECT authenticator_id FROM authenticator WHERE user_id = @user_id AND factor = 'otp'", ("user_id", person.UserId)),
            row => row.GetString(0),
            CancellationToken.None)).ShouldHaveSingleItem();
        var live = flows.Single(flow => flow.AuthenticatorId == last);
        (await person.Guardian.VerifyAsync(live, person.Guardian.CodeOf(live))).ShouldBe(HttpStatusCode.OK);
        (await application.RedeemAsync(signIn)).ShouldBe(HttpStatusCode.OK);
    }

    private static async Task<List<Flow>> StartManyAsync(Person person, Application application)
    {
        var flows = new List<Flow>();
        for (var i = 0; i < Competitors; i++)
        {
            flows.Add(await person.StartSignInAsync(await application.StartAsync(person)));
        }

        return flows;
    }

    private async Task<(Person Person, Flow Enrolled, Application Application)> CreateAsync(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var person = await Person.CreateAsync(server);
        return (person, await person.EnrollAsync(), await Application.CreateAsync(server));
    }
}

using System.Net;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Factors;

/// <summary>Concurrent guesses are counted one by one (CVE-2023-47111, keycloak#26106).</summary>
public sealed class CodeRaceTests(Servers servers) : IClassFixture<Servers>
{
    private const int Budget = 10;

    [Theory, Engines]
    public async Task Only_ten_of_two_hundred_concurrent_guesses_are_evaluated(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        var enrolled = await person.EnrollAsync();
        var login = await person.StartAsync();
        var (wrong, right) = (person.Guardian.WrongCodeOf(enrolled), person.Guardian.CodeOf(enrolled, 1));

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 200).Select(n => person.Guardian.VerifyAsync(login, n == 50 ? right : wrong)));

        ShouldHaveBeenBounded(answers);
        answers[50].Status.ShouldBeOneOf(HttpStatusCode.OK, HttpStatusCode.TooManyRequests);
        var log = await person.ListGuardianLogAsync();
        log.Count(type => type == "gd_auth_failed").ShouldBe(Budget);
        log.Count(type => type == "gd_otp_rate_limit_exceed").ShouldBe(1, "Refusals of one minute share an entry.");
    }

    [Theory, Engines]
    public async Task More_transactions_give_no_more_guesses(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        var enrolled = await person.EnrollAsync();
        var ticket = await person.NewTicketAsync();
        var logins = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => person.Guardian.StartAsync(ticket)));
        var wrong = person.Guardian.WrongCodeOf(enrolled);

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 100).Select(n => n % 4 == 0
                ? person.Guardian.RecoverAsync(logins[n % logins.Length], new string('A', 24))
                : person.Guardian.VerifyAsync(logins[n % logins.Length], wrong)));

        ShouldHaveBeenBounded(answers);
    }

    [Theory, Engines]
    public async Task One_recovery_code_used_twenty_times_at_once_is_accepted_once(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        var enrolled = await person.EnrollAsync();
        var ticket = await person.NewTicketAsync();
        var logins = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => person.Guardian.StartAsync(ticket)));

        var answers = await Task.WhenAll(logins.Select(login => person.Guardian.RecoverAsync(login, enrolled.RecoveryCode!)));

        answers.Count(answer => answer.Status == HttpStatusCode.OK).ShouldBe(1);
        (await person.CountAsync("transaction", "state = 'accepted' AND origin = 'ticket'")).ShouldBe(2);
        (await person.ListGuardianLogAsync()).Count(type => type == "gd_recovery_succeed").ShouldBe(1);
    }

    [Theory, Engines]
    public async Task One_code_used_in_twenty_logins_at_once_is_accepted_in_one(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        var enrolled = await person.EnrollAsync();
        var ticket = await person.NewTicketAsync();
        var logins = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => person.Guardian.StartAsync(ticket)));
        var code = person.Guardian.CodeOf(enrolled, 1);

        var answers = await Task.WhenAll(logins.Select(login => person.Guardian.VerifyAsync(login, code)));

        answers.Count(answer => answer.Status == HttpStatusCode.OK).ShouldBe(1);
        (await person.ListGuardianLogAsync()).Count(type => type == "gd_auth_succeed").ShouldBe(1);
    }

    private static void ShouldHaveBeenBounded(Answer[] answers)
    {
        answers.Count(answer => answer.Status == HttpStatusCode.Forbidden).ShouldBe(Budget);
        answers.ShouldAllBe(answer => answer.Status == HttpStatusCode.OK || answer.Status == HttpStatusCode.Forbidden
            || answer.Status == HttpStatusCode.TooManyRequests);
    }
}

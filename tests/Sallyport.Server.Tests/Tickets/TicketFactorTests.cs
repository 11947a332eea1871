using System.Net;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Factors.WebAuthn;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Tickets;

/// <summary>Tickets and every factor that they enroll.</summary>
public sealed class TicketFactorTests(Servers servers) : IClassFixture<Servers>
{
    private static readonly string[] Factors = ["otp", "phone", "push-notification", "email", "webauthn-roaming", "webauthn-platform"];

    /// <summary>CVE-2026-37982: a link was used again, to enroll the key of an attacker.</summary>
    [Theory, Engines]
    public async Task Of_twenty_enrollments_of_all_factors_with_one_ticket_one_is_confirmed(Engine engine)
    {
        var person = await CreateAsync(engine);
        var ticket = await person.NewTicketAsync();
        var confirmations = new List<Func<Task<Answer>>>();
        for (var i = 0; i < 4; i++)
        {
            confirmations.AddRange(await PrepareAsync(person, ticket));
        }

        var answers = await Task.WhenAll(confirmations.Select(confirm => confirm()));
        var again = await Task.WhenAll(confirmations.Select(confirm => confirm()));

        answers.Count(IsSuccess).ShouldBe(1);
        answers.Concat(again).ShouldAllBe(answer => (int)answer.Status < 500);
        again.ShouldAllBe(answer => !IsSuccess(answer));
        (await person.ListEnrollmentsAsync()).Count.ShouldBe(1);
        (await person.CountAsync("ticket", "used_at IS NOT NULL")).ShouldBe(1);
    }

    /// <summary>CVE-2022-23555: an invitation was valid for any flow.</summary>
    [Theory, Engines]
    public async Task A_ticket_that_names_a_factor_enrolls_no_other(Engine engine)
    {
        foreach (var factor in Factors)
        {
            var person = await CreateAsync(engine);
            var flow = await new WebAuthnScene(person).StartAsync(factor);

            foreach (var (other, answer) in await ProbeAsync(person, flow))
            {
                IsSuccess(answer).ShouldBe(other == factor, $"{other} with a ticket for {factor}: {answer.Text}");
                (other == factor || answer.Status == HttpStatusCode.NotFound).ShouldBeTrue(answer.Text);
            }
        }
    }

    [Theory, Engines]
    public async Task A_ticket_for_a_factor_that_is_off_is_refused(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var person = await Person.CreateAsync(server);
        (string Ticket, string Factor)[] factors =
            [("phone", "sms"), ("email", "email"), ("push-notification", "push-notification"), ("webauthn-roaming", "webauthn-roaming"), ("otp", "otp")];
        foreach (var (ticket, factor) in factors)
        {
            await person.SetFactorAsync(factor, enabled: false);
            var refused = await CreateAsync(ticket);
            await person.SetFactorAsync(factor, enabled: true);

            refused.ShouldBeError(HttpStatusCode.BadRequest, "invalid_body");
            ((string)refused.Json!["message"]!).ShouldContain("factor");
            (await CreateAsync(ticket)).ShouldBe(HttpStatusCode.OK);
        }

        (await person.CountAsync("ticket")).ShouldBe(factors.Length);

        Task<Answer> CreateAsync(string factor) =>
            person.Management.SendAsync(HttpMethod.Post, "/guardian/enrollments/ticket", new { user_id = person.UserId, factor });
    }

    /// <summary>A person who has begun with each factor, and the last request of each.</summary>
    private static async Task<IEnumerable<Func<Task<Answer>>>> PrepareAsync(Person person, string ticket)
    {
        var app = await person.Guardian.StartAsync(ticket);
        var secret = app.Secret;
        var text = await person.Guardian.StartAsync(ticket);
        var number = PhonePerson.NewNumber();
        var files = PhoneOutbox.ListFiles(person.Server);
        (await EnrollNumberAsync(person, text, number)).ShouldBe(HttpStatusCode.OK);
        var sent = await Eventually.GetAsync(() => Task.FromResult(PhoneOutbox.ListTo(person.Server, number, files)), found => found.Count == 1);
        var smsCode = PhoneOutbox.CodeIn(sent[0]);
        var mail = await person.Guardian.StartAsync(ticket);
        var mailCode = await person.MailCodeAsync(mail);
        var scene = new WebAuthnScene(person);
        var key = await person.Guardian.StartAsync(ticket);
        var credential = new SoftwareKey(person.Server.Url) { IsVerified = true }.Register(await scene.ChallengeAsync(key));
        var push = await person.Guardian.StartAsync(ticket);
        var phone = Phone.Of(person);
        return
        [
            () => person.Guardian.VerifyAsync(app, person.Guardian.CodeOf(secret)),
            () => person.Guardian.VerifyAsync(text, smsCode),
            () => person.Guardian.VerifyAsync(mail, mailCode),
            () => scene.VerifyAsync(key, credential),
            () => phone.EnrollAsync(push),
        ];
    }

    /// <summary>Tries to begin each factor; the phone comes last, because it enrolls at once.</summary>
    private static async Task<IReadOnlyList<(string Factor, Answer Answer)>> ProbeAsync(Person person, Flow flow)
    {
        var scene = new WebAuthnScene(person);
        return
        [
            ("phone", await EnrollNumberAsync(person, flow, PhonePerson.NewNumber())),
            ("email", await person.SendEmailAsync(flow)),
            ("webauthn-roaming", await scene.TryChallengeAsync(flow, "webauthn-roaming")),
            ("webauthn-platform", await scene.TryChallengeAsync(flow, "webauthn-platform")),
            ("push-notification", await Phone.Of(person).EnrollAsync((string)flow.Json["enrollment_tx_id"]!)),
        ];
    }

    private static Task<Answer> EnrollNumberAsync(Person person, Flow flow, string number) =>
        person.SendAsync($"device-accounts/{flow.AuthenticatorId}/sms-enroll", flow, new { phone_number = number });

    private static bool IsSuccess(Answer answer) => (int)answer.Status is >= 200 and < 300;

    private async Task<Person> CreateAsync(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetOnLocalhostAsync(engine));
        await person.VerifyAddressAsync();
        await person.SetFactorAsync("sms", enabled: true);
        await person.SetFactorAsync("push-notification", enabled: true);
        return person;
    }
}

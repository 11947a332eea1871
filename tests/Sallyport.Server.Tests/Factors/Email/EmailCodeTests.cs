using System.Net;
using System.Text.RegularExpressions;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Factors.Email;

public sealed partial class EmailCodeTests(Servers servers) : IClassFixture<Servers>
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    [Theory, Engines]
    public async Task A_person_enrolls_their_verified_address_and_signs_in_with_it(Engine engine)
    {
        var person = await PersonAsync(engine);
        var flow = await person.StartAsync();
        flow.Json["available_enrollment_methods"]!.AsArray().Select(name => (string)name!).ShouldBe(["otp", "email"]);

        (await person.Guardian.VerifyAsync(flow, await SendAndReadAsync(person, flow))).ShouldBe(HttpStatusCode.OK);

        ((string)(await person.ListEnrollmentsAsync()).Single()!["type"]!).ShouldBe("email");
        (await person.CountAsync("authenticator", "status = 'pending'")).ShouldBe(0);
        ((string)(await person.Guardian.GetStateAsync(flow))["state"]!).ShouldBe("accepted");
        var login = await person.StartAsync();
        login.Json["available_authentication_methods"]!.AsArray().Select(name => (string)name!).ShouldBe(["email"]);
        login.Json["device_account"]!["available_authenticator_types"]!.AsArray().Select(name => (string)name!).ShouldBe(["email", "recovery-code"]);
        (await person.Guardian.VerifyAsync(login, await SendAndReadAsync(person, login))).ShouldBe(HttpStatusCode.OK);
        (await person.ListGuardianLogAsync()).ShouldBe(
            ["gd_start_enroll", "gd_send_email", "gd_enrollment_complete", "gd_start_auth", "gd_send_email", "gd_auth_succeed"]);
    }

    [Theory, Engines]
    public async Task An_address_that_was_not_verified_is_not_offered(Engine engine)
    {
        var person = await PersonAsync(engine, isVerified: false);

        var flow = await person.StartAsync();

        flow.Json["available_enrollment_methods"]!.AsArray().Select(name => (string)name!).ShouldBe(["otp"]);
        (await SendAsync(person, flow)).ShouldBeError(HttpStatusCode.NotFound, "enrollment_not_found");
    }

    [Theory, Engines]
    public async Task Only_the_newest_code_works_and_another_one_is_sent_after_a_pause(Engine engine)
    {
        var person = await PersonAsync(engine);
        var flow = await person.StartAsync();
        var first = await SendAndReadAsync(person, flow);

        (await SendAsync(person, flow)).ShouldBeError(HttpStatusCode.TooManyRequests, "too_many_messages");
        person.Clock.Advance(Pause);
        var second = await SendAndReadAsync(person, flow);

        if (first != second)
        {
            (await person.Guardian.VerifyAsync(flow, first)).ShouldBeError(HttpStatusCode.Forbidden, "invalid_otp");
        }

        (await person.Guardian.VerifyAsync(flow, second)).ShouldBe(HttpStatusCode.OK);
    }

    [Theory, Engines]
    public async Task At_most_ten_codes_are_sent_within_an_hour_across_transactions(Engine engine)
    {
        var person = await PersonAsync(engine);
        for (var sent = 0; sent < 10; sent++)
        {
            (await SendAsync(person, await person.StartAsync())).ShouldBe(HttpStatusCode.OK);
        }

        (await SendAsync(person, await person.StartAsync())).ShouldBeError(HttpStatusCode.TooManyRequests, "too_many_messages");
        person.Clock.Advance(TimeSpan.FromHours(1));
        (await SendAsync(person, await person.StartAsync())).ShouldBe(HttpStatusCode.OK);
    }

    [Theory, Engines]
    public async Task A_code_expires_after_five_minutes_and_not_a_millisecond_earlier(Engine engine)
    {
        foreach (var (age, status) in new[] { (Lifetime - TimeSpan.FromMilliseconds(1), HttpStatusCode.OK), (Lifetime, HttpStatusCode.Forbidden) })
        {
            var person = await PersonAsync(engine);
            var flow = await person.StartAsync();
            var code = await SendAndReadAsync(person, flow);

            person.Clock.Advance(age);

            (await person.Guardian.VerifyAsync(flow, code)).Status.ShouldBe(status);
        }
    }

    [Theory, Engines]
    public async Task Sixteen_requests_with_one_code_are_accepted_once(Engine engine)
    {
        var person = await PersonAsync(engine);
        var enrollment = await person.StartAsync();
        (await person.Guardian.VerifyAsync(enrollment, await SendAndReadAsync(person, enrollment))).ShouldBe(HttpStatusCode.OK);
        var login = await person.StartAsync();
        var code = await SendAndReadAsync(person, login);

        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => person.Guardian.VerifyAsync(login, code)));

        answers.Count(answer => answer.Status == HttpStatusCode.OK).ShouldBe(1);
    }

    [Theory, Engines]
    public async Task Of_sixteen_requests_for_a_code_one_sends_it(Engine engine)
    {
        var person = await PersonAsync(engine);
        var flow = await person.StartAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => SendAsync(person, flow)));

        answers.Count(answer => answer.Status == HttpStatusCode.OK).ShouldBe(1);
        (await person.CountAsync("challenge")).ShouldBe(1);
    }

    [Theory, Engines]
    public async Task A_code_of_one_transaction_opens_no_other(Engine engine)
    {
        var person = await PersonAsync(engine);
        var (asked, other) = (await person.StartAsync(), await person.StartAsync());
        var code = await SendAndReadAsync(person, asked);

        (await person.Guardian.VerifyAsync(other, code)).ShouldBeError(HttpStatusCode.Forbidden, "invalid_otp");
    }

    [Theory, Engines]
    public async Task No_code_is_sent_to_an_address_that_the_person_no_longer_has(Engine engine)
    {
        var person = await PersonAsync(engine);
        var enrollment = await person.StartAsync();
        (await person.Guardian.VerifyAsync(enrollment, await SendAndReadAsync(person, enrollment))).ShouldBe(HttpStatusCode.OK);
        await PatchAsync(person, new { email = "moved-" + AddressOf(person) });

        (await SendAsync(person, await person.StartAsync())).ShouldBeError(HttpStatusCode.NotFound, "enrollment_not_found");
    }

    [Theory, Engines]
    public async Task A_ticket_cannot_be_limited_to_email(Engine engine)
    {
        var person = await PersonAsync(engine);

        var answer = await person.Management.SendAsync(
            HttpMethod.Post, "/guardian/enrollments/ticket", new { user_id = person.UserId, factor = "email" });

        answer.ShouldBeError(HttpStatusCode.BadRequest, "invalid_body");
        answer.Text.ShouldContain("factor");
    }

    [Theory, Engines]
    public async Task The_code_is_stored_as_a_hash(Engine engine)
    {
        var person = await PersonAsync(engine);
        var flow = await person.StartAsync();
        var code = await SendAndReadAsync(person, flow);

        (await person.CountAsync("challenge", $"data LIKE '%{code}%'")).ShouldBe(0);
    }

    private async Task<Person> PersonAsync(Engine engine, bool isVerified = true)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        await person.SetFactorAsync("email", enabled: true);
        await PatchAsync(person, new { email = AddressOf(person) });
        await PatchAsync(person, new { email_verified = isVerified });
        return person;
    }

    private static string AddressOf(Person person) => person.UserId.Split('|')[1].ToLowerInvariant() + "@example.com";

    private static async Task PatchAsync(Person person, object body) =>
        (await person.Management.SendAsync(HttpMethod.Patch, person.UserPath, body)).ShouldBe(HttpStatusCode.OK);

    private static Task<Answer> SendAsync(Person person, Flow flow) => person.Guardian.SendAsync("send-email", "Bearer " + flow.Token);

    /// <returns>The code in the mail that this request has sent.</returns>
    private static async Task<string> SendAndReadAsync(Person person, Flow flow)
    {
        var before = ListMails(person);
        (await SendAsync(person, flow)).ShouldBe(HttpStatusCode.OK);
        // Files of one millisecond are in no order, and the clock of the tests stands still.
        var sent = await Eventually.GetAsync(
            () => Task.FromResult(ListMails(person).ExceptBy(before.Select(mail => mail.File), mail => mail.File).ToList()), mails => mails.Count == 1);
        return CodePattern().Match(sent[0].Mail.Text).Value;
    }

    private static List<(string File, Mail Mail)> ListMails(Person person) =>
    [
        .. Mail.ListFiles(person.Server).Select(file => (file, Mail.Parse(File.ReadAllText(file))))
            .Where(pair => pair.Item2.Headers["To"].Contains(AddressOf(person), StringComparison.Ordinal)),
    ];

    [GeneratedRegex(@"\b[0-9]{6}\b")]
    private static partial Regex CodePattern();
}

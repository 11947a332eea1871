using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Transactions;

/// <summary>At sign-in: ten wrong codes, then one more every six minutes, per user and not per transaction (AuthQuake, CVE-2024-32868).</summary>
public sealed class AttemptLimitTests(Servers servers) : IClassFixture<Servers>
{
    private const int Budget = 10;

    private static readonly TimeSpan Refill = TimeSpan.FromMinutes(6);

    [Theory, EnginesAndBases]
    public async Task After_ten_wrong_codes_even_the_right_one_is_not_evaluated(Engine engine, string prefix)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine), prefix);
        var (enrolled, login) = await EnrollAndStartAsync(person);
        await person.FailAsync(login, person.Guardian.WrongCodeOf(enrolled), Budget);

        var wrong = await person.Guardian.VerifyAsync(login, person.Guardian.WrongCodeOf(enrolled));
        var right = await person.Guardian.VerifyAsync(login, person.Guardian.CodeOf(enrolled, 1));

        foreach (var answer in new[] { wrong, right })
        {
            answer.ShouldBeError(HttpStatusCode.TooManyRequests, "too_many_attempts");
            answer.Header("Retry-After").ShouldBe(Refill.TotalSeconds.ToString(CultureInfo.InvariantCulture));
        }

        right.Text.ShouldBe(wrong.Text);
        ((string)(await person.Guardian.GetStateAsync(login))["state"]!).ShouldBe("pending");
        (await person.ListGuardianLogAsync()).ShouldBe(
            ["gd_start_enroll", "gd_enrollment_complete", "gd_start_auth", .. Enumerable.Repeat("gd_auth_failed", Budget), "gd_otp_rate_limit_exceed"]);
    }

    [Theory, Engines]
    public async Task An_attempt_comes_back_every_six_minutes_and_not_a_millisecond_earlier(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        var (enrolled, login) = await EnrollAndStartAsync(person);
        await person.FailAsync(login, person.Guardian.WrongCodeOf(enrolled), Budget);

        person.Clock.Advance(Refill - TimeSpan.FromMilliseconds(1));
        var early = await person.Guardian.VerifyAsync(login, person.Guardian.CodeOf(enrolled));
        person.Clock.Advance(TimeSpan.FromMilliseconds(1));
        await person.FailAsync(login, person.Guardian.WrongCodeOf(enrolled), 1);
        var next = await person.Guardian.VerifyAsync(login, person.Guardian.CodeOf(enrolled));

        early.ShouldBeError(HttpStatusCode.TooManyRequests, "too_many_attempts");
        early.Header("Retry-After").ShouldBe("1");
        next.ShouldBeError(HttpStatusCode.TooManyRequests, "too_many_attempts");
        next.Header("Retry-After").ShouldBe("360");
    }

    [Theory, Engines]
    public async Task After_an_hour_the_budget_of_attempts_is_full_and_does_not_grow_further(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        var (enrolled, first) = await EnrollAndStartAsync(person);
        await person.FailAsync(first, person.Guardian.WrongCodeOf(enrolled), Budget);

        person.Clock.Advance(TimeSpan.FromHours(10));
        var later = await person.StartAsync();
        await person.FailAsync(later, person.Guardian.WrongCodeOf(enrolled), Budget);

        (await person.Guardian.VerifyAsync(later, person.Guardian.CodeOf(enrolled))).Status.ShouldBe(HttpStatusCode.TooManyRequests);
    }

    [Theory, Engines]
    public async Task The_budget_is_one_for_all_transactions_tickets_and_factors(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        var enrolled = await person.EnrollAsync();
        var wrong = person.Guardian.WrongCodeOf(enrolled);
        var ticket = await person.NewTicketAsync();

        await person.FailAsync(await person.Guardian.StartAsync(ticket), wrong, 3);
        await person.FailAsync(await person.Guardian.StartAsync(ticket), wrong, 2);
        await person.FailAsync(await person.StartAsync(), wrong, 2);
        var login = await person.StartAsync();
        for (var i = 0; i < 3; i++)
        {
            (await person.Guardian.RecoverAsync(login, new string('A', 24))).ShouldBeError(HttpStatusCode.Forbidden, "invalid_recovery_code");
        }

        (await person.Guardian.VerifyAsync(await person.StartAsync(), person.Guardian.CodeOf(enrolled, 1)))
            .ShouldBeError(HttpStatusCode.TooManyRequests, "too_many_attempts");
        (await person.Guardian.RecoverAsync(await person.StartAsync(), enrolled.RecoveryCode!))
            .ShouldBeError(HttpStatusCode.TooManyRequests, "too_many_attempts");
        var log = await person.ListGuardianLogAsync();
        log.Count(type => type == "gd_auth_failed").ShouldBe(7);
        log.Count(type => type == "gd_recovery_failed").ShouldBe(3);
        log.TakeLast(2).ShouldBe(["gd_start_auth", "gd_recovery_rate_limit_exceed"]);
        log.ShouldContain("gd_otp_rate_limit_exceed");
    }

    /// <summary>CVE-2026-9798: one way to sign in had no lock. Security keys and Duo have a limit of their own (docs/webauthn.md).</summary>
    [Theory, Engines]
    public async Task A_user_who_is_locked_out_on_one_path_is_locked_out_on_every_other(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var client = await MfaClient.CreateAsync(server);
        var person = Person.Of(server, client.UserId);
        var (phone, enrolled) = await Phone.EnrollAsync(person);
        foreach (var (factor, method) in new (string, object)[]
        {
            ("sms", new { type = "phone", phone_number = PhonePerson.NewNumber(), preferred_authentication_method = "sms", name = "Phone" }),
            ("email", new { type = "email", email = client.Email, name = "Mail" }),
        })
        {
            await person.SetFactorAsync(factor, enabled: true);
            (await person.Management.SendAsync(HttpMethod.Post, person.UserPath + "/authentication-methods", method)).ShouldBe(HttpStatusCode.Created);
        }

        var flow = await person.StartAsync();
        var push = await phone.RequestPushAsync(flow);
        var files = PhoneOutbox.ListFiles(server);
        (await person.Guardian.SendAsync("send-sms", "Bearer " + flow.Token)).ShouldBe(HttpStatusCode.OK);
        var texts = await Eventually.GetAsync(() => Task.FromResult(PhoneOutbox.ListFiles(server).Except(files).ToList()), found => found.Count == 1);
        var smsCode = PhoneOutbox.CodeIn(JsonNode.Parse(await File.ReadAllTextAsync(texts[0], TestContext.Current.CancellationToken))!.AsObject());
        var mails = Mail.ListFilesTo(server, client.Email);
        var mfaToken = await client.MfaTokenAsync();
        var challenge = (await client.ChallengeAsync(mfaToken, ("challenge_type", "oob"), ("oob_channel", "email"))).ShouldBe(HttpStatusCode.OK);
        var mailCode = await Mail.WaitForCodeAsync(server, client.Email, mails);

        await person.FailAsync(flow, person.Guardian.WrongCodeOf(enrolled), Budget);

        (await person.Guardian.VerifyAsync(flow, person.Guardian.CodeOf(enrolled, 1))).ShouldBeError(HttpStatusCode.TooManyRequests, "too_many_attempts");
        (await person.Guardian.VerifyAsync(flow, smsCode)).ShouldBeError(HttpStatusCode.TooManyRequests, "too_many_attempts");
        (await person.Guardian.RecoverAsync(flow, enrolled.RecoveryCode!)).ShouldBeError(HttpStatusCode.TooManyRequests, "too_many_attempts");
        (await phone.AcceptAsync(push)).ShouldBeError(HttpStatusCode.TooManyRequests, "too_many_attempts");
        foreach (var answer in new[]
        {
            await client.OtpAsync(mfaToken, person.Guardian.CodeOf(enrolled, 1)),
            await client.OobAsync(mfaToken, (string)challenge["oob_code"]!, mailCode),
            await client.RecoverAsync(mfaToken, enrolled.RecoveryCode!),
        })
        {
            answer.ShouldBeOAuthError(HttpStatusCode.TooManyRequests, "too_many_requests");
        }
    }

    [Theory, Engines]
    public async Task The_recovery_code_is_not_evaluated_either_until_an_attempt_is_left(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        var enrolled = await person.EnrollAsync();
        var login = await person.StartAsync();
        await person.FailAsync(login, person.Guardian.WrongCodeOf(enrolled), Budget);

        var refused = await person.Guardian.RecoverAsync(login, enrolled.RecoveryCode!);
        person.Clock.Advance(Refill);
        var taken = await person.Guardian.RecoverAsync(login, enrolled.RecoveryCode!);

        refused.ShouldBeError(HttpStatusCode.TooManyRequests, "too_many_attempts");
        refused.Header("Retry-After").ShouldBe("360");
        taken.ShouldBe(HttpStatusCode.OK);
    }

    [Theory, Engines]
    public async Task A_right_code_costs_no_attempt(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        var enrolled = await person.EnrollAsync();
        var ticket = await person.NewTicketAsync();

        for (var i = 0; i < 3 * Budget; i++)
        {
            person.Clock.Advance(TimeSpan.FromSeconds(30));
            var login = await person.Guardian.StartAsync(ticket);
            (await person.Guardian.VerifyAsync(login, person.Guardian.CodeOf(enrolled))).ShouldBe(HttpStatusCode.OK);
        }

        var last = await person.Guardian.StartAsync(ticket);
        await person.FailAsync(last, person.Guardian.WrongCodeOf(enrolled), Budget);
        (await person.Guardian.VerifyAsync(last, person.Guardian.WrongCodeOf(enrolled))).Status.ShouldBe(HttpStatusCode.TooManyRequests);
    }

    /// <summary>An attacker who has one factor must not get more guesses at another.</summary>
    [Theory, Engines]
    public async Task A_right_code_does_not_reset_the_budget(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        var enrolled = await person.EnrollAsync();
        var ticket = await person.NewTicketAsync();
        var wrong = person.Guardian.WrongCodeOf(enrolled);
        await person.FailAsync(await person.Guardian.StartAsync(ticket), wrong, Budget - 1);

        (await person.Guardian.VerifyAsync(await person.Guardian.StartAsync(ticket), person.Guardian.CodeOf(enrolled, 1))).ShouldBe(HttpStatusCode.OK);
        var login = await person.Guardian.StartAsync(ticket);
        await person.FailAsync(login, wrong, 1);

        (await person.Guardian.VerifyAsync(login, wrong)).ShouldBeError(HttpStatusCode.TooManyRequests, "too_many_attempts");
    }

    /// <summary>Replacing or removing a factor must not bypass the limit (CVE-2026-27801).</summary>
    [Theory, Engines]
    public async Task Neither_a_new_recovery_code_nor_a_new_enrollment_refills_the_budget(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        var enrolled = await person.EnrollAsync();
        await person.FailAsync(await person.StartAsync(), person.Guardian.WrongCodeOf(enrolled), Budget);

        var code = (string)(await person.Management.SendAsync(HttpMethod.Post, person.UserPath + "/recovery-code-regeneration"))
            .ShouldBe(HttpStatusCode.OK)["recovery_code"]!;
        var recovery = await person.Guardian.RecoverAsync(await person.StartAsync(), code);
        (await person.Management.SendAsync(HttpMethod.Delete, "/guardian/enrollments/" + enrolled.AuthenticatorId)).ShouldBe(HttpStatusCode.NoContent);
        var again = await person.StartAsync();

        recovery.ShouldBeError(HttpStatusCode.TooManyRequests, "too_many_attempts");
        again.IsEnrolling.ShouldBeTrue();
        (await person.Guardian.VerifyAsync(again, person.Guardian.CodeOf(again))).ShouldBe(HttpStatusCode.OK);
        (await person.Guardian.VerifyAsync(await person.StartAsync(), person.Guardian.CodeOf(again, 1))).Status
            .ShouldBe(HttpStatusCode.TooManyRequests);
    }

    [Theory, Engines]
    public async Task One_person_does_not_use_up_the_budget_of_another(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var (attacked, other) = (await Person.CreateAsync(server), await Person.CreateAsync(server));
        var (enrolled, login) = await EnrollAndStartAsync(attacked);
        await attacked.FailAsync(login, attacked.Guardian.WrongCodeOf(enrolled), Budget);

        var (otherEnrolled, otherLogin) = await EnrollAndStartAsync(other);

        (await other.Guardian.VerifyAsync(otherLogin, other.Guardian.CodeOf(otherEnrolled, 1))).ShouldBe(HttpStatusCode.OK);
    }

    /// <summary>Text that cannot be a code counts as a guess; a body that cannot be parsed does not.</summary>
    [Theory, Engines]
    public async Task Text_that_is_not_a_code_costs_an_attempt_and_an_invalid_body_does_not(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        var (enrolled, login) = await EnrollAndStartAsync(person);

        for (var i = 0; i < 2 * Budget; i++)
        {
            (await person.SendAsync("verify-otp", login, "{}")).ShouldBeError(HttpStatusCode.BadRequest, "invalid_body");
        }

        await person.FailAsync(login, "no code", Budget);
        (await person.Guardian.VerifyAsync(login, person.Guardian.CodeOf(enrolled, 1))).Status.ShouldBe(HttpStatusCode.TooManyRequests);
    }

    private static async Task<(Flow Enrolled, Flow Login)> EnrollAndStartAsync(Person person) =>
        (await person.EnrollAsync(), await person.StartAsync());
}

using System.Net;
using Sallyport.Protocols.Otp;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Factors;

/// <summary>When a code is accepted, to the millisecond, and that it is accepted once (RFC 6238 section 5.2, CVE-2024-7318, CVE-2025-69197).</summary>
public sealed class TotpTimeTests(Servers servers) : IClassFixture<Servers>
{
    private static readonly TimeSpan Period = TotpParameters.Default.Period;

    /// <summary>A code is accepted from the step before its own until the end of the step after it.</summary>
    [Theory, Engines]
    public async Task The_window_of_a_login_code_opens_and_closes_to_the_millisecond(Engine engine)
    {
        var (opens, closes) = (-Period, 2 * Period);
        var millisecond = TimeSpan.FromMilliseconds(1);

        foreach (var (offset, isGood) in new[]
        {
            (opens - millisecond, false), (opens, true), (TimeSpan.Zero, true), (closes - millisecond, true), (closes, false), (closes + Period, false),
        })
        {
            var person = await Person.CreateAsync(await servers.GetAsync(engine));
            var enrolled = await person.EnrollAsync();
            var step = ToNextStep(person.Clock, ahead: 10);
            var code = person.Guardian.CodeOf(enrolled);
            person.Clock.Set(step + offset);

            var answer = await person.Guardian.VerifyAsync(await person.StartAsync(), code);

            answer.Status.ShouldBe(isGood ? HttpStatusCode.OK : HttpStatusCode.Forbidden, offset.ToString());
            person.Clock.Set(step + (10 * Period));
        }
    }

    [Theory, Engines]
    public async Task The_window_of_an_enrollment_code_is_the_same(Engine engine)
    {
        var millisecond = TimeSpan.FromMilliseconds(1);

        foreach (var (offset, isGood) in new[]
        {
            (-Period - millisecond, false), (-Period, true), ((2 * Period) - millisecond, true), (2 * Period, false),
        })
        {
            var person = await Person.CreateAsync(await servers.GetAsync(engine));
            var step = ToNextStep(person.Clock, ahead: 10);
            person.Clock.Set(step - (5 * Period));
            var flow = await person.StartAsync();
            var code = Totp.Code(flow.Secret, step, TotpParameters.Default);
            person.Clock.Set(step + offset);

            var answer = await person.Guardian.VerifyAsync(flow, code);

            answer.Status.ShouldBe(isGood ? HttpStatusCode.OK : HttpStatusCode.Forbidden, offset.ToString());
            person.Clock.Set(step + (10 * Period));
        }
    }

    /// <summary>A list that forgot used codes after 60 s accepted them again for 30 s (Infisical#6112).</summary>
    [Theory, Engines]
    public async Task A_used_code_stays_used_until_its_window_ends(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        var enrolled = await person.EnrollAsync();
        var ticket = await person.NewTicketAsync();
        var step = ToNextStep(person.Clock, ahead: 10);
        person.Clock.Set(step - Period);
        var code = person.Guardian.CodeOf(enrolled, 1);
        (await person.Guardian.VerifyAsync(await person.Guardian.StartAsync(ticket), code)).ShouldBe(HttpStatusCode.OK);

        foreach (var seconds in new[] { 0, 1, 30, 59, 61, 89, 90, 91 })
        {
            person.Clock.Set(step - Period + TimeSpan.FromSeconds(seconds));
            (await person.Guardian.VerifyAsync(await person.Guardian.StartAsync(ticket), code))
                .ShouldBeError(HttpStatusCode.Forbidden, "invalid_otp");
        }
    }

    /// <summary>The first fix of devise-two-factor still accepted the code of the previous step.</summary>
    [Theory, Engines]
    public async Task After_a_code_no_earlier_code_is_accepted(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        var enrolled = await person.EnrollAsync();
        var ticket = await person.NewTicketAsync();
        ToNextStep(person.Clock, ahead: 10);
        (await person.Guardian.VerifyAsync(await person.Guardian.StartAsync(ticket), person.Guardian.CodeOf(enrolled, 1))).ShouldBe(HttpStatusCode.OK);

        foreach (var earlier in new[] { -1, 0, 1 })
        {
            (await person.Guardian.VerifyAsync(await person.Guardian.StartAsync(ticket), person.Guardian.CodeOf(enrolled, earlier)))
                .ShouldBeError(HttpStatusCode.Forbidden, "invalid_otp");
        }

        person.Clock.Advance(Period);
        (await person.Guardian.VerifyAsync(await person.Guardian.StartAsync(ticket), person.Guardian.CodeOf(enrolled, 1))).ShouldBe(HttpStatusCode.OK);
    }

    /// <summary>Someone who saw the code during the enrollment must not be able to log in with it (hanko#2723).</summary>
    [Theory, Engines]
    public async Task The_code_of_the_enrollment_is_refused_at_the_first_login(Engine engine)
    {
        foreach (var stepsAhead in new[] { -1, 0, 1 })
        {
            var person = await Person.CreateAsync(await servers.GetAsync(engine));
            var flow = await person.StartAsync();
            var code = person.Guardian.CodeOf(flow, stepsAhead);
            (await person.Guardian.VerifyAsync(flow, code)).ShouldBe(HttpStatusCode.OK);

            var replayed = await person.Guardian.VerifyAsync(await person.StartAsync(), code);
            var next = await person.Guardian.VerifyAsync(await person.StartAsync(), person.Guardian.CodeOf(flow, stepsAhead + 1));

            replayed.ShouldBeError(HttpStatusCode.Forbidden, "invalid_otp");
            next.Status.ShouldBe(stepsAhead < 1 ? HttpStatusCode.OK : HttpStatusCode.Forbidden);
        }
    }

    [Theory, Engines]
    public async Task A_used_code_stays_used_when_the_clock_is_set_back(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        var enrolled = await person.EnrollAsync();
        var ticket = await person.NewTicketAsync();
        var step = ToNextStep(person.Clock, ahead: 10);
        var code = person.Guardian.CodeOf(enrolled);
        (await person.Guardian.VerifyAsync(await person.Guardian.StartAsync(ticket), code)).ShouldBe(HttpStatusCode.OK);

        person.Clock.Set(step - TimeSpan.FromHours(1));
        var anHourBack = await person.Guardian.VerifyAsync(await person.Guardian.StartAsync(ticket), person.Guardian.CodeOf(enrolled));
        person.Clock.Set(step);
        var again = await person.Guardian.VerifyAsync(await person.Guardian.StartAsync(ticket), code);
        person.Clock.Set(step + Period);
        var later = await person.Guardian.VerifyAsync(await person.Guardian.StartAsync(ticket), person.Guardian.CodeOf(enrolled));

        anHourBack.ShouldBeError(HttpStatusCode.Forbidden, "invalid_otp");
        again.ShouldBeError(HttpStatusCode.Forbidden, "invalid_otp");
        later.ShouldBe(HttpStatusCode.OK);
    }

    [Theory, Engines]
    public async Task A_wrong_code_does_not_use_up_the_right_one(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        var enrolled = await person.EnrollAsync();
        var login = await person.StartAsync();
        await person.FailAsync(login, person.Guardian.WrongCodeOf(enrolled), 5);

        (await person.Guardian.VerifyAsync(login, person.Guardian.CodeOf(enrolled, 1))).ShouldBe(HttpStatusCode.OK);

        (await person.CountAsync("authenticator", "factor = 'otp' AND data LIKE '%last_step%'")).ShouldBe(1);
    }

    /// <returns>The beginning of a later step, to which the clock is set.</returns>
    private static DateTimeOffset ToNextStep(ManualClock clock, int ahead)
    {
        var step = DateTimeOffset.UnixEpoch + ((TotpParameters.Default.At(clock.GetUtcNow()).Number + ahead) * Period);
        clock.Set(step);
        return step;
    }
}

using System.Net;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Audit;

/// <summary>The log entry of an event is written in the same database transaction as the event.</summary>
public sealed class EnrollmentLogTests(Servers servers) : IClassFixture<Servers>
{
    [Theory, Engines]
    public async Task Events_from_enrollment_to_removal_are_logged_in_order(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        var flow = await person.StartAsync();
        await person.FailAsync(flow, person.Guardian.WrongCodeOf(flow), 1);
        (await person.Guardian.VerifyAsync(flow, person.Guardian.CodeOf(flow))).ShouldBe(HttpStatusCode.OK);
        var login = await person.StartAsync();
        (await person.Guardian.VerifyAsync(login, person.Guardian.CodeOf(flow, 1))).ShouldBe(HttpStatusCode.OK);
        (await person.Guardian.RecoverAsync(await person.StartAsync(), flow.RecoveryCode!)).ShouldBe(HttpStatusCode.OK);

        (await person.Management.SendAsync(HttpMethod.Delete, "/guardian/enrollments/" + flow.AuthenticatorId)).ShouldBe(HttpStatusCode.NoContent);

        (await person.ListGuardianLogAsync()).ShouldBe(
        [
            "gd_start_enroll", "gd_auth_failed", "gd_enrollment_complete", "gd_start_auth", "gd_auth_succeed",
            "gd_start_auth", "gd_recovery_succeed", "gd_unenroll",
        ]);
    }

    [Theory, Engines]
    public async Task Requests_refused_before_a_code_is_checked_are_not_logged_for_the_user(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        var ticket = await person.NewTicketAsync();
        var (winner, loser) = (await person.Guardian.StartAsync(ticket), await person.Guardian.StartAsync(ticket));
        (await person.Guardian.VerifyAsync(winner, person.Guardian.CodeOf(winner))).ShouldBe(HttpStatusCode.OK);
        var before = await CountAsync(person);

        (await person.Guardian.VerifyAsync(loser, person.Guardian.CodeOf(loser))).ShouldBeError(HttpStatusCode.Conflict, "enrollment_conflict");
        (await person.Guardian.StartFlowAsync(ticket)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await person.SendAsync("verify-otp", loser, "[]")).Status.ShouldBe(HttpStatusCode.BadRequest);
        person.Clock.Advance(TimeSpan.FromMinutes(30));
        (await person.Guardian.VerifyAsync(loser, person.Guardian.CodeOf(loser))).Status.ShouldBe(HttpStatusCode.Unauthorized);

        (await CountAsync(person)).ShouldBe(before);
    }

    /// <summary>The test marks the ticket as used, so the last statement of the confirmation changes no row.</summary>
    [Theory, Engines]
    public async Task A_confirmation_that_fails_at_its_last_statement_is_rolled_back(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        var flow = await person.StartAsync();
        await person.Server.Database.WriteAsync(
            unit =>
            {
                unit.Enqueue(new Statement("UPDATE ticket SET used_at = 1 WHERE user_id = @user_id", ("user_id", person.UserId)));
                return ValueTask.CompletedTask;
            },
            CancellationToken.None);
        var before = await CountAsync(person);

        (await person.Guardian.VerifyAsync(flow, person.Guardian.CodeOf(flow))).ShouldBeError(HttpStatusCode.Conflict, "enrollment_conflict");

        (await CountAsync(person)).ShouldBe(before);
        (await person.ListEnrollmentsAsync()).ShouldBeEmpty();
        (await person.CountAsync("authenticator", "status = 'confirmed' OR data LIKE '%last_step%'")).ShouldBe(0);
        (await person.CountAsync("transaction", "state = 'accepted'")).ShouldBe(0);
        (await person.CountAsync("attempt")).ShouldBe(0);
    }

    [Theory, Engines]
    public async Task An_entry_has_an_address_and_a_user_agent_and_no_secret(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        var ticket = await person.NewTicketAsync();
        await RawHttp.SendAsync(
            person.Server, $"POST /api/start-flow HTTP/1.1\nUser-Agent: {new string('u', 2000)}\nAuthorization: Ticket id=\"{ticket}\"\nContent-Length: 0");

        var entries = await person.Server.Database.QueryAsync(
            new Statement(
                "SELECT ip, user_agent, coalesce(details, '') FROM log WHERE user_id = @user_id AND type = 'gd_start_enroll'",
                ("user_id", person.UserId)),
            row => (Address: row.GetString(0), Agent: row.GetString(1), Details: row.GetString(2)),
            CancellationToken.None);

        entries.Count.ShouldBe(1);
        entries[0].Address.ShouldBe("127.0.0.1");
        entries[0].Agent.ShouldStartWith("uuuu");
        entries[0].Agent.Length.ShouldBeLessThanOrEqualTo(512);
        entries[0].Details.ShouldNotContain(ticket);
    }

    private static Task<long> CountAsync(Person person) => person.CountAsync("log", "type LIKE 'gd_%'");
}

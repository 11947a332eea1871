using System.Net;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Tickets;

/// <summary>A ticket works once, however many requests arrive at the same time.</summary>
public sealed class TicketRaceTests(Servers servers) : IClassFixture<Servers>
{
    [Theory, Engines]
    public async Task Fifty_confirmations_with_one_code_at_once_enroll_once(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        var flow = await person.StartAsync();
        var code = person.Guardian.CodeOf(flow);

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => person.Guardian.VerifyAsync(flow, code)));

        answers.Count(answer => answer.Status == HttpStatusCode.OK).ShouldBe(1);
        answers.Where(answer => answer.Status != HttpStatusCode.OK).ShouldAllBe(
            answer => answer.ErrorCode == "invalid_otp" || answer.ErrorCode == "too_many_attempts");
        await ShouldBeEnrolledOnceAsync(person);
    }

    [Theory, Engines]
    public async Task Sixteen_tabs_of_one_ticket_enroll_once(Engine engine)
    {
        foreach (var allowMultiple in new[] { false, true })
        {
            var person = await Person.CreateAsync(await servers.GetAsync(engine));
            var ticket = await person.NewTicketAsync(allowMultiple);
            var tabs = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => person.Guardian.StartAsync(ticket)));

            var answers = await Task.WhenAll(tabs.Select(tab => person.Guardian.VerifyAsync(tab, person.Guardian.CodeOf(tab))));

            answers.Count(answer => answer.Status == HttpStatusCode.OK).ShouldBe(1);
            answers.Where(answer => answer.Status != HttpStatusCode.OK).ShouldAllBe(answer => answer.ErrorCode == "enrollment_conflict");
            await ShouldBeEnrolledOnceAsync(person);
        }
    }

    [Theory, Engines]
    public async Task Of_two_tickets_confirmed_at_once_one_enrolls(Engine engine)
    {
        for (var round = 0; round < 8; round++)
        {
            var person = await Person.CreateAsync(await servers.GetAsync(engine));
            var flows = new[] { await person.StartAsync(), await person.StartAsync() };

            var answers = await Task.WhenAll(flows.Select(flow => person.Guardian.VerifyAsync(flow, person.Guardian.CodeOf(flow))));

            answers.Select(answer => answer.Status).ShouldBe([HttpStatusCode.OK, HttpStatusCode.Conflict], ignoreOrder: true);
            await ShouldBeEnrolledOnceAsync(person);
        }
    }

    [Theory, Engines]
    public async Task Two_tickets_that_allow_more_enrollments_both_enroll_and_the_last_recovery_code_is_valid(Engine engine)
    {
        for (var round = 0; round < 8; round++)
        {
            var person = await Person.CreateAsync(await servers.GetAsync(engine));
            var flows = new[] { await person.StartAsync(allowMultiple: true), await person.StartAsync(allowMultiple: true) };

            var answers = await Task.WhenAll(flows.Select(flow => person.Guardian.VerifyAsync(flow, person.Guardian.CodeOf(flow))));
            var login = await person.StartAsync();
            var recoveries = new[]
            {
                await person.Guardian.RecoverAsync(login, flows[0].RecoveryCode!), await person.Guardian.RecoverAsync(login, flows[1].RecoveryCode!),
            };

            answers.ShouldAllBe(answer => answer.Status == HttpStatusCode.OK);
            (await person.ListEnrollmentsAsync()).Count.ShouldBe(2);
            (await person.CountAsync("ticket", "used_at IS NOT NULL")).ShouldBe(2);
            (await person.CountAsync("authenticator", "factor = 'recovery-code' AND status = 'confirmed'")).ShouldBe(1);
            recoveries.Count(answer => answer.Status == HttpStatusCode.OK).ShouldBe(1);
        }
    }

    [Theory, Engines]
    public async Task Many_people_who_enroll_at_once_all_get_through(Engine engine)
    {
        var server = await servers.GetAsync(engine);

        var people = await Task.WhenAll(Enumerable.Range(0, 40).Select(async _ =>
        {
            var person = await Person.CreateAsync(server);
            await person.EnrollAsync();
            return person;
        }));

        foreach (var person in people)
        {
            await ShouldBeEnrolledOnceAsync(person);
        }
    }

    /// <summary>In either order each answer is an expected one, and no row is left behind.</summary>
    [Theory, Engines]
    public async Task A_user_deleted_during_a_confirmation_stays_deleted(Engine engine)
    {
        for (var round = 0; round < 40; round++)
        {
            var person = await Person.CreateAsync(await servers.GetAsync(engine));
            var ticket = await person.NewTicketAsync();
            var flow = await person.Guardian.StartAsync(ticket);
            if (round % 2 == 0)
            {
                await person.FailAsync(flow, person.Guardian.WrongCodeOf(flow), 1);
            }

            var deleted = person.Management.SendAsync(HttpMethod.Delete, person.UserPath);
            var answers = await Task.WhenAll(
                Enumerable.Range(0, 6).Select(_ => person.Guardian.VerifyAsync(flow, person.Guardian.CodeOf(flow)))
                    .Append(person.Guardian.StartFlowAsync(ticket)));

            (await deleted).ShouldBe(HttpStatusCode.NoContent);
            HttpStatusCode[] allowed =
                [HttpStatusCode.OK, HttpStatusCode.Created, HttpStatusCode.Unauthorized, HttpStatusCode.Forbidden, HttpStatusCode.TooManyRequests];
            answers.Select(answer => answer.Status).ShouldBeSubsetOf(allowed);
            foreach (var table in new[] { "ticket", "transaction", "authenticator", "attempt" })
            {
                (await person.CountAsync(table)).ShouldBe(0, table);
            }
        }
    }

    private static async Task ShouldBeEnrolledOnceAsync(Person person)
    {
        (await person.ListEnrollmentsAsync()).Count.ShouldBe(1);
        (await person.CountAsync("authenticator", "status = 'confirmed' AND factor = 'otp'")).ShouldBe(1);
        (await person.CountAsync("authenticator", "status = 'confirmed' AND factor = 'recovery-code'")).ShouldBe(1);
        (await person.CountAsync("ticket", "used_at IS NOT NULL")).ShouldBe(1);
        (await person.ListGuardianLogAsync()).Count(type => type == "gd_enrollment_complete").ShouldBe(1);
    }
}

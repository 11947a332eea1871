using System.Net;
using System.Net.Http.Json;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Tickets;

/// <summary>A ticket enrolls its own user, once and before it expires, and never another user.</summary>
public sealed class TicketUseTests(Servers servers) : IClassFixture<Servers>
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(5);

    [Theory, EnginesAndBases]
    public async Task A_used_ticket_starts_no_transaction(Engine engine, string prefix)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine), prefix);
        var ticket = await person.NewTicketAsync();
        await person.Guardian.EnrollAsync(ticket);

        var again = await person.Guardian.StartFlowAsync(ticket);

        again.ShouldBeError(HttpStatusCode.Unauthorized, "invalid_token");
        (await person.ListEnrollmentsAsync()).Count.ShouldBe(1);
        (await person.CountAsync("ticket", "used_at IS NOT NULL")).ShouldBe(1);
    }

    [Theory, Engines]
    public async Task A_ticket_for_several_enrollments_is_used_up_by_the_first(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        var ticket = await person.NewTicketAsync(allowMultiple: true);
        await person.Guardian.EnrollAsync(ticket);

        (await person.Guardian.StartFlowAsync(ticket)).ShouldBeError(HttpStatusCode.Unauthorized, "invalid_token");

        (await person.ListEnrollmentsAsync()).Count.ShouldBe(1);
    }

    [Theory, Engines]
    public async Task Two_tabs_of_one_ticket_enroll_once_in_either_order(Engine engine)
    {
        foreach (var allowMultiple in new[] { false, true })
        {
            var person = await Person.CreateAsync(await servers.GetAsync(engine));
            var ticket = await person.NewTicketAsync(allowMultiple);
            var (first, second) = (await person.Guardian.StartAsync(ticket), await person.Guardian.StartAsync(ticket));

            (await person.Guardian.VerifyAsync(second, person.Guardian.CodeOf(second))).ShouldBe(HttpStatusCode.OK);
            (await person.Guardian.VerifyAsync(first, person.Guardian.CodeOf(first)))
                .ShouldBeError(HttpStatusCode.Conflict, "enrollment_conflict");

            (await person.ListEnrollmentsAsync()).Select(e => (string)e!["id"]!).ShouldBe([second.AuthenticatorId]);
            ((string)(await person.Guardian.GetStateAsync(first))["state"]!).ShouldBe("pending");
        }
    }

    [Theory, Engines]
    public async Task Wrong_codes_and_abandoned_tabs_do_not_use_up_a_ticket(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        var ticket = await person.NewTicketAsync();
        for (var i = 0; i < 3; i++)
        {
            var abandoned = await person.Guardian.StartAsync(ticket);
            await person.FailAsync(abandoned, person.Guardian.WrongCodeOf(abandoned), 1);
        }

        (await person.CountAsync("ticket", "used_at IS NULL")).ShouldBe(1);
        await person.Guardian.EnrollAsync(ticket);

        (await person.ListEnrollmentsAsync()).Count.ShouldBe(1);
    }

    /// <summary>Five days, to the millisecond. The request decides, not a clean-up job.</summary>
    [Theory, Engines]
    public async Task A_ticket_is_valid_until_the_last_millisecond_before_its_expiry(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        var ticket = await person.NewTicketAsync();

        person.Clock.Advance(Lifetime - TimeSpan.FromMilliseconds(1));
        (await person.Guardian.StartFlowAsync(ticket)).ShouldBe(HttpStatusCode.Created);
        person.Clock.Advance(TimeSpan.FromMilliseconds(1));
        (await person.Guardian.StartFlowAsync(ticket)).ShouldBeError(HttpStatusCode.Unauthorized, "invalid_token");
        person.Clock.Advance(TimeSpan.FromSeconds(1));
        (await person.Guardian.StartFlowAsync(ticket)).ShouldBeError(HttpStatusCode.Unauthorized, "invalid_token");

        (await person.CountAsync("ticket")).ShouldBe(1);
        (await person.CountAsync("transaction")).ShouldBe(1);
    }

    [Theory, Engines]
    public async Task An_enrollment_can_be_confirmed_until_the_last_second_of_its_ticket(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        var (early, late) = (await person.NewTicketAsync(), await person.NewTicketAsync());
        person.Clock.Advance(Lifetime - TimeSpan.FromMinutes(1));
        var (inTime, tooLate) = (await person.Guardian.StartAsync(early), await person.Guardian.StartAsync(late));

        person.Clock.Advance(TimeSpan.FromSeconds(59));
        (await person.Guardian.VerifyAsync(inTime, person.Guardian.CodeOf(inTime))).ShouldBe(HttpStatusCode.OK);
        person.Clock.Advance(TimeSpan.FromSeconds(1));
        (await person.Guardian.VerifyAsync(tooLate, person.Guardian.CodeOf(tooLate)))
            .ShouldBeError(HttpStatusCode.Unauthorized, "invalid_token");

        (await person.ListEnrollmentsAsync()).Count.ShouldBe(1);
    }

    [Theory, Engines]
    public async Task Unknown_used_expired_and_blocked_tickets_get_the_same_answer(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var (used, expired, blocked) = (await Person.CreateAsync(server), await Person.CreateAsync(server), await Person.CreateAsync(server));
        var expiredTicket = await expired.NewTicketAsync();
        server.Clock.Advance(Lifetime);
        var usedTicket = await used.NewTicketAsync();
        await used.Guardian.EnrollAsync(usedTicket);
        var blockedTicket = await blocked.NewTicketAsync();
        (await blocked.Management.SendAsync(HttpMethod.Patch, blocked.UserPath, new { blocked = true })).ShouldBe(HttpStatusCode.OK);

        var answers = new List<Answer>();
        foreach (var ticket in new[] { new string('A', 32), usedTicket, expiredTicket, blockedTicket })
        {
            answers.Add(await used.Guardian.StartFlowAsync(ticket));
        }

        answers.ShouldAllBe(answer => answer.Status == HttpStatusCode.Unauthorized);
        answers.Select(answer => answer.Text).Distinct().ShouldBe(
            ["""{"statusCode":401,"error":"Unauthorized","message":"Invalid token.","errorCode":"invalid_token"}"""]);
        answers.Select(answer => string.Join(',', answer.Headers.Select(header => header.Key).Order())).Distinct().Count().ShouldBe(1);
    }

    /// <summary>The user of the ticket is enrolled, whatever user a body, a query or a header names (CVE-2023-26481).</summary>
    [Theory, EnginesAndBases]
    public async Task No_request_can_name_another_user(Engine engine, string prefix)
    {
        var server = await servers.GetAsync(engine);
        var (mallory, victim) = (await Person.CreateAsync(server, prefix), await Person.CreateAsync(server, prefix));
        var victimsFlow = await victim.StartAsync();
        var forged = new
        {
            user_id = victim.UserId,
            sub = victim.UserId,
            userId = victim.UserId,
            id = victimsFlow.AuthenticatorId,
            device_account = new { id = victimsFlow.AuthenticatorId, status = "confirmed" },
            status = "confirmed",
            state = "accepted",
        };
        var query = $"?user_id={Uri.EscapeDataString(victim.UserId)}&sub={Uri.EscapeDataString(victim.UserId)}&state=accepted";

        var started = await mallory.Guardian.SendAsync(
            "start-flow" + query, $"Ticket id=\"{await mallory.NewTicketAsync()}\"", JsonContent.Create(forged));
        var flow = new Flow(started.ShouldBe(HttpStatusCode.Created));
        var verify = new { type = "manual_input", code = mallory.Guardian.CodeOf(flow), forged.user_id, forged.sub, forged.id, forged.status };
        (await mallory.SendAsync("verify-otp" + query, flow, verify)).ShouldBe(HttpStatusCode.OK);

        (await mallory.ListEnrollmentsAsync()).Select(e => (string)e!["id"]!).ShouldBe([flow.AuthenticatorId]);
        (await victim.ListEnrollmentsAsync()).ShouldBeEmpty();
        ((string)(await victim.Guardian.GetStateAsync(victimsFlow))["state"]!).ShouldBe("pending");
    }

    [Theory, Engines]
    public async Task An_outcome_that_a_request_names_has_no_effect(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        var flow = await person.StartAsync();

        foreach (var call in new[] { "verify-otp", "transaction-state", "recover-account" })
        {
            await person.SendAsync(
                call, flow,
                new { type = "manual_input", code = "000000", recovery_code = "A", verified = true, confirmed = true, status = "confirmed", state = "accepted" });
        }

        ((string)(await person.Guardian.GetStateAsync(flow))["state"]!).ShouldBe("pending");
        (await person.ListEnrollmentsAsync()).ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task A_new_ticket_enrolls_an_enrolled_user_only_if_it_allows_more_enrollments(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        var opened = await person.StartAsync();
        await person.EnrollAsync();

        (await person.StartAsync()).IsEnrolling.ShouldBeFalse();
        (await person.Guardian.VerifyAsync(opened, person.Guardian.CodeOf(opened))).ShouldBeError(HttpStatusCode.Conflict, "enrollment_conflict");
        await person.EnrollAsync(allowMultiple: true);

        (await person.ListEnrollmentsAsync()).Count.ShouldBe(2);
    }

    [Theory, Engines]
    public async Task A_ticket_of_a_person_who_was_blocked_stays_withdrawn(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        var ticket = await person.NewTicketAsync();
        (await person.Management.SendAsync(HttpMethod.Patch, person.UserPath, new { blocked = true })).ShouldBe(HttpStatusCode.OK);
        (await person.Guardian.StartFlowAsync(ticket)).ShouldBeError(HttpStatusCode.Unauthorized, "invalid_token");

        (await person.Management.SendAsync(HttpMethod.Patch, person.UserPath, new { blocked = false })).ShouldBe(HttpStatusCode.OK);
        (await person.Guardian.StartFlowAsync(ticket)).ShouldBeError(HttpStatusCode.Unauthorized, "invalid_token");
        await person.EnrollAsync();

        (await person.ListEnrollmentsAsync()).Count.ShouldBe(1);
    }

    [Theory, Engines]
    public async Task Two_tickets_never_have_the_same_id(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));

        var tickets = new List<string>();
        for (var i = 0; i < 20; i++)
        {
            tickets.Add(await person.NewTicketAsync());
        }

        tickets.Distinct().Count().ShouldBe(20);
        tickets.ShouldAllBe(ticket => ticket.Length == 32 && ticket.All(char.IsAsciiLetterOrDigit));
    }

    /// <summary>Links built from request headers let attackers steal tickets (CVE-2023-49097).</summary>
    [Theory, Engines]
    public async Task The_link_comes_from_the_configuration_whatever_a_request_says(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        var token = await person.Management.FetchTokenAsync();
        var body = $$"""{"user_id":"{{person.UserId}}"}""";

        var raw = await RawHttp.SendAsync(
            person.Server,
            "POST /api/v2/guardian/enrollments/ticket HTTP/1.1\nX-Forwarded-Host: evil.example.com\nX-Forwarded-Proto: https\n"
            + "X-Forwarded-Prefix: /evil\nForwarded: host=evil.example.com;proto=https\nX-Original-Host: evil.example.com\n"
            + $"Authorization: Bearer {token}\nContent-Type: application/json\nContent-Length: {body.Length}", body);

        raw.ShouldStartWith("HTTP/1.1 200 ");
        raw.ShouldContain($"\"ticket_url\":\"{person.Server.Url}/mfa/enrollment?ticket=");
        raw.ShouldNotContain("evil.example");
        raw.ShouldNotContain("/evil");
    }
}

using System.Net;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Tickets;

/// <summary>A ticket, and a transaction that it started, end with the event that makes them obsolete.</summary>
public sealed class CredentialEndTests(Servers servers) : IClassFixture<Servers>
{
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);

    /// <summary>The events that end older tickets and their transactions.</summary>
    private static readonly Dictionary<string, Func<Person, Task>> Events = new(StringComparer.Ordinal)
    {
        ["another ticket enrolled"] = person => person.EnrollAsync(),
        ["the enrollment was removed"] = async person =>
        {
            await person.EnrollAsync();
            var id = (string)(await person.ListEnrollmentsAsync())[0]!["id"]!;
            await SendAsync(person, HttpMethod.Delete, "/guardian/enrollments/" + id);
        },
        ["the method was removed"] = async person =>
        {
            await person.EnrollAsync();
            var methods = (await person.Management.GetAsync(person.UserPath + "/authentication-methods")).AsArray();
            var id = methods.Select(method => (string)method!["id"]!).Single(id => id.StartsWith("totp|", StringComparison.Ordinal));
            await SendAsync(person, HttpMethod.Delete, $"{person.UserPath}/authentication-methods/{Uri.EscapeDataString(id)}");
        },
        ["the provider was removed"] = async person =>
        {
            await person.EnrollAsync();
            await SendAsync(person, HttpMethod.Delete, person.UserPath + "/multifactor/google-authenticator");
        },
        ["the factors were reset"] = person => SendAsync(person, HttpMethod.Delete, person.UserPath + "/authenticators"),
        ["the methods were removed"] = person => SendAsync(person, HttpMethod.Delete, person.UserPath + "/authentication-methods"),
        ["the methods were replaced"] = person => SendAsync(
            person, HttpMethod.Put, person.UserPath + "/authentication-methods", Array.Empty<object>()),
        ["the user was blocked and unblocked"] = async person =>
        {
            await PatchAsync(person, new { blocked = true });
            await PatchAsync(person, new { blocked = false });
        },
        ["the address changed"] = person => PatchAsync(person, new { email = $"new-{person.UserId.Split('|')[1]}@example.com" }),
        ["the tickets were withdrawn"] = person => SendAsync(person, HttpMethod.Delete, TicketsOf(person)),
    };

    public static TheoryData<Engine, string> EventsOnEngines()
    {
        var data = new TheoryData<Engine, string>();
        foreach (var name in Events.Keys)
        {
            data.Add(Engine.Sqlite, name);
            data.Add(Engine.PostgreSql, name);
        }

        return data;
    }

    [Theory, MemberData(nameof(EventsOnEngines))]
    public async Task An_older_ticket_and_its_transactions_enroll_nobody(Engine engine, string name)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        var ticket = await person.NewTicketAsync();
        var pending = await person.Guardian.StartAsync(ticket);
        person.Clock.Advance(Moment);

        await Events[name](person);

        (await person.Guardian.VerifyAsync(pending, person.Guardian.CodeOf(pending))).Status
            .ShouldBeOneOf(HttpStatusCode.Unauthorized, HttpStatusCode.Conflict);
        (await person.Guardian.StartFlowAsync(ticket)).ShouldBeError(HttpStatusCode.Unauthorized, "invalid_token");
        (await person.ListEnrollmentsAsync()).Select(enrollment => (string)enrollment!["id"]!).ShouldNotContain(pending.AuthenticatorId);
        (await person.CountAsync("authenticator", "status = 'pending'")).ShouldBe(0);
        (await person.Management.GetAsync(TicketsOf(person))).AsArray().ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task A_ticket_that_was_made_after_an_enrollment_survives_its_removal(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        await person.EnrollAsync();
        person.Clock.Advance(Moment);
        var invitation = await person.NewTicketAsync();
        var id = (string)(await person.ListEnrollmentsAsync())[0]!["id"]!;

        await SendAsync(person, HttpMethod.Delete, "/guardian/enrollments/" + id);

        await person.Guardian.EnrollAsync(invitation);
        (await person.ListEnrollmentsAsync()).Count.ShouldBe(1);
    }

    [Theory, Engines]
    public async Task Two_tickets_that_allow_more_enrollments_enroll_two_devices(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        var tickets = new[] { await person.NewTicketAsync(allowMultiple: true), await person.NewTicketAsync(allowMultiple: true) };
        var flows = new[] { await person.Guardian.StartAsync(tickets[0]), await person.Guardian.StartAsync(tickets[1]) };

        foreach (var flow in flows)
        {
            (await person.Guardian.VerifyAsync(flow, person.Guardian.CodeOf(flow))).ShouldBe(HttpStatusCode.OK);
        }

        (await person.ListEnrollmentsAsync()).Count.ShouldBe(2);
    }

    [Theory, Engines]
    public async Task Ten_wrong_codes_end_the_enrollment_and_leave_the_sign_in_budget_untouched(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        await person.EnrollAsync();
        var ticket = await person.NewTicketAsync(allowMultiple: true);

        for (var round = 0; round < 3; round++)
        {
            var enrollment = await person.Guardian.StartAsync(ticket);
            await person.FailAsync(enrollment, person.Guardian.WrongCodeOf(enrollment), 10);
            (await person.Guardian.VerifyAsync(enrollment, person.Guardian.CodeOf(enrollment)))
                .ShouldBeError(HttpStatusCode.Unauthorized, "invalid_token");
        }

        (await person.CountAsync("attempt", "full_at > 0")).ShouldBe(0);
        (await person.ListEnrollmentsAsync()).Count.ShouldBe(1);
        await person.Guardian.EnrollAsync(ticket);
    }

    [Theory, Engines]
    public async Task A_wrong_code_says_how_many_are_left(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        var enrollment = await person.StartAsync();

        for (var left = 9; left >= 0; left--)
        {
            var answer = await person.Guardian.VerifyAsync(enrollment, person.Guardian.WrongCodeOf(enrollment));
            answer.Headers.GetValues("X-RateLimit-Remaining").ShouldBe([left.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        }
    }

    [Theory, Engines]
    public async Task Open_tickets_are_listed_without_their_ids(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        var ticket = await person.NewTicketAsync();
        person.Clock.Advance(Moment);
        (await person.Management.SendAsync(
            HttpMethod.Post, "/guardian/enrollments/ticket", new { user_id = person.UserId, factor = "otp", allow_multiple_enrollments = true }))
            .ShouldBe(HttpStatusCode.OK);

        var listed = (await person.Management.GetAsync(TicketsOf(person))).AsArray();

        listed.Count.ShouldBe(2);
        listed.ToJsonString().ShouldNotContain(ticket);
        listed.Select(item => (string?)item!["factor"]).ShouldBe(["otp", null]);
        listed.Select(item => (bool)item!["allow_multiple_enrollments"]!).ShouldBe([true, false]);
        listed.ShouldAllBe(item => (DateTimeOffset)item!["expires_at"]! > (DateTimeOffset)item["created_at"]!);
    }

    [Theory, Engines]
    public async Task Listing_tickets_without_a_user_or_of_an_unknown_user_is_refused(Engine engine)
    {
        var management = new ManagementApi(await servers.GetAsync(engine));

        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Delete })
        {
            (await management.SendAsync(method, "/guardian/enrollments/tickets")).ShouldBeError(HttpStatusCode.BadRequest, "invalid_query_string");
            (await management.SendAsync(method, "/guardian/enrollments/tickets?user_id=auth0%7Cnobody"))
                .ShouldBeError(HttpStatusCode.NotFound, "inexistent_user");
        }
    }

    private static string TicketsOf(Person person) => "/guardian/enrollments/tickets?user_id=" + Uri.EscapeDataString(person.UserId);

    private static Task PatchAsync(Person person, object body) => SendAsync(person, HttpMethod.Patch, person.UserPath, body);

    private static async Task SendAsync(Person person, HttpMethod method, string path, object? body = null) =>
        (await person.Management.SendAsync(method, path, body)).Status.ShouldBeOneOf(HttpStatusCode.OK, HttpStatusCode.NoContent);
}

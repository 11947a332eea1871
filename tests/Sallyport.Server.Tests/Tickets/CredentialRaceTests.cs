using System.Net;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Tickets;

/// <summary>A confirmation happens before the event that ends its ticket, or not at all.</summary>
public sealed class CredentialRaceTests(Servers servers) : IClassFixture<Servers>
{
    private const int Competitors = 16;
    private const int Rounds = 4;

    [Theory, Engines]
    public async Task Of_sixteen_tickets_confirmed_at_once_one_enrolls(Engine engine)
    {
        for (var round = 0; round < Rounds; round++)
        {
            var person = await Person.CreateAsync(await servers.GetAsync(engine));
            var flows = await Task.WhenAll(Enumerable.Range(0, Competitors).Select(_ => person.StartAsync()));

            var answers = await Task.WhenAll(flows.Select(flow => person.Guardian.VerifyAsync(flow, person.Guardian.CodeOf(flow))));

            answers.Count(answer => answer.Status == HttpStatusCode.OK).ShouldBe(1);
            (await person.ListEnrollmentsAsync()).Count.ShouldBe(1);
            (await person.CountAsync("authenticator", "status = 'pending'")).ShouldBe(0);
            (await person.CountAsync("ticket", "used_at IS NULL AND ended_at IS NULL")).ShouldBe(0);
        }
    }

    [Theory, Engines]
    public async Task A_reset_during_confirmations_leaves_nobody_enrolled(Engine engine) =>
        await RaceAsync(
            engine,
            person => person.Management.SendAsync(HttpMethod.Delete, person.UserPath + "/authenticators"),
            enrollments => enrollments.ShouldBe(0));

    [Theory, Engines]
    public async Task A_block_during_confirmations_ends_the_later_ones(Engine engine) =>
        await RaceAsync(
            engine,
            async person =>
            {
                await person.Management.SendAsync(HttpMethod.Patch, person.UserPath, new { blocked = true });
                return await person.Management.SendAsync(HttpMethod.Patch, person.UserPath, new { blocked = false });
            },
            enrollments => enrollments.ShouldBeLessThanOrEqualTo(1));

    [Theory, Engines]
    public async Task A_change_of_address_during_confirmations_ends_the_later_ones(Engine engine) =>
        await RaceAsync(
            engine,
            person => person.Management.SendAsync(HttpMethod.Patch, person.UserPath, new { email = $"new-{person.UserId.Split('|')[1]}@example.com" }),
            enrollments => enrollments.ShouldBeLessThanOrEqualTo(1));

    private async Task RaceAsync(Engine engine, Func<Person, Task<Answer>> endTickets, Action<int> check)
    {
        for (var round = 0; round < Rounds; round++)
        {
            var person = await Person.CreateAsync(await servers.GetAsync(engine));
            var tickets = await Task.WhenAll(Enumerable.Range(0, Competitors).Select(_ => person.NewTicketAsync()));
            var flows = await Task.WhenAll(tickets.Select(person.Guardian.StartAsync));

            var ending = endTickets(person);
            var answers = await Task.WhenAll(flows.Select(flow => person.Guardian.VerifyAsync(flow, person.Guardian.CodeOf(flow))));
            (await ending).Status.ShouldBeOneOf(HttpStatusCode.OK, HttpStatusCode.NoContent);

            answers.Count(answer => answer.Status == HttpStatusCode.OK).ShouldBeLessThanOrEqualTo(1);
            check((await person.ListEnrollmentsAsync()).Count);
            await ShouldOpenNothingAsync(person, tickets, flows);
        }
    }

    private static async Task ShouldOpenNothingAsync(Person person, string[] tickets, Flow[] flows)
    {
        var before = (await person.ListEnrollmentsAsync()).ToJsonString();
        foreach (var flow in flows)
        {
            (await person.Guardian.VerifyAsync(flow, person.Guardian.CodeOf(flow, stepsAhead: 1))).Status.ShouldNotBe(HttpStatusCode.OK);
        }

        (await person.Guardian.StartFlowAsync(tickets[0])).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await person.ListEnrollmentsAsync()).ToJsonString().ShouldBe(before);
        (await person.CountAsync("authenticator", "status = 'pending'")).ShouldBe(0);
    }
}

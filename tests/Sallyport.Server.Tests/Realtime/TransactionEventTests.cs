using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Sallyport.Server.Realtime;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Realtime;

/// <summary>The events that a socket receives, and their order (docs/wire.md §2.4).</summary>
public sealed class TransactionEventTests(Servers servers) : IClassFixture<Servers>
{
    [Theory, Engines]
    public async Task Events_from_before_the_authentication_are_sent_once_after_it(Engine engine)
    {
        var one = await StartAsync(engine);
        await one.ConfirmAsync();

        using var socket = await RawSocket.AuthenticatedAsync(UrlOf(one), one.Flow.Token);

        (await socket.ReceiveNamesAsync(2)).ShouldBe(["enrollment:confirmed", "login:complete"]);
        Refresh(one);
        await socket.ShouldBeSilentAsync();
    }

    [Theory, Engines]
    public async Task An_authentication_does_not_report_the_existing_enrollment(Engine engine)
    {
        var person = (await StartAsync(engine)).Person;
        var enrolled = await person.EnrollAsync();
        var login = new Enrolling(person, await person.StartAsync());
        using var socket = await RawSocket.AuthenticatedAsync(UrlOf(login), login.Flow.Token);

        (await person.Guardian.VerifyAsync(login.Flow, person.Guardian.CodeOf(enrolled, stepsAhead: 1))).ShouldBe(HttpStatusCode.OK);

        var (name, payload) = await socket.ReceiveEventAsync();
        name.ShouldBe("login:complete");
        ((string)payload!["tx_id"]!).ShouldBe(login.TransactionId);
        await socket.ShouldBeSilentAsync();
    }

    [Theory, Engines]
    public async Task A_rejection_is_sent_once_and_again_after_the_next_challenge(Engine engine)
    {
        var one = await StartAsync(engine);
        using var socket = await RawSocket.AuthenticatedAsync(UrlOf(one), one.Flow.Token);

        foreach (var state in new[] { "rejected", "rejected", "pending", "rejected" })
        {
            await SetStateAsync(one, state);
        }

        var (name, payload) = await socket.ReceiveEventAsync();
        name.ShouldBe("login:rejected");
        ((string)payload!["tx_id"]!).ShouldBe(one.TransactionId);
        (await socket.ReceiveEventAsync()).Name.ShouldBe("login:rejected");
        await socket.ShouldBeSilentAsync();
    }

    [Theory, Engines]
    public async Task A_second_tab_receives_the_enrollment_with_the_transaction_id_of_the_first(Engine engine)
    {
        var first = await StartAsync(engine);
        var second = new Enrolling(first.Person, await first.Person.StartAsync());
        using var socket = await RawSocket.AuthenticatedAsync(UrlOf(second), second.Flow.Token);

        await first.ConfirmAsync();

        var (name, payload) = await socket.ReceiveEventAsync();
        name.ShouldBe("enrollment:confirmed");
        ((string)payload!["tx_id"]!).ShouldBe(first.TransactionId);
        ((string)payload["device_account"]!["id"]!).ShouldBe(first.Flow.AuthenticatorId);
        await socket.ShouldBeSilentAsync();
    }

    /// <summary>With several enrollments allowed, an enrollment in one tab does not affect the other tab.</summary>
    [Theory, Engines]
    public async Task Parallel_further_enrollments_are_independent(Engine engine)
    {
        var person = (await StartAsync(engine)).Person;
        await person.EnrollAsync();
        var one = new Enrolling(person, await person.StartAsync(allowMultiple: true));
        var other = new Enrolling(person, await person.StartAsync(allowMultiple: true));
        using var socket = await RawSocket.AuthenticatedAsync(UrlOf(one), one.Flow.Token);

        await other.ConfirmAsync();
        await one.ConfirmAsync();

        var (name, payload) = await socket.ReceiveEventAsync();
        name.ShouldBe("enrollment:confirmed");
        ((string)payload!["tx_id"]!).ShouldBe(one.TransactionId);
        (await socket.ReceiveEventAsync()).Name.ShouldBe("login:complete");
    }

    [Theory, Engines]
    public async Task A_rolled_back_change_sends_no_event(Engine engine)
    {
        var one = await StartAsync(engine);
        using var socket = await RawSocket.AuthenticatedAsync(UrlOf(one), one.Flow.Token);

        (await one.Person.Guardian.VerifyAsync(one.Flow, one.Person.Guardian.WrongCodeOf(one.Flow))).Status.ShouldBe(HttpStatusCode.Forbidden);

        await socket.ShouldBeSilentAsync();
    }

    [Theory, Engines]
    public async Task A_dead_transaction_gets_the_event_unauthorized_and_a_disconnect(Engine engine)
    {
        var expired = await StartAsync(engine);
        await ExecuteAsync(expired, "UPDATE \"transaction\" SET expires_at = 1 WHERE user_id = @user_id");
        var blocked = await StartAsync(engine);
        (await blocked.Person.Management.SendAsync(HttpMethod.Patch, blocked.Person.UserPath, new { blocked = true })).ShouldBe(HttpStatusCode.OK);

        var unenrolled = await StartAsync(engine);
        await unenrolled.ConfirmAsync();
        var enrollment = "/guardian/enrollments/" + unenrolled.Flow.AuthenticatorId;
        (await unenrolled.Person.Management.SendAsync(HttpMethod.Delete, enrollment)).Status.ShouldBe(HttpStatusCode.NoContent);

        foreach (var one in new[] { expired, blocked, unenrolled })
        {
            using var socket = await RawSocket.ConnectAsync(UrlOf(one));
            await socket.AuthenticateAsync(one.Flow.Token);

            var (name, payload) = await socket.ReceiveEventAsync();
            name.ShouldBe("unauthorized");
            ((string)payload!["data"]!["code"]!).ShouldBe("invalid_token");
            (await socket.ReceiveAsync()).ShouldBe("41");
            await socket.ShouldBeClosedAsync();
        }
    }

    [Theory, Engines]
    public async Task The_event_contains_the_same_enrollment_as_the_transaction_state(Engine engine)
    {
        var one = await StartAsync(engine);
        using var socket = await RawSocket.AuthenticatedAsync(UrlOf(one), one.Flow.Token);
        await one.ConfirmAsync();
        var device = (await socket.ReceiveEventAsync()).Payload!["device_account"]!;

        var enrollment = (await one.Person.Guardian.GetStateAsync(one.Flow))["enrollment"]!;

        device.ToJsonString().ShouldBe(enrollment.ToJsonString());
    }

    private static Uri UrlOf(Enrolling one) => one.Person.Server.Http.BaseAddress!;

    private static void Refresh(Enrolling one) =>
        one.Person.Server.Services.GetRequiredService<ChangeDispatcher>().Refresh(new UserKey(TenantId.Default, one.Person.UserId));

    private static async Task ExecuteAsync(Enrolling one, string sql) =>
        await one.Person.Server.Database.WriteAsync(
            unit =>
            {
                unit.Enqueue(new Statement(sql, ("user_id", one.Person.UserId)));
                return ValueTask.CompletedTask;
            },
            CancellationToken.None);

    /// <summary>Sets the state directly, because nothing rejects transactions yet.</summary>
    private static async Task SetStateAsync(Enrolling one, string state)
    {
        await ExecuteAsync(one, $"UPDATE \"transaction\" SET state = '{state}' WHERE user_id = @user_id");
        Refresh(one);
        // Until the state is read.
        await Task.Delay(TimeSpan.FromMilliseconds(250), TimeProvider.System);
    }

    private async Task<Enrolling> StartAsync(Engine engine) => await Enrolling.StartAsync(await servers.GetAsync(engine));
}

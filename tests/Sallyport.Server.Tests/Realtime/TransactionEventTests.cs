using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Sallyport.Server.Realtime;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Realtime;

/// <summary>What a socket is told, and when (guardian-wire 2.4).</summary>
public sealed class TransactionEventTests(Servers servers) : IClassFixture<Servers>
{
    [Theory, Engines]
    public async Task What_happened_before_the_token_was_shown_is_told_after_it_once(Engine engine)
    {
        var one = await StartAsync(engine);
        await one.ConfirmAsync();

        using var socket = await RawSocket.AuthenticatedAsync(UrlOf(one), one.Flow.Token);

        (await socket.ReceiveNamesAsync(2)).ShouldBe(["enrollment:confirmed", "login:complete"]);
        LookAgain(one);
        await socket.ShouldBeSilentAsync();
    }

    [Theory, Engines]
    public async Task A_login_completes_without_news_of_the_enrollment_that_the_person_had(Engine engine)
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
    public async Task A_rejection_is_told_once_and_again_after_the_next_challenge(Engine engine)
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
    public async Task A_second_tab_hears_of_an_enrollment_that_names_the_transaction_of_the_first(Engine engine)
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

    /// <summary>Where a person may have several, the enrollment in one tab leaves that in the other as it is.</summary>
    [Theory, Engines]
    public async Task Further_enrollments_do_not_disturb_each_other(Engine engine)
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
    public async Task What_was_rolled_back_is_told_to_nobody(Engine engine)
    {
        var one = await StartAsync(engine);
        using var socket = await RawSocket.AuthenticatedAsync(UrlOf(one), one.Flow.Token);

        (await one.Person.Guardian.VerifyAsync(one.Flow, one.Person.Guardian.WrongCodeOf(one.Flow))).Status.ShouldBe(HttpStatusCode.Forbidden);

        await socket.ShouldBeSilentAsync();
    }

    [Theory, Engines]
    public async Task A_transaction_that_is_over_or_void_or_whose_user_is_blocked_gets_the_event_and_no_connection(Engine engine)
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
    public async Task The_events_say_what_the_state_of_the_transaction_says(Engine engine)
    {
        var one = await StartAsync(engine);
        using var socket = await RawSocket.AuthenticatedAsync(UrlOf(one), one.Flow.Token);
        await one.ConfirmAsync();
        var device = (await socket.ReceiveEventAsync()).Payload!["device_account"]!;

        var enrollment = (await one.Person.Guardian.GetStateAsync(one.Flow))["enrollment"]!;

        device.ToJsonString().ShouldBe(enrollment.ToJsonString());
    }

    private static Uri UrlOf(Enrolling one) => one.Person.Server.Http.BaseAddress!;

    private static void LookAgain(Enrolling one) =>
        one.Person.Server.Services.GetRequiredService<ChangeDispatcher>().LookAt(new UserKey(TenantId.Default, one.Person.UserId));

    private static async Task ExecuteAsync(Enrolling one, string sql) =>
        await one.Person.Server.Database.WriteAsync(
            unit =>
            {
                unit.Enqueue(new Statement(sql, ("user_id", one.Person.UserId)));
                return ValueTask.CompletedTask;
            },
            CancellationToken.None);

    /// <summary>What answers a challenge later will do: no code of today rejects.</summary>
    private static async Task SetStateAsync(Enrolling one, string state)
    {
        await ExecuteAsync(one, $"UPDATE \"transaction\" SET state = '{state}' WHERE user_id = @user_id");
        LookAgain(one);
        // Until it is read.
        await Task.Delay(TimeSpan.FromMilliseconds(250), TimeProvider.System);
    }

    private async Task<Enrolling> StartAsync(Engine engine) => await Enrolling.StartAsync(await servers.GetAsync(engine));
}

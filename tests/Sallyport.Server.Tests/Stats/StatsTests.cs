using System.Net;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Stats;

public sealed class StatsTests(Servers servers) : IClassFixture<Servers>
{
    [Theory, Engines]
    public async Task Daily_stats_list_the_signups_and_logins_of_days_with_activity(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var person = await Person.CreateAsync(server);
        await Person.CreateAsync(server);
        var enrolled = await person.EnrollAsync();
        server.Clock.Advance(TimeSpan.FromDays(2));
        (await person.Guardian.VerifyAsync(await person.StartAsync(), person.Guardian.CodeOf(enrolled))).ShouldBe(HttpStatusCode.OK);
        (await person.Guardian.RecoverAsync(await person.StartAsync(), enrolled.RecoveryCode!)).ShouldBe(HttpStatusCode.OK);
        var management = new ManagementApi(server);

        var days = await management.GetAsync("/stats/daily");
        var first = await management.GetAsync("/stats/daily?from=20260301&to=20260302");

        days.ToJsonString().ShouldBe("""
            [{"date":"2026-03-01T00:00:00.000Z","logins":0,"signups":2,"created_at":"2026-03-01T00:00:00.000Z","updated_at":"2026-03-01T12:00:00.000Z","leaked_passwords":0},
            {"date":"2026-03-03T00:00:00.000Z","logins":2,"signups":0,"created_at":"2026-03-03T00:00:00.000Z","updated_at":"2026-03-03T12:00:00.000Z","leaked_passwords":0}]
            """.ReplaceLineEndings(""));
        first.AsArray().ShouldHaveSingleItem();
        (await management.SendAsync(HttpMethod.Get, "/stats/active-users")).Text.ShouldBe("1");
        server.Clock.Advance(TimeSpan.FromDays(31));
        (await new ManagementApi(server).SendAsync(HttpMethod.Get, "/stats/active-users")).Text.ShouldBe("0");
    }

    [Theory]
    [InlineData("from=2026-03-01")]
    [InlineData("from=20260230")]
    [InlineData("to=x")]
    [InlineData("to=%00")]
    [InlineData("from=20260302&to=20260228")]
    public async Task An_invalid_date_is_refused(string query)
    {
        foreach (var engine in Enum.GetValues<Engine>())
        {
            var management = new ManagementApi(await servers.GetAsync(engine));

            (await management.SendAsync(HttpMethod.Get, "/stats/daily?" + query)).ShouldBeError(HttpStatusCode.BadRequest, "invalid_query_string");
        }
    }

    [Theory, Engines]
    public async Task Stats_require_their_scope(Engine engine)
    {
        var server = await servers.GetAsync(engine);

        foreach (var path in new[] { "/stats/daily", "/stats/active-users" })
        {
            (await new ManagementApi(server, "read:stats").SendAsync(HttpMethod.Get, path)).Status.ShouldBe(HttpStatusCode.OK);
            (await new ManagementApi(server, "read:logs").SendAsync(HttpMethod.Get, path)).ShouldBeError(HttpStatusCode.Forbidden, "insufficient_scope");
        }
    }
}

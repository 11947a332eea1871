using System.Net;
using System.Text.Json.Nodes;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Audit;

public sealed class LogListTests(Servers servers) : IClassFixture<Servers>
{
    [Theory, Engines]
    public async Task An_entry_has_every_published_property_even_if_it_is_empty(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var management = new ManagementApi(server);
        var userId = await management.CreateUserAsync("ada@example.com");

        var entry = (await management.GetAsync("/logs"))[0]!;

        entry.AsObject().Select(member => member.Key).ShouldBe(
        [
            "_id", "log_id", "date", "type", "description", "connection", "connection_id", "organization_id", "organization_name",
            "client_id", "client_name", "ip", "hostname", "details", "user_id", "user_name", "user_agent", "audience", "scope",
            "strategy", "strategy_type", "isMobile", "location_info",
        ]);
        ((string)entry["log_id"]!).ShouldMatch("^900[0-9]{53}$");
        ((string)entry["_id"]!).ShouldBe((string)entry["log_id"]!);
        ((string)entry["type"]!).ShouldBe("sapi");
        ((string)entry["date"]!).ShouldBe("2026-03-01T12:00:00.000Z");
        ((string)entry["user_id"]!).ShouldBe(userId);
        ((string)entry["user_name"]!).ShouldBe("ada@example.com");
        ((string)entry["client_name"]!).ShouldBe("Bootstrap client");
        ((string)entry["connection"]!).ShouldBe("Username-Password-Authentication");
        ((string)entry["audience"]!).ShouldBe(server.Url + "/api/v2/");
        ((string)entry["hostname"]!).ShouldBe(new Uri(server.Url).Authority);
        ((string)entry["details"]!["request"]!["channel"]!).ShouldBe("api");
        ((string)entry["details"]!["response"]!["body"]!["user_id"]!).ShouldBe(userId);
        entry["location_info"].ShouldBeNull();
        (await management.GetAsync("/logs/" + (string)entry["log_id"]!)).ToJsonString().ShouldBe(entry.ToJsonString());
    }

    [Theory, Engines]
    public async Task Pages_are_sorted_newest_first_and_have_totals_on_request(Engine engine)
    {
        await using var server = await StartAsync(engine, users: 5);
        var management = new ManagementApi(server);

        var all = await management.GetAsync("/logs?q=type:sapi");
        var page = await management.GetAsync("/logs?q=type:sapi&page=1&per_page=2&include_totals=true&fields=log_id,type&include_fields=true");
        var oldest = await management.GetAsync("/logs?q=type:sapi&sort=date:1&per_page=1");
        var none = await management.GetAsync("/logs?per_page=0");

        Ids(all).ShouldBe(Ids(all).OrderDescending(StringComparer.Ordinal));
        page.AsObject().Select(member => member.Key).ShouldBe(["start", "limit", "length", "total", "logs"]);
        ((int)page["start"]!, (int)page["limit"]!, (int)page["length"]!, (int)page["total"]!).ShouldBe((2, 2, 2, 5));
        Ids(page["logs"]!).ShouldBe(Ids(all).Skip(2).Take(2));
        page["logs"]![0].Names().ShouldBe(["log_id", "type"]);
        Ids(oldest).ShouldBe([Ids(all)[^1]]);
        none.AsArray().ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task Paging_by_checkpoint_misses_and_repeats_no_entry(Engine engine)
    {
        await using var server = await StartAsync(engine, users: 7);
        var management = new ManagementApi(server);
        await management.GetAsync("/users?per_page=0");
        server.Clock.Advance(TimeSpan.FromSeconds(2));

        var (seen, path) = (new List<string>(), "/logs?take=3");
        while (true)
        {
            var answer = await management.SendAsync(HttpMethod.Get, path);
            var entries = answer.ShouldBe(HttpStatusCode.OK).AsArray();
            path = NextOf(server, answer);
            if (entries.Count == 0)
            {
                break;
            }

            entries.Count.ShouldBeLessThanOrEqualTo(3);
            seen.AddRange(Ids(entries));
        }

        seen.ShouldBe(seen.Order(StringComparer.Ordinal));
        seen.ShouldBeUnique();
        seen.Count.ShouldBe(9);
        var idle = await management.SendAsync(HttpMethod.Get, path);
        NextOf(server, idle).ShouldBe(path);
        await management.CreateUserAsync();
        server.Clock.Advance(TimeSpan.FromSeconds(2));
        Ids(await management.GetAsync(path)).Length.ShouldBe(1);
    }

    /// <summary>The published API ignores the other parameters too, and links to the next page even from an empty one.</summary>
    [Theory, Engines]
    public async Task A_checkpoint_overrides_all_other_parameters(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var management = new ManagementApi(server);
        var last = new string('9', 56);

        var answer = await management.SendAsync(HttpMethod.Get, $"/logs?from={last}&take=5&page=x&per_page=900&include_totals=true&sort=no&q=((&fields=type");

        answer.ShouldBe(HttpStatusCode.OK).ToJsonString().ShouldBe("[]");
        answer.Headers.GetValues("Link").ShouldHaveSingleItem().ShouldBe($"<{server.Url}/api/v2/logs?from={last}&take=5>; rel=\"next\"");
        foreach (var bad in new[] { "take=0", "take=101", "take=x", "from=abc", "from=%00", $"from={last}9" })
        {
            (await management.SendAsync(HttpMethod.Get, "/logs?" + bad)).ShouldBeError(HttpStatusCode.BadRequest, "invalid_query_string");
        }
    }

    [Theory, Engines]
    public async Task Log_entries_of_a_deleted_user_are_kept(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var person = await Person.CreateAsync(server);
        await Person.CreateAsync(server);
        await person.EnrollAsync();
        var before = (await person.Management.GetAsync(person.UserPath + "/logs")).AsArray();
        (await person.Management.SendAsync(HttpMethod.Delete, person.UserPath)).ShouldBe(HttpStatusCode.NoContent);

        var page = await person.Management.GetAsync(person.UserPath + "/logs?include_totals=true&per_page=2");

        before.Select(entry => (string)entry!["type"]!).ShouldBe(["gd_enrollment_complete", "gd_start_enroll", "sapi", "sapi"], ignoreOrder: true);
        before.ShouldAllBe(entry => (string)entry!["user_id"]! == person.UserId && ((string)entry["user_name"]!).EndsWith("@example.com"));
        ((int)page["total"]!).ShouldBe(5);
        page["logs"]!.AsArray().Count.ShouldBe(2);
        ((string)page["logs"]![0]!["user_name"]!).ShouldBeEmpty();
        (await new ManagementApi(server, "read:logs_users").SendAsync(HttpMethod.Get, person.UserPath + "/logs")).Status.ShouldBe(HttpStatusCode.OK);
        (await new ManagementApi(server, "read:users").SendAsync(HttpMethod.Get, person.UserPath + "/logs"))
            .ShouldBeError(HttpStatusCode.Forbidden, "insufficient_scope");
    }

    [Theory, Engines]
    public async Task An_unknown_entry_is_not_found(Engine engine)
    {
        var management = new ManagementApi(await servers.GetAsync(engine));

        foreach (var id in new[] { new string('9', 56), "1", "abc" })
        {
            (await management.SendAsync(HttpMethod.Get, "/logs/" + id)).ShouldBeError(HttpStatusCode.NotFound, "inexistent_log");
        }
    }

    [Theory]
    [InlineData("page=10&per_page=100")]
    [InlineData("per_page=101")]
    [InlineData("sort=details:1")]
    [InlineData("sort=date")]
    [InlineData("sort=date:1;x")]
    public async Task An_invalid_page_is_refused(string query)
    {
        foreach (var engine in Enum.GetValues<Engine>())
        {
            var management = new ManagementApi(await servers.GetAsync(engine));

            (await management.SendAsync(HttpMethod.Get, "/logs?" + query)).ShouldBeError(HttpStatusCode.BadRequest, "invalid_query_string");
        }
    }

    private static async Task<TestServer> StartAsync(Engine engine, int users)
    {
        var server = await TestServer.StartAsync(engine);
        var management = new ManagementApi(server);
        for (var number = 0; number < users; number++)
        {
            await management.CreateUserAsync();
            server.Clock.Advance(TimeSpan.FromMilliseconds(1));
        }

        return server;
    }

    private static string[] Ids(JsonNode entries) => [.. entries.AsArray().Select(entry => (string)entry!["log_id"]!)];

    /// <returns>The path of the next page, relative to /api/v2.</returns>
    private static string NextOf(TestServer server, Answer answer)
    {
        var link = answer.Headers.GetValues("Link").ShouldHaveSingleItem();
        link.ShouldStartWith($"<{server.Url}/api/v2/logs?");
        link.ShouldEndWith(">; rel=\"next\"");
        return link[(server.Url.Length + "</api/v2".Length)..link.IndexOf('>')];
    }
}

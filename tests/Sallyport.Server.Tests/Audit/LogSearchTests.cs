using System.Net;
using System.Text.Json.Nodes;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Audit;

public sealed class LogSearchTests(Servers servers) : IClassFixture<Servers>
{
    [Theory, Engines]
    public async Task The_log_is_searched_by_field_phrase_prefix_and_date(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var ada = await new ManagementApi(server).CreateUserAsync("ada@example.com");
        server.Clock.Advance(TimeSpan.FromDays(1));
        await new ManagementApi(server).CreateUserAsync("bob@example.com");
        await new GuardianApi(server).EnrollAsync(await new ManagementApi(server).CreateTicketAsync(ada));
        var management = new ManagementApi(server);
        var all = (await management.GetAsync("/logs?per_page=100")).AsArray().Select(entry => new Seen(entry!)).ToList();

        foreach (var (search, holds) in new (string, Func<Seen, bool>)[]
        {
            ("type:sapi", seen => seen.Type == "sapi"), ("type:SAPI", _ => false),
            ("type:s*", seen => seen.Type[0] == 's'), ("-type:s*", seen => seen.Type[0] != 's'), ("type:gd_*", seen => seen.Type.StartsWith("gd_", StringComparison.Ordinal)),
            ($"user_id:\"{ada}\"", seen => seen.UserId == ada), ($"user_id:{ada.Replace("|", "\\|", StringComparison.Ordinal)}", seen => seen.UserId == ada),
            ($"user_id:\"{ada}\" AND type:sapi", seen => seen.UserId == ada && seen.Type == "sapi"),
            ($"user_id:\"{ada}\" type:gd_start_enroll", seen => seen.UserId == ada || seen.Type == "gd_start_enroll"),
            ("user_name:bob@example.com OR type:gd_start_enroll", seen => seen.UserName == "bob@example.com" || seen.Type == "gd_start_enroll"),
            ($"(type:sapi OR type:gd_start_enroll) AND user_id:\"{ada}\"", seen => seen.Type is "sapi" or "gd_start_enroll" && seen.UserId == ada),
            ($"type:(sapi gd_start_enroll) AND NOT (user_id:\"{ada}\" AND date:2026-03-01)", seen => seen.Type is "sapi" or "gd_start_enroll" && !(seen.UserId == ada && seen.Day == 1)),
            ("type:sa*i", seen => seen.Type == "sapi"), ("type:*api*", seen => seen.Type == "sapi"), ("type:*", _ => true), ("*", _ => true),
            ("_exists_:user_name", seen => seen.UserName.Length > 0), ("-_exists_:user_id", seen => seen.UserId.Length == 0),
            ("_exists_:strategy OR connection_id:*", _ => false), ("connection:\"Username-Password-Authentication\"", seen => seen.UserId.Length > 0),
            ("description:\"API operation\"", seen => seen.Type == "sapi"), ("description:*enrollment\\ started", seen => seen.Type == "gd_start_enroll"),
            ("\"API operation\"", seen => seen.Type == "sapi"), ($"hostname:\"{server.Domain}\"", _ => true), ("NOT hostname:*example*", _ => true), ("hostname:example.com", _ => false),
            ("details.request.method:POST", seen => seen.Type == "sapi"), ("details.request.path:*users", seen => seen.RequestPath.EndsWith("users", StringComparison.Ordinal)),
            ("details.response.statusCode:201 AND details.request.body.email:ada@example.com", seen => seen.UserId == ada && seen.RequestPath.EndsWith("/users", StringComparison.Ordinal)),
            ("_exists_:details.request.body.email", seen => seen.RequestPath.EndsWith("/users", StringComparison.Ordinal)),
            ("_exists_:details.request.query", _ => false), ("_exists_:details", seen => seen.Entry["details"]!.AsObject().Count > 0),
            ("date:[* TO *]", _ => true), ("date:{2026-03-01T12:00:00.000Z TO *}", seen => seen.Day == 2),
            ("user_name:ada@example.com", seen => seen.UserName == "ada@example.com"), ("user_name:\"bob@example.com\"", seen => seen.UserName == "bob@example.com"),
            ("user_name:bo*", seen => seen.UserName.StartsWith("bo", StringComparison.Ordinal)),
            ("NOT user_name:ada@example.com", seen => seen.UserName != "ada@example.com"),
            ("client_name:\"Bootstrap client\"", seen => seen.ClientId == "test-client"), ("client_id:test-client AND NOT type:sapi", seen => seen.ClientId == "test-client" && seen.Type != "sapi"),
            ("gd_start_enroll", seen => seen.Type == "gd_start_enroll"), ("ada*", seen => seen.UserName == "ada@example.com"),
            ("\"bob@example.com\" AND sapi", seen => seen.UserName == "bob@example.com" && seen.Type == "sapi"),
            ("ip:127.0.0.1 AND type:sapi", seen => seen.Type == "sapi"), ("date:2026", _ => true),
            ("date:2026-03-01", seen => seen.Day == 1), ("date:2026-03", _ => true), ("date:2026-03-03", _ => false),
            ("date:[2026-03-02 TO *]", seen => seen.Day == 2), ("date:{2026-03-01 TO 2026-03-02]", seen => seen.Day == 2),
            ("date:[2026-03-01 TO 2026-03-02}", seen => seen.Day == 1), ("date:[* TO 2026-03-01] AND type:sapi", seen => seen.Day == 1 && seen.Type == "sapi"),
            ("date:[2026-03-02T12:00:00.000Z TO 2026-03-02T12:00:00Z]", seen => seen.Day == 2), ("NOT date:2026-03-01", seen => seen.Day == 2),
        })
        {
            var page = await management.GetAsync($"/logs?per_page=100&include_totals=true&q={Uri.EscapeDataString(search)}");

            var expected = all.Where(holds).Select(seen => seen.Id).ToList();
            page["logs"]!.AsArray().Select(entry => (string)entry!["log_id"]!).ShouldBe(expected, search);
            ((int)page["total"]!).ShouldBe(expected.Count, search);
        }

        all.Count.ShouldBeGreaterThan(8);
    }

    /// <summary>PostgreSQL cannot read such values as JSON. An entry that has one must not make the search fail.</summary>
    [Theory, Engines]
    public async Task Entries_with_details_that_PostgreSQL_cannot_read_do_not_fail_a_search(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var management = new ManagementApi(server);
        await management.SendAsync(HttpMethod.Post, "/users?note=%00", new { connection = "db", email = "nul@example.com" });
        await management.SendAsync(HttpMethod.Post, "/users?note=%ED%A0%80", new { connection = "db", email = "half@example.com" });
        await management.SendAsync(HttpMethod.Post, "/users", Json("""{"connection":"db","email":"huge@example.com","user_metadata":{"n":1e999999,"half":"\ud800"}}"""));
        await management.SendAsync(HttpMethod.Post, "/users", Json("""{"connection":"db","email":"huge@example.com","user_metadata":{"n":1e999999}}"""));
        await management.SendAsync(HttpMethod.Post, "/users", Json("""{"connection":"db","email":"smile@example.com","user_metadata":{"n":"\ud83d\ude00"}}"""));

        var found = await management.GetAsync("/logs?q=" + Uri.EscapeDataString("details.request.body.connection:db AND _exists_:details.request.body"));
        var smiling = await management.GetAsync("/logs?q=" + Uri.EscapeDataString("details.request.body.user_metadata.n:\U0001F600*"));

        found.AsArray().Count.ShouldBe(engine == Engine.PostgreSql ? 3 : 4);
        smiling.AsArray().ShouldHaveSingleItem();
    }

    [Theory, Engines]
    public async Task The_older_name_of_the_query_parameter_is_accepted(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var userId = await new ManagementApi(server).CreateUserAsync();

        var found = await new ManagementApi(server).GetAsync($"/logs?search={Uri.EscapeDataString($"user_id:\"{userId}\"")}");

        found.AsArray().ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("type:sapi~")]
    [InlineData("type:sapi^2")]
    [InlineData("type:/s.*/")]
    [InlineData("type:*i")]
    [InlineData("(type:sapi")]
    [InlineData("type:sapi OR")]
    [InlineData("type:sapi && ip:1")]
    [InlineData("+type:sapi")]
    [InlineData("type:[a TO b]")]
    [InlineData("details.request.method:[a TO b]")]
    [InlineData("details:sapi")]
    [InlineData("details.:sapi")]
    [InlineData("_exists_:details.a\\\"b")]
    [InlineData("audience:x")]
    [InlineData("date:2026*")]
    [InlineData("type:")]
    [InlineData("type:\"sapi")]
    [InlineData("nosuch:field")]
    [InlineData("l.log_id:1")]
    [InlineData("NOT")]
    [InlineData("NOT ")]
    [InlineData("AND ")]
    [InlineData("x\\")]
    [InlineData("date:yesterday")]
    [InlineData("date:[2026-01-01]")]
    [InlineData("date:[2026-01-01 TO")]
    [InlineData("date:9999")]
    public async Task An_invalid_query_is_refused(string search)
    {
        foreach (var engine in Enum.GetValues<Engine>())
        {
            var management = new ManagementApi(await servers.GetAsync(engine));

            var answer = await management.SendAsync(HttpMethod.Get, "/logs?q=" + Uri.EscapeDataString(search));

            answer.ShouldBeError(HttpStatusCode.BadRequest, "invalid_query_string");
            ((string)answer.Json!["message"]!).ShouldEndWith("on property q.");
        }
    }

    private static StringContent Json(string text) => new(text, System.Text.Encoding.UTF8, "application/json");

    private sealed record Seen(JsonNode Entry)
    {
        public string Id => (string)Entry["log_id"]!;

        public string Type => (string)Entry["type"]!;

        public string UserId => (string)Entry["user_id"]!;

        public string UserName => (string)Entry["user_name"]!;

        public string ClientId => (string)Entry["client_id"]!;

        public string RequestPath => (string?)Entry["details"]!["request"]?["path"] ?? "";

        public int Day => ((DateTimeOffset)Entry["date"]!).Day;
    }
}

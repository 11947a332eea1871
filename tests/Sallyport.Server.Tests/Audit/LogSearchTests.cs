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
            ($"user_id:\"{ada}\" type:gd_start_enroll", seen => seen.UserId == ada && seen.Type == "gd_start_enroll"),
            ("user_name:ada@example.com", seen => seen.UserName == "ada@example.com"), ("user_name:\"bob@example.com\"", seen => seen.UserName == "bob@example.com"),
            ("user_name:bo*", seen => seen.UserName.StartsWith("bo", StringComparison.Ordinal)),
            ("NOT user_name:ada@example.com", seen => seen.UserName != "ada@example.com"),
            ("client_name:\"Bootstrap client\"", seen => seen.ClientId == "test-client"), ("client_id:test-client AND NOT type:sapi", seen => seen.ClientId == "test-client" && seen.Type != "sapi"),
            ("gd_start_enroll", seen => seen.Type == "gd_start_enroll"), ("ada*", seen => seen.UserName == "ada@example.com"),
            ("\"bob@example.com\" sapi", seen => seen.UserName == "bob@example.com" && seen.Type == "sapi"),
            ("ip:127.0.0.1 type:sapi", seen => seen.Type == "sapi"), ("date:2026", _ => true),
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

    [Theory, Engines]
    public async Task The_older_name_of_the_parameter_is_understood(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var userId = await new ManagementApi(server).CreateUserAsync();

        var found = await new ManagementApi(server).GetAsync($"/logs?search={Uri.EscapeDataString($"user_id:\"{userId}\"")}");

        found.AsArray().ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("a OR b")]
    [InlineData("(type:sapi)")]
    [InlineData("type:sapi~")]
    [InlineData("type:sapi^2")]
    [InlineData("type:/s.*/")]
    [InlineData("type:s*i")]
    [InlineData("type:*")]
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
    [InlineData("type:a type:b type:c type:d type:e type:f type:g type:h type:i type:j type:k")]
    public async Task What_is_not_understood_is_refused(string search)
    {
        foreach (var engine in Enum.GetValues<Engine>())
        {
            var management = new ManagementApi(await servers.GetAsync(engine));

            var answer = await management.SendAsync(HttpMethod.Get, "/logs?q=" + Uri.EscapeDataString(search));

            answer.ShouldBeError(HttpStatusCode.BadRequest, "invalid_query_string");
            ((string)answer.Json!["message"]!).ShouldEndWith("on property q.");
        }
    }

    private sealed record Seen(JsonNode Entry)
    {
        public string Id => (string)Entry["log_id"]!;

        public string Type => (string)Entry["type"]!;

        public string UserId => (string)Entry["user_id"]!;

        public string UserName => (string)Entry["user_name"]!;

        public string ClientId => (string)Entry["client_id"]!;

        public int Day => ((DateTimeOffset)Entry["date"]!).Day;
    }
}

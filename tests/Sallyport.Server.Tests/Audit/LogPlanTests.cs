using System.Globalization;
using Sallyport.Server.Audit;
using Sallyport.Server.Http.Paging;
using Sallyport.Server.Search;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;
using Sallyport.Server.Tests.Users.Search;

namespace Sallyport.Server.Tests.Audit;

/// <summary>
/// The query plans of both engines: a page is read through an index that finds the entries, or in the order of the log until the page
/// is full. It is never sorted.
/// </summary>
public sealed class LogPlanTests(LogPlanTests.Logs logs) : IClassFixture<LogPlanTests.Logs>
{
    private const int Count = 50_000;

    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    [Theory, EnginesAndQueries(
        ": log_pkey", "type:gd_unenroll: log_type_idx", "type:sapi: log_type_idx", "user_id:\"auth0|00100\": log_user_id_idx", "date:[2024-01-02 TO *]: log_pkey",
        "date:[2024-01-02 TO 2024-01-03]: log_pkey", "type:gd_unenroll AND date:[2024-01-02 TO *]: log_type_idx", "log_id:90020240102000000000000000000000000000000000000000001441: log_pkey",
        "client_id:c3: log_pkey", "ip:192.0.2.7: log_pkey", "type:(sapi OR fapi): log_pkey", "client_id:c3 AND (type:sapi OR type:gd_auth_succeed): log_pkey",
        "NOT type:sapi: log_pkey", "type:gd_*: log_pkey", "details.response.statusCode:201: log_pkey", "hostname:mfa.example.com: log_pkey", "connection:users: log_pkey",
        "client_name:Shop: log_pkey")]
    public async Task A_page_is_read_by_an_index_and_is_not_sorted(Engine engine, string text, string index)
    {
        var plan = await ExplainAsync(engine, text, userId: null);

        plan.ShouldContain(NameOn(engine, index));
        plan.ShouldNotMatch(@"Sort|TEMP B-TREE|SCAN l\b|Seq Scan on log");
    }

    /// <summary>
    /// PostgreSQL estimates that few users have few entries, and sorts them. SQLite reads the log in order and looks for the users in it.
    /// </summary>
    [Theory, EnginesAndQueries(
        "user_name:a00100@example.com: user_email_idx", "user_name:a0010*: user_email_idx", "user_id:(\"auth0|00100\" OR \"auth0|00200\"): log_user_id_idx",
        "user_name:a00100@example.com AND (type:sapi OR type:fapi): user_email_idx")]
    public async Task Users_named_in_a_query_are_found_by_an_index(Engine engine, string text, string index)
    {
        var plan = await ExplainAsync(engine, text, userId: null);

        plan.ShouldContain(engine == Engine.Sqlite ? "sqlite_autoindex_log_1" : "log_user_id_idx");
        plan.ShouldContain(engine == Engine.Sqlite && index == "log_user_id_idx" ? "sqlite_autoindex_log_1" : index);
        plan.ShouldNotMatch(@"TEMP B-TREE|SCAN l\b|Seq Scan on log");
    }

    [Theory, EnginesAndQueries(": log_user_id_idx")]
    public async Task The_entries_of_a_user_are_read_in_the_order_of_an_index(Engine engine, string text, string index)
    {
        var plan = await ExplainAsync(engine, text, "auth0|00100");

        plan.ShouldContain(index);
        plan.ShouldNotMatch("Sort|TEMP B-TREE");
    }

    private static string NameOn(Engine engine, string index) =>
        engine == Engine.Sqlite && index == "log_pkey" ? "sqlite_autoindex_log_1" : index;

    private async Task<string> ExplainAsync(Engine engine, string text, string? userId)
    {
        var listing = new LogListing(new Page(0, 50, IncludeTotals: false), LogFields.ByDate + " DESC") { Query = SearchText.Parse(text), UserId = userId };
        var query = new SearchQuery(engine, TenantId.Default);
        var page = LogStore.Page(listing, query, LogStore.Where(listing, query, "mfa.example.com"));
        return await logs.ExplainAsync(engine, page, CancellationToken);
    }

    /// <summary>One entry per minute, by 1,000 users and five clients.</summary>
    public sealed class Logs : FilledDatabases
    {
        private protected override void Fill(UnitOfWork unit)
        {
            unit.Enqueue(new Statement("INSERT INTO client (tenant_id, client_id, name, secret_hash, created_at) VALUES ('default', 'c3', 'Shop', @hash, 0)", ("hash", new byte[1])));
            Sallyport.Server.Users.UserStore.Insert(unit, TenantId.Default, [.. Enumerable.Range(0, 1000).Select(MakeUser)]);
            foreach (var number in Enumerable.Range(0, Count))
            {
                unit.Enqueue(MakeEntry(number).ToInsert());
            }
        }

        private static Sallyport.Server.Users.User MakeUser(int number) => new()
        {
            UserId = $"auth0|{number:d5}",
            Connection = number % 2 == 0 ? "users" : "staff",
            Email = $"a{number:d5}@example.com",
            CreatedAt = Start,
            UpdatedAt = Start,
        };

        private static LogSample MakeEntry(int number)
        {
            var date = Start.AddMinutes(number);
            return new LogSample(string.Create(CultureInfo.InvariantCulture, $"900{date:yyyyMMddHHmmssfff}{number:d36}"), date)
            {
                Type = number % 1000 == 0 ? "gd_unenroll" : number % 3 == 0 ? "gd_auth_succeed" : "sapi",
                UserId = $"auth0|{number % 1000:d5}",
                ClientId = $"c{number % 5}",
                Address = $"192.0.2.{number % 20}",
                UserAgent = "Mozilla/5.0",
                Details = """{"request":{"method":"POST"},"response":{"statusCode":201}}""",
            };
        }
    }
}

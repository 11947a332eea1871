using System.Text.Json;
using Sallyport.Protocols.UserQuery;
using Sallyport.Server.Http.Paging;
using Sallyport.Server.Search;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;
using Sallyport.Server.Users;
using Sallyport.Server.Users.Search;

namespace Sallyport.Server.Tests.Users.Search;

/// <summary>Query plans with many users: every documented kind of query starts with an index.</summary>
public sealed class SearchPlanTests(SearchPlanTests.ManyUsers manyUsers) : IClassFixture<SearchPlanTests.ManyUsers>
{
    private const int Count = 20_000;

    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    [Theory, EnginesAndQueries(
        "user_id:\"auth0|01234\": user_pkey", "user_id:auth0|0123*: user_user_id_idx", "email:a01234@example.com: user_email_idx", "email:a0123*: user_email_idx",
        "email.domain:d7.example: user_email_domain_idx", "name:\"name 01234\": user_name_search_idx", "name:\"name 0123\" OR name:\"name 01234\": user_name_search_idx",
        "name:name\\ 0123*: user_name_search_idx", "name:[\"name 01000\" TO \"name 01050\"]: user_name_search_idx", "nickname:nick01234: user_nickname_search_idx",
        "given_name:g01234: user_given_name_search_idx", "family_name:f01234: user_family_name_search_idx", "username:user01234: user_username_idx",
        "phone_number:+155501234: user_phone_number_idx", "last_ip:192.0.2.9: user_last_ip_idx", "blocked:true: user_blocked_idx", "phone_verified:true: user_phone_verified_idx",
        "email_verified:true: user_email_verified_idx", "created_at:[2024-01-05 TO 2024-01-06}: user_created_at_idx", "updated_at:2024-01-05T10: user_updated_at_idx",
        "last_login:{2024-01-01T10 TO 2024-01-01T11]: user_last_login_idx", "last_password_reset:[* TO 2024-01-01]: user_last_password_reset_idx",
        "logins_count:[19990 TO 19995]: user_logins_count_idx", "logins_count:77: user_logins_count_idx", "identities.connection:c7: user_connection_idx",
        "identities.provider:sms: user_user_id_idx", "app_metadata.account:1234: user_term_term_idx", "user_metadata.address.city:c01234: user_term_term_idx",
        "_exists_:app_metadata.rare: user_term_term_idx", "_exists_:last_ip: user_last_ip_idx", "_exists_:username AND app_metadata.account:1234: user_term_term_idx",
        "multifactor:guardian: authenticator_enrolled_idx", "app_metadata.account:1234 OR email:a01234@example.com: user_term_term_idx",
        "app_metadata.account:1234 OR email:a0123*: user_email_idx", "name:name\\ 01* AND NOT app_metadata.account:1234: user_name_search_idx",
        "name:*01234*: user_name_search_idx", "email:*01234@example.com: user_email_idx", "nick01234: user_nickname_search_idx")]
    public async Task A_query_starts_with_an_index(Engine engine, string text, string index)
    {
        var plan = await ExplainAsync(engine, text, "created_at:1");

        // SQLite names the index of a primary key itself.
        var expected = engine == Engine.Sqlite && index is "user_pkey" or "user_user_id_idx" ? "sqlite_autoindex_user_1" : index;
        plan.ShouldContain(expected, Case.Sensitive, plan);
        plan.ShouldNotMatch("(Seq Scan on \"user\"|Seq Scan on user_term|SCAN u$)");
    }

    [Theory, EnginesAndQueries(
        "created_at:-1: user_created_at_idx", "updated_at:1: user_updated_at_idx", "email:-1: user_email_idx", "name:1: user_name_search_idx", "name:-1: user_name_search_idx",
        "nickname:1: user_nickname_search_idx", "given_name:-1: user_given_name_search_idx", "family_name:1: user_family_name_search_idx",
        "last_login:-1: user_last_login_idx", "logins_count:1: user_logins_count_idx", "user_id:-1: user_user_id_idx")]
    public async Task A_list_is_read_in_the_order_of_an_index_and_not_sorted(Engine engine, string sort, string index)
    {
        var plan = await ExplainAsync(engine, "", sort);

        plan.ShouldContain(engine == Engine.Sqlite && index == "user_user_id_idx" ? "sqlite_autoindex_user_1" : index);
        plan.ShouldNotMatch("Sort|TEMP B-TREE");
    }

    [Theory, EnginesAndQueries(
        "created_at:[2024-01-02 TO 2024-01-06}: user_created_at_idx", "identities.connection:c7: user_connection_idx", "email_verified:true: user_email_verified_idx",
        "NOT blocked:true: user_created_at_idx", "NOT app_metadata.account:1234: user_created_at_idx")]
    public async Task A_page_of_a_broad_query_is_read_in_order_and_reading_stops_at_its_end(Engine engine, string text, string index)
    {
        var plan = await ExplainAsync(engine, text, "created_at:-1");

        plan.ShouldContain(index);
        plan.ShouldNotMatch("Sort|TEMP B-TREE FOR ORDER BY$");
    }

    private async Task<string> ExplainAsync(Engine engine, string text, string sort)
    {
        QueryParser.TryParse(text, QueryLimits.Default, out var node, out var error).ShouldBeTrue(error?.ToString());
        var order = UserOrder.Read(new Microsoft.AspNetCore.Http.QueryCollection(new Dictionary<string, Microsoft.Extensions.Primitives.StringValues> { ["sort"] = sort }));
        var listing = new UserListing(new Page(0, 50, IncludeTotals: false), null, node, order);
        var query = new SearchQuery(engine, TenantId.Default);
        var select = SearchStatements.Select(listing, query, SearchStatements.Where(listing, query));
        return await manyUsers.ExplainAsync(engine, select, CancellationToken);
    }

    public sealed class ManyUsers : FilledDatabases
    {
        private protected override void Fill(UnitOfWork unit)
        {
            UserStore.Insert(unit, TenantId.Default, [.. Enumerable.Range(0, Count).Select(MakeUser)]);
            unit.Enqueue(new Statement("""
                INSERT INTO authenticator (tenant_id, authenticator_id, user_id, factor, is_enrollment, status, data, created_at)
                SELECT tenant_id, user_id, user_id, 'otp', true, CASE WHEN username IS NULL THEN 'pending' ELSE 'confirmed' END, '{}', 0 FROM "user"
                """));
        }

        private protected override Task SettleAsync(Database database) =>
            database.Engine == Engine.PostgreSql ? VacuumAsync(database) : Task.CompletedTask;

        /// <summary>
        /// Runs VACUUM, as autovacuum does, until every page of the table is marked as visible to all. A concurrent vacuum of another table
        /// can prevent that for a while.
        /// </summary>
        private static Task<bool> VacuumAsync(Database database) => Eventually.GetAsync(
            async () =>
            {
                await database.QueryAsync(new Statement("VACUUM ANALYZE"), row => 0, CancellationToken.None);
                var rows = await database.QueryAsync(
                    new Statement("SELECT relallvisible >= relpages FROM pg_class WHERE relname = 'user' AND relkind = 'r'"),
                    row => row.GetBoolean(0),
                    CancellationToken.None);
                return rows[0];
            },
            isVisible => isVisible);

        private static User MakeUser(int number)
        {
            var isRare = number % 1000 == 0;
            using var app = JsonDocument.Parse($$"""{"account":{{number / 10}},"plan":"free"{{(isRare ? ""","rare":1""" : "")}}}""");
            using var own = JsonDocument.Parse($$"""{"address":{"city":"c{{number:d5}}"} }""");
            return new User
            {
                UserId = $"{(isRare ? "sms" : "auth0")}|{number:d5}",
                Connection = $"c{number % 20}",
                Email = $"a{number:d5}@{(number % 10 == 7 ? $"d{number % 100}.example" : "example.com")}",
                EmailVerified = number % 2 == 0,
                Username = isRare ? $"user{number:d5}" : null,
                PhoneNumber = number % 50 == 34 ? $"+1555{number:d5}" : null,
                PhoneVerified = isRare ? true : null,
                Name = $"Name {number:d5}",
                Nickname = $"nick{number:d5}",
                GivenName = $"g{number:d5}",
                FamilyName = $"f{number:d5}",
                Picture = "https://s.gravatar.com/avatar/" + new string('0', 160),
                PasswordHash = new string('0', 84),
                Blocked = isRare ? true : null,
                LastIp = isRare ? "192.0.2.9" : null,
                LastLogin = Start.AddMinutes(number),
                LastPasswordReset = isRare ? Start : null,
                LoginsCount = number,
                AppMetadata = app.RootElement.Clone(),
                UserMetadata = own.RootElement.Clone(),
                CreatedAt = Start.AddMinutes(number),
                UpdatedAt = Start.AddMinutes(number),
            };
        }
    }
}

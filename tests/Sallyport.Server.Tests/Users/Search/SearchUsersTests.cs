using System.Net;
using System.Text.Json.Nodes;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Users.Search;

/// <summary>All tests share one server per engine and its users. A test that changes a user creates its own.</summary>
public sealed class SearchUsersTests(SearchServers servers) : IClassFixture<SearchServers>
{
    [Theory, EnginesAndQueries(
        "jane: jane", "\"JANE SMITH\": jane", "name:\"jane smith\": jane", "name:jane\\ smith: jane", "name:jane: ", "name:j*: jane john", "name:*mith: jane john",
        "name:*an*mi*: jane", "nickname:ÉMILE: emile", "nickname:e\u0301mile: emile", "username:Emile: ", "username:emile: emile",
        "email:(\"jane@example.com\" OR john@example.org): jane john", "email:JANE@EXAMPLE.COM: jane", "email.domain:Example.com: jane emile",
        "email.domain:exam*: jane john emile", "user_id:auth0: ", "user_id:auth0*: jane john emile", "user_id:auth0\\|john: john", "phone_number:\"+15551234\": john",
        "phone_number:+1555*: john", "email_verified:true: jane", "blocked:true: john", "blocked:false: ", "NOT blocked:true: jane emile",
        "identities.connection:staff: emile", "identities.provider:auth0: jane john emile", "identities.provider:sms: ", "created_at:2024-02: john",
        "created_at:[2024-01-02 TO *]: john emile", "created_at:{2024-01 TO 2024-02]: john", "created_at:[* TO 2024-01-01]: jane",
        "created_at:[2024-02-01T00:00:00Z TO 2024-02-01T00:00:00.000Z]: john", "created_at:{2024-02-01T00:00:00Z TO *]: emile",
        "app_metadata.plan:gold: jane emile", "app_metadata.plan:Gold: ", "app_metadata.subscription.seats:13: john", "app_metadata.subscription.seats:\"13.0\": john",
        "app_metadata.trial:true: john", "user_metadata.addresses.city:Paris: jane", "user_metadata.addresses.city:\"New York\": jane emile",
        "_exists_:user_metadata.addresses: jane emile", "_exists_:app_metadata.nothing: ", "NOT _exists_:app_metadata.plan: john", "Paris: ",
        "_exists_:phone_number: john", "multifactor:guardian: ", "organization_id:org_1: ", "*: jane john emile", "name:j* AND NOT app_metadata.plan:gold: john",
        "name:j* -blocked:true: jane", "app_metadata.plan:gold OR email:john@example.org: jane john emile", "app_metadata.plan:silver OR phone_number:+1*: john",
        "multifactor:duo OR app_metadata.plan:gold: jane emile", "organization_id:*abc* OR app_metadata.plan:gold: jane emile", "*smith OR blocked:true: jane john",
        "(app_metadata.plan:gold AND name:j*) OR multifactor:guardian: jane", "logins_count:[* TO 5]: ", "NOT _exists_:logins_count OR logins_count:0: jane john emile")]
    public async Task A_query_finds_the_matching_users(Engine engine, string query, string expected)
    {
        var management = new ManagementApi(await servers.GetAsync(engine));

        var users = await management.GetAsync("/users?search_engine=v3&q=" + Uri.EscapeDataString(query));

        string.Join(' ', Ids(users)).ShouldBe(expected);
    }

    [Theory, Engines]
    public async Task A_search_supports_pages_totals_sorting_and_fields(Engine engine)
    {
        var management = new ManagementApi(await servers.GetAsync(engine));

        var first = await management.GetAsync("/users?q=email:*@example*&per_page=2&include_totals=true&sort=email:-1&fields=user_id");
        var second = await management.GetAsync("/users?q=email:*@example*&per_page=2&page=1&include_totals=true&sort=email:-1&fields=user_id");
        var empty = await management.GetAsync("/users?q=email:*@example*&per_page=0&include_totals=true");
        var connection = await management.GetAsync("/users?q=*&connection=users&sort=name:1&include_totals=true");

        first.ToJsonString().ShouldBe("""{"start":0,"limit":2,"length":2,"users":[{"user_id":"auth0|john"},{"user_id":"auth0|jane"}],"total":3}""");
        second.ToJsonString().ShouldBe("""{"start":2,"limit":2,"length":1,"users":[{"user_id":"auth0|emile"}],"total":3}""");
        ((int)empty["total"]!).ShouldBe(3);
        Ids(connection["users"]!).ShouldBe(["jane", "john"]);
        ((int)connection["total"]!).ShouldBe(2);
    }

    [Theory, Engines]
    public async Task Users_with_equal_values_are_sorted_by_id_and_missing_values_come_first(Engine engine)
    {
        var management = new ManagementApi(await servers.GetAsync(engine));

        Ids(await management.GetAsync("/users?sort=phone_number:1")).ShouldBe(["emile", "jane", "john"]);
        Ids(await management.GetAsync("/users?sort=phone_number:-1")).ShouldBe(["john", "jane", "emile"]);
        Ids(await management.GetAsync("/users?sort=user_id:-1")).ShouldBe(["john", "jane", "emile"]);
        Ids(await management.GetAsync("/users?sort=nickname:1")).ShouldBe(["jane", "john", "emile"]);
        Ids(await management.GetAsync("/users?primary_order=false")).Order(StringComparer.Ordinal).ShouldBe(["emile", "jane", "john"]);
    }

    [Theory, Engines]
    public async Task A_changed_user_is_found_at_once(Engine engine)
    {
        var management = new ManagementApi(await servers.GetAsync(engine));
        var user = new { connection = "other", user_id = "changing", email = "changing@example.net", app_metadata = new { level = 1, tags = new[] { "a", "b" } } };
        (await management.SendAsync(HttpMethod.Post, "/users", user)).ShouldBe(HttpStatusCode.Created);
        Ids(await management.GetAsync("/users?q=app_metadata.tags:b")).ShouldBe(["changing"]);

        (await management.SendAsync(HttpMethod.Patch, "/users/auth0%7Cchanging", new { name = "Somebody Else", app_metadata = new { tags = "c" } }))
            .ShouldBe(HttpStatusCode.OK);

        Ids(await management.GetAsync("/users?q=app_metadata.tags:b")).ShouldBeEmpty();
        Ids(await management.GetAsync("/users?q=app_metadata.tags:c AND app_metadata.level:1 AND name:some*")).ShouldBe(["changing"]);
        (await management.SendAsync(HttpMethod.Delete, "/users/auth0%7Cchanging")).ShouldBe(HttpStatusCode.NoContent);
        Ids(await management.GetAsync("/users?q=app_metadata.tags:c OR email:changing*")).ShouldBeEmpty();
        (await CountAsync(engine, "user_term", "auth0|changing")).ShouldBe(0);
    }

    [Theory, Engines]
    public async Task A_user_with_a_confirmed_factor_is_found_by_multifactor(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var management = new ManagementApi(server);
        var person = await Person.CreateAsync(server);
        await person.EnrollAsync();

        Ids(await management.GetAsync("/users?q=multifactor:guardian&fields=user_id")).ShouldBe([person.UserId.Split('|')[1]]);

        (await management.SendAsync(HttpMethod.Delete, "/users/" + Uri.EscapeDataString(person.UserId))).ShouldBe(HttpStatusCode.NoContent);
        Ids(await management.GetAsync("/users?q=multifactor:guardian")).ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task Text_of_a_query_never_becomes_SQL(Engine engine)
    {
        var management = new ManagementApi(await servers.GetAsync(engine));
        string[] queries =
        [
            "name:\"' OR 1=1 --\"", "name:'*", "\"@tenant_id\"", "app_metadata.x\\'\\)\\;DROP:1", "_exists_:app_metadata.@p1", "name:%*", "name:\\[abc*", "name:*%%%*",
            "name:*\\\\\\\\\\\\*", "name:*\\?\\?\\?*", "name:" + new string('a', 256) + "*",
        ];

        foreach (var query in queries)
        {
            Ids(await management.GetAsync("/users?q=" + Uri.EscapeDataString(query))).ShouldBeEmpty(query);
        }
    }

    [Theory, Engines]
    public async Task Text_that_cannot_be_normalized_can_be_stored_and_searched(Engine engine)
    {
        var management = new ManagementApi(await servers.GetAsync(engine));
        var user = new { connection = "other", user_id = "odd", username = "odd", name = "a\uFFFEb", nickname = "\uFFFE", given_name = "\uFFFF", family_name = "\u0301" };
        (await management.SendAsync(HttpMethod.Post, "/users", user)).ShouldBe(HttpStatusCode.Created);

        Ids(await management.GetAsync("/users?q=name:A" + Uri.EscapeDataString("\uFFFE") + "*")).ShouldBe(["odd"]);
        Ids(await management.GetAsync("/users?q=" + Uri.EscapeDataString("\uFFFF"))).ShouldBe(["odd"]);

        (await management.SendAsync(HttpMethod.Delete, "/users/auth0%7Codd")).ShouldBe(HttpStatusCode.NoContent);
    }

    [Theory, Engines]
    public async Task A_search_requires_the_scope_to_read_users(Engine engine)
    {
        var management = new ManagementApi(await servers.GetAsync(engine), "read:guardian_factors");

        (await management.SendAsync(HttpMethod.Get, "/users?q=name:j*")).ShouldBeError(HttpStatusCode.Forbidden, "insufficient_scope");
    }

    private async Task<long> CountAsync(Engine engine, string table, string userId)
    {
        var rows = await (await servers.GetAsync(engine)).Database.QueryAsync(
            new Statement($"SELECT count(*) FROM {table} WHERE user_id = @user_id", ("user_id", userId)), row => row.GetInt64(0), CancellationToken.None);
        return rows[0];
    }

    private static IEnumerable<string> Ids(JsonNode users) => users.AsArray().Select(user => ((string)user!["user_id"]!).Split('|')[1]);
}

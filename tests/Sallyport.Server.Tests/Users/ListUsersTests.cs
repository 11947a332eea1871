using System.Net;
using System.Text.Json.Nodes;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Users;

public sealed class ListUsersTests(Servers servers) : IClassFixture<Servers>
{
    private const int Count = 7;

    [Theory, Engines]
    public async Task Without_totals_the_answer_is_a_bare_array(Engine engine)
    {
        await using var server = await StartAsync(engine);
        var management = new ManagementApi(server);

        var all = await management.GetAsync("/users");
        var page = await management.GetAsync("/users?page=1&per_page=3&include_totals=false");

        Emails(all).ShouldBe(Expected(0, 1, 2, 3, 4, 5, 6));
        Emails(page).ShouldBe(Expected(3, 4, 5));
    }

    [Theory, Engines]
    public async Task With_totals_the_answer_is_an_object_in_the_published_order(Engine engine)
    {
        await using var server = await StartAsync(engine);
        var management = new ManagementApi(server);

        var page = await management.GetAsync("/users?page=2&per_page=3&include_totals=true");
        var beyond = await management.GetAsync("/users?page=9&per_page=3&include_totals=true");
        var empty = await management.GetAsync("/users?per_page=0&include_totals=true");

        page.AsObject().Select(member => member.Key).ShouldBe(["start", "limit", "length", "users", "total"]);
        Emails(page["users"]!).ShouldBe(Expected(6));
        page["users"] = null;
        page.ToJsonString().ShouldBe("""{"start":6,"limit":3,"length":1,"users":null,"total":7}""");
        beyond.ToJsonString().ShouldBe("""{"start":27,"limit":3,"length":0,"users":[],"total":7}""");
        empty.ToJsonString().ShouldBe("""{"start":0,"limit":0,"length":0,"users":[],"total":7}""");
    }

    [Theory, Engines]
    public async Task Fields_apply_to_the_users_of_a_page(Engine engine)
    {
        await using var server = await StartAsync(engine);
        var management = new ManagementApi(server);

        var page = await management.GetAsync("/users?per_page=1&include_totals=true&fields=email&include_fields=true");
        var bare = await management.GetAsync("/users?per_page=1&fields=email");

        page.ToJsonString().ShouldBe("""{"start":0,"limit":1,"length":1,"users":[{"email":"user0@example.com"}],"total":7}""");
        bare.ToJsonString().ShouldBe("""[{"email":"user0@example.com"}]""");
    }

    [Theory, Engines]
    public async Task Users_can_be_sorted_and_filtered(Engine engine)
    {
        await using var server = await StartAsync(engine);
        var management = new ManagementApi(server);

        Emails(await management.GetAsync("/users?sort=email%3A-1")).ShouldBe(Expected(6, 5, 4, 3, 2, 1, 0));
        Emails(await management.GetAsync("/users?sort=created_at:1&per_page=2")).ShouldBe(Expected(0, 1));
        Emails(await management.GetAsync("/users?connection=even")).ShouldBe(Expected(0, 2, 4, 6));
        var page = await management.GetAsync("/users?connection=even&include_totals=true&per_page=1");
        ((int)page["total"]!).ShouldBe(4);
    }

    [Theory]
    [InlineData("page=-1")]
    [InlineData("page=x")]
    [InlineData("page=99999999999999999999")]
    [InlineData("page=2147483647")]
    [InlineData("per_page=101")]
    [InlineData("per_page=-1")]
    [InlineData("per_page=1.5")]
    [InlineData("include_totals=yes")]
    [InlineData("include_fields=1&fields=email")]
    [InlineData("sort=email")]
    [InlineData("sort=email%3A2")]
    [InlineData("sort=password_hash%3A1")]
    [InlineData("sort=email%3A1%3BDROP%20TABLE%20tenant")]
    [InlineData("sort=app_metadata.plan%3A1")]
    [InlineData("sort=email.domain%3A1")]
    [InlineData("primary_order=1")]
    [InlineData("search_engine=v1")]
    [InlineData("search_engine=v2")]
    [InlineData("search_engine=lucene")]
    [InlineData("q=%00")]
    [InlineData("q=name%3Ajhn~")]
    [InlineData("q=name%3Ajohn%5E2")]
    [InlineData("q=name%3A%2Fjo.*n%2F")]
    [InlineData("q=name%3Ajo%3Fn")]
    [InlineData("q=name%3A*sa")]
    [InlineData("q=logins_count%3A%3E100")]
    [InlineData("q=logins_count%3Amany")]
    [InlineData("q=logins_count%3A1*")]
    [InlineData("q=logins_count%3A99999999999999999999")]
    [InlineData("q=created_at%3A%5Byesterday+TO+*%5D")]
    [InlineData("q=created_at%3A9999")]
    [InlineData("q=blocked%3Ayes")]
    [InlineData("q=blocked%3A%5Btrue+TO+*%5D")]
    [InlineData("q=user_metadata.plan%3Ago*")]
    [InlineData("q=app_metadata.seats%3A%5B1+TO+5%5D")]
    [InlineData("q=password_hash%3Ax")]
    [InlineData("q=tenant_id%3Adefault")]
    [InlineData("q=_exists_%3Apassword_hash")]
    [InlineData("q=name%3A%22x+OR+1%3D1")]
    [InlineData("q=(((((((((((((((((((((a)))))))))))))))))))))")]
    [InlineData("connection=%00")]
    public async Task A_bad_query_is_refused_with_the_name_of_the_parameter(string query)
    {
        foreach (var engine in Enum.GetValues<Engine>())
        {
            var server = await servers.GetAsync(engine);

            var answer = await new ManagementApi(server).SendAsync(HttpMethod.Get, "/users?" + query);

            answer.ShouldBeError(HttpStatusCode.BadRequest, "invalid_query_string");
            ((string)answer.Json!["message"]!).ShouldMatch($"^Query validation error: '.+' on property {query[..query.IndexOf('=')]}.*$");
        }
    }

    [Theory, Engines]
    public async Task Paging_stops_at_a_thousand_records(Engine engine)
    {
        var management = new ManagementApi(await servers.GetAsync(engine));

        var last = await management.SendAsync(HttpMethod.Get, "/users?page=9&per_page=100");
        var beyond = await management.SendAsync(HttpMethod.Get, "/users?page=10&per_page=100");

        last.Status.ShouldBe(HttpStatusCode.OK);
        beyond.ShouldBeError(HttpStatusCode.BadRequest, "invalid_query_string");
        ((string)beyond.Json!["message"]!).ShouldContain("1000");
    }

    private static async Task<TestServer> StartAsync(Engine engine)
    {
        var server = await TestServer.StartAsync(engine);
        var management = new ManagementApi(server);
        for (var i = 0; i < Count; i++)
        {
            var connection = i % 2 == 0 ? "even" : "odd";
            (await management.SendAsync(HttpMethod.Post, "/users", new { connection, email = $"user{i}@example.com" }))
                .ShouldBe(HttpStatusCode.Created);
            server.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        return server;
    }

    private static IEnumerable<string> Emails(JsonNode users) => users.AsArray().Select(user => (string)user!["email"]!);

    private static IEnumerable<string> Expected(params int[] numbers) => numbers.Select(number => $"user{number}@example.com");
}

using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Users;

public sealed class CreateUserTests(Servers servers) : IClassFixture<Servers>
{
    private const string Connection = "Username-Password-Authentication";

    [Theory, Engines]
    public async Task A_new_user_has_the_published_defaults(Engine engine)
    {
        var management = new ManagementApi(await servers.GetAsync(engine));

        var answer = await management.SendAsync(
            HttpMethod.Post, "/users", new { connection = Connection, email = "Chuck.Norris@Example.com" });

        var user = answer.ShouldBe(HttpStatusCode.Created);
        ((string)user["user_id"]!).ShouldMatch("^auth0\\|[0-9a-f]{24}$");
        ((string)user["email"]!).ShouldBe("chuck.norris@example.com");
        ((bool)user["email_verified"]!).ShouldBeFalse();
        ((string)user["name"]!).ShouldBe("chuck.norris@example.com");
        ((string)user["nickname"]!).ShouldBe("chuck.norris");
        ((string)user["picture"]!).ShouldMatch(
            "^https://s\\.gravatar\\.com/avatar/[0-9a-f]{32}\\?s=480&r=pg&d=https%3A%2F%2Fcdn\\.auth0\\.com%2Favatars%2Fch\\.png$");
        ((string)user["created_at"]!).ShouldMatch("^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$");
        ((string)user["updated_at"]!).ShouldBe((string)user["created_at"]!);
        var identity = user["identities"]!.AsArray().ShouldHaveSingleItem()!;
        identity.ToJsonString().ShouldBe(
            $$"""{"connection":"{{Connection}}","user_id":"{{((string)user["user_id"]!)[6..]}}","provider":"auth0","isSocial":false}""");
    }

    [Theory, Engines]
    public async Task Members_without_a_value_are_omitted_and_never_null(Engine engine)
    {
        var management = new ManagementApi(await servers.GetAsync(engine));

        var answer = await management.SendAsync(HttpMethod.Post, "/users", new { connection = Connection, email = "sparse@example.com" });

        answer.ShouldBe(HttpStatusCode.Created).AsObject().Select(member => member.Key).ShouldBe(
            ["user_id", "email", "email_verified", "name", "nickname", "picture", "identities", "created_at", "updated_at"]);
        answer.Text.ShouldNotContain("null");
    }

    [Theory, Engines]
    public async Task Every_writable_property_is_stored(Engine engine)
    {
        var management = new ManagementApi(await servers.GetAsync(engine));
        var sent = JsonNode.Parse("""
            {
              "email": "full@example.com", "email_verified": true, "username": "full", "phone_number": "+15550100", "phone_verified": true,
              "name": "Full Name", "nickname": "fully", "given_name": "Full", "family_name": "Name",
              "picture": "https://example.com/p.png", "blocked": false,
              "user_metadata": { "theme": "dark", "deep": { "list": [1, 2.50, "x", null] } }, "app_metadata": { "plan": "gold" }
            }
            """)!.AsObject();
        var body = sent.DeepClone();
        body["connection"] = Connection;
        body["password"] = "correct horse battery staple";

        var created = (await management.SendAsync(HttpMethod.Post, "/users", body)).ShouldBe(HttpStatusCode.Created);

        var stored = await management.GetAsync("/users/" + Uri.EscapeDataString((string)created["user_id"]!));
        foreach (var (name, value) in sent)
        {
            stored[name]!.ToJsonString().ShouldBe(value!.ToJsonString());
            created[name]!.ToJsonString().ShouldBe(value.ToJsonString());
        }

        stored.ToJsonString().ShouldNotContain("password\"");
        stored.ToJsonString().ShouldNotContain("correct horse");
    }

    [Theory, Engines]
    public async Task A_caller_may_choose_the_suffix_of_the_user_id(Engine engine)
    {
        var management = new ManagementApi(await servers.GetAsync(engine));

        var answer = await management.SendAsync(
            HttpMethod.Post, "/users", new { connection = Connection, email = "suffix@example.com", user_id = "crm/4711" });

        ((string)answer.ShouldBe(HttpStatusCode.Created)["user_id"]!).ShouldBe("auth0|crm/4711");
        var again = await management.SendAsync(
            HttpMethod.Post, "/users", new { connection = Connection, email = "suffix2@example.com", user_id = "crm/4711" });
        again.ShouldBeError(HttpStatusCode.Conflict, "auth0_idp_error");
    }

    /// <summary>The published pattern allows the id of a user of another provider as a suffix.</summary>
    [Theory, Engines]
    public async Task A_bar_in_the_suffix_does_not_change_the_provider(Engine engine)
    {
        var management = new ManagementApi(await servers.GetAsync(engine));

        var created = (await management.SendAsync(
            HttpMethod.Post, "/users", new { connection = Connection, email = "moved@example.com", user_id = "github|4711" })).ShouldBe(HttpStatusCode.Created);

        ((string)created["user_id"]!).ShouldBe("auth0|github|4711");
        var read = await management.GetAsync("/users/auth0%7Cgithub%7C4711");
        read["identities"]![0]!.ToJsonString().ShouldBe($$"""{"connection":"{{Connection}}","user_id":"github|4711","provider":"auth0","isSocial":false}""");
    }

    /// <summary>CVE-2025-24806: spellings of one address are the same user.</summary>
    [Theory, Engines]
    public async Task The_same_address_in_another_case_or_Unicode_form_is_the_same_user(Engine engine)
    {
        var management = new ManagementApi(await servers.GetAsync(engine));
        await management.CreateUserAsync("j\u00F6rg.\u00C5ngstr\u00F6m@example.com");

        foreach (var spelling in new[]
        {
            "j\u00F6rg.\u00E5ngstr\u00F6m@example.com",
            "J\u00D6RG.\u00C5NGSTR\u00D6M@EXAMPLE.COM",
            "jo\u0308rg.a\u030Angstro\u0308m@example.com",
            "JO\u0308RG.A\u030ANGSTRO\u0308M@example.com",
            "j\u00F6rg.\u212Bngstr\u00F6m@example.com",
        })
        {
            var answer = await management.SendAsync(HttpMethod.Post, "/users", new { connection = Connection, email = spelling });
            answer.ShouldBeError(HttpStatusCode.Conflict, "auth0_idp_error");
            ((string)answer.Json!["message"]!).ShouldBe("The user already exists.");
        }
    }

    [Theory, Engines]
    public async Task The_same_address_in_another_connection_is_another_user(Engine engine)
    {
        var management = new ManagementApi(await servers.GetAsync(engine));
        var first = await management.CreateUserAsync("twice@example.com");

        var answer = await management.SendAsync(HttpMethod.Post, "/users", new { connection = "employees", email = "twice@example.com" });

        ((string)answer.ShouldBe(HttpStatusCode.Created)["user_id"]!).ShouldNotBe(first);
        (await management.GetAsync("/users-by-email?email=twice%40example.com")).AsArray().Count.ShouldBe(2);
    }

    [Theory, Engines]
    public async Task Sixteen_concurrent_requests_create_one_user(Engine engine)
    {
        var management = new ManagementApi(await servers.GetAsync(engine));
        await management.FetchTokenAsync();
        var email = $"race-{Guid.CreateVersion7():N}@example.com";

        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ =>
            management.SendAsync(HttpMethod.Post, "/users", new { connection = Connection, email })));

        answers.Count(answer => answer.Status == HttpStatusCode.Created).ShouldBe(1);
        answers.Count(answer => answer.Status == HttpStatusCode.Conflict).ShouldBe(15);
        (await management.GetAsync($"/users-by-email?email={email}")).AsArray().Count.ShouldBe(1);
    }

    [Theory, Engines]
    public async Task A_property_that_is_not_writable_is_refused_by_name(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var management = new ManagementApi(server);
        await management.FetchTokenAsync();
        var before = await DatabaseDump.TakeAsync(server.Database);

        foreach (var name in new[]
        {
            "confirmed", "multifactor", "created_at", "updated_at", "tenant_id", "identities", "logins_count", "last_ip",
            "password_hash", "last_password_reset", "provider", "Email", "__proto__",
        })
        {
            var body = new JsonObject { ["connection"] = Connection, ["email"] = "mass@example.com", [name] = "x" };
            var answer = await management.SendAsync(HttpMethod.Post, "/users", body);
            answer.ShouldBeError(HttpStatusCode.BadRequest, "invalid_body");
            ((string)answer.Json!["message"]!).ShouldBe($"Payload validation error: 'Additional properties not allowed: {name}'.");
        }

        (await DatabaseDump.TakeAsync(server.Database)).ShouldBe(before);
    }

    public static TheoryData<string, string> BadBodies() => new()
    {
        { """{"email":"a@example.com"}""", "connection" },
        { """{"connection":"","email":"a@example.com"}""", "connection" },
        { """{"connection":"db"}""", "email" },
        { """{"connection":"db","email":""}""", "email" },
        { """{"connection":"db","email":"no address"}""", "email" },
        { """{"connection":"db","email":"a@b@c"}""", "email" },
        { """{"connection":"db","email":"a@example.com\r\nBcc: x@example.com"}""", "email" },
        { """{"connection":"db","email":"a\u202E@example.com"}""", "email" },
        { """{"connection":"db","email":null}""", "email" },
        { """{"connection":"db","email":"a@example.com","phone_number":""}""", "phone_number" },
        { """{"connection":"db","email":"a@example.com","phone_number":"0049151"}""", "phone_number" },
        { """{"connection":"db","email":"a@example.com","phone_number":"+1234567890123456"}""", "phone_number" },
        { """{"connection":"db","email":"a@example.com","phone_number":"+\u0661\u0662\u0663"}""", "phone_number" },
        { """{"connection":"db","email":"a@example.com","phone_number":"+123\n"}""", "phone_number" },
        { """{"connection":"db","email":"a@example.com","username":""}""", "username" },
        { """{"connection":"db","email":"a@example.com","user_id":"with space"}""", "user_id" },
        { """{"connection":"db","email":"a@example.com","name":""}""", "name" },
        { """{"connection":"db","email":"a@example.com","name":7}""", "name" },
        { """{"connection":"db","email":"a@example.com","picture":"javascript:alert(1)"}""", "picture" },
        { """{"connection":"db","email":"a@example.com","blocked":"true"}""", "blocked" },
        { """{"connection":"db","email":"a@example.com","user_metadata":[]}""", "user_metadata" },
        { """{"connection":"db","email":"a@example.com","app_metadata":"x"}""", "app_metadata" },
        { """{"connection":"db","email":"a@example.com","email":"b@example.com"}""", "JSON" },
    };

    [Theory, MemberData(nameof(BadBodies))]
    public async Task A_bad_body_is_refused_and_the_message_names_the_fault(string body, string named)
    {
        foreach (var engine in Enum.GetValues<Engine>())
        {
            var server = await servers.GetAsync(engine);
            var management = new ManagementApi(server);
            await management.FetchTokenAsync();
            var before = await DatabaseDump.TakeAsync(server.Database);

            var answer = await management.SendAsync(HttpMethod.Post, "/users", new StringContent(body, Encoding.UTF8, "application/json"));

            answer.ShouldBeError(HttpStatusCode.BadRequest, "invalid_body");
            ((string)answer.Json!["message"]!).ShouldContain(named);
            (await DatabaseDump.TakeAsync(server.Database)).ShouldBe(before);
        }
    }
}

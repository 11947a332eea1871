using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Users;

public sealed class PatchUserTests(Servers servers) : IClassFixture<Servers>
{
    private static readonly string[] UnwritableNames =
        ["confirmed", "multifactor", "created_at", "tenant_id", "user_id", "identities", "logins_count", "password_hash", "last_login"];

    [Theory, Engines]
    public async Task The_answer_is_the_whole_user_with_a_new_updated_at(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var (management, path) = await CreateAsync(server);
        var before = await management.GetAsync(path);
        server.Clock.Advance(TimeSpan.FromSeconds(5));

        var answer = (await PatchAsync(management, path, """{"given_name":"Ada","family_name":"Lovelace"}""")).ShouldBe(HttpStatusCode.OK);

        ((string)answer["given_name"]!).ShouldBe("Ada");
        ((string)answer["email"]!).ShouldBe((string)before["email"]!);
        ((string)answer["created_at"]!).ShouldBe((string)before["created_at"]!);
        ((string)answer["updated_at"]!).ShouldNotBe((string)before["updated_at"]!);
        (await management.GetAsync(path)).ToJsonString().ShouldBe(answer.ToJsonString());
    }

    [Theory, Engines]
    public async Task Metadata_is_merged_by_its_first_level(Engine engine)
    {
        var (management, path) = await CreateAsync(await servers.GetAsync(engine));
        await PatchAsync(management, path, """{"user_metadata":{"a":1,"b":{"x":1,"y":2},"c":true},"app_metadata":{"plan":"gold","since":2020}}""");

        var answer = await PatchAsync(management, path, """{"user_metadata":{"a":null,"b":{"z":3},"d":"new","e":null},"app_metadata":{"plan":null}}""");

        var user = answer.ShouldBe(HttpStatusCode.OK);
        user["user_metadata"]!.ToJsonString().ShouldBe("""{"b":{"z":3},"c":true,"d":"new"}""");
        user["app_metadata"]!.ToJsonString().ShouldBe("""{"since":2020}""");
    }

    [Theory, Engines]
    public async Task An_empty_object_clears_metadata(Engine engine)
    {
        var (management, path) = await CreateAsync(await servers.GetAsync(engine));
        await PatchAsync(management, path, """{"user_metadata":{"a":1},"app_metadata":{"b":2}}""");

        (await PatchAsync(management, path, """{"user_metadata":{},"app_metadata":{}}""")).ShouldBe(HttpStatusCode.OK);

        var user = await management.GetAsync(path);
        user["user_metadata"]!.ToJsonString().ShouldBe("{}");
        user.AsObject().ContainsKey("app_metadata").ShouldBeFalse();
    }

    [Theory, Engines]
    public async Task Null_removes_optional_members(Engine engine)
    {
        var (management, path) = await CreateAsync(await servers.GetAsync(engine));
        await PatchAsync(management, path, """{"given_name":"A","nickname":"B","user_metadata":{"a":1},"app_metadata":{"b":2}}""");

        var answer = await PatchAsync(
            management, path, """{"given_name":null,"nickname":null,"picture":null,"user_metadata":null,"app_metadata":null}""");

        var names = answer.ShouldBe(HttpStatusCode.OK).AsObject().Select(member => member.Key).ToList();
        names.ShouldNotContain("given_name");
        names.ShouldNotContain("nickname");
        names.ShouldNotContain("picture");
        names.ShouldNotContain("user_metadata");
        names.ShouldNotContain("app_metadata");
        (await PatchAsync(management, path, """{"blocked":null}""")).ShouldBeError(HttpStatusCode.BadRequest, "invalid_body");
    }

    /// <summary>Mass assignment (CVE-2026-54693): members that only the server may set cannot be written.</summary>
    [Theory, Engines]
    public async Task Unknown_and_unwritable_properties_are_ignored(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var (management, path) = await CreateAsync(server);
        var before = await management.GetAsync(path);

        var body = new JsonObject([.. UnwritableNames.Select(name => KeyValuePair.Create(name, (JsonNode?)JsonValue.Create("x")))]);
        var answer = (await management.SendAsync(HttpMethod.Patch, path, body)).ShouldBe(HttpStatusCode.OK);

        answer["updated_at"] = before["updated_at"]!.DeepClone();
        answer.ToJsonString().ShouldBe(before.ToJsonString());
        (await management.GetAsync(path + "/enrollments")).AsArray().ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task A_patch_may_name_only_the_connection_of_the_user(Engine engine)
    {
        var (management, path) = await CreateAsync(await servers.GetAsync(engine));
        var own = (string)(await management.GetAsync(path))["identities"]![0]!["connection"]!;

        var answer = await management.SendAsync(HttpMethod.Patch, path, new { connection = own, name = "Right" });
        var refused = await management.SendAsync(HttpMethod.Patch, path, new { connection = own + "-2", name = "Wrong" });

        ((string)answer.ShouldBe(HttpStatusCode.OK)["name"]!).ShouldBe("Right");
        refused.ShouldBeError(HttpStatusCode.BadRequest, "inexistent_connection");
        ((string)(await management.GetAsync(path))["name"]!).ShouldBe("Right");
    }

    [Theory]
    [InlineData("""{"password":"new password","email":"x@example.com"}""")]
    [InlineData("""{"password":"new password","email_verified":true}""")]
    [InlineData("""{"password":"new password","username":"x"}""")]
    [InlineData("""{"password":"new password","phone_number":"+155501"}""")]
    [InlineData("""{"username":"x","email":"x@example.com"}""")]
    [InlineData("""{"username":"x","email_verified":true}""")]
    [InlineData("""{"phone_number":"+155501","email":"x@example.com"}""")]
    public async Task Some_properties_cannot_be_changed_together(string body)
    {
        foreach (var engine in Enum.GetValues<Engine>())
        {
            var server = await servers.GetAsync(engine);
            var (management, path) = await CreateAsync(server);
            var before = await DatabaseDump.TakeAsync(server.Database);

            var answer = await PatchAsync(management, path, body);

            answer.ShouldBeError(HttpStatusCode.BadRequest, "invalid_body");
            ((string)answer.Json!["message"]!).ShouldMatch("^Cannot update [a-z_]+ and [a-z_]+ simultaneously$");
            (await DatabaseDump.TakeAsync(server.Database)).ShouldBe(before);
        }
    }

    /// <summary>CVE-2026-54693: a new address is not verified, even if the old one was.</summary>
    [Theory, Engines]
    public async Task A_new_address_or_number_is_not_verified_unless_the_caller_says_so(Engine engine)
    {
        var (management, path) = await CreateAsync(await servers.GetAsync(engine));
        await PatchAsync(management, path, """{"email_verified":true,"phone_number":"+155501"}""");
        await PatchAsync(management, path, """{"phone_verified":true}""");
        var email = (string)(await management.GetAsync(path))["email"]!;

        var same = await PatchAsync(management, path, $$"""{"email":"{{email.ToUpperInvariant()}}"}""");
        var number = await PatchAsync(management, path, """{"phone_number":"+155502","verify_phone_number":false}""");
        var changed = await PatchAsync(management, path, $$"""{"email":"new-{{email}}","verify_email":false,"client_id":"any"}""");
        var vouched = await PatchAsync(management, path, $$"""{"email":"newer-{{email}}","email_verified":true}""");

        ((bool)same.ShouldBe(HttpStatusCode.OK)["email_verified"]!).ShouldBeTrue();
        number.ShouldBe(HttpStatusCode.OK)["phone_verified"].ShouldBeNull();
        ((bool)changed.ShouldBe(HttpStatusCode.OK)["email_verified"]!).ShouldBeFalse();
        changed.Json!["client_id"].ShouldBeNull();
        ((bool)vouched.ShouldBe(HttpStatusCode.OK)["email_verified"]!).ShouldBeTrue();
        foreach (var body in new[] { """{"verify_email":"yes"}""", """{"verify_phone_number":1}""", """{"client_id":7}""" })
        {
            (await PatchAsync(management, path, body)).ShouldBeError(HttpStatusCode.BadRequest, "invalid_body");
        }
    }

    [Theory, Engines]
    public async Task A_new_password_is_not_returned_but_its_time_is(Engine engine)
    {
        var (management, path) = await CreateAsync(await servers.GetAsync(engine));

        var answer = await PatchAsync(management, path, """{"password":"a new password"}""");

        ((string)answer.ShouldBe(HttpStatusCode.OK)["last_password_reset"]!).ShouldBe((string)answer.Json!["updated_at"]!);
        answer.Text.ShouldNotContain("a new password");
    }

    [Theory, Engines]
    public async Task A_password_needs_the_length_that_its_connection_wants(Engine engine)
    {
        var (management, path) = await CreateAsync(await servers.GetAsync(engine));
        var before = await management.GetAsync(path);

        // Seven characters, and "good" wants eight: an emoji is one.
        foreach (var password in new[] { "a", "seven 7", "seven \uD83D\uDD11" })
        {
            (await PatchAsync(management, path, $$"""{"password":"{{password}}"}""")).ShouldBeError(HttpStatusCode.BadRequest, "invalid_body");
            var created = await management.SendAsync(
                HttpMethod.Post, "/users", new { connection = "Username-Password-Authentication", email = $"{Guid.CreateVersion7()}@example.com", password });
            created.ShouldBeError(HttpStatusCode.BadRequest, "invalid_body");
            created.Text.ShouldContain("on property password");
        }

        (await management.GetAsync(path)).ToJsonString().ShouldBe(before.ToJsonString());
        (await PatchAsync(management, path, """{"password":"eight 88"}""")).ShouldBe(HttpStatusCode.OK);
    }

    [Theory, Engines]
    public async Task The_scope_for_metadata_allows_no_other_change(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var (all, path) = await CreateAsync(server);
        var narrow = new ManagementApi(server, "update:users_app_metadata");

        (await PatchAsync(narrow, path, """{"app_metadata":{"plan":"gold"},"user_metadata":{"a":1}}""")).ShouldBe(HttpStatusCode.OK);
        var refused = await PatchAsync(narrow, path, """{"app_metadata":{"plan":"free"},"email":"taken-over@example.com"}""");

        refused.ShouldBeError(HttpStatusCode.Forbidden, "insufficient_scope");
        ((string)refused.Json!["message"]!).ShouldBe("Insufficient scope, expected any of: update:users");
        ((string)(await all.GetAsync(path))["app_metadata"]!["plan"]!).ShouldBe("gold");
    }

    [Theory, Engines]
    public async Task The_address_of_another_user_cannot_be_taken(Engine engine)
    {
        var (management, path) = await CreateAsync(await servers.GetAsync(engine));
        var taken = $"taken-{Guid.CreateVersion7():N}@example.com";
        await management.CreateUserAsync(taken);

        var answer = await management.SendAsync(HttpMethod.Patch, path, new { email = taken.ToUpperInvariant() });

        answer.ShouldBeError(HttpStatusCode.Conflict, "auth0_idp_error");
        ((string)(await management.GetAsync(path))["email"]!).ShouldNotBe(taken);
    }

    [Theory, Engines]
    public async Task A_user_who_does_not_exist_is_not_found(Engine engine)
    {
        var management = new ManagementApi(await servers.GetAsync(engine));

        var answer = await PatchAsync(management, "/users/auth0%7Cnobody", """{"name":"x"}""");

        answer.ShouldBeError(HttpStatusCode.NotFound, "inexistent_user");
        ((string)answer.Json!["message"]!).ShouldBe("The user does not exist.");
    }

    [Theory, Engines]
    public async Task Sixteen_concurrent_patches_of_different_metadata_keys_lose_nothing(Engine engine)
    {
        var (management, path) = await CreateAsync(await servers.GetAsync(engine));

        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(number =>
            PatchAsync(management, path, $$$"""{"user_metadata":{"key{{{number}}}":{{{number}}}}}""")));

        answers.ShouldAllBe(answer => answer.Status == HttpStatusCode.OK);
        var metadata = (await management.GetAsync(path))["user_metadata"]!.AsObject();
        metadata.Count.ShouldBe(16);
        Enumerable.Range(0, 16).ShouldAllBe(number => (int)metadata[$"key{number}"]! == number);
    }

    private static Task<Answer> PatchAsync(ManagementApi management, string path, string body) =>
        management.SendAsync(HttpMethod.Patch, path, new StringContent(body, Encoding.UTF8, "application/json"));

    private static async Task<(ManagementApi Management, string Path)> CreateAsync(TestServer server)
    {
        var management = new ManagementApi(server);
        return (management, "/users/" + Uri.EscapeDataString(await management.CreateUserAsync()));
    }
}

using System.Net;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Users;

public sealed class GetUserTests(Servers servers) : IClassFixture<Servers>
{
    [Theory, Engines]
    public async Task The_id_in_a_path_may_be_escaped_in_every_way_that_clients_use(Engine engine)
    {
        var management = new ManagementApi(await servers.GetAsync(engine));
        await management.SendAsync(
            HttpMethod.Post, "/users", new { connection = "db", email = $"{engine}-slash@example.com", user_id = "team/a+b'c" });

        foreach (var path in new[] { "auth0%7Cteam%2Fa%2Bb%27c", "auth0|team%2fa+b'c", "auth0%7cteam%2Fa+b%27c" })
        {
            var user = await management.GetAsync("/users/" + path);
            ((string)user["user_id"]!).ShouldBe("auth0|team/a+b'c");
        }
    }

    [Theory, Engines]
    public async Task Fields_can_be_included_or_excluded(Engine engine)
    {
        var management = new ManagementApi(await servers.GetAsync(engine));
        var path = "/users/" + Uri.EscapeDataString(await management.CreateUserAsync());

        var shown = await management.GetAsync(path + "?fields=user_id,email,unknown");
        var explicitly = await management.GetAsync(path + "?fields=user_id, email&include_fields=true");
        var hidden = await management.GetAsync(path + "?fields=identities,picture&include_fields=false");

        shown.AsObject().Select(member => member.Key).ShouldBe(["user_id", "email"]);
        explicitly.ToJsonString().ShouldBe(shown.ToJsonString());
        hidden.AsObject().Select(member => member.Key)
            .ShouldBe(["user_id", "email", "email_verified", "name", "nickname", "created_at", "updated_at"]);
    }

    [Theory, Engines]
    public async Task A_user_who_does_not_exist_is_not_found(Engine engine)
    {
        var management = new ManagementApi(await servers.GetAsync(engine));

        var answer = await management.SendAsync(HttpMethod.Get, "/users/auth0%7Cnobody");

        answer.ShouldBe(HttpStatusCode.NotFound).ToJsonString().ShouldBe(
            """{"statusCode":404,"error":"Not Found","message":"The user does not exist.","errorCode":"inexistent_user"}""");
    }

    [Theory]
    [InlineData("nobody")]
    [InlineData("%7Cnobody")]
    [InlineData("auth0%7C")]
    [InlineData("%20")]
    public async Task An_id_without_a_provider_is_a_bad_path(string id)
    {
        var management = new ManagementApi(await servers.GetAsync(Engine.Sqlite));

        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Delete })
        {
            var answer = await management.SendAsync(method, "/users/" + id);

            answer.ShouldBeError(HttpStatusCode.BadRequest, "invalid_uri");
            ((string)answer.Json!["message"]!).ShouldBe(
                @"Path validation error: 'String does not match pattern ^.+\|.+$' on property id.");
        }
    }

    [Theory, Engines]
    public async Task Deleting_a_user_twice_answers_204_twice(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var management = new ManagementApi(server);
        var userId = await management.CreateUserAsync();
        var path = "/users/" + Uri.EscapeDataString(userId);
        await new GuardianApi(server).EnrollAsync(await management.CreateTicketAsync(userId));
        await management.CreateTicketAsync(userId, allowMultiple: true);

        var first = await management.SendAsync(HttpMethod.Delete, path);
        var second = await management.SendAsync(HttpMethod.Delete, path);

        first.Status.ShouldBe(HttpStatusCode.NoContent);
        second.Status.ShouldBe(HttpStatusCode.NoContent);
        (first.Text + second.Text).ShouldBeEmpty();
        (await management.SendAsync(HttpMethod.Get, path)).ShouldBeError(HttpStatusCode.NotFound, "inexistent_user");
        // Like the log, the list of delivered messages is kept for a time.
        (await DatabaseDump.TakeAsync(server.Database)).Where(line => !line.StartsWith("message|", StringComparison.Ordinal))
            .ShouldAllBe(line => !line.Contains(userId));
    }

    [Theory, Engines]
    public async Task Users_are_found_by_email_address(Engine engine)
    {
        var management = new ManagementApi(await servers.GetAsync(engine));
        var userId = await management.CreateUserAsync($"{engine}+tag@example.com");

        var found = await management.GetAsync($"/users-by-email?email={engine.ToString().ToLowerInvariant()}%2Btag%40example.com&include_totals=true");
        var selected = await management.GetAsync(
            $"/users-by-email?email={engine.ToString().ToLowerInvariant()}%2Btag%40example.com&fields=user_id&include_fields=true");
        var none = await management.GetAsync("/users-by-email?email=nobody%40example.com");
        var missing = await management.SendAsync(HttpMethod.Get, "/users-by-email");

        ((string)found.AsArray().ShouldHaveSingleItem()!["user_id"]!).ShouldBe(userId);
        selected.ToJsonString().ShouldBe($$"""[{"user_id":"{{userId}}"}]""");
        none.ToJsonString().ShouldBe("[]");
        missing.ShouldBeError(HttpStatusCode.BadRequest, "invalid_query_string");
    }
}

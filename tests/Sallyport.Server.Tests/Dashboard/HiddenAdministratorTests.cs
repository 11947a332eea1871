using System.Net;
using System.Text.Json.Nodes;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Dashboard;

/// <summary>Administrators are users that no API shows or changes.</summary>
public sealed class HiddenAdministratorTests(Servers servers) : IClassFixture<Servers>
{
    [Theory, Engines]
    public async Task Every_call_for_one_user_answers_for_an_administrator_as_for_a_stranger(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var management = new ManagementApi(server);
        var administrator = await DashboardVisitor.CreateAsync(server);
        var calls = MappedEndpoint.List(server).Where(call => call.Pattern.StartsWith("/api/v2/users/{id}", StringComparison.Ordinal)
            || call.Pattern.StartsWith("/api/v2/user-blocks/{id}", StringComparison.Ordinal)).ToList();

        calls.Count.ShouldBeGreaterThan(10, "The test examined too little.");
        foreach (var call in calls)
        {
            var path = call.PathWith(Uri.EscapeDataString(administrator.UserId))["/api/v2".Length..];
            var answer = await management.SendAsync(new HttpMethod(call.Method), path, call.BodyType is null ? null : new JsonObject());

            ((int)answer.Status).ShouldBeOneOf([400, 404], $"{call}: {answer.Status} {answer.Text}");
        }

        (await administrator.OpenAsync("/dashboard")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Theory, Engines]
    public async Task No_ticket_sign_in_or_mail_can_be_made_for_an_administrator(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var management = new ManagementApi(server);
        var userId = (await DashboardVisitor.CreateAsync(server)).UserId;
        var party = await RelyingParty.CreateAsync(server, new() { ["client_metadata"] = new JsonObject() });
        var signIn = new { user_id = userId, client_id = party.ClientId, post_action_url = RelyingParty.Callback };

        foreach (var (path, body) in new (string, object)[]
        {
            ("/guardian/enrollments/ticket", new { user_id = userId, allow_multiple_enrollments = true }),
            ("/guardian/transactions", signIn),
            ("/guardian/policies/explain", new { user_id = userId, client_id = party.ClientId }),
            ("/jobs/verification-email", new { user_id = userId }),
        })
        {
            ((int)(await management.SendAsync(HttpMethod.Post, path, body)).Status).ShouldBeOneOf([400, 404], path);
        }

        var id = Uri.EscapeDataString(userId);
        (await management.SendAsync(HttpMethod.Get, "/guardian/enrollments/tickets?user_id=" + id)).Status.ShouldBe(HttpStatusCode.NotFound);
        (await management.SendAsync(HttpMethod.Delete, "/guardian/enrollments/tickets?user_id=" + id)).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory, Engines]
    public async Task An_enrollment_of_an_administrator_cannot_be_read_or_removed(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var administrator = await DashboardVisitor.CreateAsync(server);
        var id = (await server.Database.QueryAsync(
            new Statement("SELECT authenticator_id FROM authenticator WHERE user_id = @user_id AND is_enrollment", ("user_id", administrator.UserId)),
            row => row.GetString(0),
            CancellationToken.None)).ShouldHaveSingleItem();

        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Delete })
        {
            (await new ManagementApi(server).SendAsync(method, "/guardian/enrollments/" + id)).Status.ShouldBe(HttpStatusCode.NotFound);
        }

        (await administrator.OpenAsync("/dashboard")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Theory, Engines]
    public async Task No_list_search_or_block_shows_an_administrator(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var management = new ManagementApi(server);
        var administrator = await DashboardVisitor.CreateAsync(server);
        await management.CreateUserAsync();
        var email = Uri.EscapeDataString(administrator.Email);

        foreach (var path in new[]
        {
            "/users?per_page=100", $"/users?q=email:{email}", "/users?connection=Sallyport%20administrators", "/users?sort=email:1",
            $"/users?q=email:{email} OR name:{email}", "/users?q=NOT email:nobody", $"/users-by-email?email={email}", "/connections",
        })
        {
            (await management.GetAsync(path)).ToJsonString().ShouldNotContain(administrator.Email, Case.Sensitive, path);
        }

        (await management.GetAsync("/users?include_totals=true&connection=Sallyport%20administrators"))["total"]!.GetValue<int>().ShouldBe(0);
        (await management.GetAsync($"/user-blocks?identifier={email}"))["blocked_for"]!.AsArray().ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task No_connection_and_no_user_can_be_created_in_the_place_of_administrators(Engine engine)
    {
        var management = new ManagementApi(await servers.GetAsync(engine));

        (await management.SendAsync(HttpMethod.Post, "/connections", new { name = "Sallyport administrators", strategy = "auth0" })).Status.ShouldBe(HttpStatusCode.BadRequest);
        ((int)(await management.SendAsync(HttpMethod.Post, "/users", new { connection = "Sallyport administrators", email = "a@example.com" })).Status).ShouldBeOneOf([400, 404]);
        var created = await management.SendAsync(
            HttpMethod.Post, "/users", new { connection = "Username-Password-Authentication", email = "b@example.com", user_id = "sallyport|x" });
        ((string)created.ShouldBe(HttpStatusCode.Created)["user_id"]!).ShouldBe("auth0|sallyport|x");
    }
}

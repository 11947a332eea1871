using System.Net;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Users;

public sealed class UserBlockTests(Servers servers) : IClassFixture<Servers>
{
    [Theory, Engines]
    public async Task Who_is_locked_out_by_wrong_codes_is_shown_as_blocked_and_can_be_let_in_again(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        var enrolled = await person.EnrollAsync();
        var login = await person.StartAsync();
        await person.FailAsync(login, person.Guardian.WrongCodeOf(enrolled), times: 9);
        var nearly = await person.Management.GetAsync(Path(person.UserId));
        await person.FailAsync(login, person.Guardian.WrongCodeOf(enrolled), times: 1);
        var code = person.Guardian.CodeOf(enrolled, 1);
        (await person.Guardian.VerifyAsync(login, code)).ShouldBeError(HttpStatusCode.TooManyRequests, "too_many_attempts");

        var blocked = await person.Management.GetAsync(Path(person.UserId));
        (await person.Management.SendAsync(HttpMethod.Delete, Path(person.UserId))).ShouldBe(HttpStatusCode.NoContent);

        nearly.ToJsonString().ShouldBe("""{"blocked_for":[]}""");
        var email = (string)(await person.Management.GetAsync(person.UserPath))["email"]!;
        blocked.ToJsonString().ShouldBe($$"""{"blocked_for":[{"identifier":"{{email}}"}]}""");
        (await person.Management.GetAsync(Path(person.UserId))).ToJsonString().ShouldBe("""{"blocked_for":[]}""");
        (await person.Guardian.VerifyAsync(login, code)).ShouldBe(HttpStatusCode.OK);
        (await person.Management.ListLogTypesAsync(person.UserId)).ShouldContain("sapi");
    }

    [Theory, Engines]
    public async Task Unblocking_lets_nobody_in_whom_an_administrator_has_blocked(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        (await person.Management.SendAsync(HttpMethod.Patch, person.UserPath, new { blocked = true })).ShouldBe(HttpStatusCode.OK);

        (await person.Management.SendAsync(HttpMethod.Delete, Path(person.UserId))).ShouldBe(HttpStatusCode.NoContent);

        ((bool)(await person.Management.GetAsync(person.UserPath))["blocked"]!).ShouldBeTrue();
    }

    [Theory, Engines]
    public async Task A_user_who_does_not_exist_is_not_found(Engine engine)
    {
        var management = new ManagementApi(await servers.GetAsync(engine));

        (await management.SendAsync(HttpMethod.Get, Path("auth0|nobody"))).ShouldBeError(HttpStatusCode.NotFound, "inexistent_user");
        (await management.SendAsync(HttpMethod.Delete, Path("auth0|nobody"))).ShouldBeError(HttpStatusCode.NotFound, "inexistent_user");
    }

    /// <summary>By what people know of themselves; whoever it is not is not blocked.</summary>
    [Theory, Engines]
    public async Task Blocks_are_found_and_ended_by_address_user_name_and_number(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        var (email, name, number) = ((string)(await person.Management.GetAsync(person.UserPath))["email"]!, "blocked-" + engine, "+1555010" + (int)engine);
        (await person.Management.SendAsync(HttpMethod.Patch, person.UserPath, new { username = name })).ShouldBe(HttpStatusCode.OK);
        (await person.Management.SendAsync(HttpMethod.Patch, person.UserPath, new { phone_number = number })).ShouldBe(HttpStatusCode.OK);
        var enrolled = await person.EnrollAsync();
        await person.FailAsync(await person.StartAsync(), person.Guardian.WrongCodeOf(enrolled), times: 10);

        foreach (var identifier in new[] { email, email.ToUpperInvariant(), name, number })
        {
            var blocks = (await person.Management.GetAsync(Query(identifier)))["blocked_for"]!.AsArray();
            ((string)blocks.ShouldHaveSingleItem()!["identifier"]!).ShouldBe(identifier);
        }

        (await person.Management.GetAsync(Query("nobody@example.com"))).ToJsonString().ShouldBe("""{"blocked_for":[]}""");
        (await person.Management.SendAsync(HttpMethod.Delete, Query("nobody@example.com"))).Status.ShouldBe(HttpStatusCode.NoContent);
        (await person.Management.SendAsync(HttpMethod.Get, "/user-blocks")).ShouldBeError(HttpStatusCode.BadRequest, "invalid_query_string");
        (await person.Management.SendAsync(HttpMethod.Delete, Query(name))).Status.ShouldBe(HttpStatusCode.NoContent);
        (await person.Management.GetAsync(Query(email))).ToJsonString().ShouldBe("""{"blocked_for":[]}""");
    }

    private static string Query(string identifier) => "/user-blocks?identifier=" + Uri.EscapeDataString(identifier);

    private static string Path(string userId) => "/user-blocks/" + Uri.EscapeDataString(userId);
}

using System.Net;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Users;

public sealed class UserBlockTests(Servers servers) : IClassFixture<Servers>
{
    [Theory, Engines]
    public async Task A_user_locked_out_by_wrong_codes_is_listed_as_blocked_and_can_be_unblocked(Engine engine)
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
    public async Task Unblocking_does_not_lift_a_block_by_an_administrator(Engine engine)
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

    [Theory, Engines]
    public async Task Blocks_can_be_read_and_removed_by_identifier(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var (person, other) = (await Person.CreateAsync(server), await Person.CreateAsync(server));
        foreach (var locked in new[] { person, other })
        {
            var enrolled = await locked.EnrollAsync();
            await locked.FailAsync(await locked.StartAsync(), locked.Guardian.WrongCodeOf(enrolled), times: 10);
        }

        var email = (string)(await person.Management.GetAsync(person.UserPath))["email"]!;
        var blocked = await person.Management.GetAsync(ByIdentifier(email.ToUpperInvariant()));
        (await person.Management.SendAsync(HttpMethod.Delete, ByIdentifier(email))).ShouldBe(HttpStatusCode.NoContent);

        blocked.ToJsonString().ShouldBe($$"""{"blocked_for":[{"identifier":"{{email.ToUpperInvariant()}}"}]}""");
        (await person.Management.GetAsync(ByIdentifier(email))).ToJsonString().ShouldBe("""{"blocked_for":[]}""");
        (await person.Management.GetAsync(Path(person.UserId))).ToJsonString().ShouldBe("""{"blocked_for":[]}""");
        (await person.Management.GetAsync(Path(other.UserId)))["blocked_for"]!.AsArray().ShouldHaveSingleItem();
        (await person.Management.GetAsync(ByIdentifier("nobody"))).ToJsonString().ShouldBe("""{"blocked_for":[]}""");
        (await person.Management.SendAsync(HttpMethod.Delete, ByIdentifier("nobody"))).ShouldBe(HttpStatusCode.NoContent);
        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Delete })
        {
            (await person.Management.SendAsync(method, "/user-blocks")).ShouldBeError(HttpStatusCode.BadRequest, "invalid_query_string");
            (await new ManagementApi(server, "read:logs").SendAsync(method, ByIdentifier(email))).ShouldBeError(HttpStatusCode.Forbidden, "insufficient_scope");
        }
    }

    private static string ByIdentifier(string identifier) => "/user-blocks?identifier=" + Uri.EscapeDataString(identifier);

    private static string Path(string userId) => "/user-blocks/" + Uri.EscapeDataString(userId);
}

using System.Net;
using System.Net.Http.Json;
using Sallyport.Server.Commands;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Commands;

/// <summary>Each command beside a running server.</summary>
public sealed class CommandTests(Servers servers) : IClassFixture<Servers>, IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("sallyport-commands").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory, Engines]
    public async Task A_ticket_of_the_command_line_enrolls_its_user(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var email = NewEmail();
        var person = Person.Of(server, await new ManagementApi(server).CreateUserAsync(email));

        var run = (await CommandRun.RunAsync(server, new TicketCreate(email) { Factor = "otp", SendsMail = true, Lifetime = TimeSpan.FromHours(2) }, isJson: true))
            .ShouldSucceed();

        ((string)run.Json["user_id"]!).ShouldBe(person.UserId);
        ((DateTimeOffset)run.Json["expires_at"]!).ShouldBe(server.Clock.GetUtcNow() + TimeSpan.FromHours(2), TimeSpan.FromSeconds(1));
        ((string)run.Json["ticket_url"]!).ShouldBe($"{server.Url}/mfa/enrollment?ticket={run.Json["ticket_id"]}");
        await person.Guardian.EnrollAsync((string)run.Json["ticket_id"]!);
        (await person.ListEnrollmentsAsync()).ShouldHaveSingleItem();
        await Eventually.GetAsync(() => Task.FromResult(Mail.ListFilesTo(server, email)), files => files.Length > 0);
        (await CommandRun.RunAsync(server, new TicketCreate(person.UserId))).ShouldSucceed().Output.ShouldStartWith(server.Url + "/mfa/enrollment?ticket=");
        await ShouldBeLoggedAsync(server, "ticket create");
    }

    [Theory, Engines]
    public async Task Users_are_found_shown_and_reset(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var email = NewEmail();
        var person = Person.Of(server, await new ManagementApi(server).CreateUserAsync(email));
        await person.EnrollAsync();
        await person.NewTicketAsync(allowMultiple: true);

        var found = (await CommandRun.RunAsync(server, new UsersSearch($"email:\"{email}\""), isJson: true)).ShouldSucceed().Json;
        ((long)found["total"]!).ShouldBe(1);
        ((string)found["users"]![0]!["user_id"]!).ShouldBe(person.UserId);
        (await CommandRun.RunAsync(server, new UsersSearch($"email:\"{email}\""))).ShouldSucceed().Output.ShouldContain(person.UserId);
        var shown = (await CommandRun.RunAsync(server, new UsersShow(email), isJson: true)).ShouldSucceed().Json;
        ((string)shown["user"]!["email"]!).ShouldBe(email);
        ((string)shown["enrollments"]![0]!["type"]!).ShouldBe("otp");
        shown["tickets"]!.AsArray().Count.ShouldBe(1);
        ((bool)shown["is_locked_out"]!).ShouldBeFalse();
        (await CommandRun.RunAsync(server, new UsersShow(email))).ShouldSucceed().Output.ShouldContain("otp");

        (await CommandRun.RunAsync(server, new UsersReset(email, IsConfirmed: false)))
            .ShouldFail("users reset: this removes all second factors of the user; confirm it with --yes");
        (await CommandRun.RunAsync(server, new UsersReset(email, IsConfirmed: false), answer: "n\n")).Errors.ShouldBe("users reset: nothing was removed");
        (await person.ListEnrollmentsAsync()).ShouldHaveSingleItem();
        (await CommandRun.RunAsync(server, new UsersReset(email, IsConfirmed: true), isJson: true)).ShouldSucceed()
            .Json["removed"]!.AsArray().Count.ShouldBe(1);

        (await person.ListEnrollmentsAsync()).ShouldBeEmpty();
        (await CommandRun.RunAsync(server, new UsersShow(email), isJson: true)).Json["tickets"]!.AsArray().ShouldBeEmpty();
        await ShouldBeLoggedAsync(server, "users reset");
    }

    [Theory, Engines]
    public async Task A_person_at_a_terminal_confirms_a_reset(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var person = await Person.CreateAsync(server);
        await person.EnrollAsync();

        var run = await CommandRun.RunAsync(server, new UsersReset(person.UserId, IsConfirmed: false), answer: "y\n");

        run.ShouldSucceed().Output.ShouldStartWith($"Remove all second factors of {person.UserId} (");
        (await person.ListEnrollmentsAsync()).ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task A_client_of_the_command_line_calls_the_Management_API(Engine engine)
    {
        var server = await servers.GetAsync(engine);

        var client = (await CommandRun.RunAsync(server, new ClientsCreate("Backend", ["read:users", "read:logs"]), isJson: true)).ShouldSucceed().Json;

        using var token = await server.Http.PostAsJsonAsync(
            "/oauth/token",
            new { grant_type = "client_credentials", client_id = (string)client["client_id"]!, client_secret = (string)client["client_secret"]!, audience = (string)client["audience"]! },
            TestContext.Current.CancellationToken);
        var answer = (await Answer.ReadAsync(token)).ShouldBe(HttpStatusCode.OK);
        ((string)answer["scope"]!).Split(' ').ShouldBe(["read:users", "read:logs"], ignoreOrder: true);
        (await CommandRun.RunAsync(server, new ClientsCreate("Everything", []))).ShouldSucceed().Output.ShouldContain("every scope");
        (await CommandRun.RunAsync(server, new ClientsCreate("<b>", []))).ShouldFail("clients create: the name is not 1 to 255 characters without < and >");
        (await CommandRun.RunAsync(server, new ClientsCreate("Backend", ["read:nothing"])))
            .ShouldFail("clients create: read:nothing is not a scope of the Management API; docs/management-api.md lists them");
        await ShouldBeLoggedAsync(server, "clients create");
    }

    [Theory, Engines]
    public async Task A_rotation_makes_the_next_signing_key_the_current_one(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var before = await SigningKeysAsync(server);

        var run = (await CommandRun.RunAsync(server, new KeysRotate(), isJson: true)).ShouldSucceed().Json;

        ((string)run["current"]!).ShouldBe(before.Next);
        (await SigningKeysAsync(server)).ShouldBe(((string)run["current"]!, (string)run["next"]!));
        run["previous"]!.AsArray().Select(key => (string)key!).ShouldContain(before.Current);
        await ShouldBeLoggedAsync(server, "keys rotate");
    }

    [Theory, Engines]
    public async Task All_users_are_exported_to_a_private_file(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var email = NewEmail();
        await new ManagementApi(server).CreateUserAsync(email);
        var (json, csv) = (Path.Combine(folder, "users.ndjson"), Path.Combine(folder, "users.csv"));

        var run = (await CommandRun.RunAsync(server, new Export(json, "json", null), isJson: true)).ShouldSucceed().Json;
        (await CommandRun.RunAsync(server, new Export(csv, "csv", "Username-Password-Authentication"))).ShouldSucceed();

        var lines = await File.ReadAllLinesAsync(json, TestContext.Current.CancellationToken);
        ((long)run["users"]!).ShouldBe(lines.Length);
        lines.Count(line => line.Contains($"\"email\":\"{email}\"", StringComparison.Ordinal)).ShouldBe(1);
        (await File.ReadAllTextAsync(csv, TestContext.Current.CancellationToken)).ShouldStartWith("user_id,email,");
        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(json).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        (await CommandRun.RunAsync(server, new Export(json, "json", null))).ShouldFail($"export: {json} exists; delete it, or give another name");
        var other = Path.Combine(folder, "other");
        (await CommandRun.RunAsync(server, new Export(other, "json", "nowhere"))).ShouldFail("export: the connection nowhere does not exist");
        File.Exists(other).ShouldBeFalse();
        (await CommandRun.RunAsync(server, new Export("/dev/full/users", "json", null))).Errors.ShouldStartWith("export: /dev/full/users cannot be written: ");
        await ShouldBeLoggedAsync(server, "export");
    }

    [Theory, Engines]
    public async Task An_unknown_user_and_an_ambiguous_address_are_one_line(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var email = NewEmail();
        var first = await new ManagementApi(server).CreateUserAsync(email);
        var answer = await new ManagementApi(server).SendAsync(HttpMethod.Post, "/users", new { connection = "staff", email });
        var second = (string)answer.ShouldBe(HttpStatusCode.Created)["user_id"]!;
        ICommand[] CommandsFor(string user) => [new TicketCreate(user), new UsersShow(user), new UsersReset(user, IsConfirmed: true)];

        foreach (var command in CommandsFor("auth0|nobody").Concat(CommandsFor("nobody@example.com")))
        {
            (await CommandRun.RunAsync(server, command)).Errors.ShouldMatch($"^{command.Name}: the user .* does not exist; users search finds users$");
        }

        foreach (var command in CommandsFor(email))
        {
            var errors = (await CommandRun.RunAsync(server, command, isJson: true)).Errors;
            errors.ShouldStartWith($"{command.Name}: 2 users have the address {email}; give one of the ids ");
            errors.ShouldContain(first);
            errors.ShouldContain(second);
        }

        (await CommandRun.RunAsync(server, new UsersSearch("email:("))).Errors.ShouldStartWith("users search: ");
        (await CommandRun.RunAsync(server, new UsersSearch("nofield:x"))).ExitCode.ShouldBe(1);
        (await CommandRun.RunAsync(server, new TicketCreate(first) { Factor = "phone-book" })).ShouldFail("ticket create: a ticket cannot be limited to the factor phone-book");
    }

    [Theory, Engines]
    public async Task Control_characters_of_a_user_do_not_reach_the_terminal(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var email = NewEmail();
        var userId = await new ManagementApi(server).CreateUserAsync(email);
        (await Person.Of(server, userId).PatchAsync(new { name = "\u001b[31mEVIL\u001b]0;pwned\u0007 [red]\u202e" })).ShouldBe(HttpStatusCode.OK);
        ICommand[] commands = [new UsersSearch($"email:\"{email}\""), new UsersShow(userId), new UsersShow("\u001b[2J"), new UsersSearch("a:\u001b[2J(")];

        foreach (var command in commands)
        {
            foreach (var isJson in new[] { false, true })
            {
                var run = await CommandRun.RunAsync(server, command, isJson);
                (run.Output + run.Errors).Where(character => char.IsControl(character) && character is not ('\r' or '\n') || character == '\u202e').ShouldBeEmpty();
            }
        }

        (await CommandRun.RunAsync(server, commands[0])).Output.ShouldContain("""\u001b[31mEVIL\u001b]0;pwned\u0007 [red]\u202e""");
    }

    private static string NewEmail() => $"cli-{Guid.CreateVersion7():N}@example.com";

    private static async Task<(string Current, string Next)> SigningKeysAsync(TestServer server)
    {
        var keys = (await new ManagementApi(server).GetAsync("/keys/signing")).AsArray();
        return ((string)keys.Single(key => (bool)key!["current"]!)!["kid"]!, (string)keys.Single(key => (bool)key!["next"]!)!["kid"]!);
    }

    private static async Task ShouldBeLoggedAsync(TestServer server, string command)
    {
        // The log may be written a moment later than the change.
        await Eventually.GetAsync(
            async () => await server.Database.QueryAsync(
                new Statement("SELECT user_agent, details FROM log WHERE user_agent LIKE @agent", ("agent", command + " from the command line by %")),
                row => row.IsDBNull(1) ? "" : row.GetString(1),
                CancellationToken.None),
            details => details.Exists(text => text.Contains("command-line", StringComparison.Ordinal)));
    }
}

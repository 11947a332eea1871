using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Durability;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Jobs;

/// <summary>Users from the command line, beside a server that runs.</summary>
public sealed class ImportCommandTests
{
    [Theory, Engines]
    public async Task A_file_is_imported_beside_a_running_server(Engine engine)
    {
        await using var installation = await Installation.CreateAsync(engine);
        using var server = await installation.StartAsync();
        var file = Path.Combine(installation.Folder, "users.ndjson");
        await File.WriteAllLinesAsync(file, Enumerable.Range(0, 1100).Select(i => $$"""{"email":"u{{i}}@example.com"}"""), CancellationToken.None);

        using var first = installation.Run("import", file);
        (await first.WaitForExitAsync()).ShouldBe(0, first.Errors);
        first.Output.ShouldContain("1100 inserted, 0 updated, 0 refused");

        await File.AppendAllTextAsync(file, "\r\n{\"email\":\"last@example.com\"}\n{}\n" + new string('x', 3_000_000), CancellationToken.None);
        using var second = installation.Run("import", file, "--upsert");
        (await second.WaitForExitAsync()).ShouldBe(1, second.Errors);
        second.Output.ShouldContain("1 inserted, 1100 updated, 2 refused");
        second.Errors.ShouldContain("line 1103: INVALID_FORMAT: Payload validation error: 'Missing required property: email'.");
        second.Errors.ShouldContain("line 1104: INVALID_FORMAT");
    }

    /// <summary>Of users who have nothing but a number, nothing in the database says that they are there already.</summary>
    [Theory, Engines]
    public async Task An_import_that_is_killed_goes_on_where_it_stopped(Engine engine)
    {
        const int Users = 8_000;
        await using var installation = await Installation.CreateAsync(engine);
        (await installation.StartAsync()).Dispose();
        var file = Path.Combine(installation.Folder, "users.ndjson");
        await File.WriteAllLinesAsync(
            file,
            Enumerable.Range(0, Users).Select(i => i == 7 ? "{}" : i % 2 == 0 ? $$"""{"phone_number":"+1555{{i:D7}}"}""" : $$"""{"email":"u{{i}}@example.com"}"""),
            CancellationToken.None);
        await using var database = installation.OpenDatabase();
        using (var first = installation.Run("import", file))
        {
            await Eventually.GetAsync(() => CountAsync(database), users => users > 0);
            await first.KillAsync();
        }

        var before = await CountAsync(database);
        before.ShouldBeInRange(1, Users - 2, "It was not killed in the middle.");

        using var second = installation.Run("import", file);

        (await second.WaitForExitAsync()).ShouldBe(1, "The first run has refused a record.");
        second.Errors.ShouldBeEmpty();
        second.Output.ShouldContain($"continuing after line {before + 1}, where the import of this file was interrupted: {before} inserted, 0 updated, 1 refused until then");
        second.Output.ShouldContain($"{Users - 1 - before} inserted, 0 updated, 0 refused");
        (await CountAsync(database)).ShouldBe(Users - 1);
        (await CountAsync(database, "DISTINCT coalesce(email, phone_number)")).ShouldBe(Users - 1);

        (await database.QueryAsync(new Statement("SELECT lines FROM file_import"), row => row.GetInt64(0), CancellationToken.None))
            .ShouldBeEmpty("What is in may be imported anew.");
        await installation.ShouldBeSoundAsync();
    }

    [Fact]
    public async Task Control_characters_of_a_file_do_not_reach_the_terminal()
    {
        await using var installation = await Installation.CreateAsync(Engine.Sqlite);
        (await installation.StartAsync()).Dispose();
        var file = Path.Combine(installation.Folder, "evil.ndjson");
        await File.WriteAllLinesAsync(
            file, ["""{"\u001b[31mEVIL\u001b]0;pwned\u0007":1}""", """{"\u009b2J\u202egnp\u007f":1}"""], CancellationToken.None);

        using var import = installation.Run("import", file);

        (await import.WaitForExitAsync()).ShouldBe(1);
        import.Errors.ShouldContain("""line 1: INVALID_FORMAT: Payload validation error: 'Additional properties not allowed: \u001b[31mEVIL\u001b]0;pwned\u0007'.""");
        import.Errors.ShouldContain("""line 2: INVALID_FORMAT: Payload validation error: 'Additional properties not allowed: \u009b2J\u202egnp\u007f'.""");
        (import.Output + import.Errors).Where(character => char.IsControl(character) && character is not ('\r' or '\n')).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_missing_file_and_a_missing_connection_are_one_line_and_exit_code_1()
    {
        await using var installation = await Installation.CreateAsync(Engine.Sqlite);
        await installation.StartAsync().ContinueWith(server => server.Result.Dispose(), TaskScheduler.Default);

        await ShouldRefuseAsync("import: nowhere.ndjson does not exist; give a file with one JSON object per line", "import", "nowhere.ndjson");
        var file = Path.Combine(installation.Folder, "one.ndjson");
        await File.WriteAllTextAsync(file, """{"email":"one@example.com"}""", CancellationToken.None);
        await ShouldRefuseAsync(
            "import: the connection nowhere does not exist; create it, or start the server once to create the first one",
            "import",
            file,
            "--connection",
            "nowhere");

        async Task ShouldRefuseAsync(string fault, params string[] arguments)
        {
            using var process = installation.Run(arguments);
            (await process.WaitForExitAsync()).ShouldBe(1);
            process.Errors.ShouldBe(fault);
        }
    }

    private static async Task<long> CountAsync(Database database, string what = "*") => (await database.QueryAsync(
        new Statement($"SELECT count({what}) FROM \"user\" WHERE email LIKE 'u%' OR phone_number LIKE '+1555%'"),
        row => row.GetInt64(0),
        CancellationToken.None))[0];
}

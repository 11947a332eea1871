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

    [Fact]
    public async Task What_the_command_does_not_understand_is_one_line_and_exit_code_1()
    {
        await using var installation = await Installation.CreateAsync(Engine.Sqlite);
        await installation.StartAsync().ContinueWith(server => server.Result.Dispose(), TaskScheduler.Default);

        await ShouldRefuseAsync("import: the file is missing; name one with a JSON object a line, or - for the standard input", "import");
        await ShouldRefuseAsync("import: \"--frob\" is not understood; --help says what is", "import", "users.ndjson", "--frob");
        await ShouldRefuseAsync("import: nowhere.ndjson does not exist; name a file with a JSON object a line", "import", "nowhere.ndjson");
        var file = Path.Combine(installation.Folder, "one.ndjson");
        await File.WriteAllTextAsync(file, """{"email":"one@example.com"}""", CancellationToken.None);
        await ShouldRefuseAsync(
            "import: there is no connection nowhere; start the server once for the first one, or make it there", "import", file, "--connection", "nowhere");

        using var help = installation.Run("--help");
        (await help.WaitForExitAsync()).ShouldBe(0);
        help.Output.ShouldContain("import FILE");

        async Task ShouldRefuseAsync(string fault, params string[] arguments)
        {
            using var process = installation.Run(arguments);
            (await process.WaitForExitAsync()).ShouldBe(1);
            process.Errors.ShouldBe(fault);
        }
    }
}

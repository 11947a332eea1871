using System.Net;
using System.Text.Json.Nodes;
using Sallyport.Server.Commands;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Commands;

public sealed class DoctorTests
{
    [Theory, Engines]
    public async Task A_sound_installation_is_healthy(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);

        var run = (await RunAsync(server, isJson: true)).ShouldSucceed().Json;

        ((bool)run["healthy"]!).ShouldBeTrue();
        var statuses = Statuses(run);
        statuses.Remove("disk").ShouldBeTrue();
        statuses.ShouldBe(new Dictionary<string, string>
        {
            ["configuration"] = "ok",
            ["database"] = "ok",
            ["clock"] = "ok",
            ["master key"] = "ok",
            ["clients"] = "ok",
            ["public URL"] = "warning",
            ["mail"] = "warning",
            ["messages"] = "ok",
        });
        (await RunAsync(server)).ShouldSucceed().Output.ShouldContain("warning  mail: no provider is set");
    }

    [Theory, Engines]
    public async Task Each_fault_is_named_with_its_remedy(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var smtp = new { name = "smtp", enabled = true, default_from_address = "a@example.com", credentials = new { smtp_host = "127.0.0.1", smtp_port = Ports.Free() } };
        (await new ManagementApi(server).SendAsync(HttpMethod.Post, "/emails/provider", smtp)).ShouldBe(HttpStatusCode.Created);
        ShouldBeFault(await RunAsync(server, isJson: true), "mail", "smtp: The connection to the mail server failed");

        if (!OperatingSystem.IsWindows())
        {
            var key = Path.Combine(server.Options.DataDirectory, "master.key");
            File.SetUnixFileMode(key, File.GetUnixFileMode(key) | UnixFileMode.OtherRead);
            Statuses((await RunAsync(server, isJson: true)).Json)["master key"].ShouldBe("warning");
        }

        var other = Convert.ToBase64String(new byte[32]);
        ShouldBeFault(
            await RunAsync(server, isJson: true, ("Sallyport:Keys:Master", other)), "master key", "This database was sealed with another key");
        await server.Database.WriteAsync(
            unit =>
            {
                unit.Enqueue(new Statement("INSERT INTO schema_migration (version, name, checksum, applied_at) VALUES (9999, '9999_future.sql', 'x', 0)"));
                return ValueTask.CompletedTask;
            },
            CancellationToken.None);
        ShouldBeFault(await RunAsync(server, isJson: true), "database", "its schema has version 9999");
    }

    [Fact]
    public async Task A_missing_database_is_a_fault_and_none_is_created()
    {
        var folder = Path.Combine(Path.GetTempPath(), $"sallyport-{Guid.CreateVersion7():N}");

        var run = await CommandRun.RunAsync([("Sallyport:DataDirectory", folder)], new Doctor(), isJson: true);

        ShouldBeFault(run, "database", "there is none in " + folder);
        Directory.Exists(folder).ShouldBeFalse();
    }

    [Fact]
    public async Task An_unreachable_database_is_a_fault()
    {
        var run = await CommandRun.RunAsync(
            [("Sallyport:Storage", "PostgreSql"), ("ConnectionStrings:Sallyport", $"Host=127.0.0.1;Port={Ports.Free()};Database=none;Username=none")], new Doctor(), isJson: true);

        ShouldBeFault(run, "database", "ConnectionStrings:Sallyport: PostgreSQL cannot be used: ");
    }

    [Fact]
    public async Task The_certificate_of_the_public_URL_is_checked()
    {
        await using var server = await TestServer.StartSecureAsync(Engine.Sqlite);

        // The certificate of the tests is its own authority, which nobody trusts.
        ShouldBeFault(await RunAsync(server, isJson: true), "public URL", "this machine does not trust the certificate");
    }

    [Fact]
    public async Task A_faulty_configuration_is_reported_in_the_same_shape()
    {
        using var process = ServerProcess.Run(["doctor", "--json"], [("Sallyport:PublicUrl", "nowhere")]);

        (await process.WaitForExitAsync()).ShouldBe(1);
        var check = JsonNode.Parse(process.Output)!["checks"]!.AsArray().ShouldHaveSingleItem()!;
        ((string)check["name"]!).ShouldBe("configuration");
        ((string)check["detail"]!).ShouldStartWith("Sallyport:PublicUrl: ");
        process.Errors.ShouldBeEmpty();
    }

    private static Task<CommandRun> RunAsync(TestServer server, bool isJson = false, params (string Key, string Value)[] settings) => CommandRun.RunAsync(
        [
            ("Sallyport:DataDirectory", server.Options.DataDirectory),
            ("Sallyport:PublicUrl", server.Url),
            ("Sallyport:Storage", server.Options.Storage.ToString()),
            ("ConnectionStrings:Sallyport", server.Options.ConnectionString ?? ""),
            .. settings,
        ],
        new Doctor(),
        isJson);

    private static Dictionary<string, string> Statuses(JsonNode run) =>
        run["checks"]!.AsArray().ToDictionary(check => (string)check!["name"]!, check => (string)check!["status"]!);

    private static void ShouldBeFault(CommandRun run, string name, string detail)
    {
        run.ExitCode.ShouldBe(1);
        ((bool)run.Json["healthy"]!).ShouldBeFalse();
        var check = run.Json["checks"]!.AsArray().Single(check => (string)check!["name"]! == name)!;
        ((string)check["status"]!).ShouldBe("fault");
        ((string)check["detail"]!).ShouldContain(detail);
        ((string)check["remedy"]!).ShouldNotBeEmpty();
    }
}

using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Sallyport.Server.Commands;
using Sallyport.Server.Configuration;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Documents;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Commands;

public sealed class BackupTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("sallyport-backup").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory, Engines]
    public async Task A_backup_of_a_busy_server_is_restored_into_a_new_place(Engine engine)
    {
        RequireTools(engine);
        await using var server = await TestServer.StartAsync(engine);
        var person = await Person.CreateAsync(server);
        var enrolled = await person.EnrollAsync();
        var invited = await Person.CreateAsync(server);
        var ticket = await invited.NewTicketAsync();
        using var stop = new CancellationTokenSource();
        var writers = Enumerable.Range(0, 4).Select(_ => WriteAsync(server, stop.Token)).ToList();

        var backup = (await CommandRun.RunAsync(server, new Backup(At("backup")), isJson: true)).ShouldSucceed().Json;
        await stop.CancelAsync();
        var written = (await Task.WhenAll(writers)).Sum();

        ((string)backup["version"]!).ShouldBe(ProductVersion.Text);
        ((string)backup["engine"]!).ShouldBe(engine.ToString());
        ((int)backup["schema"]!).ShouldBe(Migration.For(engine)[^1].Version);
        written.ShouldBeGreaterThan(0, "Nothing was written during the backup.");
        ShouldBePrivate(At("backup"));

        var settings = await NewPlaceAsync(engine, server);
        (await CommandRun.RunAsync(settings, new Restore(At("backup")))).ShouldSucceed();
        (await CommandRun.RunAsync(settings, new Restore(At("backup")))).ExitCode.ShouldBe(1, "The target is not empty any more.");
        await using var restored = await TestServer.StartAsync(engine, settings);
        await ShouldWorkAsync(restored, person.UserId, enrolled.Secret, ticket);
    }

    [Theory, Engines]
    public async Task A_damaged_backup_and_a_wrong_key_are_refused_and_nothing_is_written(Engine engine)
    {
        RequireTools(engine);
        await using var server = await TestServer.StartAsync(engine);
        (await CommandRun.RunAsync(server, new Backup(At("backup")))).ShouldSucceed();
        var settings = await NewPlaceAsync(engine, server);
        var database = Path.Combine(At("backup"), BackupManifest.DatabaseFileOf(engine));
        var other = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

        (await CommandRun.RunAsync([.. settings, ("Sallyport:Keys:Master", other)], new Restore(At("backup"))))
            .ShouldFail("restore: Sallyport:Keys:Master is not the master key of this backup; set it to the key of the server that was backed up");
        (await CommandRun.RunAsync(settings, new Restore(At("nowhere")))).Errors.ShouldStartWith($"restore: {At("nowhere")} is not a complete backup: ");

        await using (var file = File.OpenWrite(database))
        {
            file.Position = file.Length / 2;
            file.WriteByte(0x5A);
            file.WriteByte(0xA5);
        }

        (await CommandRun.RunAsync(settings, new Restore(At("backup"))))
            .ShouldFail($"restore: {database} is damaged: its checksum is not that of manifest.json");
        Directory.Exists(At("restored")).ShouldBeFalse();
        if (engine == Engine.PostgreSql)
        {
            return;
        }

        (await CommandRun.RunAsync([.. settings, ("Sallyport:Storage", "PostgreSql"), ("ConnectionStrings:Sallyport", "Host=nowhere")], new Restore(At("backup"))))
            .ShouldFail("restore: the backup is one of Sqlite, and Sallyport:Storage is PostgreSql; set it to Sqlite");
    }

    [Fact]
    public async Task A_backup_needs_an_empty_folder_and_a_database()
    {
        await using var server = await TestServer.StartAsync(Engine.Sqlite);
        await File.WriteAllTextAsync(At("file"), "", TestContext.Current.CancellationToken);

        (await CommandRun.RunAsync(server, new Backup(folder))).ShouldFail($"backup: {folder} is not empty; give a new folder for each backup");
        (await CommandRun.RunAsync(server, new Backup(At("file")))).ShouldFail($"backup: {At("file")} is not empty; give a new folder for each backup");
        (await CommandRun.RunAsync(server, new Backup("/proc/none"))).Errors.ShouldStartWith("backup: /proc/none cannot be written: ");
        (await CommandRun.RunAsync([("Sallyport:DataDirectory", At("empty"))], new Backup(At("backup"))))
            .ShouldFail($"backup: there is no database in {At("empty")}; give the data directory with --Sallyport:DataDirectory");
        Directory.Exists(At("empty")).ShouldBeFalse();
    }

    private static void RequireTools(Engine engine)
    {
        if (engine == Engine.PostgreSql)
        {
            DocumentedCommands.Require("pg_dump", "postgresql-client");
        }
    }

    private static async Task<int> WriteAsync(TestServer server, CancellationToken stop)
    {
        var management = new ManagementApi(server);
        var users = 0;
        do
        {
            await management.CreateTicketAsync(await management.CreateUserAsync());
            users++;
        }
        while (!stop.IsCancellationRequested);

        return users;
    }

    private static void ShouldBePrivate(string backup)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        File.GetUnixFileMode(backup).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        foreach (var file in Directory.GetFiles(backup))
        {
            File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite, file);
        }
    }

    private static async Task ShouldWorkAsync(TestServer server, string userId, byte[] secret, string ticket)
    {
        var person = Person.Of(server, userId);
        (await person.ListEnrollmentsAsync()).ShouldHaveSingleItem();
        (await person.Management.ListLogTypesAsync(userId)).ShouldContain("gd_enrollment_complete");
        var application = await Application.CreateAsync(server);
        var signIn = await application.StartAsync(person);
        var flow = await person.StartSignInAsync(signIn);
        (await person.Guardian.SendAsync("verify-otp", "Bearer " + flow.Token, JsonContent.Create(
            new JsonObject { ["type"] = "manual_input", ["code"] = person.Guardian.CodeOf(secret, stepsAhead: 1) }))).ShouldBe(HttpStatusCode.OK);
        await person.Guardian.EnrollAsync(ticket);
    }

    private async Task<(string Key, string Value)[]> NewPlaceAsync(Engine engine, TestServer server) =>
    [
        ("Sallyport:DataDirectory", At("restored")),
        ("Sallyport:PublicUrl", server.Url),
        ("Sallyport:Storage", engine.ToString()),
        ("ConnectionStrings:Sallyport", engine == Engine.PostgreSql ? await PostgreSqlCluster.CreateDatabaseAsync() : ""),
    ];

    private string At(string name) => Path.Combine(folder, name);
}

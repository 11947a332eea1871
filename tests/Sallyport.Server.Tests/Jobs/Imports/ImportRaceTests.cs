using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Sallyport.Server.Audit;
using Sallyport.Server.AuthenticationMethods;
using Sallyport.Server.Jobs;
using Sallyport.Server.Jobs.Imports;
using Sallyport.Server.Security;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;
using Sallyport.Server.Users;

namespace Sallyport.Server.Tests.Jobs.Imports;

public sealed class ImportRaceTests
{
    private const int Workers = 16;
    /// <summary>Enough for several batches.</summary>
    private const int Users = 3 * ImportEngine.MaxRecords;

    [Theory, Engines]
    public async Task Workers_that_poll_at_the_same_time_import_a_file_once(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var scene = await JobScene.CreateAsync(server);
        var clock = new ManualClock();
        var workers = Enumerable.Range(0, Workers).Select(_ => NewWorker(server, clock)).ToList();

        var created = (await scene.PostAsync(JobScene.Users(Users, "race"))).ShouldBe(HttpStatusCode.Accepted);
        await Task.WhenAll(workers.Select(worker => Task.Run(() => worker.NextAsync(CancellationToken.None))));

        await ShouldBeImportedOnceAsync(scene, created);
    }

    /// <summary>The worst case: each worker takes the others for dead, and takes the job from them during a batch.</summary>
    [Theory, Engines]
    public async Task Workers_that_take_the_job_from_each_other_import_each_user_once(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var scene = await JobScene.CreateAsync(server);
        var clock = new HastyClock();
        var workers = Enumerable.Range(0, Workers).Select(_ => NewWorker(server, clock)).ToList();

        var created = (await scene.PostAsync(JobScene.Users(Users, "hasty"))).ShouldBe(HttpStatusCode.Accepted);
        await Task.WhenAll(workers.Select(worker => Task.Run(() => worker.NextAsync(CancellationToken.None))));
        while (await workers[0].NextAsync(CancellationToken.None))
        {
            // Workers that lost the job have stopped. One continues.
        }

        await ShouldBeImportedOnceAsync(scene, created);
    }

    /// <summary>Users with a phone number only have no unique column, so only the stored position prevents duplicates.</summary>
    [Theory, Engines]
    public async Task Commands_that_run_at_the_same_time_import_a_file_once(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var scene = await JobScene.CreateAsync(server);
        var import = server.Services.GetRequiredService<FileImport>();
        var file = Encoding.UTF8.GetBytes(string.Join('\n', Enumerable.Range(0, Users).Select(i => $$"""{"phone_number":"+1555{{i:D7}}"}""")));
        var runs = new List<(Stream File, FileImportStart Start)>();
        for (var i = 0; i < Workers; i++)
        {
            var stream = new MemoryStream(file);
            runs.Add((stream, await import.StartAsync(stream, scene.Connection, upsert: false, CancellationToken.None)));
        }

        var outcomes = await Task.WhenAll(runs.Select(run => Task.Run(() => import.RunAsync(run.File, run.Start, _ => { }, CancellationToken.None))));

        outcomes.Count(outcome => outcome == ImportOutcome.Imported).ShouldBe(1);
        outcomes.Count(outcome => outcome == ImportOutcome.Overtaken).ShouldBe(Workers - 1);
        (await scene.CountUsersAsync()).ShouldBe(Users);
    }

    private static async Task ShouldBeImportedOnceAsync(JobScene scene, JsonNode created)
    {
        var job = await Eventually.GetAsync(
            () => scene.Management.GetAsync("/jobs/" + created["id"]), job => (string)job["status"]! is "completed" or "failed");
        job["summary"]!.ToJsonString().ShouldBe($$"""{"failed":0,"updated":0,"inserted":{{Users}},"total":{{Users}}}""");
        (await scene.CountUsersAsync()).ShouldBe(Users);
    }

    private static RunJob NewWorker(TestServer server, TimeProvider clock)
    {
        var write = new WriteImportBatch(
            server.Services.GetRequiredService<CreateAuthenticationMethod>(), new UpsertImportedUser(server.Services.GetRequiredService<EndCredentials>(), clock), server.Services.GetRequiredService<AuditLog>());
        var imports = new ImportJob(
            server.Database, new ImportEngine(server.Database, write, clock), server.Services.GetRequiredService<ColumnCipher>());
        return ActivatorUtilities.CreateInstance<RunJob>(server.Services, imports, clock);
    }
}

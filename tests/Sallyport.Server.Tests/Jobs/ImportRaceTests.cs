using Microsoft.Extensions.DependencyInjection;
using Sallyport.Server.Audit;
using Sallyport.Server.AuthenticationMethods;
using Sallyport.Server.Jobs;
using Sallyport.Server.Security;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Jobs;

public sealed class ImportRaceTests
{
    private const int Workers = 16;
    private const int Users = 1000;

    [Theory, Engines]
    public async Task Workers_who_look_at_the_same_time_import_a_file_once(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var scene = await JobScene.CreateAsync(server);
        var clock = new ManualClock();
        var workers = Enumerable.Range(0, Workers).Select(_ => NewWorker(server, clock)).ToList();

        var created = (await scene.PostAsync(JobScene.Users(Users, "race"))).ShouldBe(System.Net.HttpStatusCode.Accepted);
        await Task.WhenAll(workers.Select(worker => Task.Run(() => worker.RunNextAsync(CancellationToken.None))));

        await ShouldBeImportedOnceAsync(scene, created);
    }

    /// <summary>The worst case: every one believes that all the others are dead, and takes the job from them in the middle of a batch.</summary>
    [Theory, Engines]
    public async Task Workers_who_take_the_job_from_each_other_lose_no_user_and_double_none(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var scene = await JobScene.CreateAsync(server);
        var clock = new HastyClock();
        var workers = Enumerable.Range(0, Workers).Select(_ => NewWorker(server, clock)).ToList();

        var created = (await scene.PostAsync(JobScene.Users(Users, "hasty"))).ShouldBe(System.Net.HttpStatusCode.Accepted);
        await Task.WhenAll(workers.Select(worker => Task.Run(() => worker.RunNextAsync(CancellationToken.None))));
        while (await workers[0].RunNextAsync(CancellationToken.None))
        {
            // Those who lost it have stopped; somebody goes on.
        }

        await ShouldBeImportedOnceAsync(scene, created);
    }

    /// <summary>Sixteen times the same command: nothing but the position of the file tells one run from the others.</summary>
    [Theory, Engines]
    public async Task Commands_that_run_at_the_same_time_import_a_file_once(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var scene = await JobScene.CreateAsync(server);
        var import = server.Services.GetRequiredService<ImportStream>();
        var file = System.Text.Encoding.UTF8.GetBytes(string.Join('\n', Enumerable.Range(0, 3 * Users).Select(i => $$"""{"phone_number":"+1555{{i:D7}}"}""")));
        var runs = new List<(Stream File, FileImport Start)>();
        for (var i = 0; i < Workers; i++)
        {
            var stream = new MemoryStream(file);
            runs.Add((stream, await import.StartAsync(stream, (scene.Connection, Upsert: false), CancellationToken.None)));
        }

        var outcomes = await Task.WhenAll(runs.Select(run => Task.Run(() => import.RunAsync(run.File, run.Start, _ => { }, CancellationToken.None))));

        outcomes.Count(outcome => outcome == ImportStreamOutcome.Imported).ShouldBe(1);
        outcomes.Count(outcome => outcome == ImportStreamOutcome.Overtaken).ShouldBe(Workers - 1);
        (await scene.CountUsersAsync()).ShouldBe(3 * Users);
    }

    private static async Task ShouldBeImportedOnceAsync(JobScene scene, System.Text.Json.Nodes.JsonNode created)
    {
        var job = await Eventually.GetAsync(
            () => scene.Management.GetAsync("/jobs/" + created["id"]), job => (string)job["status"]! is "completed" or "failed");
        job["summary"]!.ToJsonString().ShouldBe($$"""{"failed":0,"updated":0,"inserted":{{Users}},"total":{{Users}}}""");
        (await scene.CountUsersAsync()).ShouldBe(Users);
    }

    private static RunImports NewWorker(TestServer server, TimeProvider clock) =>
        new(
            server.Database,
            server.Services.GetRequiredService<ColumnCipher>(),
            new ImportBatch(
                server.Services.GetRequiredService<CreateAuthenticationMethod>(), new ImportUpsert(clock), server.Services.GetRequiredService<AuditLog>()),
            clock);

    /// <summary>Each look is a minute later than the last: every lease has ended by the time somebody else looks at it.</summary>
    private sealed class HastyClock : TimeProvider
    {
        private long looks;

        public override DateTimeOffset GetUtcNow() => new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero).AddMinutes(Interlocked.Increment(ref looks));
    }
}

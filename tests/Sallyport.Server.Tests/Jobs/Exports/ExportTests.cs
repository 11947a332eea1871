using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Sallyport.Server.Jobs;
using Sallyport.Server.Jobs.Exports;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;
using Sallyport.Server.Users;

namespace Sallyport.Server.Tests.Jobs.Exports;

public sealed class ExportTests(Servers servers) : IClassFixture<Servers>
{
    [Theory, Engines]
    public async Task Every_user_of_a_connection_is_in_an_export_once(Engine engine)
    {
        var scene = await JobScene.CreateAsync(await servers.GetAsync(engine));
        await scene.ImportAsync(JobScene.Users(1203, scene.Connection));

        var lines = (await scene.ExportAsync(new { connection_id = scene.ConnectionId, format = "json" })).TrimEnd('\n').Split('\n');

        lines.Select(line => (string)JsonNode.Parse(line)!["email"]!).Order(StringComparer.Ordinal)
            .ShouldBe(Enumerable.Range(0, 1203).Select(i => $"{scene.Connection}{i}@example.com").Order(StringComparer.Ordinal));
        (await scene.ExportAsync(new { connection_id = scene.ConnectionId, limit = 701 })).TrimEnd('\n').Split('\n').Length.ShouldBe(701);
    }

    [Theory, Engines]
    public async Task Fields_are_chosen_by_path_and_renamed(Engine engine)
    {
        var scene = await JobScene.CreateAsync(await servers.GetAsync(engine));
        await scene.ImportAsync($$"""[{"email":"{{scene.Connection}}@example.com","user_metadata":{"plan":{"name":"gold, \"plus\""} } }]""");
        var fields = new object[]
        {
            new { name = "email" }, new { name = "user_metadata.plan.name", export_as = "plan" }, new { name = "identities[0].connection" }, new { name = "nothing" },
        };

        var json = await scene.ExportAsync(new { connection_id = scene.ConnectionId, format = "json", fields });
        var csv = await scene.ExportAsync(new { connection_id = scene.ConnectionId, format = "csv", fields });

        JsonNode.Parse(json)!.ToJsonString().ShouldBe(JsonNode.Parse(
            $$"""{"email":"{{scene.Connection}}@example.com","plan":"gold, \"plus\"","identities[0].connection":"{{scene.Connection}}"}""")!.ToJsonString());
        csv.ShouldBe(
            $"email,plan,identities[0].connection,nothing\r\n{scene.Connection}@example.com,\"gold, \"\"plus\"\"\",{scene.Connection},\r\n");
    }

    [Theory, Engines]
    public async Task An_export_without_users_is_empty(Engine engine)
    {
        var scene = await JobScene.CreateAsync(await servers.GetAsync(engine));
        var fields = new object[] { new { name = "email" } };

        (await scene.ExportAsync(new { connection_id = scene.ConnectionId, format = "json" })).ShouldBe("");
        (await scene.ExportAsync(new { connection_id = scene.ConnectionId, format = "csv", fields })).ShouldBe("email\r\n");
    }

    [Theory, Engines]
    public async Task No_secret_is_in_an_export(Engine engine)
    {
        var scene = await JobScene.CreateAsync(await servers.GetAsync(engine));
        (await scene.Management.SendAsync(
            HttpMethod.Post, "/users", new { connection = scene.Connection, email = $"{scene.Connection}@example.com", password = "correct horse" }))
            .ShouldBe(HttpStatusCode.Created);
        var fields = new object[] { new { name = "password_hash" }, new { name = "PasswordHash" }, new { name = "email" } };

        var whole = await scene.ExportAsync(new { connection_id = scene.ConnectionId });
        var chosen = await scene.ExportAsync(new { connection_id = scene.ConnectionId, fields });

        whole.ShouldNotContain("assword");
        JsonNode.Parse(chosen)!.AsObject().Select(member => member.Key).ShouldBe(["email"]);
    }

    [Theory, Engines]
    public async Task An_export_shows_the_users_of_the_time_it_was_asked_for(Engine engine)
    {
        var scene = await JobScene.CreateAsync(await servers.GetAsync(engine));
        await scene.ImportAsync($$"""[{"user_id":"1-{{scene.Connection}}","phone_number":"+1"},{"user_id":"2-{{scene.Connection}}","phone_number":"+2"}]""");
        var fields = new object[] { new { name = "user_id" }, new { name = "phone_number" } };
        var jobId = await scene.StartExportAsync(new { connection_id = scene.ConnectionId, format = "csv", fields });

        (await scene.Management.SendAsync(HttpMethod.Delete, $"/users/auth0%7C1-{scene.Connection}")).ShouldBe(HttpStatusCode.NoContent);
        (await scene.Management.SendAsync(HttpMethod.Patch, $"/users/auth0%7C2-{scene.Connection}", new { phone_number = "+22" })).ShouldBe(HttpStatusCode.OK);
        await scene.ImportAsync($$"""[{"user_id":"3-{{scene.Connection}}","phone_number":"+3"}]""");

        (await scene.DownloadAsync(jobId)).ShouldBe($"user_id,phone_number\r\nauth0|1-{scene.Connection},+1\r\nauth0|2-{scene.Connection},+2\r\n");
    }

    [Theory, Engines]
    public async Task A_large_export_is_stored_in_sealed_pieces_of_limited_size(Engine engine)
    {
        var scene = await JobScene.CreateAsync(await servers.GetAsync(engine));
        var users = Enumerable.Range(0, 3 * ExportJob.PageSize).Select(i => NewUser(scene.Connection, i)).ToList();
        await scene.Server.Database.WriteAsync(
            unit =>
            {
                UserStore.Insert(unit, TenantId.Default, users);
                return ValueTask.CompletedTask;
            },
            CancellationToken.None);

        var jobId = await scene.StartExportAsync(new { connection_id = scene.ConnectionId });

        var pieces = await scene.Server.Database.QueryAsync(
            new Statement("SELECT sealed_content FROM export_chunk WHERE job_id = @id ORDER BY number", ("id", jobId)), row => row.GetBytes(0), CancellationToken.None);
        pieces.Count.ShouldBeGreaterThan(3);
        pieces.ShouldAllBe(piece => piece.Length < 300 * 1024);
        (pieces[0][0], pieces[0][1]).ShouldNotBe(((byte)0x1F, (byte)0x8B), "That is gzip in clear.");
        (await scene.DownloadAsync(jobId)).TrimEnd('\n').Split('\n').Select(line => (string)JsonNode.Parse(line)!["user_id"]!)
            .ShouldBe(users.Select(user => user.UserId));
    }

    /// <summary>The worst case: each worker takes the others for dead, and takes the job from them while they write.</summary>
    [Theory, Engines]
    public async Task Workers_that_take_the_job_from_each_other_write_each_user_once(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var scene = await JobScene.CreateAsync(server);
        await scene.ImportAsync(JobScene.Users(700, "race"));
        var clock = new HastyClock();
        var workers = Enumerable.Range(0, 16)
            .Select(_ => ActivatorUtilities.CreateInstance<RunJob>(server.Services, clock)).ToList();

        var created = (await scene.Management.SendAsync(HttpMethod.Post, "/jobs/users-exports", new { connection_id = scene.ConnectionId })).ShouldBe(HttpStatusCode.OK);
        await Task.WhenAll(workers.Select(worker => Task.Run(() => worker.NextAsync(CancellationToken.None))));
        while (await workers[0].NextAsync(CancellationToken.None))
        {
            // Workers that lost the job have stopped. One continues.
        }

        var job = await scene.FinishedAsync((string)created["id"]!);
        (await scene.DownloadAsync((string)job["id"]!)).TrimEnd('\n').Split('\n').Select(line => (string)JsonNode.Parse(line)!["email"]!).Order(StringComparer.Ordinal)
            .ShouldBe(Enumerable.Range(0, 700).Select(i => $"race{i}@example.com").Order(StringComparer.Ordinal));
    }

    [Theory, Engines]
    public async Task Only_the_newest_exports_are_kept(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var scene = await JobScene.CreateAsync(server);
        await InsertJobsAsync(server, ExportStore.MaxKept, isFinished: true);

        var jobId = await scene.StartExportAsync(new { });

        (await scene.DownloadAsync(jobId)).ShouldBe("");
        (await scene.Management.SendAsync(HttpMethod.Get, "/jobs/job_0")).ShouldBeError(HttpStatusCode.NotFound, "inexistent_job");
        await scene.Management.GetAsync("/jobs/job_1");
    }

    [Theory, Engines]
    public async Task A_third_unfinished_export_is_refused(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var scene = await JobScene.CreateAsync(server);
        await InsertJobsAsync(server, CreateJob.MaxUnfinished, isFinished: false);

        (await scene.Management.SendAsync(HttpMethod.Post, "/jobs/users-exports", new { })).ShouldBeError(HttpStatusCode.TooManyRequests, "too_many_requests");

        (await scene.ImportAsync("""[{"email":"x@example.com"}]"""))["summary"]!["inserted"]!.GetValue<int>().ShouldBe(1);
    }

    [Theory, Engines]
    public async Task A_bad_export_is_refused(Engine engine)
    {
        var management = new ManagementApi(await servers.GetAsync(engine));

        foreach (var request in new object[]
        {
            new { format = "xml" }, new { limit = 0 }, new { limit = "1" }, new { fields = Array.Empty<object>() }, new { fields = new[] { new { } } },
            new { fields = new[] { new { name = "" } } }, new { fields = new[] { new { name = new string('x', 101) } } }, new { is_admin = true },
        })
        {
            (await management.SendAsync(HttpMethod.Post, "/jobs/users-exports", request)).ShouldBeError(HttpStatusCode.BadRequest, "invalid_body");
        }

        (await management.SendAsync(HttpMethod.Post, "/jobs/users-exports", new { connection_id = "con_nowhere" }))
            .ShouldBeError(HttpStatusCode.BadRequest, "inexistent_connection");
    }

    /// <summary>With random metadata, which gzip cannot make smaller.</summary>
    private static User NewUser(string connection, int number) => new()
    {
        UserId = $"auth0|{connection}-{number:d5}",
        Connection = connection,
        UserMetadata = JsonSerializer.SerializeToElement(new { text = RandomNumberGenerator.GetHexString(4000) }),
    };

    private static async Task InsertJobsAsync(TestServer server, int count, bool isFinished) => await server.Database.WriteAsync(
        unit =>
        {
            var dueAt = server.Clock.GetUtcNow().AddHours(1).ToUnixTimeMilliseconds();
            for (var i = 0; i < count; i++)
            {
                unit.Enqueue(new Statement(
                    """
                    INSERT INTO job (tenant_id, job_id, type, status, parameters, position, total, inserted, updated, failed, created_at, due_at, attempts, finished_at)
                    SELECT tenant_id, @id, 'users_export', 'processing', '{}', 0, 0, 0, 0, 0, 0, @due_at, 1, @finished_at FROM tenant
                    """,
                    ("id", $"job_{i}"),
                    ("due_at", dueAt),
                    ("finished_at", isFinished ? (long?)i : null)));
            }

            return ValueTask.CompletedTask;
        },
        CancellationToken.None);
}

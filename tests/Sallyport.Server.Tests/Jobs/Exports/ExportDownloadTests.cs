using System.Net;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Jobs.Exports;

/// <summary>The address of an export needs no token, so it is shown to few, expires soon, and is logged.</summary>
public sealed class ExportDownloadTests(Servers servers) : IClassFixture<Servers>
{
    [Theory, Engines]
    public async Task The_address_of_an_export_expires_and_cannot_be_guessed(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var scene = await JobScene.CreateAsync(server);
        var jobId = await scene.StartExportAsync(new { });
        var location = (string)(await scene.Management.GetAsync("/jobs/" + jobId))["location"]!;
        var path = new Uri(location).AbsolutePath;

        (await server.GetAsync(path)).Status.ShouldBe(HttpStatusCode.OK);
        (await server.GetAsync(path.Replace("/exports/", "/exports/A", StringComparison.Ordinal))).ShouldBeError(HttpStatusCode.NotFound, "inexistent_job");
        (await server.GetAsync("/exports/x/y")).ShouldBeError(HttpStatusCode.NotFound, "inexistent_job");
        (await server.GetAsync($"/exports/{jobId}/y")).ShouldBeError(HttpStatusCode.NotFound, "inexistent_job");

        server.Clock.Advance(TimeSpan.FromSeconds(61));
        (await server.GetAsync(path)).ShouldBeError(HttpStatusCode.NotFound, "inexistent_job");
    }

    [Theory, Engines]
    public async Task Only_callers_that_may_read_users_see_the_address(Engine engine)
    {
        var scene = await JobScene.CreateAsync(await servers.GetAsync(engine));
        var jobId = await scene.StartExportAsync(new { });

        var shown = await new ManagementApi(scene.Server, "read:users").GetAsync("/jobs/" + jobId);
        var hidden = await new ManagementApi(scene.Server, "create:users").GetAsync("/jobs/" + jobId);

        ((string)shown["location"]!).ShouldStartWith(scene.Server.Url + "/exports/");
        ((string)hidden["status"]!).ShouldBe("completed");
        hidden["location"].ShouldBeNull();
    }

    [Theory, Engines]
    public async Task Each_download_is_logged_and_a_refused_one_is_not(Engine engine)
    {
        var scene = await JobScene.CreateAsync(await servers.GetCleanAsync(engine));
        var jobId = await scene.StartExportAsync(new { connection_id = scene.ConnectionId });

        await scene.DownloadAsync(jobId);
        await scene.DownloadAsync(jobId);
        await scene.Server.GetAsync("/exports/x/y");

        var entries = await LogEntry.ListAsync(scene.Server, "users_export_downloaded");
        entries.Count.ShouldBe(2);
        entries.ShouldAllBe(entry => entry.Address == "127.0.0.1" && entry.Details == $$"""{"job_id":"{{jobId}}"}""");
    }
}

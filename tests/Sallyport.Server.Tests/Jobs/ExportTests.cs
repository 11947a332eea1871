using System.Net;
using System.Text.Json.Nodes;
using Sallyport.Server.Jobs;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Jobs;

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

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("=HYPERLINK(\"x\")", "\"'=HYPERLINK(\"\"x\"\")\"")]
    [InlineData("+1555", "'+1555")]
    [InlineData("-1", "'-1")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("\t=1", "'\t=1")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("a\nb", "\"a\nb\"")]
    [InlineData("", "")]
    public void A_value_of_a_csv_is_never_a_formula(string text, string written) => CsvText.Of(text).ShouldBe(written);

    [Theory, Engines]
    public async Task The_address_of_an_export_expires_and_cannot_be_guessed(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var scene = await JobScene.CreateAsync(server);
        var created = (await scene.Management.SendAsync(HttpMethod.Post, "/jobs/users-exports", new { })).ShouldBe(HttpStatusCode.OK);
        var location = (string)(await scene.Management.GetAsync("/jobs/" + created["id"]))["location"]!;
        var path = new Uri(location).AbsolutePath;

        (await server.GetAsync(path)).Status.ShouldBe(HttpStatusCode.OK);
        (await server.GetAsync(path.Replace("/exports/", "/exports/A", StringComparison.Ordinal))).ShouldBeError(HttpStatusCode.NotFound, "inexistent_job");
        (await server.GetAsync("/exports/x/y")).ShouldBeError(HttpStatusCode.NotFound, "inexistent_job");
        (await server.GetAsync($"/exports/{created["id"]}/y")).ShouldBeError(HttpStatusCode.NotFound, "inexistent_job");

        server.Clock.Advance(TimeSpan.FromSeconds(61));
        (await server.GetAsync(path)).ShouldBeError(HttpStatusCode.NotFound, "inexistent_job");
    }

    [Theory, Engines]
    public async Task An_export_holds_few_users_in_memory_at_a_time(Engine engine)
    {
        var scene = await JobScene.CreateAsync(await servers.GetAsync(engine));
        await scene.ImportAsync(JobScene.Users(4000, scene.Connection));
        var largest = new LargestWrite();

        await new UserExport(scene.Server.Database).WriteAsync(
            largest, new JobParametersV1 { Connection = scene.Connection, Format = "json" }, CancellationToken.None);

        largest.Writes.ShouldBeGreaterThanOrEqualTo(8);
        largest.Max.ShouldBeLessThan(largest.Total / 7);
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

    /// <summary>Measures instead of keeping.</summary>
    private sealed class LargestWrite : MemoryStream
    {
        public int Writes { get; private set; }

        public long Max { get; private set; }

        public long Total { get; private set; }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Writes++;
            Total += buffer.Length;
            Max = Math.Max(Max, buffer.Length);
            return ValueTask.CompletedTask;
        }
    }
}

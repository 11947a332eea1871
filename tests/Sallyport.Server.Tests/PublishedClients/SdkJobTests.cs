using System.Text.Json.Nodes;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;
using Sallyport.Server.Tests.Jobs;

namespace Sallyport.Server.Tests.PublishedClients;

/// <summary>npm <c>auth0</c>: imports and exports of users, and their errors.</summary>
[Collection(SharedServers.Name)]
public sealed class SdkJobTests(Servers servers)
{
    private const string Seed = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";
    private const string Nowhere = "job_0123456789abcdef";

    [Theory, Generations]
    public async Task Users_are_imported_with_their_factors_and_faulty_ones_are_reported(Engine engine, int generation)
    {
        var scene = await JobScene.CreateAsync(await servers.GetSecureAsync(engine));
        var email = $"ann@{scene.Connection}.example";
        var ann = new { email, mfa_factors = new object[] { new { totp = new { secret = Seed } }, new { phone = new { value = "+15551234567" } } } };
        var bob = new { email = $"bob@{scene.Connection}.example", mfa_factors = new[] { new { totp = new { secret = "not base32" } } } };

        await new ManagementSdk(scene.Server, generation)
            .Then("jobs.import", body: Import(scene, upsert: false, ann), name: "first").Gives(job => ShouldBeNew(job, scene, generation))
            .Then("jobs.finished", "$first.id").Gives(job => ShouldHaveDone(job, """{"failed":0,"updated":0,"inserted":1,"total":1}"""))
            .Then("jobs.errors", "$first.id").GivesNothing()
            .Then("users.listByEmail", query: new { email }, name: "users")
            .Then("methods.list", "$users.0.user_id")
                .Lists(methods => methods.Select(method => (string)method!["type"]!).Order().ShouldBe(["phone", "totp"]))
            .Then("jobs.import", body: Import(scene, upsert: false, ann, bob), name: "second")
            .Then("jobs.finished", "$second.id").Gives(job => ShouldHaveDone(job, """{"failed":2,"updated":0,"inserted":0,"total":2}"""))
            .Then("jobs.errors", "$second.id").Lists(errors => ShouldName(errors, (email, "DUPLICATED_USER"), (bob.email, "MFA_FACTORS_FAILED")))
            .Then("jobs.import", body: Import(scene, upsert: true, ann), name: "third")
            .Then("jobs.finished", "$third.id").Gives(job => ShouldHaveDone(job, """{"failed":0,"updated":1,"inserted":0,"total":1}"""))
            .ProveAsync();
    }

    [Theory, Generations]
    public async Task Users_are_exported_as_json_and_as_csv(Engine engine, int generation)
    {
        var scene = await JobScene.CreateAsync(await servers.GetSecureAsync(engine));
        await scene.ImportAsync(JobScene.Users(2, $"{scene.Connection}-"));
        var fields = new object[] { new { name = "email" }, new { name = "identities[0].connection", export_as = "source" } };

        var outcomes = await new ManagementSdk(scene.Server, generation)
            .Then("jobs.export", body: new { connection_id = scene.ConnectionId, format = "csv", fields }, name: "csv")
            .Then("jobs.finished", "$csv.id")
            .Then("jobs.export", body: new { connection_id = scene.ConnectionId, format = "json", limit = 1 }, name: "json")
            .Then("jobs.finished", "$json.id")
            .RunAsync();

        ((string)outcomes[0].Value!["type"]!).ShouldBe("users_export");
        ((string)outcomes[0].Value!["status"]!).ShouldBe("pending");
        ((string)outcomes[1].Value!["fields"]![1]!["export_as"]!).ShouldBe("source");
        (await scene.LoadAsync((string)outcomes[1].Value!["location"]!)).Split("\r\n").Order(StringComparer.Ordinal).ShouldBe(
            ["", "email,source", $"{scene.Connection}-0@example.com,{scene.Connection}", $"{scene.Connection}-1@example.com,{scene.Connection}"]);
        var user = JsonNode.Parse(await scene.LoadAsync((string)outcomes[3].Value!["location"]!))!;
        ((string)user["email"]!).ShouldStartWith(scene.Connection);
    }

    [Theory, Generations]
    public async Task A_verification_mail_is_sent(Engine engine, int generation)
    {
        var scene = await JobScene.CreateAsync(await servers.GetSecureAsync(engine));
        var userId = await scene.Management.CreateUserAsync();

        await new ManagementSdk(scene.Server, generation)
            .Then("jobs.verifyEmail", userId, new { client_id = TestServer.ClientId }, name: "job")
                .Gives(job => ((string)job["type"]!).ShouldBe("verification_email"))
            .Then("jobs.finished", "$job.id").Gives(job => ((string)job["status"]!).ShouldBe("completed"))
            .Then("jobs.verifyEmail", userId, new { identity = new { user_id = "other", provider = "auth0" } }).Refused(400, "invalid_body")
            .ProveAsync();
    }

    /// <summary>No generation expects a 404 for a verification mail: the published API answers 400 to every fault.</summary>
    [Theory, Generations]
    public async Task Errors_of_jobs_arrive_as_the_error_types_of_the_client(Engine engine, int generation)
    {
        var scene = await JobScene.CreateAsync(await servers.GetSecureAsync(engine));

        await new ManagementSdk(scene.Server, generation)
            .Then("jobs.get", Nowhere).Refused(404, "inexistent_job")
            .Then("jobs.errors", Nowhere).Refused(404, "inexistent_job")
            .Then("jobs.import", body: new { users = Array.Empty<object>(), connection_id = scene.ConnectionId }).Refused(400, "invalid_body")
            .Then("jobs.import", body: new { users = new[] { new { } }, connection_id = "con_nowhere" }).Refused(400, "inexistent_connection")
            .Then("jobs.import", body: new { users = new[] { new { } }, length = 600_000, connection_id = scene.ConnectionId }).Refused(413, "invalid_body")
            .Then("jobs.export", body: new { format = "xml" }).Refused(400, "invalid_body")
            .Then("jobs.export", body: new { connection_id = "con_nowhere" }).Refused(400, "inexistent_connection")
            .Then("jobs.verifyEmail", "auth0|nobody").Refused(400, "inexistent_user")
            .ProveAsync();
    }

    private static object Import(JobScene scene, bool upsert, params object[] users) =>
        new { users, connection_id = scene.ConnectionId, upsert, external_id = "mine", send_completion_email = false };

    /// <summary>Generation 2 does not send <c>external_id</c>.</summary>
    private static void ShouldBeNew(JsonNode job, JobScene scene, int generation)
    {
        ((string)job["type"]!).ShouldBe("users_import");
        ((string)job["status"]!).ShouldBe("pending");
        ((string)job["connection_id"]!).ShouldBe(scene.ConnectionId);
        ((string?)job["external_id"]).ShouldBe(generation == 2 ? null : "mine");
        ((bool)job["send_completion_email"]!).ShouldBeFalse();
    }

    private static void ShouldHaveDone(JsonNode job, string summary)
    {
        ((string)job["status"]!).ShouldBe("completed");
        ((int)job["percentage_done"]!).ShouldBe(100);
        ((int)job["time_left_seconds"]!).ShouldBe(0);
        job["summary"]!.ToJsonString().ShouldBe(summary);
    }

    private static void ShouldName(JsonArray errors, params (string Email, string Code)[] expected)
    {
        errors.Select(error => ((string)error!["user"]!["email"]!, (string)error["errors"]![0]!["code"]!)).ShouldBe(expected);
        errors.ToJsonString().ShouldNotContain("not base32");
    }
}

using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Sallyport.Server.Audit;
using Sallyport.Server.Jobs;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Jobs.Unenrollments;

/// <summary>The explicit removal of a factor from all users. Switching the factor off removes nothing.</summary>
public sealed class UnenrollmentTests
{
    private const string Path = "/jobs/unenrollments";

    [Theory, Engines]
    public async Task Every_user_loses_the_factor_with_the_credentials_that_depend_on_it(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var people = new List<Person>();
        var older = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            people.Add(await Person.CreateAsync(server));
            await people[i].VerifyAddressAsync();
            older.Add(await people[i].NewTicketAsync(allowMultiple: true));
            await people[i].EnrollAsync();
        }

        var method = new { type = "phone", name = "Phone", phone_number = "+15550100001" };
        (await people[0].Management.SendAsync(HttpMethod.Post, people[0].UserPath + "/authentication-methods", method)).ShouldBe(HttpStatusCode.Created);
        var login = await people[1].StartAsync();
        server.Clock.Advance(TimeSpan.FromSeconds(1));
        var newer = await people[2].NewTicketAsync();

        var job = await RunAsync(server, "otp");

        ((string)job["status"]!).ShouldBe("completed");
        ((string)job["factor"]!).ShouldBe("otp");
        ((int)job["percentage_done"]!).ShouldBe(100);
        job["summary"]!.ToJsonString().ShouldBe("""{"failed":0,"updated":3,"inserted":0,"total":3}""");
        (await people[0].ListEnrollmentsAsync()).ShouldHaveSingleItem()!["type"]!.GetValue<string>().ShouldBe("sms");
        (await people[0].CountAsync("authenticator", "factor = 'recovery-code'")).ShouldBe(1);
        foreach (var (person, ticket) in people.Zip(older).Skip(1))
        {
            (await person.CountAsync("authenticator")).ShouldBe(0);
            (await person.ListGuardianLogAsync()).Count(type => type == "gd_unenroll").ShouldBe(1);
            (await person.Guardian.StartFlowAsync(ticket)).ShouldBeError(HttpStatusCode.Unauthorized, "invalid_token");
            var mails = await Eventually.GetAsync(() => Task.FromResult(Mail.ListFilesTo(server, person.Address)), files => files.Length == 2);
            mails.Select(file => Mail.Parse(File.ReadAllText(file)).Text).ShouldContain(text => text.Contains("Removed: Authenticator app"));
        }

        (await people[1].Guardian.SendAsync("transaction-state", $"Bearer {login.Token}")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        // It invites the user to enroll again.
        await people[2].Guardian.EnrollAsync(newer);
    }

    [Theory, Engines]
    public async Task A_factor_that_is_switched_off_keeps_its_enrollments_and_an_unenrolled_one_does_not_come_back(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var person = await Person.CreateAsync(server);
        await person.EnrollAsync();

        await person.SetFactorAsync("otp", enabled: false);
        var kept = await person.ListEnrollmentsAsync();
        await RunAsync(server, "otp");
        await person.SetFactorAsync("otp", enabled: true);

        kept.Count.ShouldBe(1);
        (await person.ListEnrollmentsAsync()).ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task Authenticators_that_were_made_after_the_job_stay(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var (before, after) = (await Person.CreateAsync(server), await Person.CreateAsync(server));
        await before.EnrollAsync();
        var job = Job.New(Job.Unenrollment, new JobParametersV1 { Factor = "otp" }, server.Clock.GetUtcNow());
        server.Clock.Advance(TimeSpan.FromSeconds(1));
        await after.EnrollAsync();

        await server.Database.WriteAsync(
            unit =>
            {
                unit.Enqueue(JobStore.Insert(TenantId.Default, job, sealedFile: null, new AuditSource(null, null, null)));
                unit.OnCommitted(server.Services.GetRequiredService<JobWorker>().Wake);
                return ValueTask.CompletedTask;
            },
            CancellationToken.None);
        await FinishedAsync(server, job.Id);

        (await before.ListEnrollmentsAsync()).ShouldBeEmpty();
        (await after.ListEnrollmentsAsync()).Count.ShouldBe(1);
    }

    /// <summary>A confirmation happens before the removal, which removes it, or fails after it.</summary>
    [Theory, Engines]
    public async Task An_enrollment_that_is_confirmed_during_the_job_does_not_survive_it(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var people = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Person.CreateAsync(server)));
        var flows = await Task.WhenAll(people.Select(person => person.StartAsync()));

        var running = RunAsync(server, "otp");
        await Task.WhenAll(people.Zip(flows, (person, flow) => person.Guardian.VerifyAsync(flow, person.Guardian.CodeOf(flow))));
        await running;

        foreach (var person in people)
        {
            (await person.CountAsync("authenticator", "factor = 'otp'")).ShouldBe(0);
        }
    }

    [Theory, Engines]
    public async Task Workers_that_take_the_job_from_each_other_remove_each_enrollment_once(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var people = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Person.CreateAsync(server)));
        await Task.WhenAll(people.Select(person => person.EnrollAsync()));
        var clock = new HastyClock();
        var workers = Enumerable.Range(0, 16).Select(_ => ActivatorUtilities.CreateInstance<RunJob>(server.Services, clock)).ToList();

        var created = (await new ManagementApi(server).SendAsync(HttpMethod.Post, Path, new { factor = "otp", confirm = "otp" })).ShouldBe(HttpStatusCode.Accepted);
        await Task.WhenAll(workers.Select(worker => Task.Run(() => worker.NextAsync(CancellationToken.None))));
        while (await workers[0].NextAsync(CancellationToken.None))
        {
            // Workers that lost the job have stopped. One continues.
        }

        var job = await FinishedAsync(server, (string)created["id"]!);
        ((int)job["summary"]!["updated"]!).ShouldBe(20);
        foreach (var person in people)
        {
            (await person.ListGuardianLogAsync()).Count(type => type == "gd_unenroll").ShouldBe(1);
            (await person.CountAsync("authenticator")).ShouldBe(0);
        }
    }

    [Theory]
    [InlineData("""{"factor":"otp"}""", "confirm")]
    [InlineData("""{"factor":"otp","confirm":"sms"}""", "confirm")]
    [InlineData("""{"factor":"otp","confirm":true}""", "confirm")]
    [InlineData("""{"factor":"pigeon","confirm":"pigeon"}""", "factor")]
    [InlineData("""{"factor":"otp","confirm":"otp","users":[]}""", "users")]
    public async Task Without_the_confirmation_nothing_is_removed(string body, string named)
    {
        await using var server = await TestServer.StartAsync(Engine.Sqlite);
        var person = await Person.CreateAsync(server);
        await person.EnrollAsync();

        var answer = await person.Management.SendAsync(HttpMethod.Post, Path, new StringContent(body, System.Text.Encoding.UTF8, "application/json"));

        answer.ShouldBeError(HttpStatusCode.BadRequest, "invalid_body");
        ((string)answer.Json!["message"]!).ShouldContain(named);
        (await person.ListEnrollmentsAsync()).Count.ShouldBe(1);
    }

    [Fact]
    public async Task It_needs_a_scope_of_its_own()
    {
        await using var server = await TestServer.StartAsync(Engine.Sqlite);
        var others = new ManagementApi(server, "delete:guardian_enrollments update:guardian_factors create:users delete:users");
        var own = new ManagementApi(server, "delete:all_guardian_enrollments");

        (await others.SendAsync(HttpMethod.Post, Path, new { factor = "otp", confirm = "otp" })).ShouldBeError(HttpStatusCode.Forbidden, "insufficient_scope");
        var job = (await own.SendAsync(HttpMethod.Post, Path, new { factor = "otp", confirm = "otp" })).ShouldBe(HttpStatusCode.Accepted);
        (await own.SendAsync(HttpMethod.Get, $"/jobs/{job["id"]}")).Status.ShouldBe(HttpStatusCode.OK);
        (await own.SendAsync(HttpMethod.Get, "/logs")).Status.ShouldBe(HttpStatusCode.Forbidden);
    }

    private static async Task<JsonNode> RunAsync(TestServer server, string factor)
    {
        var created = (await new ManagementApi(server).SendAsync(HttpMethod.Post, Path, new { factor, confirm = factor })).ShouldBe(HttpStatusCode.Accepted);
        ((string)created["type"]!).ShouldBe("unenrollment");
        return await FinishedAsync(server, (string)created["id"]!);
    }

    private static Task<JsonNode> FinishedAsync(TestServer server, string id)
    {
        var management = new ManagementApi(server);
        return Eventually.GetAsync(() => management.GetAsync("/jobs/" + id), job => (string)job["status"]! is "completed" or "failed");
    }
}

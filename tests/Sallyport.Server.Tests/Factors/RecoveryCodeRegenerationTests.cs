using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Sallyport.Server.Security;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Factors;

public sealed class RecoveryCodeRegenerationTests(Servers servers) : IClassFixture<Servers>
{
    [Theory, Engines]
    public async Task A_regenerated_code_is_accepted_and_the_old_one_is_not(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        var enrolled = await person.EnrollAsync();

        var code = await RegenerateAsync(person);

        code.ShouldMatch("^[A-Z0-9]{24}$");
        (await person.Guardian.RecoverAsync(await person.StartAsync(), enrolled.RecoveryCode!)).ShouldBeError(HttpStatusCode.Forbidden, "invalid_recovery_code");
        (await person.Guardian.RecoverAsync(await person.StartAsync(), code)).ShouldBe(HttpStatusCode.OK);
        (await LogEntry.ListAsync(person.Server, "sapi")).ShouldAllBe(entry => !entry.Details!.Contains(code));
        (await DatabaseDump.TakeAsync(person.Server.Database)).ShouldAllBe(line => !line.Contains(code));
    }

    /// <summary>The published API creates a code even for a user without an enrollment.</summary>
    [Theory, Engines]
    public async Task A_code_can_be_generated_before_an_enrollment_and_does_not_enroll_the_user(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));

        var code = await RegenerateAsync(person);

        (await person.ListEnrollmentsAsync()).ShouldBeEmpty();
        (await person.Management.GetAsync(person.UserPath))["multifactor"].ShouldBeNull();
        var flow = await person.StartAsync();
        flow.IsEnrolling.ShouldBeTrue();
        flow.RecoveryCode.ShouldBeNull();
        (await person.Guardian.RecoverAsync(flow, code)).ShouldBeError(HttpStatusCode.Forbidden, "invalid_recovery_code");
        (await person.Guardian.VerifyAsync(flow, person.Guardian.CodeOf(flow))).ShouldBe(HttpStatusCode.OK);
        (await person.Guardian.RecoverAsync(await person.StartAsync(), code)).ShouldBe(HttpStatusCode.OK);
    }

    [Theory, Engines]
    public async Task Sixteen_concurrent_regenerations_leave_one_valid_code(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        await person.EnrollAsync();

        var codes = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => RegenerateAsync(person)));

        codes.ShouldBeUnique();
        var hash = person.Server.Services.GetRequiredService<SecretHash>();
        var stored = await person.Server.Database.QueryAsync(
            new Statement("SELECT data FROM authenticator WHERE user_id = @u AND factor = 'recovery-code'", ("u", person.UserId)),
            row => Convert.ToHexString(JsonNode.Parse(row.GetString(0))!["code_hash"]!.AsValue().Deserialize<byte[]>()!),
            CancellationToken.None);
        codes.Select(code => Convert.ToHexString(hash.RecoveryCode(person.UserId, code))).ShouldContain(stored.ShouldHaveSingleItem());
    }

    /// <summary>A code that is used during a regeneration gives at most one login, and one code is left.</summary>
    [Theory, Engines]
    public async Task Using_a_code_during_a_regeneration_leaves_one_valid_code(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        var enrolled = await person.EnrollAsync();
        var logins = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => person.StartAsync()));

        var recoveries = Task.WhenAll(logins.Select(login => person.Guardian.RecoverAsync(login, enrolled.RecoveryCode!)));
        var codes = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => RegenerateAsync(person)));
        var used = await recoveries;

        used.Count(answer => answer.Status == HttpStatusCode.OK).ShouldBeLessThanOrEqualTo(1);
        codes.Length.ShouldBe(12);
        (await person.CountAsync("authenticator", "factor = 'recovery-code'")).ShouldBe(1);
    }

    private static async Task<string> RegenerateAsync(Person person) =>
        (string)(await person.Management.SendAsync(HttpMethod.Post, person.UserPath + "/recovery-code-regeneration"))
            .ShouldBe(HttpStatusCode.OK)["recovery_code"]!;
}

using System.Net;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Factors;

public sealed class RecoveryCodeTests(Servers servers) : IClassFixture<Servers>
{
    [Theory, EnginesAndBases]
    public async Task A_recovery_code_is_accepted_once_and_replaced_by_a_new_one(Engine engine, string prefix)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine), prefix);
        var enrolled = await person.EnrollAsync();
        var (first, second, third) = (await person.StartAsync(), await person.StartAsync(), await person.StartAsync());

        var answer = (await person.Guardian.RecoverAsync(first, enrolled.RecoveryCode!)).ShouldBe(HttpStatusCode.OK);
        var again = await person.Guardian.RecoverAsync(second, enrolled.RecoveryCode!);
        var next = await person.Guardian.RecoverAsync(third, (string)answer["recovery_code"]!);

        answer.Names().ShouldBe(["recovery_code"]);
        ((string)answer["recovery_code"]!).ShouldMatch("^[A-Z0-9]{24}$");
        again.ShouldBeError(HttpStatusCode.Forbidden, "invalid_recovery_code");
        next.ShouldBe(HttpStatusCode.OK);
        ((string)(await person.Guardian.GetStateAsync(first))["state"]!).ShouldBe("accepted");
        ((string)(await person.Guardian.GetStateAsync(second))["state"]!).ShouldBe("pending");
        (await person.ListGuardianLogAsync()).Where(type => type.StartsWith("gd_recovery", StringComparison.Ordinal)).ShouldBe(
            ["gd_recovery_succeed", "gd_recovery_failed", "gd_recovery_succeed"]);
    }

    /// <summary>Users copy the code from paper.</summary>
    [Theory, Engines]
    public async Task A_recovery_code_may_be_typed_in_groups_and_in_lower_case(Engine engine)
    {
        foreach (var write in new Func<string, string>[]
        {
            code => string.Join(' ', code.Chunk(4).Select(group => new string(group))),
            code => string.Join('-', code.Chunk(4).Select(group => new string(group))).ToLowerInvariant(),
            code => $"  {code}  ",
        })
        {
            var person = await Person.CreateAsync(await servers.GetAsync(engine));
            var enrolled = await person.EnrollAsync();

            (await person.Guardian.RecoverAsync(await person.StartAsync(), write(enrolled.RecoveryCode!))).ShouldBe(HttpStatusCode.OK);
        }
    }

    [Theory, Engines]
    public async Task A_recovery_code_is_refused_for_another_user(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var (alice, bob) = (await Person.CreateAsync(server), await Person.CreateAsync(server));
        var (hers, his) = (await alice.EnrollAsync(), await bob.EnrollAsync());

        (await alice.Guardian.RecoverAsync(await alice.StartAsync(), his.RecoveryCode!))
            .ShouldBeError(HttpStatusCode.Forbidden, "invalid_recovery_code");

        (await alice.Guardian.RecoverAsync(await alice.StartAsync(), hers.RecoveryCode!)).ShouldBe(HttpStatusCode.OK);
        (await bob.Guardian.RecoverAsync(await bob.StartAsync(), his.RecoveryCode!)).ShouldBe(HttpStatusCode.OK);
    }

    [Theory, Engines]
    public async Task A_recovery_code_cannot_confirm_an_enrollment(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        var flow = await person.StartAsync();

        (await person.Guardian.RecoverAsync(flow, flow.RecoveryCode!)).ShouldBeError(HttpStatusCode.Forbidden, "invalid_recovery_code");
        (await person.Guardian.VerifyAsync(flow, flow.RecoveryCode!)).ShouldBeError(HttpStatusCode.Forbidden, "invalid_otp");

        ((string)(await person.Guardian.GetStateAsync(flow))["state"]!).ShouldBe("pending");
        (await person.CountAsync("authenticator", "status = 'confirmed'")).ShouldBe(0);
    }

    [Theory, Engines]
    public async Task A_TOTP_code_is_not_accepted_as_a_recovery_code(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        var enrolled = await person.EnrollAsync();

        (await person.Guardian.RecoverAsync(await person.StartAsync(), person.Guardian.CodeOf(enrolled, 1)))
            .ShouldBeError(HttpStatusCode.Forbidden, "invalid_recovery_code");
    }

    [Theory, Engines]
    public async Task A_recovery_code_is_never_shown_as_an_enrollment(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        await person.EnrollAsync();
        var id = (await person.Server.Database.QueryAsync(
            new Statement("SELECT authenticator_id FROM authenticator WHERE user_id = @id AND factor = 'recovery-code'", ("id", person.UserId)),
            row => row.GetString(0),
            CancellationToken.None))[0];

        (await person.ListEnrollmentsAsync()).Count.ShouldBe(1);
        (await person.Management.SendAsync(HttpMethod.Get, "/guardian/enrollments/" + id)).Status.ShouldBe(HttpStatusCode.NotFound);
        (await person.Management.SendAsync(HttpMethod.Delete, "/guardian/enrollments/" + id)).Status.ShouldBe(HttpStatusCode.NotFound);
    }
}

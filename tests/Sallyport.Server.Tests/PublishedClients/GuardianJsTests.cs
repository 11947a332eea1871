using System.Net;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.PublishedClients;

/// <summary>auth0-guardian-js 1.4.1 from npm, unmodified, in manual mode, in which the page asks for the state (docs/wire.md §7.2).</summary>
public sealed class GuardianJsTests(Servers servers) : IClassFixture<Servers>
{
    [Theory, EnginesAndBases]
    public async Task An_enrollment_over_several_pages_is_serialized_and_resumed(Engine engine, string prefix)
    {
        var person = await CreatePersonAsync(engine, prefix);

        var result = await GuardianJs.RunAsync("enroll-manual", person, await person.NewTicketAsync());

        ((string)result["stateBefore"]!["state"]!).ShouldBe("pending");
        result["stateBefore"]!["enrollment"].ShouldBeNull();
        ((string)result["accepted"]!["recoveryCode"]!).ShouldMatch("^[A-Z0-9]{24}$");
        ((string)result["stateAfter"]!["state"]!).ShouldBe("accepted");
        result["stateAfter"]!["enrollment"]!["availableAuthenticatorTypes"].Texts().ShouldBe(["otp", "recovery-code"]);
        await GuardianJs.ShouldBeSignedAsync(person, (string)result["stateAfter"]!["token"]!);
    }

    [Theory, EnginesAndBases]
    public async Task A_used_recovery_code_is_replaced_by_a_new_one(Engine engine, string prefix)
    {
        var person = await CreatePersonAsync(engine, prefix);
        var enrolled = await person.EnrollAsync();

        var result = await GuardianJs.RunAsync("recover", person, await person.NewTicketAsync(), enrolled);

        ((string)result["malformed"]!["errorCode"]!).ShouldBe("invalid_recovery_code_format");
        ((string)result["wrong"]!["errorCode"]!).ShouldBe("invalid_recovery_code");
        ((int)result["wrong"]!["statusCode"]!).ShouldBe(403);
        ((string)result["state"]!["state"]!).ShouldBe("accepted");
        var replacement = (string)result["recovered"]!["recoveryCode"]!;
        replacement.ShouldMatch("^[A-Z0-9]{24}$");
        replacement.ShouldNotBe(enrolled.RecoveryCode);
        (await person.Guardian.RecoverAsync(await person.StartAsync(), enrolled.RecoveryCode!)).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await person.Guardian.RecoverAsync(await person.StartAsync(), replacement)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Theory, Engines]
    public async Task A_ticket_that_is_used_expired_or_unknown_does_not_start(Engine engine)
    {
        var person = await CreatePersonAsync(engine);
        var used = await person.NewTicketAsync();
        await person.Guardian.EnrollAsync(used);
        var expired = await person.NewTicketAsync();
        await person.Server.Database.WriteAsync(
            unit =>
            {
                unit.Enqueue(new Statement("UPDATE ticket SET expires_at = 1 WHERE user_id = @user_id AND used_at IS NULL", ("user_id", person.UserId)));
                return ValueTask.CompletedTask;
            },
            CancellationToken.None);

        foreach (var ticket in new[] { used, expired, new string('A', 32), "no ticket" })
        {
            var start = (await GuardianJs.RunAsync("refused", person, ticket))["start"]!;
            ((string)start["errorCode"]!).ShouldBe("invalid_token");
            ((int)start["statusCode"]!).ShouldBe(401);
        }
    }

    [Theory, Engines]
    public async Task With_every_factor_disabled_the_client_reports_that_no_method_is_available(Engine engine)
    {
        var person = await CreatePersonAsync(engine);
        await person.SetFactorAsync("otp", false);

        var result = await GuardianJs.RunAsync("refused", person, await person.NewTicketAsync());
        await person.SetFactorAsync("otp", true);

        ((string)result["start"]!["errorCode"]!).ShouldBe("none");
        ((bool)result["enrolled"]!).ShouldBeFalse();
        ((string)result["enroll"]!["errorCode"]!).ShouldBe("no_method_available");
    }

    [Theory, Engines]
    public async Task A_person_who_is_enrolled_cannot_be_enrolled_again(Engine engine)
    {
        var person = await CreatePersonAsync(engine);
        await person.EnrollAsync();

        var result = await GuardianJs.RunAsync("refused", person, await person.NewTicketAsync());

        ((bool)result["enrolled"]!).ShouldBeTrue();
        ((string)result["enroll"]!["errorCode"]!).ShouldBe("already_enrolled");
    }

    private async Task<Person> CreatePersonAsync(Engine engine, string prefix = "/appliance-mfa") =>
        await GuardianJs.CreatePersonAsync(await servers.GetAsync(engine), prefix);
}

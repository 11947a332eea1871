using System.Net;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.PublishedClients;

/// <summary>auth0-guardian-js 1.4.1 from npm, unmodified, as it polls every five seconds (docs/wire.md §1.10).</summary>
public sealed class GuardianJsPollingTests(Servers servers) : IClassFixture<Servers>
{
    [Theory, EnginesAndBases]
    public async Task An_enrollment_by_polling_reports_a_wrong_code_and_then_its_events_in_order(Engine engine, string prefix)
    {
        var person = await CreatePersonAsync(engine, prefix);

        var result = await GuardianJs.RunAsync("enroll-polling", person, await person.NewTicketAsync());

        ((bool)result["enrolled"]!).ShouldBeFalse();
        ((string)result["uri"]!).ShouldBe($"otpauth://totp/acme:ann%40example.com?secret={result["otpSecret"]}&issuer=acme");
        ((string)result["wrong"]!["errorCode"]!).ShouldBe("invalid_otp");
        ((int)result["wrong"]!["statusCode"]!).ShouldBe(403);
        result["order"].Texts().ShouldBe(["enrollment-complete", "auth-response"]);
        var enrollment = result["enrollment"]!;
        ((string)enrollment["recoveryCode"]!).ShouldMatch("^[A-Z0-9]{24}$");
        ((string)result["accepted"]!["recoveryCode"]!).ShouldBe((string)enrollment["recoveryCode"]!);
        ((bool)enrollment["authRequired"]!).ShouldBeFalse();
        enrollment["methods"].Texts().ShouldBe(["otp"]);
        ((bool)result["auth"]!["accepted"]!).ShouldBeTrue();
        await GuardianJs.ShouldBeSignedAsync(person, (string)result["auth"]!["signature"]!);
        (await person.ListEnrollmentsAsync()).Count.ShouldBe(1);
    }

    [Theory, Engines]
    public async Task A_login_by_polling_refuses_a_replayed_and_a_wrong_code_and_accepts_the_right_one(Engine engine)
    {
        var person = await CreatePersonAsync(engine);
        var enrolled = await person.EnrollAsync();

        var result = await GuardianJs.RunAsync("login-polling", person, await person.NewTicketAsync(), enrolled);

        ((bool)result["enrolled"]!).ShouldBeTrue();
        result["methods"].Texts().ShouldBe(["otp", "recovery-code"]);
        ((string)result["method"]!).ShouldBe("otp");
        ((string)result["enrollAgain"]!["errorCode"]!).ShouldBe("already_enrolled");
        ((string)result["replayed"]!["errorCode"]!).ShouldBe("invalid_otp");
        ((string)result["wrong"]!["errorCode"]!).ShouldBe("invalid_otp");
        ((bool)result["auth"]!["accepted"]!).ShouldBeTrue();
        await GuardianJs.ShouldBeSignedAsync(person, (string)result["auth"]!["signature"]!);
    }

    [Theory, Engines]
    public async Task A_further_enrollment_is_reported_like_a_first_one(Engine engine)
    {
        var person = await CreatePersonAsync(engine);
        await person.EnrollAsync();

        var result = await GuardianJs.RunAsync("enroll-polling", person, await person.NewTicketAsync(allowMultiple: true));

        result["order"].Texts().ShouldBe(["enrollment-complete", "auth-response"]);
        ((bool)result["enrollment"]!["authRequired"]!).ShouldBeFalse();
        (await person.ListEnrollmentsAsync()).Count.ShouldBe(2);
    }

    /// <summary>
    /// The second tab is told to log in. While polling, the client does not know which tab enrolled, and shows the recovery code of its
    /// own attempt. That code must not work.
    /// </summary>
    [Theory, Engines]
    public async Task An_enrollment_in_another_tab_asks_this_one_to_log_in(Engine engine)
    {
        var person = await CreatePersonAsync(engine);

        var result = await GuardianJs.RunAsync("second-tab", person, await person.NewTicketAsync());

        ((bool)result["authRequired"]!).ShouldBeTrue();
        (await person.ListEnrollmentsAsync()).Count.ShouldBe(1);
        var login = await person.StartAsync();
        (await person.Guardian.RecoverAsync(login, (string)result["watchedRecoveryCode"]!)).Status.ShouldBe(HttpStatusCode.Forbidden);
    }

    private async Task<Person> CreatePersonAsync(Engine engine, string prefix = "/appliance-mfa") =>
        await GuardianJs.CreatePersonAsync(await servers.GetAsync(engine), prefix);
}

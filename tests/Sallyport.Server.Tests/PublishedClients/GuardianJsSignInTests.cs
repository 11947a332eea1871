using System.Net;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.PublishedClients;

/// <summary>auth0-guardian-js from npm, unmodified, signs in with the request token that a backend got for its user.</summary>
public sealed class GuardianJsSignInTests(GuardianJsSocketTests.ServersOnPort80 servers) : IClassFixture<GuardianJsSocketTests.ServersOnPort80>
{
    [Theory, EnginesAndBases]
    public async Task A_login_by_polling_refuses_replayed_and_wrong_codes_and_takes_the_right_one(Engine engine, string prefix)
    {
        var (person, application, enrolled) = await CreateEnrolledAsync(engine, prefix);
        var signIn = await application.StartAsync(person);

        var result = await GuardianJs.SignInAsync("login-polling", person, signIn.RequestToken, enrolled);

        ((bool)result["enrolled"]!).ShouldBeTrue();
        result["methods"].Texts().ShouldBe(["otp", "recovery-code"]);
        ((string)result["replayed"]!["errorCode"]!).ShouldBe("invalid_otp");
        ((string)result["wrong"]!["errorCode"]!).ShouldBe("invalid_otp");
        ((bool)result["auth"]!["accepted"]!).ShouldBeTrue();
        await GuardianJs.ShouldBeSignedAsync(person, (string)result["auth"]!["signature"]!);
        (await application.RedeemAsync(signIn)).ShouldBe(HttpStatusCode.OK);
    }

    [Theory, EnginesAndBases]
    public async Task A_login_over_two_pages_is_serialized_and_resumed(Engine engine, string prefix)
    {
        var (person, application, enrolled) = await CreateEnrolledAsync(engine, prefix);
        var signIn = await application.StartAsync(person);

        var result = await GuardianJs.SignInAsync("login-manual", person, signIn.RequestToken, enrolled, "manual");

        ((string)result["stateBefore"]!["state"]!).ShouldBe("pending");
        ((string)result["stateAfter"]!["state"]!).ShouldBe("accepted");
        await GuardianJs.ShouldBeSignedAsync(person, (string)result["stateAfter"]!["token"]!);
    }

    [Theory, MemberData(nameof(GuardianJsSocketTests.Clients), MemberType = typeof(GuardianJsSocketTests))]
    public async Task A_login_over_a_socket_is_reported_with_its_signature(Engine engine, string package, string prefix)
    {
        var (person, application, enrolled) = await CreateEnrolledAsync(engine, prefix);
        var signIn = await application.StartAsync(person);

        var result = await GuardianJs.SignInAsync("login-socket", person, signIn.RequestToken, enrolled, "socket", package);

        ((bool)result["enrolled"]!).ShouldBeTrue();
        ((bool)result["auth"]!["accepted"]!).ShouldBeTrue();
        await GuardianJs.ShouldBeSignedAsync(person, (string)result["auth"]!["signature"]!);
        (await application.RedeemAsync(signIn)).ShouldBe(HttpStatusCode.OK);
    }

    [Theory, Engines]
    public async Task A_recovery_code_signs_in_and_is_replaced(Engine engine)
    {
        var (person, application, enrolled) = await CreateEnrolledAsync(engine);
        var signIn = await application.StartAsync(person);

        var result = await GuardianJs.SignInAsync("recover", person, signIn.RequestToken, enrolled, "manual");

        ((string)result["wrong"]!["errorCode"]!).ShouldBe("invalid_recovery_code");
        ((string)result["recovered"]!["recoveryCode"]!).ShouldMatch("^[A-Z0-9]{24}$");
        ((string)result["state"]!["state"]!).ShouldBe("accepted");
        (await application.RedeemAsync(signIn)).ShouldBe(HttpStatusCode.OK);
    }

    [Theory, Engines]
    public async Task An_enrollment_and_the_sign_in_are_one_transaction(Engine engine)
    {
        var (person, application) = await CreateAsync(engine);
        var signIn = await application.StartAsync(person);

        var result = await GuardianJs.SignInAsync("enroll-polling", person, signIn.RequestToken);

        result["order"].Texts().ShouldBe(["enrollment-complete", "auth-response"]);
        ((bool)result["auth"]!["accepted"]!).ShouldBeTrue();
        (await application.RedeemAsync(signIn)).ShouldBe(HttpStatusCode.OK);
    }

    [Theory, Engines]
    public async Task Without_self_service_the_client_says_that_there_is_no_method(Engine engine)
    {
        var (person, application) = await CreateAsync(engine);
        var signIn = await application.StartAsync(person, new() { ["self_service_enrollment"] = false });

        var result = await GuardianJs.SignInAsync("refused", person, signIn.RequestToken);

        ((bool)result["enrolled"]!).ShouldBeFalse();
        ((string)result["enroll"]!["errorCode"]!).ShouldBe("no_method_available");
    }

    private async Task<(Person Person, Application Application)> CreateAsync(Engine engine, string prefix = "/appliance-mfa")
    {
        var server = await servers.GetAsync(engine);
        server.Clock.Run();
        return (await Person.CreateAsync(server, prefix), await Application.CreateAsync(server));
    }

    private async Task<(Person Person, Application Application, Flow Enrolled)> CreateEnrolledAsync(Engine engine, string prefix = "/appliance-mfa")
    {
        var (person, application) = await CreateAsync(engine, prefix);
        return (person, application, await person.EnrollAsync());
    }
}

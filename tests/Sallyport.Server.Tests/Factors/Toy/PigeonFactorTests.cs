using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Sallyport.Server.Factors;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Factors.Toy;

/// <summary>A factor that is registered from outside works on every path, without a change of the server.</summary>
public sealed class PigeonFactorTests
{
    [Theory, Engines]
    public async Task A_person_enrolls_it_and_signs_in_with_it(Engine engine)
    {
        await using var server = await StartAsync(engine);
        var (person, flow) = await StartAsync(server);
        flow.Json["available_enrollment_methods"]!.AsArray().Select(method => (string)method!).ShouldBe([PigeonFactor.Name]);

        (await SendAsync(person, flow)).ShouldBe(HttpStatusCode.OK);
        (await person.Guardian.VerifyAsync(flow, WrongCode(server, flow.AuthenticatorId))).ShouldBeError(HttpStatusCode.Forbidden, "invalid_otp");
        (await person.Guardian.VerifyAsync(flow, CodeOf(server, flow.AuthenticatorId))).ShouldBe(HttpStatusCode.OK);

        var application = await Application.CreateAsync(server);
        var signIn = await application.StartAsync(person);
        var login = await person.StartSignInAsync(signIn);
        login.IsEnrolling.ShouldBeFalse();
        login.Json["available_authentication_methods"]!.AsArray().Select(method => (string)method!).ShouldBe([PigeonFactor.Name]);
        (await person.Guardian.VerifyAsync(login, CodeOf(server, flow.AuthenticatorId))).ShouldBeError(HttpStatusCode.Forbidden, "invalid_otp");
        (await SendAsync(person, login)).ShouldBe(HttpStatusCode.OK);
        (await person.Guardian.VerifyAsync(login, CodeOf(server, flow.AuthenticatorId))).ShouldBe(HttpStatusCode.OK);

        var result = (await application.RedeemAsync(signIn)).ShouldBe(HttpStatusCode.OK);
        result["amr"]!.AsArray().Select(method => (string)method!).ShouldContain("pigeon");
    }

    [Theory, Engines]
    public async Task The_limits_of_codes_and_of_challenges_hold(Engine engine)
    {
        await using var server = await StartAsync(engine);
        var (person, flow) = await StartAsync(server);
        (await SendAsync(person, flow)).ShouldBe(HttpStatusCode.OK);
        (await person.Guardian.VerifyAsync(flow, CodeOf(server, flow.AuthenticatorId))).ShouldBe(HttpStatusCode.OK);
        var login = await person.StartAsync();

        var sent = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => SendAsync(person, login)));
        await person.FailAsync(login, WrongCode(server, flow.AuthenticatorId), times: 10);

        sent.Count(answer => answer.Status == HttpStatusCode.OK).ShouldBe(2, "Three were allowed, and the enrollment has used one.");
        (await person.Guardian.VerifyAsync(login, CodeOf(server, flow.AuthenticatorId))).ShouldBeError(HttpStatusCode.TooManyRequests, "too_many_attempts");
    }

    [Theory, Engines]
    public async Task An_application_signs_in_with_it_through_the_MFA_API(Engine engine)
    {
        await using var server = await StartAsync(engine);
        var client = await MfaClient.CreateAsync(server);
        var person = Person.Of(server, client.UserId);
        var flow = await EnrollAsync(person);
        var token = await client.MfaTokenAsync();

        var challenge = (await client.ChallengeAsync(token, ("challenge_type", "oob"))).ShouldBe(HttpStatusCode.OK);

        (await client.OobAsync(token, (string)challenge["oob_code"]!, CodeOf(server, flow.AuthenticatorId))).ShouldBe(HttpStatusCode.OK);
    }

    [Theory, Engines]
    public async Task An_administrator_sees_and_removes_it(Engine engine)
    {
        await using var server = await StartAsync(engine);
        var person = await Person.CreateAsync(server);
        var flow = await EnrollAsync(person);

        var factors = (await person.Management.GetAsync("/guardian/factors")).AsArray();
        ((string)factors[^1]!["name"]!, (bool)factors[^1]!["enabled"]!, factors.Count).ShouldBe((PigeonFactor.Name, true, 9));
        var method = (await person.Management.GetAsync(person.UserPath + "/authentication-methods")).AsArray().First(known => (string)known!["type"]! == PigeonFactor.Name)!;
        ((string)(await person.ListEnrollmentsAsync()).ShouldHaveSingleItem()!["id"]!).ShouldBe(flow.AuthenticatorId);
        (await person.Management.SendAsync(HttpMethod.Delete, $"{person.UserPath}/authentication-methods/{Uri.EscapeDataString((string)method["id"]!)}")).Status
            .ShouldBe(HttpStatusCode.NoContent);
        (await person.ListEnrollmentsAsync()).ShouldBeEmpty();
        (await person.Management.SendAsync(HttpMethod.Post, "/jobs/unenrollments", new { factor = PigeonFactor.Name, confirm = PigeonFactor.Name })).Status
            .ShouldBe(HttpStatusCode.Accepted);
    }

    /// <summary>The only line that the server would get.</summary>
    private static async Task<TestServer> StartAsync(Engine engine)
    {
        var server = await TestServer.StartAsync(engine, services => services.AddSingleton<PigeonLofts>().AddSingleton<IStoredFactor, PigeonFactor>());
        foreach (var (name, enabled) in new[] { ("otp", false), (PigeonFactor.Name, true) })
        {
            (await new ManagementApi(server).SendAsync(HttpMethod.Put, "/guardian/factors/" + name, new { enabled })).ShouldBe(HttpStatusCode.OK);
        }

        return server;
    }

    private static async Task<(Person Person, Flow Flow)> StartAsync(TestServer server)
    {
        var person = await Person.CreateAsync(server);
        return (person, await person.StartAsync());
    }

    private static async Task<Flow> EnrollAsync(Person person)
    {
        var flow = await person.StartAsync();
        (await SendAsync(person, flow)).ShouldBe(HttpStatusCode.OK);
        (await person.Guardian.VerifyAsync(flow, CodeOf(person.Server, flow.AuthenticatorId))).ShouldBe(HttpStatusCode.OK);
        return flow;
    }

    private static Task<Answer> SendAsync(Person person, Flow flow) => person.Guardian.SendAsync("send-" + PigeonFactor.Name, "Bearer " + flow.Token);

    private static string CodeOf(TestServer server, string authenticatorId) => server.Services.GetRequiredService<PigeonLofts>().Codes[authenticatorId];

    private static string WrongCode(TestServer server, string authenticatorId) => CodeOf(server, authenticatorId) == "000000" ? "000001" : "000000";
}

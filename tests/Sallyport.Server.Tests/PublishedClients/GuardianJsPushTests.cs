using System.Web;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.PublishedClients;

/// <summary>
/// Push with both versions of auth0-guardian-js, unmodified, in the role of the browser. The phone is a script that signs with Node's own cryptography
/// (scenarios C06 to C08).
/// </summary>
public sealed class GuardianJsPushTests(GuardianJsSocketTests.ServersOnPort80 servers) : IClassFixture<GuardianJsSocketTests.ServersOnPort80>
{
    /// <summary>0.2.5 cannot poll.</summary>
    public static TheoryData<Engine, string, string> Clients() => new()
    {
        { Engine.Sqlite, GuardianJs.First, "socket" },
        { Engine.PostgreSql, GuardianJs.First, "socket" },
        { Engine.Sqlite, GuardianJs.Last, "socket" },
        { Engine.PostgreSql, GuardianJs.Last, "socket" },
        { Engine.Sqlite, GuardianJs.Last, "polling" },
    };

    [Theory, MemberData(nameof(Clients))]
    public async Task A_phone_enrolls_with_the_URI_of_the_client_rejects_and_accepts(Engine engine, string package, string transport)
    {
        var server = await servers.GetAsync(engine);
        server.Clock.Run();
        var person = await Person.CreateAsync(server, prefix: "");
        await person.SetFactorAsync("push-notification", enabled: true);

        var result = await NodeClient.RunAsync("push", new
        {
            package,
            serviceUrl = server.Url,
            ticket = await person.NewTicketAsync(),
            transport,
            outbox = server.Options.OutboxDirectory,
        });

        result["methods"].Texts().Take(2).ShouldBe(["push", "otp"]);
        var uri = new Uri((string)result["uri"]!);
        (uri.Scheme, uri.Host).ShouldBe(("otpauth", "totp"));
        HttpUtility.ParseQueryString(uri.Query).AllKeys.ShouldContain("base_url");
        ((bool)result["authRequired"]!).ShouldBeTrue();
        ((string)result["recoveryCode"]!).ShouldMatch("^[A-Z0-9]{24}$");
        ((string)result["name"]!).ShouldBe("Phone of Node");
        result["enrolled"].Texts().ShouldBe(["push", "otp"]);
        var answers = result["answers"]!.AsArray();
        answers.Select(answer => (string)answer!["method"]!).ShouldAllBe(method => method == "push");
        answers.Select(answer => (bool)answer!["accepted"]!).ShouldBe([false, true]);
        await GuardianJs.ShouldBeSignedAsync(person, (string)answers[1]!["signature"]!);
    }
}

using System.Text.Json.Nodes;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.PublishedClients;

/// <summary>
/// Codes by email with both versions of auth0-guardian-js, unmodified. They have no method <c>email</c> and no call that sends such a code, but
/// their step for an authenticator app verifies it (docs/wire.md §1.4).
/// </summary>
public sealed class GuardianJsEmailTests(GuardianJsSocketTests.ServersOnPort80 servers) : IClassFixture<GuardianJsSocketTests.ServersOnPort80>
{
    /// <summary>0.2.5 cannot poll.</summary>
    public static TheoryData<Engine, string, string> Clients() => new()
    {
        { Engine.Sqlite, GuardianJs.First, "socket" },
        { Engine.PostgreSql, GuardianJs.First, "socket" },
        { Engine.Sqlite, GuardianJs.Last, "socket" },
        { Engine.PostgreSql, GuardianJs.Last, "socket" },
        { Engine.Sqlite, GuardianJs.Last, "polling" },
        { Engine.PostgreSql, GuardianJs.Last, "polling" },
    };

    [Theory, MemberData(nameof(Clients))]
    public async Task A_code_from_a_mail_enrolls_the_address(Engine engine, string package, string transport)
    {
        var person = await CreatePersonAsync(engine);

        var result = await RunAsync("email-enroll", person, package, transport);

        result["methods"].Texts().ShouldBe(["otp", "email"]);
        ((string)result["asEmail"]!["errorCode"]!).ShouldBe("method_not_found");
        result["order"].Texts().ShouldBe(["enrollment-complete", "auth-response"]);
        result["enrolled"].Texts().ShouldBe(["email"]);
        ((string)result["recoveryCode"]!).ShouldMatch("^[A-Z0-9]{24}$");
        await GuardianJs.ShouldBeSignedAsync(person, (string)result["auth"]!["signature"]!);
        ((string)(await person.ListEnrollmentsAsync()).ShouldHaveSingleItem()!["type"]!).ShouldBe("email");
    }

    /// <summary>The default method of the client is the first one of the server, which is the app although email is newer.</summary>
    [Theory, MemberData(nameof(Clients))]
    public async Task A_person_with_an_app_too_signs_in_with_a_code_from_a_mail(Engine engine, string package, string transport)
    {
        var person = await CreatePersonAsync(engine);
        await person.EnrollAsync();
        await person.EnrollEmailAsync(allowMultiple: true);

        var result = await RunAsync("email-login", person, package, transport);

        result["methods"].Texts().ShouldBe(["otp", "email"]);
        ((string)result["method"]!).ShouldBe("otp");
        ((string?)result["wrong"]?["errorCode"]).ShouldBe(transport == "polling" ? "invalid_otp" : null);
        ((bool)result["auth"]!["accepted"]!).ShouldBeTrue();
        await GuardianJs.ShouldBeSignedAsync(person, (string)result["auth"]!["signature"]!);
    }

    /// <summary>1.4.1 takes the code if its page chooses the method; 0.2.5 refuses each method before it sends anything.</summary>
    [Theory, MemberData(nameof(Clients))]
    public async Task A_person_with_email_only_signs_in_with_the_last_version_if_its_page_chooses_the_method(
        Engine engine, string package, string transport)
    {
        var person = await CreatePersonAsync(engine);
        await person.EnrollEmailAsync();

        var byDefault = await RunAsync("email-login", person, package, transport);
        var chosen = await RunAsync("email-login", person, package, transport, method: "otp");

        byDefault["methods"].Texts().ShouldBe(["email"]);
        ((string)byDefault["errorCode"]!).ShouldBe("method_not_found");
        ((string)chosen["errorCode"]!).ShouldBe(package == GuardianJs.First ? "auth_method_disabled" : "none");
        ((bool?)chosen["auth"]?["accepted"]).ShouldBe(package == GuardianJs.First ? null : true);
    }

    private static async Task<JsonNode> RunAsync(string scenario, Person person, string package, string transport, string? method = null) =>
        await NodeClient.RunAsync(scenario, new
        {
            package,
            serviceUrl = person.Server.Url + person.Prefix,
            ticket = await person.NewTicketAsync(),
            transport,
            method,
            outbox = person.Server.Options.OutboxDirectory,
            address = person.Address,
        });

    private async Task<Person> CreatePersonAsync(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        server.Clock.Run();
        var person = await Person.CreateAsync(server, prefix: "");
        await person.VerifyAddressAsync();
        return person;
    }
}

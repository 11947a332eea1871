using System.Net;
using System.Text.Json.Nodes;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.PublishedClients;

/// <summary>Codes by text message with both versions of auth0-guardian-js, unmodified (docs/wire.md §7.2, C05 and C26).</summary>
public sealed class GuardianJsSmsTests(GuardianJsSocketTests.ServersOnPort80 servers) : IClassFixture<GuardianJsSocketTests.ServersOnPort80>
{
    public static TheoryData<Engine, string, string> Clients() => GuardianJsEmailTests.Clients();

    [Theory, MemberData(nameof(Clients))]
    public async Task A_code_from_a_text_message_enrolls_the_phone(Engine engine, string package, string transport)
    {
        var phone = await CreateAsync(engine);

        var result = await RunAsync("sms-enroll", phone, package, transport);

        result["methods"].Texts().ShouldBe(["otp", "sms"]);
        ((string)result["refused"]!["errorCode"]!).ShouldBe("invalid_phone_number");
        ((int)result["refused"]!["statusCode"]!).ShouldBe(400);
        ((string)result["missing"]!["errorCode"]!).ShouldBe("field_required");
        result["uri"].ShouldBeNull();
        ((string?)result["wrong"]?["errorCode"]).ShouldBe(transport == "polling" ? "invalid_otp" : null);
        result["order"].Texts().ShouldBe(["enrollment-complete", "auth-response"]);
        ((string)result["number"]!).ShouldBe(phone.Masked);
        result["enrolled"].Texts().ShouldBe(["sms"]);
        ((string)result["recoveryCode"]!).ShouldMatch("^[A-Z0-9]{24}$");
        ((bool)result["authRequired"]!).ShouldBeFalse();
        PhoneOutbox.ListTo(phone.Person.Server, phone.Number).Count.ShouldBe(1);
        await GuardianJs.ShouldBeSignedAsync(phone.Person, (string)result["auth"]!["signature"]!);
        ((string)(await phone.Person.ListEnrollmentsAsync()).ShouldHaveSingleItem()!["type"]!).ShouldBe("sms");
    }

    [Theory, MemberData(nameof(Clients))]
    public async Task A_person_signs_in_with_a_code_from_a_text_message(Engine engine, string package, string transport)
    {
        var phone = await CreateAsync(engine);
        await phone.EnrollAsync();

        var result = await RunAsync("sms-login", phone, package, transport);

        result["methods"].Texts().ShouldBe(["sms"]);
        ((string)result["method"]!).ShouldBe("sms");
        ((string)result["number"]!).ShouldBe(phone.Masked);
        ((string)result["again"]!["errorCode"]!).ShouldBe("too_many_sms");
        ((int)result["again"]!["statusCode"]!).ShouldBe(429);
        ((string?)result["wrong"]?["errorCode"]).ShouldBe(transport == "polling" ? "invalid_otp" : null);
        ((bool)result["auth"]!["accepted"]!).ShouldBeTrue();
        await GuardianJs.ShouldBeSignedAsync(phone.Person, (string)result["auth"]!["signature"]!);
    }

    /// <summary>1.4.1 takes the number of digits from the server; a code of another length is not sent.</summary>
    [Theory, Engines]
    public async Task A_code_has_the_length_that_the_tenant_has_set(Engine engine)
    {
        var phone = await CreateAsync(engine);
        await SetLengthAsync(phone, 8);
        try
        {
            var result = await RunAsync("sms-enroll", phone, GuardianJs.Last, "socket");

            ((bool)result["auth"]!["accepted"]!).ShouldBeTrue();
        }
        finally
        {
            await SetLengthAsync(phone, 6);
        }
    }

    private static async Task SetLengthAsync(PhonePerson phone, int length) =>
        (await phone.Person.Management.SendAsync(
            HttpMethod.Put, "/guardian/factors/phone/settings", new { otp_length = length, otp_expiration_time = 300 })).ShouldBe(HttpStatusCode.OK);

    private static async Task<JsonNode> RunAsync(string scenario, PhonePerson phone, string package, string transport) =>
        await NodeClient.RunAsync(scenario, new
        {
            package,
            serviceUrl = phone.Person.Server.Url + phone.Person.Prefix,
            ticket = await phone.Person.NewTicketAsync(),
            transport,
            outbox = phone.Person.Server.Options.OutboxDirectory,
            number = phone.Number,
        });

    private async Task<PhonePerson> CreateAsync(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        server.Clock.Run();
        return await PhonePerson.CreateAsync(server, prefix: "");
    }
}

using System.Net;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Factors.Sms;

/// <summary>Codes by call, and the choice between the two ways to reach a phone.</summary>
public sealed class CallTests
{
    [Theory, Engines]
    public async Task A_call_speaks_each_digit_with_a_pause_and_its_code_is_accepted(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var phone = await CreateAsync(server, "sms", "voice");
        var login = await phone.Person.StartAsync();
        login.Json["factor_settings"]!["phone"]!["message_types"].Texts().ShouldBe(["sms", "voice"]);

        var call = await phone.MessageOfAsync(() => phone.SendAsync(login, "voice"));

        ((string)call["channel"]!).ShouldBe("voice");
        var code = PhoneOutbox.CodeIn(call);
        var spoken = string.Join(". ", code.ToCharArray()) + ".";
        ((string)call["text"]!).ShouldContain($"... {spoken} ...");
        (await phone.Person.Guardian.VerifyAsync(login, code)).ShouldBe(HttpStatusCode.OK);
        (await phone.Person.ListGuardianLogAsync()).ShouldContain("gd_send_voice");
    }

    [Theory, Engines]
    public async Task A_way_that_the_tenant_does_not_allow_is_not_taken(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var phone = await CreateAsync(server);
        var login = await phone.Person.StartAsync();

        (await phone.SendAsync(login, "voice")).ShouldBeError(HttpStatusCode.NotFound, "enrollment_not_found");
        (await phone.Person.SendAsync("send-sms", login, new { message_type = "voice" })).ShouldBeError(HttpStatusCode.NotFound, "enrollment_not_found");
        (await phone.Person.SendAsync("send-sms", login, new { message_type = "fax" })).ShouldBeError(HttpStatusCode.BadRequest, "invalid_body");

        (await PhonePerson.SetMessageTypesAsync(phone.Person, "voice")).ShouldBe(HttpStatusCode.OK);
        var call = await phone.MessageOfAsync(() => phone.SendAsync(login));
        ((string)call["channel"]!).ShouldBe("voice");
    }

    [Theory, Engines]
    public async Task Without_a_choice_the_preferred_way_is_taken_as_long_as_the_tenant_allows_it(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var phone = await CreateAsync(server, "sms", "voice");
        var id = (string)(await phone.Person.ListEnrollmentsAsync())[0]!["id"]!;
        (await phone.Person.Management.SendAsync(
            HttpMethod.Patch, $"{phone.Person.UserPath}/authentication-methods/{Uri.EscapeDataString("voice|" + id)}", new { preferred_authentication_method = "voice" }))
            .ShouldBe(HttpStatusCode.OK);

        (await ChannelAsync(phone, null)).ShouldBe("voice");
        (await ChannelAsync(phone, "sms")).ShouldBe("sms");
        (await PhonePerson.SetMessageTypesAsync(phone.Person, "sms")).ShouldBe(HttpStatusCode.OK);
        (await ChannelAsync(phone, null)).ShouldBe("sms");
    }

    [Theory, Engines]
    public async Task A_phone_that_was_enrolled_by_call_is_called_from_then_on(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var phone = await PhonePerson.CreateAsync(server);
        (await PhonePerson.SetMessageTypesAsync(phone.Person, "sms", "voice")).ShouldBe(HttpStatusCode.OK);
        var flow = await phone.Person.StartAsync();

        var code = await phone.CodeOfAsync(() => phone.Person.SendAsync(
            $"device-accounts/{flow.AuthenticatorId}/sms-enroll", flow, new { phone_number = phone.Number, message_type = "voice" }));

        (await phone.Person.Guardian.VerifyAsync(flow, code)).ShouldBe(HttpStatusCode.OK);
        (await ChannelAsync(phone, null)).ShouldBe("voice");
    }

    [Theory, Engines]
    public async Task With_both_ways_the_management_API_shows_a_pair_that_is_removed_together(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var phone = await CreateAsync(server, "sms", "voice");
        var id = (string)(await phone.Person.ListEnrollmentsAsync())[0]!["id"]!;

        var method = (await phone.Person.Management.GetAsync(phone.Person.UserPath + "/authentication-methods")).AsArray()
            .Single(item => (string)item!["type"]! == "phone")!;

        ((string)method["id"]!).ShouldBe("phone|" + id);
        method["authentication_methods"]!.AsArray().Select(part => (string)part!["id"]!).ShouldBe(["sms|" + id, "voice|" + id]);
        (await phone.Person.Management.SendAsync(
            HttpMethod.Delete, $"{phone.Person.UserPath}/authentication-methods/{Uri.EscapeDataString("voice|" + id)}")).Status.ShouldBe(HttpStatusCode.NoContent);
        (await phone.Person.CountAsync("authenticator")).ShouldBe(0);
    }

    /// <summary>A text message and a call share one limit, and one pause.</summary>
    [Theory, Engines]
    public async Task A_call_counts_as_a_message(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var phone = await CreateAsync(server, "sms", "voice");
        var login = await phone.Person.StartAsync();
        (await phone.SendAsync(login)).ShouldBe(HttpStatusCode.OK);

        (await phone.SendAsync(login, "voice")).ShouldBeError(HttpStatusCode.TooManyRequests, "too_many_sms");

        for (var sent = 2; sent < 10; sent++)
        {
            (await phone.SendAsync(await phone.Person.StartAsync(), sent % 2 == 0 ? "voice" : "sms")).ShouldBe(HttpStatusCode.OK);
        }

        (await phone.SendAsync(await phone.Person.StartAsync(), "voice")).ShouldBeError(HttpStatusCode.TooManyRequests, "too_many_sms");
    }

    /// <returns>The channel of the message for a new sign-in.</returns>
    private static async Task<string> ChannelAsync(PhonePerson phone, string? messageType)
    {
        var login = await phone.Person.StartAsync();
        var message = await phone.MessageOfAsync(() => messageType is null
            ? phone.SendAsync(login)
            : phone.Person.SendAsync("send-sms", login, new { message_type = messageType }));
        return (string)message["channel"]!;
    }

    /// <summary>A person whose phone is enrolled.</summary>
    private static async Task<PhonePerson> CreateAsync(TestServer server, params string[] messageTypes)
    {
        var phone = await PhonePerson.CreateAsync(server);
        (await PhonePerson.SetMessageTypesAsync(phone.Person, messageTypes)).ShouldBe(HttpStatusCode.OK);
        await phone.EnrollAsync();
        return phone;
    }
}

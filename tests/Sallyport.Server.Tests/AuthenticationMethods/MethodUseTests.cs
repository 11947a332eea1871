using System.Net;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.AuthenticationMethods;

/// <summary>The effects of a created method for its user.</summary>
public sealed class MethodUseTests(Servers servers) : IClassFixture<Servers>
{
    [Theory, EnginesAndBases]
    public async Task A_code_of_a_created_TOTP_method_is_accepted_at_once_and_only_once(Engine engine, string prefix)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine), prefix);
        await person.AddMethodAsync(MethodScene.Totp);
        var (login, again) = (await person.StartAsync(), await person.StartAsync());
        var code = person.Guardian.CodeOf(MethodScene.TotpKey);

        login.IsEnrolling.ShouldBeFalse();
        login.Json["available_authentication_methods"].Texts().ShouldBe(["otp"]);
        (await person.Guardian.VerifyAsync(login, code)).ShouldBe(HttpStatusCode.OK);
        (await person.Guardian.VerifyAsync(again, code)).ShouldBeError(HttpStatusCode.Forbidden, "invalid_otp");

        var state = await person.Guardian.GetStateAsync(login);
        ((string)state["state"]!).ShouldBe("accepted");
        ((string)state["token"]!).Split('.').Length.ShouldBe(3);
        (await person.ListMethodsAsync())[0]!["last_auth_at"].ShouldNotBeNull();
    }

    /// <summary>A key in groups, in lower case and with padding is the same key.</summary>
    [Theory, Engines]
    public async Task A_key_may_be_written_as_people_copy_it(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        await person.AddMethodAsync(new { type = "totp", totp_secret = "jbsw y3dp ehpk 3pxp-jbsw-y3dp-ehpk-3pxp" });

        (await person.PostMethodAsync(MethodScene.Totp)).ShouldBeError(HttpStatusCode.Conflict, "authentication_method_exists");

        (await person.Guardian.VerifyAsync(await person.StartAsync(), person.Guardian.CodeOf(MethodScene.TotpKey))).ShouldBe(HttpStatusCode.OK);
    }

    /// <summary>RFC 4648 never produces a key of 17 symbols, but services do, and apps accept it.</summary>
    [Theory, Engines]
    public async Task A_key_need_not_be_a_whole_number_of_bytes(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        await person.AddMethodAsync(new { type = "totp", totp_secret = "JBSWY3DPEHPK3PXPJ" });

        (await person.Guardian.VerifyAsync(await person.StartAsync(), person.Guardian.CodeOf([.. "Hello!"u8, 0xDE, 0xAD, 0xBE, 0xEF]))).ShouldBe(HttpStatusCode.OK);
    }

    /// <summary>A passkey is a first factor, so its user may still enroll a second one.</summary>
    [Theory, Engines]
    public async Task A_passkey_does_not_count_as_a_second_factor(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        var id = await person.AddMethodAsync(MethodScene.SecurityKey("cGFzc2tleS1vbmU", "passkey"));

        (await person.ListEnrollmentsAsync()).ShouldBeEmpty();
        (await person.Management.GetAsync(person.UserPath))["multifactor"].ShouldBeNull();
        (await person.Management.SendAsync(HttpMethod.Get, "/guardian/enrollments/" + id["passkey|".Length..])).Status.ShouldBe(HttpStatusCode.NotFound);
        var flow = await person.EnrollAsync();

        (await person.ListEnrollmentsAsync()).Select(e => (string)e!["id"]!).ShouldBe([flow.AuthenticatorId]);
        (await person.Management.SendAsync(HttpMethod.Delete, person.UserPath + "/authenticators")).ShouldBe(HttpStatusCode.NoContent);
        (await person.ListMethodsAsync()).Select(method => (string)method!["id"]!).ShouldBe([id]);
    }

    /// <summary>An enrollment that was started and never confirmed must not count.</summary>
    [Theory, Engines]
    public async Task A_pending_method_is_listed_as_unconfirmed_and_has_no_effect(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        var flow = await person.StartAsync();

        var begun = (await person.ListMethodsAsync()).ShouldHaveSingleItem()!;

        ((string)begun["id"]!).ShouldBe("totp|" + flow.AuthenticatorId);
        ((bool)begun["confirmed"]!).ShouldBeFalse();
        begun["enrolled_at"].ShouldBeNull();
        (await person.Management.GetAsync(person.UserPath))["multifactor"].ShouldBeNull();
        (await person.Guardian.VerifyAsync(flow, person.Guardian.CodeOf(flow))).ShouldBe(HttpStatusCode.OK);
        (await person.ListMethodsAsync()).Select(method => ((string)method!["type"]!, (bool)method["confirmed"]!))
            .ShouldBe([("totp", true), ("recovery-code", true)], ignoreOrder: true);
    }
}

using System.Net;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Factors.WebAuthn;

public sealed class WebAuthnEnrollmentTests(Servers servers) : IClassFixture<Servers>
{
    [Theory, Engines]
    public async Task A_person_registers_a_key_and_signs_in_with_it(Engine engine)
    {
        var scene = await WebAuthnScene.CreateAsync(servers, engine);
        var flow = await scene.Person.StartAsync();
        flow.Json["available_enrollment_methods"].Texts().ShouldBe(["otp", "webauthn-roaming"]);
        flow.RecoveryCode!.Length.ShouldBe(24);
        var key = scene.NewKey();

        var registered = await scene.RegisterAsync(flow, key);

        ((string)registered.ShouldBe(HttpStatusCode.OK)["name"]!).ShouldBe("Security key");
        (await scene.StateAsync(flow)).ShouldBe("accepted");
        var enrollment = (await scene.Person.ListEnrollmentsAsync()).Single()!;
        ((string)enrollment["auth_method"]!).ShouldBe("webauthn-roaming");
        ((string)enrollment["name"]!).ShouldBe("Security key");
        (await scene.Person.CountAsync("authenticator", "status = 'pending'")).ShouldBe(0);
        var login = await scene.Person.StartAsync();
        login.Json["device_account"]!["available_authenticator_types"].Texts().ShouldBe(["webauthn-roaming", "recovery-code"]);
        (await scene.AssertAsync(login, key)).ShouldBe(HttpStatusCode.OK).AsObject().ShouldBeEmpty();
        (await scene.StateAsync(login)).ShouldBe("accepted");
        (await scene.Person.ListGuardianLogAsync()).ShouldBe(["gd_start_enroll", "gd_enrollment_complete", "gd_start_auth", "gd_auth_succeed"]);
    }

    [Theory, Engines]
    public async Task The_browser_gets_what_the_settings_say(Engine engine)
    {
        var scene = await WebAuthnScene.CreateAsync(servers, engine);
        await SetAsync(scene, new { userVerification = "required", allowedAaguids = new[] { "fa2b99dc-9e39-4257-8f92-4a30d23c4118" } });

        var answer = (await scene.TryChallengeAsync(await scene.Person.StartAsync())).ShouldBe(HttpStatusCode.OK);
        await SetAsync(scene, new { userVerification = "discouraged", allowedAaguids = Array.Empty<string>() });
        var usual = await scene.ChallengeAsync(await scene.Person.StartAsync());

        var options = answer["public_key"]!;
        ((string)answer["ceremony"]!).ShouldBe("create");
        ((string)options["rp"]!["id"]!).ShouldBe("localhost");
        options["pubKeyCredParams"]!.AsArray().Select(parameter => (int)parameter!["alg"]!).ShouldBe([-7, -8, -257]);
        ((string)options["attestation"]!).ShouldBe("direct");
        ((string)options["authenticatorSelection"]!["userVerification"]!).ShouldBe("required");
        ((string)options["authenticatorSelection"]!["residentKey"]!).ShouldBe("preferred");
        ((string)options["authenticatorSelection"]!["authenticatorAttachment"]!).ShouldBe("cross-platform");
        ((string)options["user"]!["name"]!).ShouldContain("@example.com");
        ((string)usual["attestation"]!).ShouldBe("none");
        ((string)usual["authenticatorSelection"]!["userVerification"]!).ShouldBe("discouraged");
        ((string)usual["challenge"]!).ShouldNotBe((string)options["challenge"]!);
        scene.Person.UserId.ShouldNotContain((string)options["user"]!["id"]!);
    }

    [Theory, Engines]
    public async Task A_required_user_verification_is_checked_in_both_ceremonies(Engine engine)
    {
        var scene = await WebAuthnScene.CreateAsync(servers, engine);
        var key = await scene.EnrollAsync();
        await SetAsync(scene, new { userVerification = "required" });

        var refusedLogin = await scene.AssertAsync(await scene.Person.StartAsync(), key);
        var refusedEnrollment = await scene.RegisterAsync(await scene.Person.StartAsync(allowMultiple: true), scene.NewKey());
        key.IsVerified = true;
        var login = await scene.AssertAsync(await scene.Person.StartAsync(), key);
        await SetAsync(scene, new { userVerification = "discouraged" });

        refusedLogin.ShouldBeError(HttpStatusCode.Forbidden, "invalid_credential");
        refusedEnrollment.ShouldBeError(HttpStatusCode.Forbidden, "invalid_credential");
        login.ShouldBe(HttpStatusCode.OK);
        ((string)(await scene.LastLogDetailsAsync("gd_webauthn_enrollment_failed"))["reason"]!).ShouldBe("user_verification");
    }

    [Theory, Engines]
    public async Task Several_keys_have_names_of_their_own_and_one_handle(Engine engine)
    {
        var scene = await WebAuthnScene.CreateAsync(servers, engine);
        var first = await scene.EnrollAsync();
        var flow = await scene.Person.StartAsync(allowMultiple: true);
        var options = await scene.ChallengeAsync(flow);
        options["excludeCredentials"]!.AsArray().Select(excluded => (string)excluded!["id"]!).ShouldBe([first.KeyId]);
        options["excludeCredentials"]![0]!["transports"].Texts().ShouldBe(["usb", "nfc"]);
        var second = scene.NewKey();

        ((string)(await scene.VerifyAsync(flow, second.Register(options))).ShouldBe(HttpStatusCode.OK)["name"]!).ShouldBe("Security key 2");
        (await scene.Person.SendAsync("webauthn/name", flow, new { name = "Work 鍵 🔑" })).ShouldBe(HttpStatusCode.OK);

        (await scene.Person.ListEnrollmentsAsync()).Select(enrollment => (string)enrollment!["name"]!).ShouldBe(["Security key", "Work 鍵 🔑"], ignoreOrder: true);
        (await scene.Person.CountAsync("authenticator", $"data LIKE '%{(string)options["user"]!["id"]!}%'")).ShouldBe(2, "the handle");
        var login = await scene.Person.StartAsync();
        var request = await scene.ChallengeAsync(login);
        request["allowCredentials"]!.AsArray().Select(allowed => (string)allowed!["id"]!).ShouldBe([second.KeyId, first.KeyId], ignoreOrder: true);
        (await scene.VerifyAsync(login, first.Assert(request))).ShouldBe(HttpStatusCode.OK);
        (await scene.AssertAsync(await scene.Person.StartAsync(), second)).ShouldBe(HttpStatusCode.OK);
    }

    [Theory, Engines]
    public async Task Only_the_enrollment_that_has_made_a_key_names_it(Engine engine)
    {
        var scene = await WebAuthnScene.CreateAsync(servers, engine);
        var pending = await scene.Person.StartAsync();
        var beforeEnrollment = await scene.Person.SendAsync("webauthn/name", pending, new { name = "Early" });
        var key = await scene.EnrollAsync();
        var login = await scene.Person.StartAsync();
        (await scene.AssertAsync(login, key)).ShouldBe(HttpStatusCode.OK);

        beforeEnrollment.ShouldBeError(HttpStatusCode.NotFound, "enrollment_not_found");
        (await scene.Person.SendAsync("webauthn/name", login, new { name = "Mine" })).ShouldBeError(HttpStatusCode.NotFound, "enrollment_not_found");
        foreach (var name in new object?[] { "", " ", " a", "a ", "a\nb", "a\u0007", "\u0007", new string('x', 41), null, 5 })
        {
            (await scene.Person.SendAsync("webauthn/name", login, new { name })).ShouldBeError(HttpStatusCode.BadRequest, "invalid_body");
        }

        (await scene.Person.ListEnrollmentsAsync()).Select(enrollment => (string)enrollment!["name"]!).ShouldBe(["Security key"]);
    }

    [Theory, Engines]
    public async Task A_device_is_offered_beside_another_factor_or_if_the_ticket_names_it(Engine engine)
    {
        var scene = await WebAuthnScene.CreateAsync(servers, engine);
        var named = await scene.StartAsync(WebAuthnScene.Platform);
        var roaming = await scene.StartAsync(WebAuthnScene.Roaming);
        (await scene.TryChallengeAsync(roaming, WebAuthnScene.Platform)).ShouldBeError(HttpStatusCode.NotFound, "enrollment_not_found");
        named.Json["available_enrollment_methods"].Texts().ShouldBe(["webauthn-platform"]);
        roaming.Json["available_enrollment_methods"].Texts().ShouldBe(["webauthn-roaming"]);
        var first = await scene.EnrollAsync();

        var beside = await scene.Person.StartAsync(allowMultiple: true);
        beside.Json["available_enrollment_methods"].Texts().ShouldBe(["otp", "webauthn-roaming", "webauthn-platform"]);
        var device = scene.NewKey();
        device.IsVerified = true;
        var options = await scene.ChallengeAsync(beside, WebAuthnScene.Platform);
        ((string)options["authenticatorSelection"]!["authenticatorAttachment"]!).ShouldBe("platform");
        ((string)options["authenticatorSelection"]!["userVerification"]!).ShouldBe("required");
        options["excludeCredentials"]!.AsArray().Select(excluded => (string)excluded!["id"]!).ShouldBe([first.KeyId]);
        ((string)(await scene.VerifyAsync(beside, device.Register(options))).ShouldBe(HttpStatusCode.OK)["name"]!).ShouldBe("Device");

        var login = await scene.Person.StartAsync();
        login.Json["available_authentication_methods"].Texts().ShouldBe(["webauthn-roaming", "webauthn-platform"]);
        (await scene.AssertAsync(login, device, WebAuthnScene.Platform)).ShouldBe(HttpStatusCode.OK);
    }

    [Theory, Engines]
    public async Task A_registration_that_was_used_is_refused_in_its_own_and_in_another_enrollment(Engine engine)
    {
        var scene = await WebAuthnScene.CreateAsync(servers, engine);
        var (flow, other) = (await scene.Person.StartAsync(allowMultiple: true), await scene.Person.StartAsync(allowMultiple: true));
        var credential = scene.NewKey().Register(await scene.ChallengeAsync(flow));
        await scene.ChallengeAsync(other);
        (await scene.VerifyAsync(flow, credential)).ShouldBe(HttpStatusCode.OK);

        (await scene.VerifyAsync(flow, credential)).Status.ShouldBeOneOf(HttpStatusCode.Forbidden, HttpStatusCode.Conflict);
        (await scene.VerifyAsync(other, credential)).ShouldBeError(HttpStatusCode.Forbidden, "invalid_credential");

        (await scene.Person.ListEnrollmentsAsync()).Count.ShouldBe(1);
        ((string)(await scene.LastLogDetailsAsync("gd_webauthn_enrollment_failed"))["reason"]!).ShouldBe("challenge");
    }

    [Theory, Engines]
    public async Task A_credential_of_another_user_is_not_registered_again(Engine engine)
    {
        var (owner, other) = (await WebAuthnScene.CreateAsync(servers, engine), await WebAuthnScene.CreateAsync(servers, engine));
        var key = await owner.EnrollAsync();

        var answer = await other.RegisterAsync(await other.Person.StartAsync(), key);

        answer.ShouldBeError(HttpStatusCode.Forbidden, "invalid_credential");
        (await other.Person.ListEnrollmentsAsync()).ShouldBeEmpty();
        ((string)(await other.LastLogDetailsAsync("gd_webauthn_enrollment_failed"))["reason"]!).ShouldBe("already_registered");
        (await owner.AssertAsync(await owner.Person.StartAsync(), key)).ShouldBe(HttpStatusCode.OK);
    }

    [Theory, Engines]
    public async Task Only_one_of_sixteen_users_who_register_the_same_credential_at_once_gets_it(Engine engine)
    {
        var scenes = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => WebAuthnScene.CreateAsync(servers, engine)));
        var key = scenes[0].NewKey();
        var flows = await Task.WhenAll(scenes.Select(scene => scene.Person.StartAsync()));
        var options = await Task.WhenAll(scenes.Zip(flows, (scene, flow) => scene.ChallengeAsync(flow)));

        var answers = await Task.WhenAll(scenes.Select((scene, i) => scene.VerifyAsync(flows[i], key.Register(options[i]))));

        answers.Count(answer => answer.Status == HttpStatusCode.OK).ShouldBe(1);
        answers.Where(answer => answer.Status != HttpStatusCode.OK).ShouldAllBe(answer => answer.Status == HttpStatusCode.Forbidden);
    }

    [Theory, Engines]
    public async Task Ten_refused_registrations_end_the_enrollment_and_cost_no_attempt_at_sign_in(Engine engine)
    {
        var scene = await WebAuthnScene.CreateAsync(servers, engine);
        var key = await scene.EnrollAsync();
        var flow = await scene.Person.StartAsync(allowMultiple: true);
        var hostile = scene.NewKey();
        hostile.Origin = "https://example.org";
        for (var i = 0; i < 10; i++)
        {
            (await scene.RegisterAsync(flow, hostile)).ShouldBeError(HttpStatusCode.Forbidden, "invalid_credential");
        }

        (await scene.TryChallengeAsync(flow)).ShouldBeError(HttpStatusCode.Unauthorized, "invalid_token");
        scene.Person.Clock.Advance(TimeSpan.FromMinutes(1));
        (await scene.AssertAsync(await scene.Person.StartAsync(), key)).ShouldBe(HttpStatusCode.OK);
    }

    [Theory, Engines]
    public async Task A_factor_that_is_off_is_neither_offered_nor_challenged(Engine engine)
    {
        var scene = await WebAuthnScene.CreateAsync(servers, engine);
        var key = await scene.EnrollAsync();
        var login = await scene.Person.StartAsync();
        var options = await scene.ChallengeAsync(login);
        await scene.Person.SetFactorAsync("webauthn-roaming", enabled: false);

        var verified = await scene.VerifyAsync(login, key.Assert(options));
        var challenged = await scene.TryChallengeAsync(login);
        var later = await scene.Person.StartAsync();
        await scene.Person.SetFactorAsync("webauthn-roaming", enabled: true);

        verified.ShouldBeError(HttpStatusCode.Forbidden, "invalid_credential");
        challenged.ShouldBeError(HttpStatusCode.NotFound, "enrollment_not_found");
        later.Json["available_authentication_methods"].Texts().ShouldBeEmpty();
    }

    /// <summary>Credentials are bound to a domain, and an IP address is none.</summary>
    [Theory, Engines]
    public async Task A_server_without_a_domain_offers_no_key(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        await person.SetFactorAsync("webauthn-roaming", enabled: true);

        (await person.StartAsync()).Json["available_enrollment_methods"].Texts().ShouldNotContain("webauthn-roaming");
        await person.SetFactorAsync("webauthn-roaming", enabled: false);
    }

    [Theory, Engines]
    public async Task A_relying_party_that_is_no_suffix_of_the_host_is_not_used(Engine engine)
    {
        var scene = await WebAuthnScene.CreateAsync(servers, engine);
        await SetAsync(scene, new { overrideRelyingParty = true, relyingPartyIdentifier = "example.com" });

        var answer = await scene.TryChallengeAsync(await scene.Person.StartAsync());
        await SetAsync(scene, new { overrideRelyingParty = false });

        answer.ShouldBeError(HttpStatusCode.NotFound, "enrollment_not_found");
    }

    private static async Task SetAsync(WebAuthnScene scene, object settings) =>
        (await scene.Person.Management.SendAsync(HttpMethod.Put, "/guardian/factors/webauthn-roaming/settings", settings)).ShouldBe(HttpStatusCode.OK);
}

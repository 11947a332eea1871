using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Factors.Push;

/// <summary>docs/wire.md §4.3: a phone enrolls itself.</summary>
public sealed class PushEnrollmentTests(Servers servers) : IClassFixture<Servers>
{
    [Theory, Engines]
    public async Task The_page_gets_the_addresses_of_the_app_while_a_phone_can_be_enrolled(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var person = await Person.CreateAsync(server);
        await person.SetFactorAsync("push-notification", enabled: true);
        (await person.StartAsync()).Json["push_app"].ShouldBeNull("Nothing is set.");
        var app = new { app_name = "Acme Auth", apple_app_link = "https://apps.apple.com/app/acme/id1" };
        (await person.Management.SendAsync(HttpMethod.Patch, "/prompts/mfa-push", app)).ShouldBe(HttpStatusCode.OK);

        var shown = (await person.StartAsync()).Json["push_app"];
        await Phone.EnrollAsync(person);
        var enrolled = (await person.StartAsync()).Json["push_app"];
        await person.SetFactorAsync("push-notification", enabled: false);
        var switchedOff = (await person.StartAsync(allowMultiple: true)).Json["push_app"];

        shown!.ToJsonString().ShouldBe("""{"app_name":"Acme Auth","apple_app_link":"https://apps.apple.com/app/acme/id1"}""");
        enrolled.ShouldBeNull();
        switchedOff.ShouldBeNull();
    }

    [Theory, EnginesAndBases]
    public async Task A_phone_enrolls_with_the_id_in_the_qr_code_and_the_transaction_stays_pending(Engine engine, string prefix)
    {
        var person = await CreateAsync(engine, prefix);

        var flow = await person.StartAsync();
        flow.Json["available_enrollment_methods"].Texts().ShouldBe(["push", "otp"]);
        ((bool?)(await person.Guardian.GetStateAsync(flow)).AsObject().ContainsKey("enrollment")).ShouldBe(false);
        var phone = Phone.Of(person);
        var account = (await phone.EnrollAsync(flow)).ShouldBe(HttpStatusCode.Created);

        account.Names().ShouldBe(["id", "issuer", "token", "totp", "url", "user_id"]);
        ((string)account["user_id"]!).ShouldBe(person.UserId);
        account["totp"]!.ToJsonString().ShouldBe(
            new JsonObject { ["secret"] = flow.Json["device_account"]!["otp_secret"]!.DeepClone(), ["algorithm"] = "sha1", ["digits"] = 6, ["period"] = 30 }.ToJsonString());
        var state = await person.Guardian.GetStateAsync(flow);
        ((string)state["state"]!).ShouldBe("pending");
        ((string)state["enrollment"]!["name"]!).ShouldBe("Ann's phone");
        state["enrollment"]!["available_authenticator_types"].Texts().ShouldBe(["push", "otp", "recovery-code"]);
        (await person.ListGuardianLogAsync()).ShouldBe(["gd_start_enroll", "gd_enrollment_complete"]);
        var enrollment = (await person.ListEnrollmentsAsync()).ShouldHaveSingleItem()!;
        ((string)enrollment["id"]!).ShouldBe(phone.Id);
        ((string)enrollment["auth_method"]!).ShouldBe("guardian");
        var methods = (await person.Management.GetAsync(person.UserPath + "/authentication-methods")).AsArray();
        methods.Where(method => (string?)method!["link_id"] == phone.Id).Select(method => (string)method!["type"]!).Order().ShouldBe(["push", "totp"]);
    }

    /// <summary>The same ticket cannot enroll a second phone, in sequence or at once (CVE-2026-37982).</summary>
    [Theory, Engines]
    public async Task Only_one_of_many_concurrent_phones_is_enrolled(Engine engine)
    {
        var person = await CreateAsync(engine);
        var ticket = await person.NewTicketAsync();
        var flows = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => person.Guardian.StartAsync(ticket)));

        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(n => n < 12
            ? Phone.Of(person).EnrollAsync(flows[n % flows.Length])
            : Phone.Of(person).EnrollAsync(ticket)));
        var late = await Phone.Of(person).EnrollAsync(flows[0]);

        answers.Count(answer => answer.Status == HttpStatusCode.Created).ShouldBe(1);
        answers.ShouldAllBe(answer => answer.Status == HttpStatusCode.Created || answer.Status == HttpStatusCode.Conflict || answer.Status == HttpStatusCode.NotFound);
        late.ShouldBeError(HttpStatusCode.Conflict, "device_account_conflict");
        (await person.CountAsync("authenticator", "factor = 'push-notification' AND status = 'confirmed'")).ShouldBe(1);
        (await person.CountAsync("authenticator", "factor = 'otp' AND status = 'confirmed'")).ShouldBe(1);
        (await person.CountAsync("authenticator", "factor = 'recovery-code' AND status = 'confirmed'")).ShouldBe(1);
    }

    [Theory, Engines]
    public async Task A_phone_and_a_code_race_for_one_enrollment_and_one_of_them_wins(Engine engine)
    {
        var person = await CreateAsync(engine);
        var flow = await person.StartAsync();
        var code = person.Guardian.CodeOf(flow);

        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(n => n % 2 == 0
            ? Phone.Of(person).EnrollAsync(flow)
            : person.Guardian.VerifyAsync(flow, code)));

        answers.Count(answer => answer.Status is HttpStatusCode.Created).ShouldBeLessThanOrEqualTo(1);
        (await person.CountAsync("authenticator", "is_enrollment AND status = 'confirmed'")).ShouldBe(1);
        (await person.CountAsync("authenticator", "status = 'pending'")).ShouldBe(0);
        (await person.ListGuardianLogAsync()).Count(type => type == "gd_enrollment_complete").ShouldBe(1);
    }

    [Theory, Engines]
    public async Task A_ticket_in_place_of_the_id_enrolls_as_well(Engine engine)
    {
        var person = await CreateAsync(engine);
        var ticket = await person.NewTicketAsync();

        (await Phone.Of(person).EnrollAsync(ticket)).ShouldBe(HttpStatusCode.Created);

        (await Phone.Of(person).EnrollAsync(ticket)).ShouldBeError(HttpStatusCode.NotFound, "enrollment_transaction_not_found");
        (await person.Guardian.StartFlowAsync(ticket)).ShouldBeError(HttpStatusCode.Unauthorized, "invalid_token");
    }

    [Theory, Engines]
    public async Task Unknown_expired_and_withdrawn_ids_enroll_nothing(Engine engine)
    {
        var person = await CreateAsync(engine);
        var expired = await person.StartAsync();
        person.Clock.Advance(TimeSpan.FromMinutes(31));
        var withdrawn = await person.StartAsync();
        (await person.Management.SendAsync(HttpMethod.Delete, "/guardian/enrollments/tickets?user_id=" + Uri.EscapeDataString(person.UserId)))
            .ShouldBe(HttpStatusCode.NoContent);

        foreach (var answer in new[]
        {
            await Phone.Of(person).EnrollAsync("unknown"), await Phone.Of(person).EnrollAsync(expired), await Phone.Of(person).EnrollAsync(withdrawn),
        })
        {
            answer.ShouldBeError(HttpStatusCode.NotFound, "enrollment_transaction_not_found");
        }

        (await person.ListEnrollmentsAsync()).ShouldBeEmpty();
    }

    /// <summary>CVE-2022-23555: an invitation for one factor enrolls no other.</summary>
    [Theory, Engines]
    public async Task A_ticket_for_another_factor_enrolls_no_phone(Engine engine)
    {
        var person = await CreateAsync(engine);
        var ticket = (string)(await person.Management.SendAsync(
            HttpMethod.Post, "/guardian/enrollments/ticket", new { user_id = person.UserId, factor = "otp" })).ShouldBe(HttpStatusCode.OK)["ticket_id"]!;
        var flow = await person.Guardian.StartAsync(ticket);

        (await Phone.Of(person).EnrollAsync(flow)).ShouldBeError(HttpStatusCode.NotFound, "enrollment_transaction_not_found");
        (await Phone.Of(person).EnrollAsync(ticket)).ShouldBeError(HttpStatusCode.NotFound, "enrollment_transaction_not_found");
    }

    [Theory, Engines]
    public async Task A_ticket_for_push_offers_push_alone_and_no_code_confirms_it(Engine engine)
    {
        var person = await CreateAsync(engine);
        var ticket = (string)(await person.Management.SendAsync(
            HttpMethod.Post, "/guardian/enrollments/ticket", new { user_id = person.UserId, factor = "push-notification" })).ShouldBe(HttpStatusCode.OK)["ticket_id"]!;

        var flow = await person.Guardian.StartAsync(ticket);

        flow.Json["available_enrollment_methods"].Texts().ShouldBe(["push"]);
        (await Phone.Of(person).EnrollAsync(flow)).ShouldBe(HttpStatusCode.Created);
    }

    /// <summary>The app shows codes although authenticator apps are off; only the phone can confirm them.</summary>
    [Theory, Engines]
    public async Task With_authenticator_apps_off_the_phone_still_gets_its_codes(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var person = await Person.CreateAsync(server);
        await person.SetFactorAsync("push-notification", enabled: true);
        await person.SetFactorAsync("otp", enabled: false);
        var flow = await person.StartAsync();

        flow.Json["available_enrollment_methods"].Texts().ShouldBe(["push"]);
        (await person.Guardian.VerifyAsync(flow, person.Guardian.CodeOf(flow))).ShouldBeError(HttpStatusCode.Forbidden, "invalid_otp");
        (await Phone.Of(person).EnrollAsync(flow)).ShouldBe(HttpStatusCode.Created);
        var login = await person.StartAsync();
        login.Json["device_account"]!["available_methods"].Texts().ShouldBe(["push", "otp"]);
        (await person.Guardian.VerifyAsync(login, person.Guardian.CodeOf(flow, 1))).ShouldBe(HttpStatusCode.OK);

        await person.SetFactorAsync("push-notification", enabled: false);
        (await person.StartAsync()).Json["device_account"]!["available_methods"].Texts().ShouldBeEmpty();
    }

    public static TheoryData<string, Action<JsonObject>> BadBodies() => new()
    {
        { "no identifier", body => body.Remove("identifier") },
        { "empty name", body => body["name"] = "" },
        { "long identifier", body => body["identifier"] = new string('x', 256) },
        { "unknown service", body => body["push_credentials"]!["service"] = "WNS" },
        { "long push token", body => body["push_credentials"]!["token"] = new string('x', 5000) },
        { "push token that names another path", body => body["push_credentials"]!["token"] = ".." },
        { "push token with a line break", body => body["push_credentials"]!["token"] = "a\r\nb" },
        { "no push token", body => body["push_credentials"]!.AsObject().Remove("token") },
        { "no key", body => body.Remove("public_key") },
        { "key of another algorithm", body => body["public_key"]!["alg"] = "RS512" },
        { "key for encryption", body => body["public_key"]!["use"] = "enc" },
        { "symmetric key", body => body["public_key"] = new JsonObject { ["kty"] = "oct", ["k"] = "AAAA" } },
        { "short modulus", body => body["public_key"]!["n"] = Modulus(1024) },
        { "even modulus", body => body["public_key"]!["n"] = Base64Url.EncodeToString([.. Enumerable.Repeat((byte)0xfe, 256)]) },
        { "huge modulus", body => body["public_key"]!["n"] = Base64Url.EncodeToString([.. Enumerable.Repeat((byte)0xff, 1024)]) },
        { "exponent 1", body => body["public_key"]!["e"] = "AQ" },
        { "exponent 3", body => body["public_key"]!["e"] = "Aw" },
        { "even exponent", body => body["public_key"]!["e"] = "AQAC" },
        { "no base64", body => body["public_key"]!["n"] = "*" },
        { "point off the curve", body => body["public_key"] = Ec("P-256", 1) },
        { "other curve", body => body["public_key"] = Ec("P-384", 0) },
        { "point at infinity", body => body["public_key"] = new JsonObject { ["kty"] = "EC", ["crv"] = "P-256", ["x"] = "AA", ["y"] = "AA" } },
    };

    [Theory, MemberData(nameof(BadBodies))]
    public async Task A_malformed_or_weak_registration_is_refused_and_spends_nothing(string what, Action<JsonObject> change)
    {
        var person = await CreateAsync(Engine.Sqlite);
        var flow = await person.StartAsync();
        var phone = Phone.Of(person);

        var answer = await phone.EnrollAsync((string)flow.Json["enrollment_tx_id"]!, change);

        answer.ShouldBeError(HttpStatusCode.BadRequest, "invalid_body");
        answer.Text.ShouldNotContain(phone.PushToken, customMessage: what);
        (await phone.EnrollAsync(flow)).ShouldBe(HttpStatusCode.Created);
    }

    [Theory, Engines]
    public async Task Removing_the_phone_removes_its_codes_and_its_recovery_code(Engine engine)
    {
        var person = await CreateAsync(engine);
        var (phone, flow) = await Phone.EnrollAsync(person);

        (await person.Management.SendAsync(HttpMethod.Delete, "/guardian/enrollments/" + phone.Id)).ShouldBe(HttpStatusCode.NoContent);

        (await person.CountAsync("authenticator")).ShouldBe(0);
        (await person.Guardian.SendAsync("transaction-state", "Bearer " + flow.Token)).ShouldBeError(HttpStatusCode.Unauthorized, "invalid_token");
        (await person.ListGuardianLogAsync()).Count(type => type == "gd_unenroll").ShouldBe(1);
    }

    private static string Modulus(int bits)
    {
        using var rsa = RSA.Create(bits);
        return Base64Url.EncodeToString(rsa.ExportParameters(includePrivateParameters: false).Modulus);
    }

    private static JsonObject Ec(string curve, int change)
    {
        using var ec = ECDsa.Create(curve == "P-256" ? ECCurve.NamedCurves.nistP256 : ECCurve.NamedCurves.nistP384);
        var point = ec.ExportParameters(includePrivateParameters: false).Q;
        point.Y![^1] ^= (byte)change;
        return new JsonObject
        {
            ["kty"] = "EC",
            ["crv"] = curve,
            ["x"] = Base64Url.EncodeToString(point.X),
            ["y"] = Base64Url.EncodeToString(point.Y),
        };
    }

    private async Task<Person> CreateAsync(Engine engine, string prefix = "/appliance-mfa")
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine), prefix);
        await person.SetFactorAsync("push-notification", enabled: true);
        return person;
    }
}

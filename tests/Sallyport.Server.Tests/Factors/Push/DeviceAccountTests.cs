using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Factors.Push;

/// <summary>docs/wire.md §3.4 and §4.3: a phone changes and removes itself.</summary>
public sealed class DeviceAccountTests(Servers servers) : IClassFixture<Servers>
{
    [Theory, EnginesAndBases]
    public async Task A_phone_changes_itself_with_either_token_and_signs_with_its_new_identifier(Engine engine, string prefix)
    {
        var (person, phone) = await EnrollAsync(engine, prefix);

        var renamed = (await phone.PatchAsync((string)phone.Account["token"]!, new { name = "New name" })).ShouldBe(HttpStatusCode.OK);
        var moved = (await phone.PatchAsync(phone.AccountToken().SignWith(phone.Key), new
        {
            identifier = "second",
            push_credentials = new { service = "APNS", token = "second-" + phone.PushToken },
        })).ShouldBe(HttpStatusCode.OK);

        ((string)renamed["name"]!).ShouldBe("New name");
        moved.ToJsonString().ShouldBe(new JsonObject
        {
            ["id"] = phone.Id,
            ["identifier"] = "second",
            ["name"] = "New name",
            ["push_credentials"] = new JsonObject { ["service"] = "APNS", ["token"] = "second-" + phone.PushToken },
        }.ToJsonString());
        phone.PushToken = "second-" + phone.PushToken;
        var push = await phone.RequestPushAsync(await person.StartAsync());
        ((string)push.Json["service"]!).ShouldBe("APNS");
        (await phone.AcceptAsync(push)).ShouldBeError(HttpStatusCode.Unauthorized, "invalid_challenge");
        phone.Identifier = "second";
        (await phone.AcceptAsync(push)).Status.ShouldBe(HttpStatusCode.NoContent);
        (await person.ListGuardianLogAsync()).Count(type => type == "gd_update_device_account").ShouldBe(2);
    }

    [Theory, EnginesAndBases]
    public async Task A_phone_removes_itself_once(Engine engine, string prefix)
    {
        var (person, phone) = await EnrollAsync(engine, prefix);
        var token = phone.AccountToken().SignWith(phone.Key);

        var first = await phone.DeleteAsync(token);
        var again = await phone.DeleteAsync(token);

        first.Status.ShouldBe(HttpStatusCode.NoContent, first.Text);
        again.ShouldBeError(HttpStatusCode.NotFound, "device_account_not_found");
        (await person.CountAsync("authenticator")).ShouldBe(0);
    }

    [Theory, Engines]
    public async Task Only_one_of_many_concurrent_removals_succeeds(Engine engine)
    {
        var (_, phone) = await EnrollAsync(engine);

        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => phone.DeleteAsync((string)phone.Account["token"]!)));

        answers.Count(answer => answer.Status == HttpStatusCode.NoContent).ShouldBe(1);
        answers.ShouldAllBe(answer => answer.Status == HttpStatusCode.NoContent || answer.Status == HttpStatusCode.NotFound);
    }

    /// <summary>Its user and administrators read it, on pages and in logs.</summary>
    [Theory]
    [InlineData("<img src=x onerror=alert(1)>", "<img src=x onerror=alert(1)>")]
    [InlineData("Ann's\r\nBcc: eve@example.com\u0007", "Ann's Bcc: eve@example.com")]
    [InlineData("exe.\u202Egnp", "exe.gnp")]
    [InlineData("\u200B\n", "-")]
    public async Task A_phone_gives_itself_a_name_of_one_visible_line(string given, string shown)
    {
        var server = await servers.GetAsync(Engine.Sqlite);
        var person = await Person.CreateAsync(server);
        await person.SetFactorAsync("push-notification", enabled: true);
        var (flow, phone) = (await person.StartAsync(), Phone.Of(person));
        (await phone.EnrollAsync((string)flow.Json["enrollment_tx_id"]!, body => body["name"] = given)).ShouldBe(HttpStatusCode.Created);
        ((string)(await person.ListEnrollmentsAsync()).ShouldHaveSingleItem()!["name"]!).ShouldBe(shown);
        (await phone.PatchAsync((string)phone.Account["token"]!, new { name = "x" })).ShouldBe(HttpStatusCode.OK);

        (await phone.PatchAsync((string)phone.Account["token"]!, new { name = given })).ShouldBe(HttpStatusCode.OK);

        ((string)(await person.ListEnrollmentsAsync()).ShouldHaveSingleItem()!["name"]!).ShouldBe(shown);
        var application = await Application.CreateAsync(server);
        var login = await person.StartSignInAsync(await application.StartAsync(person, new() { ["post_action_url"] = server.Url + "/mfa/your-factors" }));
        (await person.Guardian.VerifyAsync(login, person.Guardian.CodeOf(flow))).ShouldBe(HttpStatusCode.OK);
        var browser = new Browser(server);
        (await browser.PostAsync("/mfa/your-factors", ("signature", (string)(await person.Guardian.GetStateAsync(login))["token"]!))).Status.ShouldBe(HttpStatusCode.SeeOther);
        var page = await browser.OpenAsync("/mfa/your-factors");
        page.Text.ShouldContain($"<bdi>{WebUtility.HtmlEncode(shown)}</bdi>");
        page.Text.ShouldNotContain("<img");
    }

    private static readonly Dictionary<string, Func<Phone, Phone, string>> Foreign = new()
    {
        ["token of another phone"] = (_, other) => (string)other.Account["token"]!,
        ["signed by another phone"] = (phone, other) => phone.AccountToken().SignWith(other.Key),
        ["issued by another phone"] = (phone, other) => phone.AccountToken().With("iss", other.Id).SignWith(phone.Key),
        ["for another user"] = (phone, other) => phone.AccountToken().With("sub", other.Person.UserId).SignWith(phone.Key),
        ["for another call"] = (phone, _) => phone.AccountToken().With("aud", phone.Base + "/api/resolve-transaction").SignWith(phone.Key),
        ["for another server"] = (phone, _) => phone.AccountToken().With("aud", "https://other.example/api/device-accounts").SignWith(phone.Key),
        ["expired"] = (phone, _) => phone.AccountToken().With("exp", phone.Now() - 61).SignWith(phone.Key),
        ["identifier as issuer"] = (phone, _) => phone.AccountToken().With("iss", phone.Identifier).SignWith(phone.Key),
        ["nothing"] = (_, _) => "",
        ["text"] = (_, _) => "x",
    };

    public static TheoryData<string> ForeignTokens() => [.. Foreign.Keys];

    [Theory, MemberData(nameof(ForeignTokens))]
    public async Task No_other_token_changes_or_removes_a_phone(string what)
    {
        using var otherKey = RSA.Create(2048);
        var (person, phone) = await EnrollAsync(Engine.Sqlite);
        var (other, _) = await Phone.EnrollAsync(await Person.CreateAsync(person.Server), otherKey);
        var token = Foreign[what](phone, other);

        (await phone.PatchAsync(token, new { name = "x" })).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await phone.DeleteAsync(token)).Status.ShouldBe(HttpStatusCode.Unauthorized);

        ((string)(await person.ListEnrollmentsAsync()).ShouldHaveSingleItem()!["name"]!).ShouldBe("Ann's phone");
    }

    [Theory]
    [InlineData("""{"name":""}""")]
    [InlineData("""{"name":1}""")]
    [InlineData("""{"identifier":[]}""")]
    [InlineData("""{"push_credentials":{"service":"GCM"}}""")]
    [InlineData("""{"push_credentials":{"service":"SMS","token":"x"}}""")]
    [InlineData("[]")]
    [InlineData("null")]
    public async Task A_malformed_change_changes_nothing(string body)
    {
        var (person, phone) = await EnrollAsync(Engine.Sqlite);

        (await phone.PatchAsync((string)phone.Account["token"]!, JsonNode.Parse(body) ?? JsonValue.Create("null")))
            .ShouldBeError(HttpStatusCode.BadRequest, "invalid_body");

        (await person.ListGuardianLogAsync()).ShouldNotContain("gd_update_device_account");
    }

    [Theory, Engines]
    public async Task A_consent_shows_the_number_of_the_page_once_for_each_proof(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var person = await Person.CreateAsync(server);
        (await person.Management.SendAsync(HttpMethod.Put, "/guardian/factors/push-notification/settings", new { number_matching = true })).ShouldBe(HttpStatusCode.OK);
        var (phone, flow) = await Phone.EnrollAsync(person);
        var sent = (await phone.SendPushAsync(flow)).ShouldBe(HttpStatusCode.OK);
        var push = await phone.WaitForPushAsync([]);

        var consent = (await ReadAsync(phone, push, Proof(phone, push))).ShouldBe(HttpStatusCode.OK);
        ((string)sent["binding_message"]!).ShouldMatch("^[1-9][0-9]$");
        ((string)consent["requested_details"]!["binding_message"]!).ShouldBe((string)sent["binding_message"]!);
        ((string)consent["id"]!).ShouldBe(push.ConsentId);
        ((string)consent["expires_at"]!).ShouldEndWith("Z");

        var proof = Proof(phone, push);
        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => ReadAsync(phone, push, proof)));
        answers.Count(answer => answer.Status == HttpStatusCode.OK).ShouldBe(1);
        using var otherKey = RSA.Create(2048);
        foreach (var wrong in new[]
        {
            Proof(phone, push).With("ath", "x").SignWith(phone.Key),
            Proof(phone, push).With("htu", server.Url + "/rich-consents/other").SignWith(phone.Key),
            Proof(phone, push).With("htm", "POST").SignWith(phone.Key),
            Proof(phone, push).With("iat", phone.Now() - 301).SignWith(phone.Key),
            Proof(phone, push).Without("jti").SignWith(phone.Key),
            Proof(phone, push).WithHeader("typ", "JWT").SignWith(phone.Key),
            Proof(phone, push).SignWith(otherKey),
            Proof(phone, push).WithHeader("jwk", Phone.Of(person, otherKey).Jwk()).SignWith(phone.Key),
            "",
        })
        {
            (await phone.SendAsync(HttpMethod.Get, "/rich-consents/" + push.ConsentId, "MFA-DPoP " + push.AnswerToken, proof: wrong))
                .ShouldBeError(HttpStatusCode.Forbidden, "invalid_dpop_assertion");
        }

        (await phone.SendAsync(HttpMethod.Get, "/rich-consents/cns_unknown", "MFA-DPoP " + push.AnswerToken, proof: proof.SignWith(phone.Key)))
            .ShouldBeError(HttpStatusCode.NotFound, "inexistent_consent");
        (await phone.SendAsync(HttpMethod.Get, "/rich-consents/" + push.ConsentId, "MFA-DPoP x", proof: proof.SignWith(phone.Key)))
            .ShouldBeError(HttpStatusCode.Unauthorized, "invalid_token");
        (await phone.AcceptAsync(push)).Status.ShouldBe(HttpStatusCode.NoContent);
        (await ReadAsync(phone, push, Proof(phone, push))).ShouldBeError(HttpStatusCode.NotFound, "inexistent_consent");
    }

    [Theory, Engines]
    public async Task Without_number_matching_no_consent_is_announced(Engine engine)
    {
        var (person, phone) = await EnrollAsync(engine);

        var sent = (await phone.SendPushAsync(await person.StartAsync())).ShouldBe(HttpStatusCode.OK);

        sent.ToJsonString().ShouldBe("{}");
        (await phone.WaitForPushAsync([])).ConsentId.ShouldBeNull();
    }

    private static Task<Answer> ReadAsync(Phone phone, ReceivedPush push, PhoneToken proof) =>
        phone.SendAsync(HttpMethod.Get, "/rich-consents/" + push.ConsentId, "MFA-DPoP " + push.AnswerToken, proof: proof.SignWith(phone.Key));

    private static PhoneToken Proof(Phone phone, ReceivedPush push)
    {
        var header = phone.Header();
        header["typ"] = "dpop+jwt";
        header["jwk"] = phone.Jwk();
        return new PhoneToken(header, new JsonObject
        {
            ["htu"] = $"{phone.Person.Server.Url}/rich-consents/{push.ConsentId}",
            ["htm"] = "GET",
            ["ath"] = System.Buffers.Text.Base64Url.EncodeToString(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(push.AnswerToken))),
            ["jti"] = Guid.CreateVersion7().ToString(),
            ["iat"] = phone.Now(),
        });
    }

    private async Task<(Person Person, Phone Phone)> EnrollAsync(Engine engine, string prefix = "/appliance-mfa")
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine), prefix);
        var (phone, _) = await Phone.EnrollAsync(person);
        return (person, phone);
    }
}

using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Factors.Push;

/// <summary>docs/wire.md §4.4: a phone answers a push message.</summary>
public sealed class PushAnswerTests(Servers servers) : IClassFixture<Servers>
{
    [Theory, EnginesAndBases]
    public async Task An_accepted_push_signs_in(Engine engine, string prefix)
    {
        var (person, phone) = await EnrollAsync(engine, prefix);
        var flow = await person.StartAsync();
        flow.Json["device_account"]!["push_notifications"]!["enabled"]!.GetValue<bool>().ShouldBeTrue();
        flow.Json["device_account"]!["available_authenticator_types"].Texts().ShouldBe(["push", "otp", "recovery-code"]);

        var push = await phone.RequestPushAsync(flow);
        var answer = await phone.AcceptAsync(push);

        answer.Status.ShouldBe(HttpStatusCode.NoContent, answer.Text);
        answer.Text.ShouldBeEmpty();
        var state = await person.Guardian.GetStateAsync(flow);
        ((string)state["state"]!).ShouldBe("accepted");
        ((string)state["token"]!).Split('.').Length.ShouldBe(3);
        (await person.ListGuardianLogAsync()).ShouldBe(
            ["gd_start_enroll", "gd_enrollment_complete", "gd_start_auth", "gd_send_pn", "gd_auth_succeed"]);
    }

    [Theory, Engines]
    public async Task The_transaction_that_enrolled_the_phone_is_accepted_by_a_push(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        var (phone, flow) = await Phone.EnrollAsync(person);

        (await phone.AcceptAsync(await phone.RequestPushAsync(flow))).Status.ShouldBe(HttpStatusCode.NoContent);

        ((string)(await person.Guardian.GetStateAsync(flow))["state"]!).ShouldBe("accepted");
    }

    [Theory, Engines]
    public async Task A_rejected_push_can_be_sent_again_and_accepted(Engine engine)
    {
        var (person, phone) = await EnrollAsync(engine);
        var flow = await person.StartAsync();

        (await phone.RejectAsync(await phone.RequestPushAsync(flow), "mistake")).Status.ShouldBe(HttpStatusCode.NoContent);
        ((string)(await person.Guardian.GetStateAsync(flow))["state"]!).ShouldBe("rejected");
        var second = await phone.RequestPushAsync(flow);
        ((string)(await person.Guardian.GetStateAsync(flow))["state"]!).ShouldBe("pending");
        (await phone.AcceptAsync(second)).Status.ShouldBe(HttpStatusCode.NoContent);

        ((string)(await person.Guardian.GetStateAsync(flow))["state"]!).ShouldBe("accepted");
        (await person.ListGuardianLogAsync()).Skip(2).ShouldBe(["gd_start_auth", "gd_send_pn", "gd_auth_rejected", "gd_send_pn", "gd_auth_succeed"]);
    }

    /// <summary>The second message replaces the first.</summary>
    [Theory, Engines]
    public async Task Only_the_newest_push_can_be_answered(Engine engine)
    {
        var (person, phone) = await EnrollAsync(engine);
        var flow = await person.StartAsync();
        var first = await phone.RequestPushAsync(flow);
        var second = await phone.RequestPushAsync(flow);

        (await phone.AcceptAsync(first)).ShouldBeError(HttpStatusCode.Unauthorized, "invalid_challenge");
        (await phone.AcceptAsync(second)).Status.ShouldBe(HttpStatusCode.NoContent);
        (await phone.AcceptAsync(second)).ShouldBeError(HttpStatusCode.Unauthorized, "invalid_challenge");
    }

    [Theory, Engines]
    public async Task A_code_of_the_phone_signs_in_without_a_push(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        var (_, enrolled) = await Phone.EnrollAsync(person);
        var flow = await person.StartAsync();

        (await person.Guardian.VerifyAsync(flow, person.Guardian.CodeOf(enrolled))).ShouldBe(HttpStatusCode.OK);
        (await person.Guardian.VerifyAsync(await person.StartAsync(), person.Guardian.CodeOf(enrolled))).ShouldBeError(HttpStatusCode.Forbidden, "invalid_otp");
    }

    private static readonly Dictionary<string, Func<Phone, PhoneToken, PhoneToken>> Valid = new()
    {
        ["times with a fraction"] = (phone, token) => token.With("iat", PhoneToken.Fraction(phone.Now())).With("exp", PhoneToken.Fraction(phone.Now() + 30)),
        ["base as audience"] = (phone, token) => token.With("aud", phone.Base),
        ["base with slash"] = (phone, token) => token.With("aud", phone.Base + "/"),
        ["endpoint of the other base"] = (phone, token) => token.With("aud", phone.Person.Server.Url + "/api/resolve-transaction"),
        ["root"] = (phone, token) => token.With("aud", phone.Person.Server.Url),
        ["list of audiences"] = (phone, token) => token.With("aud", new JsonArray(phone.Base)),
        ["clock a little ahead"] = (phone, token) => token.With("iat", phone.Now() + 45).With("exp", phone.Now() + 75),
        ["clock a little behind"] = (phone, token) => token.With("iat", phone.Now() - 80).With("exp", phone.Now() - 50),
        ["signature of a consent"] = (_, token) => token.With("auth0_consent_signature", "x"),
    };

    public static TheoryData<string> ValidVariants() => [.. Valid.Keys];

    [Theory, MemberData(nameof(ValidVariants))]
    public async Task Responses_of_published_SDKs_are_accepted(string what)
    {
        var (person, phone) = await EnrollAsync(Engine.Sqlite);
        var push = await phone.RequestPushAsync(await person.StartAsync());

        var answer = await phone.AnswerAsync(push, Valid[what](phone, phone.Response(push, isAccepted: true)));

        answer.Status.ShouldBe(HttpStatusCode.NoContent, what + answer.Text);
    }

    private static readonly Dictionary<string, Func<Phone, PhoneToken, PhoneToken>> Bad = new()
    {
        ["expired"] = (phone, token) => token.With("iat", phone.Now() - 200).With("exp", phone.Now() - 61),
        ["issued in the future"] = (phone, token) => token.With("iat", phone.Now() + 61),
        ["no expiry"] = (_, token) => token.Without("exp"),
        ["expiry as text"] = (phone, token) => token.With("exp", $"{phone.Now() + 30}"),
        ["huge expiry"] = (_, token) => token.With("exp", JsonNode.Parse("1e300")),
        ["other host"] = (_, token) => token.With("aud", "https://other.example/api/resolve-transaction"),
        ["other call"] = (phone, token) => token.With("aud", phone.Base + "/api/device-accounts"),
        ["no audience"] = (_, token) => token.Without("aud"),
        ["id of the enrollment as issuer"] = (phone, token) => token.With("iss", phone.Id),
        ["no issuer"] = (_, token) => token.Without("iss"),
        ["other challenge"] = (_, token) => token.With("sub", "another"),
        ["no challenge"] = (_, token) => token.Without("sub"),
        ["other method"] = (_, token) => token.With("auth0_guardian_method", "otp"),
        ["no method"] = (_, token) => token.Without("auth0_guardian_method"),
        ["accepted as text"] = (_, token) => token.With("auth0_guardian_accepted", "true"),
        ["accepted as number"] = (_, token) => token.With("auth0_guardian_accepted", 1),
        ["no answer"] = (_, token) => token.Without("auth0_guardian_accepted"),
        ["other algorithm"] = (_, token) => token.WithHeader("alg", "RS512"),
        ["no algorithm"] = (_, token) => token.WithHeader("alg", "none"),
        ["HMAC"] = (_, token) => token.WithHeader("alg", "HS256"),
        ["critical extension"] = (_, token) => token.WithHeader("crit", new JsonArray("b64")),
    };

    public static TheoryData<string> BadResponses() => [.. Bad.Keys];

    [Theory, MemberData(nameof(BadResponses))]
    public async Task A_response_in_which_one_thing_is_wrong_answers_nothing(string what)
    {
        var (person, phone) = await EnrollAsync(Engine.Sqlite);
        var flow = await person.StartAsync();
        var push = await phone.RequestPushAsync(flow);

        var answer = await phone.AnswerAsync(push, Bad[what](phone, phone.Response(push, isAccepted: true)));

        answer.ErrorCode.ShouldBe("invalid_challenge", what + answer.Text);
        ((string)(await person.Guardian.GetStateAsync(flow))["state"]!).ShouldBe("pending");
        (await phone.AcceptAsync(push)).Status.ShouldBe(HttpStatusCode.NoContent);
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("a.b.c")]
    [InlineData("..")]
    [InlineData("eyJhbGciOiJSUzI1NiJ9..")]
    [InlineData("eyJhbGciOiJSUzI1NiJ9.e30.*")]
    [InlineData("\u0661\u0662")]
    public async Task A_malformed_response_is_a_refusal_and_never_an_error_of_the_server(string text)
    {
        var (person, phone) = await EnrollAsync(Engine.Sqlite);
        var push = await phone.RequestPushAsync(await person.StartAsync());

        ((int)(await phone.AnswerAsync(push, text)).Status).ShouldBeInRange(400, 401);
        ((int)(await phone.AnswerAsync(push, new string('a', 9000))).Status).ShouldBe(400);
    }

    [Theory, Engines]
    public async Task Keys_on_P256_sign_in(Engine engine)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        var (phone, flow) = await Phone.EnrollAsync(person, key, "APNS");
        var push = await phone.RequestPushAsync(flow);
        var response = phone.Response(push, isAccepted: true);
        var der = key.SignData(System.Text.Encoding.ASCII.GetBytes(response.SigningInput()), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);

        (await phone.AnswerAsync(push, response.Sign(der))).ShouldBeError(HttpStatusCode.Unauthorized, "invalid_challenge");
        (await phone.AnswerAsync(push, response)).Status.ShouldBe(HttpStatusCode.NoContent);
    }

    /// <summary>Neither the token of the push message nor the key alone is enough.</summary>
    [Theory, Engines]
    public async Task Another_phone_cannot_answer(Engine engine)
    {
        using var otherKey = RSA.Create(2048);
        var (person, phone) = await EnrollAsync(engine);
        var push = await phone.RequestPushAsync(await person.StartAsync());
        var stranger = await Person.CreateAsync(person.Server);
        var (otherPhone, otherFlow) = await Phone.EnrollAsync(stranger, otherKey);
        var otherPush = await otherPhone.RequestPushAsync(otherFlow);

        (await phone.AnswerAsync(push, phone.Response(push, isAccepted: true).SignWith(otherKey))).ShouldBeError(HttpStatusCode.Unauthorized, "invalid_challenge");
        (await phone.AnswerAsync(otherPush, phone.Response(otherPush, isAccepted: true))).ShouldBeError(HttpStatusCode.Unauthorized, "invalid_challenge");
        (await otherPhone.AnswerAsync(push, otherPhone.Response(push, isAccepted: true))).ShouldBeError(HttpStatusCode.Unauthorized, "invalid_challenge");
        foreach (var token in new[] { "x", (await person.StartAsync()).Token, (string)phone.Account["token"]! })
        {
            (await phone.SendAsync(HttpMethod.Post, "/api/resolve-transaction", "Bearer " + token, new { challenge_response = "x" }))
                .ShouldBeError(HttpStatusCode.Unauthorized, "invalid_token");
        }

        (await person.Guardian.SendAsync("transaction-state", "Bearer " + push.AnswerToken)).ShouldBeError(HttpStatusCode.Unauthorized, "invalid_token");
    }

    [Theory, Engines]
    public async Task A_push_that_was_not_answered_in_time_cannot_be_answered(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var person = await Person.CreateAsync(server);
        var (phone, flow) = await Phone.EnrollAsync(person);
        var push = await phone.RequestPushAsync(flow);
        person.Clock.Advance(TimeSpan.FromMinutes(5));

        (await phone.AcceptAsync(push)).ShouldBeError(HttpStatusCode.Unauthorized, "invalid_token");
        (await phone.AcceptAsync(await phone.RequestPushAsync(flow))).Status.ShouldBe(HttpStatusCode.NoContent);
    }

    /// <summary>CVE-2026-9798: who is locked out is locked out of every factor.</summary>
    [Theory, Engines]
    public async Task A_locked_out_user_cannot_accept_and_bad_signatures_lock_nobody_out(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        var (phone, enrolled) = await Phone.EnrollAsync(person);
        var flow = await person.StartAsync();
        var push = await phone.RequestPushAsync(flow);
        for (var i = 0; i < 12; i++)
        {
            (await phone.AnswerAsync(push, phone.Response(push, isAccepted: true).With("sub", "wrong"))).Status.ShouldBe(HttpStatusCode.Unauthorized);
        }

        await person.FailAsync(flow, person.Guardian.WrongCodeOf(enrolled), times: 10);
        (await phone.AcceptAsync(push)).ShouldBeError(HttpStatusCode.TooManyRequests, "too_many_attempts");
        (await person.ListGuardianLogAsync()).Count(type => type == "gd_auth_failed").ShouldBe(11, "Refused signatures share one entry a minute.");
    }

    [Theory, Engines]
    public async Task Five_messages_a_minute_are_sent_to_one_user(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var person = await Person.CreateAsync(server);
        var (phone, _) = await Phone.EnrollAsync(person);
        var flows = new[] { await person.StartAsync(), await person.StartAsync() };

        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(n => phone.SendPushAsync(flows[n % 2])));

        answers.Count(answer => answer.Status == HttpStatusCode.OK).ShouldBe(5);
        answers.First(answer => answer.Status != HttpStatusCode.OK).ShouldBeError(HttpStatusCode.TooManyRequests, "too_many_pn");
        person.Clock.Advance(TimeSpan.FromMinutes(1));
        (await phone.SendPushAsync(flows[0])).ShouldBe(HttpStatusCode.OK);
    }

    [Theory, Engines]
    public async Task Only_one_of_many_answers_to_a_challenge_counts(Engine engine)
    {
        var (person, phone) = await EnrollAsync(engine);
        var flow = await person.StartAsync();
        var push = await phone.RequestPushAsync(flow);

        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(n => n % 2 == 0 ? phone.AcceptAsync(push) : phone.RejectAsync(push)));

        answers.Count(answer => answer.Status == HttpStatusCode.NoContent).ShouldBe(1);
        answers.Where(answer => answer.Status != HttpStatusCode.NoContent).ShouldAllBe(answer => answer.ErrorCode == "invalid_challenge");
        var decided = (await person.ListGuardianLogAsync()).Where(type => type is "gd_auth_succeed" or "gd_auth_rejected").ShouldHaveSingleItem();
        ((string)(await person.Guardian.GetStateAsync(flow))["state"]!).ShouldBe(decided == "gd_auth_succeed" ? "accepted" : "rejected");
    }

    [Theory, Engines]
    public async Task An_answer_beside_the_removal_of_the_phone_leaves_no_signed_result(Engine engine)
    {
        var (person, phone) = await EnrollAsync(engine);
        var flow = await person.StartAsync();
        var push = await phone.RequestPushAsync(flow);

        var removals = Enumerable.Range(0, 4).Select(_ => person.Management.SendAsync(HttpMethod.Delete, "/guardian/enrollments/" + phone.Id));
        var answers = Enumerable.Range(0, 12).Select(_ => phone.AcceptAsync(push));
        var all = await Task.WhenAll(removals.Concat(answers));

        all.ShouldAllBe(answer => (int)answer.Status < 500);
        all.Take(4).Count(answer => answer.Status == HttpStatusCode.NoContent).ShouldBe(1);
        (await person.Guardian.SendAsync("transaction-state", "Bearer " + flow.Token)).ShouldBeError(HttpStatusCode.Unauthorized, "invalid_token");
    }

    private async Task<(Person Person, Phone Phone)> EnrollAsync(Engine engine, string prefix = "/appliance-mfa")
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine), prefix);
        var (phone, _) = await Phone.EnrollAsync(person);
        return (person, phone);
    }
}

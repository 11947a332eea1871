using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Factors.WebAuthn;

public sealed class WebAuthnSignInTests(Servers servers) : IClassFixture<Servers>
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    [Theory, Engines]
    public async Task Sixteen_requests_with_one_assertion_are_accepted_once(Engine engine)
    {
        var (scene, key) = await EnrolledAsync(engine);
        var login = await scene.Person.StartAsync();
        var assertion = key.Assert(await scene.ChallengeAsync(login)).ToJsonString();

        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => scene.VerifyAsync(login, JsonNode.Parse(assertion)!)));

        answers.Count(answer => answer.Status == HttpStatusCode.OK).ShouldBe(1);
        answers.Where(answer => answer.Status != HttpStatusCode.OK).ShouldAllBe(answer => answer.ErrorCode == "invalid_credential");
        (await scene.Person.ListGuardianLogAsync()).Count(type => type == "gd_auth_succeed").ShouldBe(1);
    }

    /// <summary>The bad assertions are prepared for the same challenge, and the good one is among them.</summary>
    [Theory, Engines]
    public async Task Only_one_of_sixteen_different_assertions_with_one_challenge_is_evaluated(Engine engine)
    {
        var (scene, key) = await EnrolledAsync(engine);
        var login = await scene.Person.StartAsync();
        var options = await scene.ChallengeAsync(login);
        var right = key.Assert(options);
        key.ChangeSignature = signature => [.. signature[..^1], (byte)(signature[^1] ^ 1)];
        var wrong = Enumerable.Range(0, 15).Select(_ => key.Assert(options)).ToList();

        var answers = await Task.WhenAll(wrong.Append(right).Select(assertion => scene.VerifyAsync(login, assertion)));

        answers.Count(answer => answer.Status == HttpStatusCode.OK).ShouldBeLessThanOrEqualTo(1);
        var reasons = await ReasonsAsync(scene);
        reasons.Count(reason => reason != "no_challenge").ShouldBeLessThanOrEqualTo(1);
    }

    [Theory, Engines]
    public async Task A_refused_assertion_uses_its_challenge_up(Engine engine)
    {
        var (scene, key) = await EnrolledAsync(engine);
        var login = await scene.Person.StartAsync();
        var options = await scene.ChallengeAsync(login);
        var right = key.Assert(options);
        key.Origin = "https://example.org";

        (await scene.VerifyAsync(login, key.Assert(options))).ShouldBeError(HttpStatusCode.Forbidden, "invalid_credential");
        (await scene.VerifyAsync(login, right)).ShouldBeError(HttpStatusCode.Forbidden, "invalid_credential");

        (await ReasonsAsync(scene)).ShouldBe(["origin", "no_challenge"]);
        key.Origin = scene.Person.Server.Url;
        (await scene.AssertAsync(login, key)).ShouldBe(HttpStatusCode.OK);
    }

    [Theory, Engines]
    public async Task An_assertion_with_the_challenge_of_another_transaction_is_refused(Engine engine)
    {
        var (scene, key) = await EnrolledAsync(engine);
        var (asked, other) = (await scene.Person.StartAsync(), await scene.Person.StartAsync());
        var assertion = key.Assert(await scene.ChallengeAsync(asked));

        (await scene.VerifyAsync(other, assertion)).ShouldBeError(HttpStatusCode.Forbidden, "invalid_credential");
        await scene.ChallengeAsync(other);
        (await scene.VerifyAsync(other, assertion)).ShouldBeError(HttpStatusCode.Forbidden, "invalid_credential");

        (await ReasonsAsync(scene)).ShouldBe(["no_challenge", "challenge"]);
        (await scene.StateAsync(other)).ShouldBe("pending");
    }

    [Theory, Engines]
    public async Task Only_the_newest_challenge_is_answered(Engine engine)
    {
        var (scene, key) = await EnrolledAsync(engine);
        var login = await scene.Person.StartAsync();
        var first = key.Assert(await scene.ChallengeAsync(login));
        scene.Person.Clock.Advance(TimeSpan.FromMilliseconds(1));
        await scene.ChallengeAsync(login);

        (await scene.VerifyAsync(login, first)).ShouldBeError(HttpStatusCode.Forbidden, "invalid_credential");
    }

    [Theory, Engines]
    public async Task The_key_of_another_user_proves_nothing(Engine engine)
    {
        var (scene, _) = await EnrolledAsync(engine);
        var (_, foreign) = await EnrolledAsync(engine);
        var login = await scene.Person.StartAsync();

        (await scene.AssertAsync(login, foreign)).ShouldBeError(HttpStatusCode.Forbidden, "invalid_credential");

        (await scene.StateAsync(login)).ShouldBe("pending");
    }

    [Theory, Engines]
    public async Task A_copied_key_is_refused_and_the_log_names_it(Engine engine)
    {
        var (scene, key) = await EnrolledAsync(engine);
        key.SignCount = 41;
        (await scene.AssertAsync(await scene.Person.StartAsync(), key)).ShouldBe(HttpStatusCode.OK);
        var login = await scene.Person.StartAsync();
        foreach (var counter in new uint[] { 10, 41, uint.MaxValue })
        {
            // The counter is raised by one before it is signed: 11, 42 and 0.
            key.SignCount = counter == 41 ? 41 - 1 : counter;
            if (counter == uint.MaxValue)
            {
                key.ChangeAuthenticatorData = data => [.. data[..33], 0, 0, 0, 0];
            }

            (await scene.AssertAsync(login, key)).ShouldBeError(HttpStatusCode.Forbidden, "invalid_credential");
        }

        var details = await scene.LastLogDetailsAsync("gd_webauthn_challenge_failed");
        ((string)details["reason"]!).ShouldBe("sign_count");
        ((string)details["authenticator_id"]!).ShouldBe((string)(await scene.Person.ListEnrollmentsAsync()).Single()!["id"]!);
        (key.SignCount, key.ChangeAuthenticatorData) = (42, data => data);
        (await scene.AssertAsync(login, key)).ShouldBe(HttpStatusCode.OK);
    }

    [Theory, Engines]
    public async Task A_challenge_expires_after_five_minutes_and_not_a_millisecond_earlier(Engine engine)
    {
        foreach (var (age, status) in new[] { (Lifetime - TimeSpan.FromMilliseconds(1), HttpStatusCode.OK), (Lifetime, HttpStatusCode.Forbidden) })
        {
            var (scene, key) = await EnrolledAsync(engine);
            var login = await scene.Person.StartAsync();
            var assertion = key.Assert(await scene.ChallengeAsync(login));

            scene.Person.Clock.Advance(age);

            (await scene.VerifyAsync(login, assertion)).Status.ShouldBe(status);
        }
    }

    [Theory, Engines]
    public async Task A_user_gets_fifteen_challenges_a_minute_and_so_fails_at_most_fifteen_times(Engine engine)
    {
        var (scene, key) = await EnrolledAsync(engine);
        scene.Person.Clock.Advance(TimeSpan.FromMinutes(1));
        key.ChangeSignature = signature => [.. signature[..^1], (byte)(signature[^1] ^ 1)];
        var ticket = await scene.Person.NewTicketAsync();
        var logins = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => scene.Person.Guardian.StartAsync(ticket)));

        var challenges = await Task.WhenAll(logins.Select(login => scene.TryChallengeAsync(login)));

        challenges.Count(challenge => challenge.Status == HttpStatusCode.OK).ShouldBe(15);
        var refused = challenges.First(challenge => challenge.Status != HttpStatusCode.OK);
        refused.ShouldBeError(HttpStatusCode.TooManyRequests, "too_many_attempts");
        refused.Headers.RetryAfter!.ToString().ShouldBe("4");
        foreach (var (login, challenge) in logins.Zip(challenges).Where(pair => pair.Second.Status == HttpStatusCode.OK))
        {
            (await scene.VerifyAsync(login, key.Assert(challenge.Json!["public_key"]!))).ShouldBeError(HttpStatusCode.Forbidden, "invalid_credential");
        }

        key.ChangeSignature = signature => signature;
        scene.Person.Clock.Advance(TimeSpan.FromMinutes(1));
        (await scene.AssertAsync(logins[0], key)).ShouldBe(HttpStatusCode.OK);
    }

    /// <summary>Nobody guesses a signature, so wrong codes do not lock a key out, and refused keys lock no code out.</summary>
    [Theory, Engines]
    public async Task Keys_and_codes_have_limits_of_their_own(Engine engine)
    {
        var scene = await WebAuthnScene.CreateAsync(servers, engine);
        var enrolled = await scene.Person.EnrollAsync();
        var key = await scene.EnrollAsync(allowMultiple: true);
        scene.Person.Clock.Advance(TimeSpan.FromMinutes(1));
        var login = await scene.Person.StartAsync();
        key.Origin = "https://example.org";
        for (var i = 0; i < 15; i++)
        {
            (await scene.AssertAsync(login, key)).ShouldBeError(HttpStatusCode.Forbidden, "invalid_credential");
        }

        await scene.Person.FailAsync(login, scene.Person.Guardian.WrongCodeOf(enrolled), times: 10);
        (await scene.Person.Guardian.VerifyAsync(login, "000000")).ShouldBeError(HttpStatusCode.TooManyRequests, "too_many_attempts");
        scene.Person.Clock.Advance(TimeSpan.FromMinutes(1));
        key.Origin = scene.Person.Server.Url;

        (await scene.AssertAsync(login, key)).ShouldBe(HttpStatusCode.OK);
    }

    [Theory, Engines]
    public async Task A_credential_that_the_Management_API_has_created_signs_in(Engine engine)
    {
        var scene = await WebAuthnScene.CreateAsync(servers, engine);
        var key = scene.NewKey();
        (await scene.Person.Management.SendAsync(HttpMethod.Post, scene.Person.UserPath + "/authentication-methods", new
        {
            type = "webauthn-roaming",
            name = "From the factory",
            key_id = key.KeyId,
            public_key = Convert.ToBase64String(key.PublicKey()),
            relying_party_identifier = "localhost",
        })).ShouldBe(HttpStatusCode.Created);

        (await scene.AssertAsync(await scene.Person.StartAsync(), key)).ShouldBe(HttpStatusCode.OK);

        key.IsBackupEligible = true;
        (await scene.AssertAsync(await scene.Person.StartAsync(), key))
            .ShouldBeError(HttpStatusCode.Forbidden, "invalid_credential");
    }

    [Theory, Engines]
    public async Task A_credential_of_another_relying_party_is_not_asked_for(Engine engine)
    {
        var scene = await WebAuthnScene.CreateAsync(servers, engine);
        var key = scene.NewKey();
        (await scene.Person.Management.SendAsync(HttpMethod.Post, scene.Person.UserPath + "/authentication-methods", new
        {
            type = "webauthn-roaming",
            key_id = key.KeyId,
            public_key = Convert.ToBase64String(key.PublicKey()),
            relying_party_identifier = "example.com",
        })).ShouldBe(HttpStatusCode.Created);

        (await scene.TryChallengeAsync(await scene.Person.StartAsync())).ShouldBeError(HttpStatusCode.NotFound, "enrollment_not_found");
    }

    /// <summary>A key that may be copied is a software key (RFC 8176).</summary>
    [Theory, Engines]
    public async Task The_result_says_how_the_sign_in_was_proved(Engine engine)
    {
        var scene = await WebAuthnScene.CreateAsync(servers, engine);
        var application = await Application.CreateAsync(scene.Person.Server);
        foreach (var (isCopied, methods) in new[] { (false, new[] { "mfa", "hwk", "user" }), (true, ["mfa", "swk", "user"]) })
        {
            var key = scene.NewKey();
            key.IsBackupEligible = isCopied;
            (await scene.RegisterAsync(await scene.Person.StartAsync(allowMultiple: true), key)).ShouldBe(HttpStatusCode.OK);
            var login = await scene.Person.StartSignInAsync(await application.StartAsync(scene.Person));

            (await scene.AssertAsync(login, key)).ShouldBe(HttpStatusCode.OK);

            var token = (string)(await scene.Person.Guardian.GetStateAsync(login))["token"]!;
            ClaimsOf(token)["amr"].Texts().ShouldBe(methods);
        }
    }

    [Theory, Engines]
    public async Task A_key_is_neither_sent_a_code_nor_answered_by_one(Engine engine)
    {
        var (scene, key) = await EnrolledAsync(engine);
        var login = await scene.Person.StartAsync();
        var assertion = key.Assert(await scene.ChallengeAsync(login));

        (await scene.Person.Guardian.SendAsync("send-webauthn-roaming", "Bearer " + login.Token)).ShouldBeError(HttpStatusCode.NotFound, "enrollment_not_found");
        (await scene.Person.Guardian.VerifyAsync(login, assertion.ToJsonString())).ShouldBeError(HttpStatusCode.Forbidden, "invalid_otp");
        (await scene.TryChallengeAsync(login, "otp")).ShouldBeError(HttpStatusCode.NotFound, "enrollment_not_found");
        (await scene.TryChallengeAsync(login, "recovery-code")).ShouldBeError(HttpStatusCode.NotFound, "enrollment_not_found");
        (await scene.VerifyAsync(login, assertion)).ShouldBe(HttpStatusCode.OK);
    }

    [Theory, Engines]
    public async Task A_malformed_credential_is_refused_and_the_sign_in_stays_pending(Engine engine)
    {
        var (scene, _) = await EnrolledAsync(engine);
        var login = await scene.Person.StartAsync();
        foreach (var body in new[] { "{}", "null", "[]", "", "{\"credential\":", "5" })
        {
            (await scene.Person.SendAsync("webauthn/verify", login, body)).Status.ShouldBe(HttpStatusCode.BadRequest, body);
        }

        foreach (var credential in new[] { "null", "[]", "\"\"", "5", "{}", "{\"id\":{}}", new string('[', 60) + new string(']', 60) })
        {
            await scene.ChallengeAsync(login);
            (await scene.Person.SendAsync("webauthn/verify", login, $$"""{"credential":{{credential}}}""")).Status
                .ShouldBeOneOf(HttpStatusCode.BadRequest, HttpStatusCode.Forbidden);
        }

        (await scene.StateAsync(login)).ShouldBe("pending");
    }

    private static JsonNode ClaimsOf(string token) =>
        JsonNode.Parse(Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(token.Split('.')[1])))!;

    private static async Task<IReadOnlyList<string>> ReasonsAsync(WebAuthnScene scene) => await scene.Person.Server.Database.QueryAsync(
        new Statement(
            "SELECT details FROM log WHERE user_id = @user_id AND type = 'gd_webauthn_challenge_failed' ORDER BY log_id", ("user_id", scene.Person.UserId)),
        row => (string)JsonNode.Parse(row.GetString(0))!["reason"]!,
        CancellationToken.None);

    private async Task<(WebAuthnScene Scene, SoftwareKey Key)> EnrolledAsync(Engine engine)
    {
        var scene = await WebAuthnScene.CreateAsync(servers, engine);
        return (scene, await scene.EnrollAsync());
    }
}

using System.Net;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.JsonWebTokens;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.SignIn;

/// <summary>Sign-in transactions over HTTP: created by a backend, proved in a browser, redeemed by the backend.</summary>
public sealed class SignInTests(Servers servers) : IClassFixture<Servers>
{
    [Theory, Engines]
    public async Task A_right_code_is_signed_for_the_application_and_can_be_redeemed_once(Engine engine)
    {
        var (person, enrolled, application) = await CreateEnrolledAsync(engine);
        var signIn = await application.StartAsync(person, new() { ["nonce"] = "n-1" });
        var flow = await person.StartSignInAsync(signIn);
        flow.IsEnrolling.ShouldBeFalse();

        (await person.Guardian.VerifyAsync(flow, person.Guardian.CodeOf(enrolled, 1))).ShouldBe(HttpStatusCode.OK);

        var state = await person.Guardian.GetStateAsync(flow);
        ((string)state["state"]!).ShouldBe("accepted");
        var result = new JsonWebToken((string)state["token"]!);
        result.Alg.ShouldBe("RS256");
        result.Audiences.ShouldBe([application.ClientId]);
        result.Subject.ShouldBe(person.UserId);
        result.GetPayloadValue<string>("txid").ShouldBe(signIn.Id);
        result.GetPayloadValue<string>("nonce").ShouldBe("n-1");
        result.GetPayloadValue<string>("status").ShouldBe("ok");
        result.GetPayloadValue<string[]>("amr").ShouldBe(["mfa", "otp"]);
        result.GetPayloadValue<string>("acr").ShouldBe("http://schemas.openid.net/pape/policies/2007/06/multi-factor");
        result.GetPayloadValue<long>("auth_time").ShouldBe(person.Clock.GetUtcNow().ToUnixTimeSeconds());
        (result.ValidTo - result.IssuedAt).ShouldBe(TimeSpan.FromSeconds(60));

        ((string)(await application.GetAsync(signIn))["state"]!).ShouldBe("accepted");
        var redeemed = (await application.RedeemAsync(signIn)).ShouldBe(HttpStatusCode.OK);
        ((string)redeemed["user_id"]!).ShouldBe(person.UserId);
        ((string)redeemed["client_id"]!).ShouldBe(application.ClientId);
        ((string)redeemed["nonce"]!).ShouldBe("n-1");
        redeemed["amr"].Texts().ShouldBe(["mfa", "otp"]);
        (await application.RedeemAsync(signIn)).ShouldBeError(HttpStatusCode.Conflict, "transaction_redeemed");
    }

    [Theory, Engines]
    public async Task Members_that_are_null_count_as_missing(Engine engine)
    {
        var (person, _, application) = await CreateEnrolledAsync(engine);
        var body = new JsonObject { ["user_id"] = person.UserId, ["client_id"] = application.ClientId, ["post_action_url"] = Application.Callback };
        foreach (var name in new[]
        {
            "allow_remember_browser", "self_service_enrollment", "factors", "nonce", "binding_message", "acr_values", "ip", "connection", "scope",
        })
        {
            body[name] = null;
        }

        (await person.Management.SendAsync(HttpMethod.Post, "/guardian/transactions", body)).ShouldBe(HttpStatusCode.Created);
        body["user_id"] = null;
        (await person.Management.SendAsync(HttpMethod.Post, "/guardian/transactions", body)).ShouldBeError(HttpStatusCode.BadRequest, "invalid_body");
    }

    [Theory, Engines]
    public async Task The_log_names_the_client_that_the_user_signs_in_to(Engine engine)
    {
        var (person, enrolled, application) = await CreateEnrolledAsync(engine);
        var flow = await person.StartSignInAsync(await application.StartAsync(person));
        (await person.Guardian.VerifyAsync(flow, "000000")).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await person.Guardian.VerifyAsync(flow, person.Guardian.CodeOf(enrolled, 1))).ShouldBe(HttpStatusCode.OK);

        foreach (var type in new[] { "gd_start_auth", "gd_auth_failed", "gd_auth_succeed" })
        {
            (await LogEntry.ListAsync(person.Server, type)).Where(entry => entry.UserId == person.UserId)
                .ShouldHaveSingleItem().ClientId.ShouldBe(application.ClientId);
        }
    }

    [Theory, Engines]
    public async Task A_user_without_an_authenticator_enrolls_and_is_signed_in_by_the_same_transaction(Engine engine)
    {
        var (person, application) = await CreateAsync(engine);
        var signIn = await application.StartAsync(person);
        var flow = await person.StartSignInAsync(signIn);
        flow.IsEnrolling.ShouldBeTrue();

        (await person.Guardian.VerifyAsync(flow, person.Guardian.CodeOf(flow))).ShouldBe(HttpStatusCode.OK);

        (await person.ListEnrollmentsAsync()).Count.ShouldBe(1);
        (await application.RedeemAsync(signIn)).ShouldBe(HttpStatusCode.OK);
    }

    [Theory, Engines]
    public async Task An_enrollment_during_sign_in_ends_the_tickets_of_the_user(Engine engine)
    {
        var (person, application) = await CreateAsync(engine);
        var ticket = await person.NewTicketAsync();
        var flow = await person.StartSignInAsync(await application.StartAsync(person));

        (await person.Guardian.VerifyAsync(flow, person.Guardian.CodeOf(flow))).ShouldBe(HttpStatusCode.OK);

        (await person.Guardian.StartFlowAsync(ticket)).ShouldBeError(HttpStatusCode.Unauthorized, "invalid_token");
    }

    [Theory, Engines]
    public async Task A_second_start_replaces_the_key_that_the_first_one_has_shown(Engine engine)
    {
        var (person, application) = await CreateAsync(engine);
        var signIn = await application.StartAsync(person);
        var first = await person.StartSignInAsync(signIn);
        var second = await person.StartSignInAsync(signIn);

        ((bool)second.Json["reopened"]!).ShouldBeTrue();
        second.Secret.ShouldNotBe(first.Secret);
        (await person.Guardian.VerifyAsync(first, person.Guardian.CodeOf(first))).ShouldBeError(HttpStatusCode.Forbidden, "invalid_otp");
        (await person.Guardian.VerifyAsync(second, person.Guardian.CodeOf(second))).ShouldBe(HttpStatusCode.OK);
    }

    [Theory, Engines]
    public async Task Without_self_service_a_user_who_is_not_enrolled_is_offered_nothing(Engine engine)
    {
        var (person, byTransaction) = await CreateAsync(engine);
        var byClient = await Application.CreateAsync(
            person.Server, new() { ["client_metadata"] = new JsonObject { ["self_service_enrollment"] = "false" } });

        foreach (var signIn in new[]
        {
            await byTransaction.StartAsync(person, new() { ["self_service_enrollment"] = false }),
            await byClient.StartAsync(person),
        })
        {
            var flow = await person.StartSignInAsync(signIn);

            flow.Json["available_enrollment_methods"].Texts().ShouldBeEmpty();
            flow.Json["available_authentication_methods"].Texts().ShouldBeEmpty();
            flow.Json["device_account"]!["otp_secret"].ShouldBeNull();
            flow.Json["device_account"]!["recovery_code"].ShouldBeNull();
            (await person.CountAsync("authenticator")).ShouldBe(0);
            (await person.Guardian.VerifyAsync(flow, "000000")).ShouldBeError(HttpStatusCode.Forbidden, "invalid_otp");
        }
    }

    [Theory, Engines]
    public async Task Only_the_named_factors_prove_the_sign_in(Engine engine)
    {
        var (person, enrolled, application) = await CreateEnrolledAsync(engine);
        var flow = await person.StartSignInAsync(await application.StartAsync(person, new() { ["factors"] = new JsonArray("otp") }));

        flow.Json["device_account"]!["available_authenticator_types"].Texts().ShouldBe(["otp"]);
        (await person.Guardian.RecoverAsync(flow, enrolled.RecoveryCode!)).ShouldBeError(HttpStatusCode.Forbidden, "invalid_recovery_code");
        (await person.Guardian.VerifyAsync(flow, person.Guardian.CodeOf(enrolled, 1))).ShouldBe(HttpStatusCode.OK);
    }

    [Theory, Engines]
    public async Task A_user_whose_factors_are_all_excluded_can_neither_answer_nor_enroll(Engine engine)
    {
        var (person, enrolled, application) = await CreateEnrolledAsync(engine);
        var flow = await person.StartSignInAsync(await application.StartAsync(person, new() { ["factors"] = new JsonArray("email") }));

        flow.Json["device_account"]!["available_methods"].Texts().ShouldBeEmpty();
        flow.Json["device_account"]!["otp_secret"].ShouldBeNull();
        (await person.Guardian.VerifyAsync(flow, person.Guardian.CodeOf(enrolled, 1))).ShouldBeError(HttpStatusCode.Forbidden, "invalid_otp");
    }

    [Theory, Engines]
    public async Task A_sign_in_of_an_enrolled_user_expires_after_five_minutes_and_an_enrollment_after_thirty(Engine engine)
    {
        var (person, enrolled, application) = await CreateEnrolledAsync(engine);
        var signIn = await application.StartAsync(person);
        signIn.ExpiresAt.ShouldBe(person.Clock.GetUtcNow().AddMinutes(5), TimeSpan.FromSeconds(1));
        (await application.StartAsync(await Person.CreateAsync(person.Server))).ExpiresAt
            .ShouldBe(person.Clock.GetUtcNow().AddMinutes(30), TimeSpan.FromSeconds(1));
        var flow = await person.StartSignInAsync(signIn);

        person.Clock.Advance(TimeSpan.FromMinutes(5));

        (await person.Guardian.VerifyAsync(flow, person.Guardian.CodeOf(enrolled))).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await person.TryStartSignInAsync(signIn)).ShouldBeError(HttpStatusCode.Unauthorized, "invalid_token");
        ((string)(await application.GetAsync(signIn))["state"]!).ShouldBe("expired");
        (await application.RedeemAsync(signIn)).ShouldBeError(HttpStatusCode.Conflict, "transaction_expired");
    }

    [Theory, Engines]
    public async Task A_pending_sign_in_is_not_redeemed_and_an_accepted_one_is_not_started_again(Engine engine)
    {
        var (person, enrolled, application) = await CreateEnrolledAsync(engine);
        var signIn = await application.StartAsync(person);
        (await application.RedeemAsync(signIn)).ShouldBeError(HttpStatusCode.Conflict, "transaction_not_accepted");
        var flow = await person.StartSignInAsync(signIn);

        (await person.Guardian.VerifyAsync(flow, person.Guardian.CodeOf(enrolled, 1))).ShouldBe(HttpStatusCode.OK);

        (await person.TryStartSignInAsync(signIn)).ShouldBeError(HttpStatusCode.Unauthorized, "invalid_token");
    }

    [Theory, Engines]
    public async Task A_result_ends_with_its_authenticator_and_with_a_block_of_its_user(Engine engine)
    {
        foreach (var end in new Func<Person, Flow, Task>[] { RemoveAsync, BlockAsync })
        {
            var (person, enrolled, application) = await CreateEnrolledAsync(engine);
            var signIn = await application.StartAsync(person);
            var flow = await person.StartSignInAsync(signIn);
            (await person.Guardian.VerifyAsync(flow, person.Guardian.CodeOf(enrolled, 1))).ShouldBe(HttpStatusCode.OK);

            await end(person, enrolled);

            (await application.RedeemAsync(signIn)).ShouldBeError(HttpStatusCode.Conflict, "transaction_expired");
        }

        static async Task RemoveAsync(Person person, Flow enrolled) =>
            (await person.Management.SendAsync(HttpMethod.Delete, "/guardian/enrollments/" + enrolled.AuthenticatorId)).Status.ShouldBe(HttpStatusCode.NoContent);

        static async Task BlockAsync(Person person, Flow enrolled) =>
            (await person.Management.SendAsync(HttpMethod.Patch, person.UserPath, new { blocked = true })).ShouldBe(HttpStatusCode.OK);
    }

    [Theory, Engines]
    public async Task Another_client_neither_sees_nor_redeems_a_sign_in(Engine engine)
    {
        var (person, application) = await CreateAsync(engine);
        var signIn = await application.StartAsync(person);
        await person.Server.Database.WriteAsync(
            unit =>
            {
                unit.Enqueue(new Statement(
                    "UPDATE \"transaction\" SET origin_data = replace(origin_data, @own, 'another-client') WHERE user_id = @user_id",
                    ("own", TestServer.ClientId),
                    ("user_id", person.UserId)));
                return ValueTask.CompletedTask;
            },
            CancellationToken.None);

        (await person.Management.SendAsync(HttpMethod.Get, "/guardian/transactions/" + signIn.Id)).ShouldBeError(HttpStatusCode.NotFound, "transaction_not_found");
        (await application.RedeemAsync(signIn)).ShouldBeError(HttpStatusCode.NotFound, "transaction_not_found");
    }

    [Theory, Engines]
    public async Task A_request_token_starts_and_nothing_else_and_a_transaction_token_does_not_start(Engine engine)
    {
        var (person, enrolled, application) = await CreateEnrolledAsync(engine);
        var signIn = await application.StartAsync(person);
        var flow = await person.StartSignInAsync(signIn);

        (await person.Guardian.SendAsync("transaction-state", "Bearer " + signIn.RequestToken)).ShouldBeError(HttpStatusCode.Unauthorized, "invalid_token");
        (await person.Guardian.SendAsync("start-flow", "Bearer " + flow.Token)).ShouldBeError(HttpStatusCode.Unauthorized, "invalid_token");
        (await person.Guardian.SendAsync("start-flow", "Bearer no-token")).ShouldBeError(HttpStatusCode.Unauthorized, "invalid_token");
    }

    [Theory, Engines]
    public async Task A_ticket_is_no_sign_in(Engine engine)
    {
        var (person, _) = await CreateAsync(engine);
        await person.EnrollAsync();
        var flow = await person.StartAsync();

        var id = new JsonWebToken(flow.Token).GetPayloadValue<string>("txid");

        (await person.Management.SendAsync(HttpMethod.Post, $"/guardian/transactions/{id}/redeem")).ShouldBeError(HttpStatusCode.NotFound, "transaction_not_found");
    }

    [Theory, Engines]
    public async Task A_body_that_is_wrong_names_the_field_and_creates_nothing(Engine engine)
    {
        var (person, application) = await CreateAsync(engine);
        foreach (var (field, value) in new (string, JsonNode?)[]
        {
            ("user_id", null), ("user_id", "nobody"), ("client_id", null), ("client_id", "no-such-client"), ("post_action_url", null),
            ("post_action_url", Application.Callback + "/"), ("post_action_url", Application.Callback + "?x=1"), ("post_action_url", Application.Callback.ToUpperInvariant()),
            ("post_action_url", "https://evil.example/"), ("post_action_url", "javascript:alert(1)"), ("factors", new JsonArray()), ("factors", new JsonArray("carrier-pigeon")), ("factors", new JsonArray("otp", "passkey")), ("factors", new JsonArray("otp", "otp")),
            ("factors", "otp"), ("nonce", ""), ("nonce", 1), ("allow_remember_browser", "yes"), ("self_service_enrollment", 1), ("acr_values", ""), ("binding_message", ""),
        })
        {
            var answer = await application.TryStartAsync(person.UserId, new() { [field] = value });
            answer.ShouldBeError(HttpStatusCode.BadRequest, "invalid_body");
            ((string)answer.Json!["message"]!).ShouldContain(field);
        }

        var unknown = await application.TryStartAsync(person.UserId, new() { ["factors"] = new JsonArray("phone") });
        ((string)unknown.Json!["message"]!).ShouldMatch("expected some of: .*sms.*on property factors");
        (await application.TryStartAsync("auth0|nobody")).ShouldBeError(HttpStatusCode.NotFound, "inexistent_user");
        (await person.Management.SendAsync(HttpMethod.Patch, person.UserPath, new { blocked = true })).ShouldBe(HttpStatusCode.OK);
        (await application.TryStartAsync(person.UserId)).ShouldBeError(HttpStatusCode.Forbidden, "user_blocked");
        (await person.CountAsync("transaction")).ShouldBe(0);
    }

    private async Task<(Person Person, Application Application)> CreateAsync(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        return (await Person.CreateAsync(server), await Application.CreateAsync(server));
    }

    private async Task<(Person Person, Flow Enrolled, Application Application)> CreateEnrolledAsync(Engine engine)
    {
        var (person, application) = await CreateAsync(engine);
        return (person, await person.EnrollAsync(), application);
    }
}

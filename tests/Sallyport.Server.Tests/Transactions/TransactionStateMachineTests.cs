using System.Net;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Transactions;

/// <summary>The state machine of docs/wire.md §6.</summary>
public sealed class TransactionStateMachineTests(Servers servers) : IClassFixture<Servers>
{
    [Theory, EnginesAndBases]
    public async Task A_wrong_code_does_not_change_an_enrollment_and_the_right_one_is_still_accepted(Engine engine, string prefix)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine), prefix);
        var flow = await person.StartAsync();

        (await person.Guardian.VerifyAsync(flow, person.Guardian.WrongCodeOf(flow))).ShouldBeError(HttpStatusCode.Forbidden, "invalid_otp");
        var between = await person.Guardian.GetStateAsync(flow);
        (await person.Guardian.VerifyAsync(flow, person.Guardian.CodeOf(flow))).ShouldBe(HttpStatusCode.OK);

        between.Names().ShouldBe(["id", "state"]);
        ((string)between["state"]!).ShouldBe("pending");
        ((string)(await person.Guardian.GetStateAsync(flow))["state"]!).ShouldBe("accepted");
    }

    [Theory, EnginesAndBases]
    public async Task A_code_at_sign_in_authenticates_and_enrolls_nothing(Engine engine, string prefix)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine), prefix);
        var enrolled = await person.EnrollAsync();
        var login = await person.StartAsync();
        login.IsEnrolling.ShouldBeFalse();

        (await person.Guardian.VerifyAsync(login, person.Guardian.WrongCodeOf(enrolled))).ShouldBeError(HttpStatusCode.Forbidden, "invalid_otp");
        (await person.Guardian.VerifyAsync(login, person.Guardian.CodeOf(enrolled, 1))).ShouldBe(HttpStatusCode.OK);

        var state = await person.Guardian.GetStateAsync(login);
        ((string)state["state"]!).ShouldBe("accepted");
        state["token"].ShouldNotBeNull();
        (await person.ListEnrollmentsAsync()).Count.ShouldBe(1);
        (await person.ListGuardianLogAsync()).ShouldBe(
            ["gd_start_enroll", "gd_enrollment_complete", "gd_start_auth", "gd_auth_failed", "gd_auth_succeed"]);
    }

    [Theory, Engines]
    public async Task An_accepted_transaction_accepts_no_further_code(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        var flow = await person.EnrollAsync();
        person.Clock.Advance(TimeSpan.FromSeconds(30));

        (await person.Guardian.VerifyAsync(flow, person.Guardian.CodeOf(flow))).ShouldBeError(HttpStatusCode.Forbidden, "invalid_otp");
        (await person.Guardian.RecoverAsync(flow, flow.RecoveryCode!)).ShouldBeError(HttpStatusCode.Forbidden, "invalid_recovery_code");

        ((string)(await person.Guardian.GetStateAsync(flow))["state"]!).ShouldBe("accepted");
        var login = await person.StartAsync();
        (await person.Guardian.RecoverAsync(login, flow.RecoveryCode!)).ShouldBe(HttpStatusCode.OK);
    }

    /// <summary>A person who refused a push may still enter a code (docs/wire.md §6.2).</summary>
    [Theory, Engines]
    public async Task A_right_code_accepts_a_rejected_transaction(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        var enrolled = await person.EnrollAsync();
        var login = await person.StartAsync();
        await person.Server.Database.WriteAsync(
            unit =>
            {
                unit.Enqueue(new Statement(
                    """UPDATE "transaction" SET state = 'rejected' WHERE user_id = @user_id AND state = 'pending'""", ("user_id", person.UserId)));
                return ValueTask.CompletedTask;
            },
            CancellationToken.None);
        var rejected = await person.Guardian.GetStateAsync(login);

        (await person.Guardian.VerifyAsync(login, person.Guardian.CodeOf(enrolled, 1))).ShouldBe(HttpStatusCode.OK);

        ((string)rejected["state"]!).ShouldBe("rejected");
        rejected["token"].ShouldBeNull();
        ((string)(await person.Guardian.GetStateAsync(login))["state"]!).ShouldBe("accepted");
    }

    /// <summary>In another product an abandoned enrollment could be used to sign in (authentik #2330).</summary>
    [Theory, Engines]
    public async Task An_unconfirmed_enrollment_has_no_effect(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        var abandoned = await person.StartAsync();

        var next = await person.StartAsync();

        next.IsEnrolling.ShouldBeTrue();
        next.AuthenticatorId.ShouldNotBe(abandoned.AuthenticatorId);
        (await person.ListEnrollmentsAsync()).ShouldBeEmpty();
        (await person.Guardian.VerifyAsync(next, person.Guardian.CodeOf(abandoned))).ShouldBeError(HttpStatusCode.Forbidden, "invalid_otp");
        (await person.Guardian.RecoverAsync(next, abandoned.RecoveryCode!)).ShouldBeError(HttpStatusCode.Forbidden, "invalid_recovery_code");
        (await person.Guardian.RecoverAsync(abandoned, abandoned.RecoveryCode!)).ShouldBeError(HttpStatusCode.Forbidden, "invalid_recovery_code");
        (await person.CountAsync("authenticator", "status = 'confirmed'")).ShouldBe(0);
    }

    /// <summary>While an enrollment is pending, no call treats it as a second factor (CVE-2025-3910).</summary>
    [Theory, EnginesAndBases]
    public async Task No_call_treats_a_pending_enrollment_as_confirmed(Engine engine, string prefix)
    {
        var server = await servers.GetAsync(engine);
        var person = await Person.CreateAsync(server, prefix);
        var flow = await person.StartAsync();
        var folder = prefix + "/api/";
        var paths = MappedEndpoint.List(server).Where(endpoint => !endpoint.IsManagement).Select(endpoint => endpoint.Pattern)
            .Where(pattern => pattern.StartsWith(folder, StringComparison.Ordinal)).Select(pattern => pattern[folder.Length..]).Distinct().ToList();
        object?[] bodies =
        [
            null,
            new { type = "manual_input", code = person.Guardian.WrongCodeOf(flow) },
            new { recovery_code = flow.RecoveryCode },
            new { state = "accepted", enrollment = new { id = flow.AuthenticatorId } },
        ];

        foreach (var (path, body) in paths.SelectMany(path => bodies.Select(body => (path, body))))
        {
            (await person.SendAsync(path, flow, body)).Text.ShouldNotContain("\"token\"", customMessage: path);
        }

        paths.ShouldBe(
            [
                "start-flow", "transaction-state", "send-{method}", "verify-otp", "recover-account", "qr-code", "enroll", "device-accounts/{id}",
                "resolve-transaction", "device-accounts/{id}/sms-enroll", "webauthn/challenge", "webauthn/verify", "webauthn/name", "duo/authorize",
            ],
            ignoreOrder: true);
        (await person.Guardian.GetStateAsync(flow)).Names().ShouldBe(["id", "state"]);
        (await person.ListEnrollmentsAsync()).ShouldBeEmpty();
        (await person.Management.GetAsync(person.UserPath))["multifactor"].ShouldBeNull();
        (await person.Guardian.VerifyAsync(flow, person.Guardian.CodeOf(flow))).ShouldBe(HttpStatusCode.OK);
    }

    [Theory, Engines]
    public async Task A_code_of_an_abandoned_authenticator_is_refused_after_another_was_confirmed(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        var abandoned = await person.StartAsync();
        await person.EnrollAsync();

        var login = await person.StartAsync();
        (await person.Guardian.VerifyAsync(login, person.Guardian.CodeOf(abandoned))).ShouldBeError(HttpStatusCode.Forbidden, "invalid_otp");

        login.Json["device_account"]!["available_methods"].Texts().ShouldBe(["otp"]);
        (await person.ListEnrollmentsAsync()).Count.ShouldBe(1);
        var shown = await person.Management.SendAsync(HttpMethod.Get, "/guardian/enrollments/" + abandoned.AuthenticatorId);
        ((string?)shown.Json!["status"]).ShouldNotBe("confirmed");
    }

    /// <summary>Only a code of the new key confirms its enrollment.</summary>
    [Theory, Engines]
    public async Task The_code_of_an_old_authenticator_cannot_confirm_a_new_one(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        var old = await person.EnrollAsync();
        var more = await person.StartAsync(allowMultiple: true);

        (await person.Guardian.VerifyAsync(more, person.Guardian.CodeOf(old, 1))).ShouldBeError(HttpStatusCode.Forbidden, "invalid_otp");
        (await person.Guardian.RecoverAsync(more, old.RecoveryCode!)).ShouldBeError(HttpStatusCode.Forbidden, "invalid_recovery_code");

        (await person.ListEnrollmentsAsync()).Count.ShouldBe(1);
        ((string)(await person.Guardian.GetStateAsync(more))["state"]!).ShouldBe("pending");
    }

    [Theory, Engines]
    public async Task With_two_authenticators_a_code_of_either_is_accepted(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        var (first, second) = (await person.EnrollAsync(), await person.EnrollAsync(allowMultiple: true));
        var (one, two) = (await person.StartAsync(), await person.StartAsync());

        (await person.Guardian.VerifyAsync(one, person.Guardian.CodeOf(first, 1))).ShouldBe(HttpStatusCode.OK);
        (await person.Guardian.VerifyAsync(two, person.Guardian.CodeOf(second, 1))).ShouldBe(HttpStatusCode.OK);

        (await person.ListEnrollmentsAsync()).Count.ShouldBe(2);
    }

    [Theory, Engines]
    public async Task Blocking_a_user_ends_their_open_transactions(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        var enrolling = await person.StartAsync();
        (await person.Management.SendAsync(HttpMethod.Patch, person.UserPath, new { blocked = true })).ShouldBe(HttpStatusCode.OK);

        var verified = await person.Guardian.VerifyAsync(enrolling, person.Guardian.CodeOf(enrolling));
        var state = await person.Guardian.SendAsync("transaction-state", "Bearer " + enrolling.Token);

        verified.ShouldBeError(HttpStatusCode.Unauthorized, "invalid_token");
        state.ShouldBeError(HttpStatusCode.Unauthorized, "invalid_token");
        (await person.ListEnrollmentsAsync()).ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task A_blocked_user_cannot_log_in_with_a_code_or_a_recovery_code(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        var enrolled = await person.EnrollAsync();
        var login = await person.StartAsync();
        (await person.Management.SendAsync(HttpMethod.Patch, person.UserPath, new { blocked = true })).ShouldBe(HttpStatusCode.OK);

        (await person.Guardian.VerifyAsync(login, person.Guardian.CodeOf(enrolled, 1))).ShouldBeError(HttpStatusCode.Unauthorized, "invalid_token");
        (await person.Guardian.RecoverAsync(login, enrolled.RecoveryCode!)).ShouldBeError(HttpStatusCode.Unauthorized, "invalid_token");

        (await person.Management.SendAsync(HttpMethod.Patch, person.UserPath, new { blocked = false })).ShouldBe(HttpStatusCode.OK);
        (await person.Guardian.VerifyAsync(login, person.Guardian.CodeOf(enrolled, 1))).ShouldBeError(HttpStatusCode.Unauthorized, "invalid_token");
        (await person.Guardian.VerifyAsync(await person.StartAsync(), person.Guardian.CodeOf(enrolled, 1))).ShouldBe(HttpStatusCode.OK);
    }

    [Theory, Engines]
    public async Task Deleting_a_user_ends_their_open_transactions(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        var flow = await person.StartAsync();
        (await person.Guardian.VerifyAsync(flow, person.Guardian.WrongCodeOf(flow))).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await person.Management.SendAsync(HttpMethod.Delete, person.UserPath)).ShouldBe(HttpStatusCode.NoContent);

        (await person.Guardian.VerifyAsync(flow, person.Guardian.CodeOf(flow))).ShouldBeError(HttpStatusCode.Unauthorized, "invalid_token");
        (await person.Guardian.SendAsync("transaction-state", "Bearer " + flow.Token)).ShouldBeError(HttpStatusCode.Unauthorized, "invalid_token");

        foreach (var table in new[] { "ticket", "transaction", "authenticator", "attempt" })
        {
            (await person.CountAsync(table)).ShouldBe(0, table);
        }
    }
}

using System.Net;
using System.Net.Http.Json;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;
using Sallyport.Server.Transactions;

namespace Sallyport.Server.Tests.Transactions;

/// <summary>docs/wire.md §1.4: clients distinguish states by the properties that exist.</summary>
public sealed class StartFlowTests(Servers servers) : IClassFixture<Servers>
{
    private static readonly string[] Common =
    [
        "available_authentication_methods", "available_enrollment_methods", "device_account", "feature_switches", "transaction_token",
    ];

    private static readonly string[] Enrolling =
    [
        "available_authentication_methods", "available_enrollment_methods", "device_account", "enrollment_tx_id", "feature_switches",
        "transaction_token",
    ];

    [Theory, EnginesAndBases]
    public async Task A_user_who_is_not_enrolled_gets_exactly_the_members_of_an_enrollment(Engine engine, string prefix)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine), prefix);

        var json = (await person.StartAsync()).Json;

        json.Names().ShouldBe(Enrolling);
        ((string)json["enrollment_tx_id"]!).ShouldMatch("^[A-Za-z0-9]{32}$");
        json["available_enrollment_methods"].Texts().ShouldBe(["otp"]);
        json["available_authentication_methods"].Texts().ShouldBe(["otp"]);
        var account = json["device_account"];
        account.Names().ShouldBe(["id", "otp_secret", "recovery_code", "status"]);
        ((string)account!["id"]!).ShouldMatch("^dev_[A-Za-z0-9]{16}$");
        ((string)account["status"]!).ShouldBe("confirmation_pending");
        ((string)account["otp_secret"]!).ShouldMatch("^[A-Z2-7]{32}$");
        ((string)account["recovery_code"]!).ShouldMatch("^[A-Z0-9]{24}$");
        json["feature_switches"]!.ToJsonString().ShouldBe("""{"mfa_app":{"enroll":true},"mfa_sms":{"enroll":false}}""");
    }

    [Theory, EnginesAndBases]
    public async Task A_user_who_is_enrolled_gets_exactly_the_members_of_an_authentication(Engine engine, string prefix)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine), prefix);
        var enrolled = await person.EnrollAsync();

        var json = (await person.StartAsync()).Json;

        json.Names().ShouldBe(Common);
        json["available_enrollment_methods"].Texts().ShouldBe(["otp"]);
        json["available_authentication_methods"].Texts().ShouldBe(["otp"]);
        var account = json["device_account"];
        account.Names().ShouldBe(
            ["available_authenticator_types", "available_methods", "id", "methods", "push_notifications", "status"]);
        ((string)account!["id"]!).ShouldBe(enrolled.AuthenticatorId);
        ((string)account["status"]!).ShouldBe("confirmed");
        account["push_notifications"]!.ToJsonString().ShouldBe("""{"enabled":false}""");
        account["methods"].Texts().ShouldBe(["otp"]);
        account["available_methods"].Texts().ShouldBe(["otp"]);
        account["available_authenticator_types"].Texts().ShouldBe(["otp", "recovery-code"]);
    }

    [Theory, Engines]
    public async Task A_further_enrollment_has_a_key_and_no_second_recovery_code(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        await person.EnrollAsync();

        var json = (await person.StartAsync(allowMultiple: true)).Json;

        json.Names().ShouldBe(Enrolling);
        json["device_account"].Names().ShouldBe(["id", "otp_secret", "status"]);
    }

    /// <summary>The published client takes the absence of <c>enrollment_tx_id</c> for "enrolled".</summary>
    [Theory, Engines]
    public async Task Without_an_enabled_factor_a_user_is_not_enrolled_and_has_no_method(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        await person.SetFactorAsync("otp", false);

        var json = (await person.StartAsync()).Json;
        await person.SetFactorAsync("otp", true);

        json.Names().ShouldBe(Enrolling);
        json["available_enrollment_methods"].Texts().ShouldBeEmpty();
        json["available_authentication_methods"].Texts().ShouldBeEmpty();
        json["device_account"].Names().ShouldBe(["status"]);
        ((string)json["device_account"]!["status"]!).ShouldBe("confirmation_pending");
        json["feature_switches"]!.ToJsonString().ShouldBe("""{"mfa_app":{"enroll":false},"mfa_sms":{"enroll":false}}""");
    }

    [Theory, Engines]
    public async Task An_enrolled_user_whose_factors_are_all_disabled_has_no_method(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        await person.EnrollAsync();
        await person.SetFactorAsync("otp", false);
        await person.SetFactorAsync("recovery-code", false);

        var json = (await person.StartAsync()).Json;
        await person.SetFactorAsync("otp", true);
        await person.SetFactorAsync("recovery-code", true);

        json.Names().ShouldBe(Common);
        ((string)json["device_account"]!["status"]!).ShouldBe("confirmed");
        json["available_enrollment_methods"].Texts().ShouldBeEmpty();
        json["available_authentication_methods"].Texts().ShouldBeEmpty();
        json["device_account"]!["available_methods"].Texts().ShouldBeEmpty();
        json["device_account"]!["available_authenticator_types"].Texts().ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task Without_the_recovery_code_factor_no_recovery_code_is_made(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        await person.SetFactorAsync("recovery-code", false);

        var flow = await person.EnrollAsync();
        var login = (await person.StartAsync()).Json;
        await person.SetFactorAsync("recovery-code", true);

        flow.RecoveryCode.ShouldBeNull();
        login["device_account"]!["available_authenticator_types"].Texts().ShouldBe(["otp"]);
        (await person.CountAsync("authenticator", "factor = 'recovery-code'")).ShouldBe(0);
    }

    /// <summary>A ticket that is limited to a factor enrolls no other factor, also when this version cannot verify that one.</summary>
    [Theory, Engines]
    public async Task A_ticket_for_another_factor_offers_no_authenticator_app(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        var ticketId = await person.NewTicketAsync();
        await person.Server.Database.WriteAsync(
            unit =>
            {
                unit.Enqueue(new Statement("UPDATE ticket SET factor = 'phone' WHERE user_id = @user_id", ("user_id", person.UserId)));
                return ValueTask.CompletedTask;
            },
            CancellationToken.None);
        var flow = await person.Guardian.StartAsync(ticketId);

        var verified = await person.Guardian.VerifyAsync(flow, "123456");

        flow.Json["available_enrollment_methods"].Texts().ShouldBeEmpty();
        flow.Json["device_account"].Names().ShouldNotContain("otp_secret");
        verified.ShouldBeError(HttpStatusCode.Forbidden, "invalid_otp");
        (await person.ListEnrollmentsAsync()).ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task A_ticket_for_an_authenticator_app_enrolls_one(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        var answer = await person.Management.SendAsync(
            HttpMethod.Post, "/guardian/enrollments/ticket", new { user_id = person.UserId, factor = "otp" });

        await person.Guardian.EnrollAsync((string)answer.ShouldBe(HttpStatusCode.OK)["ticket_id"]!);

        (await person.ListEnrollmentsAsync()).Count.ShouldBe(1);
    }

    [Theory, EnginesAndBases]
    public async Task The_state_transport_is_stored_and_unknown_members_are_ignored(Engine engine, string prefix)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine), prefix);
        var body = new { state_transport = "polling", status = "confirmed", something = new[] { 1 } };

        var answer = await person.Guardian.SendAsync(
            "start-flow", $"Ticket id=\"{await person.NewTicketAsync()}\"", JsonContent.Create(body));

        ((string)answer.ShouldBe(HttpStatusCode.Created)["device_account"]!["status"]!).ShouldBe("confirmation_pending");
        (await person.ListEnrollmentsAsync()).ShouldBeEmpty();
        (await person.CountAsync("transaction", "state_transport = 'polling'")).ShouldBe(1);
    }

    [Theory, Engines]
    public async Task Secrets_of_different_users_differ_and_are_long_enough(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var flows = new List<Flow>();
        for (var i = 0; i < 8; i++)
        {
            flows.Add(await (await Person.CreateAsync(server)).StartAsync());
        }

        flows.ShouldAllBe(flow => flow.Secret.Length * 8 >= 160);
        flows.Select(flow => Convert.ToHexString(flow.Secret)).Distinct().Count().ShouldBe(flows.Count);
        // A random character out of 36 has log2(36) bits. Codes of 32 bits were reported as vulnerabilities.
        flows.ShouldAllBe(flow => flow.RecoveryCode!.Length * Math.Log2(36) >= 80);
        flows.Select(flow => flow.RecoveryCode).Distinct().Count().ShouldBe(flows.Count);
    }

    [Theory, Engines]
    public async Task A_ticket_has_a_limit_of_open_transactions_and_works_again_after_they_expire(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        var (ticket, other) = (await person.NewTicketAsync(), await person.NewTicketAsync());
        var first = await person.Guardian.StartAsync(ticket);
        for (var i = 1; i < Transaction.MaxOfOneOrigin; i++)
        {
            await person.Guardian.StartAsync(ticket);
        }

        var refused = await person.Guardian.StartFlowAsync(ticket);

        refused.ShouldBeError(HttpStatusCode.TooManyRequests, "too_many_transactions");
        (await person.CountAsync("transaction")).ShouldBe(Transaction.MaxOfOneOrigin);
        // Open transactions and other tickets of the same user still work.
        await person.Guardian.StartAsync(other);
        (await person.Guardian.VerifyAsync(first, person.Guardian.WrongCodeOf(first))).ShouldBeError(HttpStatusCode.Forbidden, "invalid_otp");
        person.Clock.Advance(Transaction.Lifetime);
        await person.Guardian.EnrollAsync(ticket);
    }

    [Theory, Engines]
    public async Task A_body_that_is_not_an_object_is_refused(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        var ticket = $"Ticket id=\"{await person.NewTicketAsync()}\"";

        foreach (var body in new[] { "null", "[]", "\"text\"", "7", "{", """{"state_transport":7}""", """{"state_transport":"\u0000"}""" })
        {
            var answer = await person.Guardian.SendAsync(
                "start-flow", ticket, new StringContent(body, System.Text.Encoding.UTF8, "application/json"));
            answer.ShouldBeError(HttpStatusCode.BadRequest, "invalid_body");
        }

        (await person.CountAsync("transaction")).ShouldBe(0);
    }
}

using System.Net;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Factors.Sms;

/// <summary>Codes by text message, through the Guardian API.</summary>
public sealed class SmsCodeTests(Servers servers) : IClassFixture<Servers>
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    [Theory, Engines]
    public async Task A_person_enrolls_a_number_and_signs_in_with_it(Engine engine)
    {
        var phone = await CreateAsync(engine);
        var person = phone.Person;
        var flow = await person.StartAsync();
        flow.Json["available_enrollment_methods"].Texts().ShouldBe(["otp", "sms"]);
        flow.Json["feature_switches"]!.ToJsonString().ShouldBe("""{"mfa_app":{"enroll":true},"mfa_sms":{"enroll":true}}""");
        flow.Json["factor_settings"]!["phone"]!.ToJsonString().ShouldBe("""{"otp_length":6,"message_types":["sms"]}""");

        var message = await phone.MessageOfAsync(() => phone.EnrollNumberAsync(flow));
        (await person.Guardian.VerifyAsync(flow, PhoneOutbox.CodeIn(message))).ShouldBe(HttpStatusCode.OK);

        ((string)message["kind"]!).ShouldBe("enrollment");
        ((string)message["channel"]!).ShouldBe("sms");
        var enrollment = (await person.ListEnrollmentsAsync()).ShouldHaveSingleItem()!;
        ((string)enrollment["phone_number"]!).ShouldBe(phone.Masked);
        ((string)enrollment["auth_method"]!).ShouldBe("sms");
        ((string)(await person.Guardian.GetStateAsync(flow))["enrollment"]!["phone_number"]!).ShouldBe(phone.Masked);
        var login = await person.StartAsync();
        var account = login.Json["device_account"]!;
        ((string)account["phone_number"]!).ShouldBe(phone.Masked);
        account["available_methods"].Texts().ShouldBe(["sms"]);
        account["available_authenticator_types"].Texts().ShouldBe(["sms", "recovery-code"]);
        var second = await phone.MessageOfAsync(() => phone.SendAsync(login));
        ((string)second["kind"]!).ShouldBe("verification");
        (await person.Guardian.VerifyAsync(login, PhoneOutbox.CodeIn(second))).ShouldBe(HttpStatusCode.OK);
        (await person.ListGuardianLogAsync()).ShouldBe(
            ["gd_start_enroll", "gd_send_sms", "gd_enrollment_complete", "gd_start_auth", "gd_send_sms", "gd_auth_succeed"]);
    }

    [Theory, Engines]
    public async Task The_answer_shows_the_number_in_part_and_the_log_does_not_show_it(Engine engine)
    {
        var phone = await CreateAsync(engine);
        var flow = await phone.Person.StartAsync();

        var answer = await phone.EnrollNumberAsync(flow);

        answer.ShouldBe(HttpStatusCode.OK).ToJsonString().ShouldBe($$"""{"phone_number":"{{phone.Masked}}","message_type":"sms"}""");
        (await phone.Person.Management.GetAsync("/logs?per_page=100")).ToJsonString().ShouldNotContain(phone.Number[3..]);
    }

    [Theory, Engines]
    public async Task A_number_that_may_not_be_enrolled_is_refused_and_changes_nothing(Engine engine)
    {
        var phone = await CreateAsync(engine);
        var flow = await phone.Person.StartAsync();
        var code = await phone.CodeOfAsync(() => phone.EnrollNumberAsync(flow));

        foreach (var number in new[] { "", "12345", "+1900555", "+19005550123", "+491805123456", "+112", "+14255550123 ext. 7", "+1 425 555 0123\n" })
        {
            var refused = await phone.EnrollNumberAsync(flow, number);
            refused.ShouldBeError(HttpStatusCode.BadRequest, "invalid_phone_number");
            refused.Text.ShouldContain("phone_number");
        }

        foreach (var body in new object?[] { new { }, new { phone_number = (string?)null }, new { phone_number = 14255550123 }, null })
        {
            (await phone.Person.SendAsync($"device-accounts/{flow.AuthenticatorId}/sms-enroll", flow, body)).ShouldBeError(HttpStatusCode.BadRequest, "invalid_body");
        }

        (await phone.Person.Guardian.VerifyAsync(flow, code)).ShouldBe(HttpStatusCode.OK);
    }

    [Theory, Engines]
    public async Task A_corrected_number_gets_a_code_at_once_and_the_code_of_the_other_number_is_void(Engine engine)
    {
        var phone = await CreateAsync(engine);
        var (flow, typo) = (await phone.Person.StartAsync(), PhonePerson.NewNumber());
        var lost = PhoneOutbox.CodeIn(await phone.MessageOfAsync(() => phone.EnrollNumberAsync(flow, typo), typo));

        var code = await phone.CodeOfAsync(() => phone.EnrollNumberAsync(flow));

        if (lost != code)
        {
            (await phone.Person.Guardian.VerifyAsync(flow, lost)).ShouldBeError(HttpStatusCode.Forbidden, "invalid_otp");
        }

        (await phone.Person.Guardian.VerifyAsync(flow, code)).ShouldBe(HttpStatusCode.OK);
        ((string)(await phone.Person.ListEnrollmentsAsync())[0]!["phone_number"]!).ShouldBe(phone.Masked);
    }

    /// <summary>guardian.js enrolls again after each wrong code.</summary>
    [Theory, Engines]
    public async Task The_same_number_again_within_the_pause_sends_nothing_and_the_code_still_works(Engine engine)
    {
        var phone = await CreateAsync(engine);
        var flow = await phone.Person.StartAsync();
        var code = await phone.CodeOfAsync(() => phone.EnrollNumberAsync(flow));

        (await phone.EnrollNumberAsync(flow)).ShouldBe(HttpStatusCode.OK);

        (await phone.Person.CountAsync("challenge")).ShouldBe(1);
        (await phone.Person.Guardian.VerifyAsync(flow, code)).ShouldBe(HttpStatusCode.OK);
    }

    [Theory, Engines]
    public async Task Sixteen_corrections_at_once_confirm_only_the_number_that_the_code_was_sent_to(Engine engine)
    {
        var phone = await CreateAsync(engine);
        var flow = await phone.Person.StartAsync();
        var numbers = Enumerable.Range(0, 16).Select(_ => PhonePerson.NewNumber()).ToList();

        await Task.WhenAll(numbers.Select(number => phone.EnrollNumberAsync(flow, number)));

        var sent = await Eventually.GetAsync(
            () => Task.FromResult(numbers.SelectMany(number => PhoneOutbox.ListTo(phone.Person.Server, number)).ToList()), sent => sent.Count > 0);
        foreach (var message in sent.Take(9))
        {
            await phone.Person.Guardian.VerifyAsync(flow, PhoneOutbox.CodeIn(message));
        }

        foreach (var enrollment in await phone.Person.ListEnrollmentsAsync())
        {
            var shown = ((string)enrollment!["phone_number"]!)[^4..];
            sent.Select(message => (string)message["to"]!).ShouldContain(number => number.EndsWith(shown, StringComparison.Ordinal));
        }
    }

    [Theory, Engines]
    public async Task A_number_cannot_be_changed_after_it_was_confirmed(Engine engine)
    {
        var phone = await CreateAsync(engine);
        var flow = await phone.Person.StartAsync();
        (await phone.Person.Guardian.VerifyAsync(flow, await phone.CodeOfAsync(() => phone.EnrollNumberAsync(flow)))).ShouldBe(HttpStatusCode.OK);

        (await phone.EnrollNumberAsync(flow, PhonePerson.NewNumber())).ShouldBeError(HttpStatusCode.Unauthorized, "invalid_token");
        var login = await phone.Person.StartAsync();
        (await phone.EnrollNumberAsync(login, PhonePerson.NewNumber())).ShouldBeError(HttpStatusCode.NotFound, "enrollment_not_found");

        ((string)(await phone.Person.ListEnrollmentsAsync()).ShouldHaveSingleItem()!["phone_number"]!).ShouldBe(phone.Masked);
    }

    [Theory, Engines]
    public async Task A_transaction_enrolls_no_authenticator_of_another_one(Engine engine)
    {
        var phone = await CreateAsync(engine);
        var (flow, other) = (await phone.Person.StartAsync(), await (await CreateAsync(engine)).Person.StartAsync());

        foreach (var id in new[] { other.AuthenticatorId, "dev_0000000000000000", "%20", "sms" })
        {
            (await phone.EnrollNumberAsync(flow, id: id)).ShouldBeError(HttpStatusCode.NotFound, "enrollment_not_found");
        }

        (await phone.Person.CountAsync("challenge")).ShouldBe(0);
    }

    [Theory, Engines]
    public async Task The_same_number_cannot_be_enrolled_twice(Engine engine)
    {
        var phone = await CreateAsync(engine);
        await phone.EnrollAsync();
        var flow = await phone.Person.StartAsync(allowMultiple: true);

        (await phone.EnrollNumberAsync(flow)).ShouldBeError(HttpStatusCode.Conflict, "enrollment_conflict");
    }

    [Theory, Engines]
    public async Task Without_a_number_nothing_is_sent(Engine engine)
    {
        var phone = await CreateAsync(engine);
        var flow = await phone.Person.StartAsync();

        (await phone.SendAsync(flow)).ShouldBeError(HttpStatusCode.NotFound, "enrollment_not_found");
        (await phone.Person.CountAsync("challenge")).ShouldBe(0);
    }

    [Theory, Engines]
    public async Task Another_code_is_sent_after_a_pause_and_only_the_newest_works(Engine engine)
    {
        var phone = await CreateAsync(engine);
        await phone.EnrollAsync();
        var login = await phone.Person.StartAsync();
        var first = await phone.CodeOfAsync(() => phone.SendAsync(login));
        phone.Person.Clock.Advance(TimeSpan.FromSeconds(10));

        var refused = await phone.SendAsync(login);
        refused.ShouldBeError(HttpStatusCode.TooManyRequests, "too_many_sms");
        refused.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(20));
        phone.Person.Clock.Advance(Pause - TimeSpan.FromSeconds(10));
        var second = await phone.CodeOfAsync(() => phone.SendAsync(login));

        if (first != second)
        {
            (await phone.Person.Guardian.VerifyAsync(login, first)).ShouldBeError(HttpStatusCode.Forbidden, "invalid_otp");
        }

        (await phone.Person.Guardian.VerifyAsync(login, second)).ShouldBe(HttpStatusCode.OK);
    }

    /// <summary>CVE-2024-32868 and its like: a limit that a new session, or another way to ask, resets is none.</summary>
    [Theory, Engines]
    public async Task Ten_messages_are_sent_at_once_and_then_one_each_hour_across_transactions(Engine engine)
    {
        var phone = await CreateAsync(engine);
        await phone.EnrollAsync();
        for (var sent = 1; sent < 10; sent++)
        {
            (await phone.SendAsync(await phone.Person.StartAsync())).ShouldBe(HttpStatusCode.OK);
        }

        var refused = await phone.SendAsync(await phone.Person.StartAsync());
        refused.ShouldBeError(HttpStatusCode.TooManyRequests, "too_many_sms");
        refused.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromHours(1));
        phone.Person.Clock.Advance(TimeSpan.FromHours(1));
        (await phone.SendAsync(await phone.Person.StartAsync())).ShouldBe(HttpStatusCode.OK);
        (await phone.SendAsync(await phone.Person.StartAsync())).ShouldBeError(HttpStatusCode.TooManyRequests, "too_many_sms");
        (await phone.EnrollNumberAsync(await phone.Person.StartAsync(allowMultiple: true), PhonePerson.NewNumber()))
            .ShouldBeError(HttpStatusCode.TooManyRequests, "too_many_sms");
    }

    [Theory, Engines]
    public async Task Only_one_of_sixteen_requests_for_the_last_message_sends_it(Engine engine)
    {
        var phone = await CreateAsync(engine);
        await phone.EnrollAsync();
        for (var sent = 1; sent < 9; sent++)
        {
            (await phone.SendAsync(await phone.Person.StartAsync())).ShouldBe(HttpStatusCode.OK);
        }

        var ticket = await phone.Person.NewTicketAsync();
        var logins = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => phone.Person.Guardian.StartAsync(ticket)));

        var answers = await Task.WhenAll(logins.Select(login => phone.SendAsync(login)));

        answers.Count(answer => answer.Status == HttpStatusCode.OK).ShouldBe(1);
        (await phone.Person.CountAsync("challenge")).ShouldBe(10);
    }

    [Theory, Engines]
    public async Task A_code_expires_after_five_minutes_and_not_a_millisecond_earlier(Engine engine)
    {
        foreach (var (age, status) in new[] { (Lifetime - TimeSpan.FromMilliseconds(1), HttpStatusCode.OK), (Lifetime, HttpStatusCode.Forbidden) })
        {
            var phone = await CreateAsync(engine);
            var flow = await phone.Person.StartAsync();
            var code = await phone.CodeOfAsync(() => phone.EnrollNumberAsync(flow));

            phone.Person.Clock.Advance(age);

            (await phone.Person.Guardian.VerifyAsync(flow, code)).Status.ShouldBe(status);
        }
    }

    [Theory, Engines]
    public async Task A_code_of_one_transaction_opens_no_other(Engine engine)
    {
        var phone = await CreateAsync(engine);
        await phone.EnrollAsync();
        var (asked, other) = (await phone.Person.StartAsync(), await phone.Person.StartAsync());
        var code = await phone.CodeOfAsync(() => phone.SendAsync(asked));

        (await phone.Person.Guardian.VerifyAsync(other, code)).ShouldBeError(HttpStatusCode.Forbidden, "invalid_otp");
    }

    [Theory, Engines]
    public async Task A_phone_that_was_not_confirmed_is_not_offered(Engine engine)
    {
        var phone = await CreateAsync(engine);
        (await phone.EnrollNumberAsync(await phone.Person.StartAsync())).ShouldBe(HttpStatusCode.OK);

        var other = await phone.Person.StartAsync();

        other.IsEnrolling.ShouldBeTrue();
        (await phone.SendAsync(other)).ShouldBeError(HttpStatusCode.NotFound, "enrollment_not_found");
        (await phone.Person.ListEnrollmentsAsync()).ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task A_ticket_for_a_phone_offers_that_alone_and_no_other_factor_answers_it(Engine engine)
    {
        var phone = await CreateAsync(engine);
        var ticket = await phone.Person.Management.SendAsync(
            HttpMethod.Post, "/guardian/enrollments/ticket", new { user_id = phone.Person.UserId, factor = "phone" });

        var flow = await phone.Person.Guardian.StartAsync((string)ticket.ShouldBe(HttpStatusCode.OK)["ticket_id"]!);

        flow.Json["available_enrollment_methods"].Texts().ShouldBe(["sms"]);
        flow.Json["device_account"]!["otp_secret"].ShouldBeNull();
        (await phone.Person.Guardian.VerifyAsync(flow, await phone.CodeOfAsync(() => phone.EnrollNumberAsync(flow)))).ShouldBe(HttpStatusCode.OK);
        ((string)(await phone.Person.ListEnrollmentsAsync()).ShouldHaveSingleItem()!["type"]!).ShouldBe("sms");
    }

    [Theory, Engines]
    public async Task A_code_has_the_length_that_the_tenant_has_set(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var phone = await PhonePerson.CreateAsync(server);
        (await phone.Person.Management.SendAsync(
            HttpMethod.Put, "/guardian/factors/phone/settings", new { otp_length = 8, otp_expiration_time = 60 })).ShouldBe(HttpStatusCode.OK);
        var flow = await phone.Person.StartAsync();

        var code = await phone.CodeOfAsync(() => phone.EnrollNumberAsync(flow));

        code.Length.ShouldBe(8);
        ((int)flow.Json["factor_settings"]!["phone"]!["otp_length"]!).ShouldBe(8);
        phone.Person.Clock.Advance(TimeSpan.FromSeconds(60));
        (await phone.Person.Guardian.VerifyAsync(flow, code)).ShouldBeError(HttpStatusCode.Forbidden, "invalid_otp");
    }

    [Theory, Engines]
    public async Task The_code_is_stored_as_a_hash_and_the_message_is_sealed(Engine engine)
    {
        var phone = await CreateAsync(engine);
        var flow = await phone.Person.StartAsync();
        var code = await phone.CodeOfAsync(() => phone.EnrollNumberAsync(flow));

        (await phone.Person.CountAsync("challenge", $"data LIKE '%{code}%'")).ShouldBe(0);
        (await phone.Person.CountAsync("message", "delivered_at IS NOT NULL AND sealed_content IS NOT NULL")).ShouldBe(0);
    }

    [Theory, Engines]
    public async Task A_phone_that_an_administrator_created_is_verified_and_signs_in(Engine engine)
    {
        var phone = await CreateAsync(engine);
        var created = await phone.Person.Management.SendAsync(
            HttpMethod.Post, phone.Person.UserPath + "/authentication-methods", new { type = "phone", name = "Work", phone_number = phone.Number });
        created.ShouldBe(HttpStatusCode.Created);
        var log = (await phone.Person.Management.GetAsync("/logs?per_page=100")).ToJsonString();
        log.ShouldNotContain(phone.Number[1..]);
        log.ShouldContain("***" + phone.Number[^4..]);
        var login = await phone.Person.StartAsync();
        login.IsEnrolling.ShouldBeFalse();

        var code = await phone.CodeOfAsync(() => phone.SendAsync(login));

        (await phone.Person.Guardian.VerifyAsync(login, code)).ShouldBe(HttpStatusCode.OK);
        (await phone.Person.Management.SendAsync(
            HttpMethod.Delete, $"{phone.Person.UserPath}/authentication-methods/{Uri.EscapeDataString((string)created.Json!["id"]!)}"))
            .Status.ShouldBe(HttpStatusCode.NoContent);
        (await phone.Person.ListEnrollmentsAsync()).ShouldBeEmpty();
    }

    private async Task<PhonePerson> CreateAsync(Engine engine) => await PhonePerson.CreateAsync(await servers.GetAsync(engine));
}

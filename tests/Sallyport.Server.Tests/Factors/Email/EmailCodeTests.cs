using System.Net;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Factors.Email;

public sealed class EmailCodeTests(Servers servers) : IClassFixture<Servers>
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    [Theory, Engines]
    public async Task A_person_enrolls_their_verified_address_and_signs_in_with_it(Engine engine)
    {
        var person = await PersonAsync(engine);
        var flow = await person.StartAsync();
        flow.Json["available_enrollment_methods"]!.AsArray().Select(name => (string)name!).ShouldBe(["otp", "email"]);

        (await person.Guardian.VerifyAsync(flow, await person.MailCodeAsync(flow))).ShouldBe(HttpStatusCode.OK);

        ((string)(await person.ListEnrollmentsAsync()).Single()!["type"]!).ShouldBe("email");
        (await person.CountAsync("authenticator", "status = 'pending'")).ShouldBe(0);
        ((string)(await person.Guardian.GetStateAsync(flow))["state"]!).ShouldBe("accepted");
        var login = await person.StartAsync();
        login.Json["available_authentication_methods"]!.AsArray().Select(name => (string)name!).ShouldBe(["email"]);
        login.Json["device_account"]!["available_authenticator_types"]!.AsArray().Select(name => (string)name!).ShouldBe(["email", "recovery-code"]);
        (await person.Guardian.VerifyAsync(login, await person.MailCodeAsync(login))).ShouldBe(HttpStatusCode.OK);
        (await person.ListGuardianLogAsync()).ShouldBe(
            ["gd_start_enroll", "gd_send_email", "gd_enrollment_complete", "gd_start_auth", "gd_send_email", "gd_auth_succeed"]);
    }

    [Theory, Engines]
    public async Task An_address_that_was_not_verified_is_not_offered(Engine engine)
    {
        var person = await PersonAsync(engine, isVerified: false);

        var flow = await person.StartAsync();

        flow.Json["available_enrollment_methods"]!.AsArray().Select(name => (string)name!).ShouldBe(["otp"]);
        (await person.SendEmailAsync(flow)).ShouldBeError(HttpStatusCode.NotFound, "enrollment_not_found");
    }

    [Theory, Engines]
    public async Task Only_the_newest_code_works_and_another_one_is_sent_after_a_pause(Engine engine)
    {
        var person = await PersonAsync(engine);
        var flow = await person.StartAsync();
        var first = await person.MailCodeAsync(flow);

        (await person.SendEmailAsync(flow)).ShouldBeError(HttpStatusCode.TooManyRequests, "too_many_messages");
        person.Clock.Advance(Pause);
        var second = await person.MailCodeAsync(flow);

        if (first != second)
        {
            (await person.Guardian.VerifyAsync(flow, first)).ShouldBeError(HttpStatusCode.Forbidden, "invalid_otp");
        }

        (await person.Guardian.VerifyAsync(flow, second)).ShouldBe(HttpStatusCode.OK);
    }

    [Theory, Engines]
    public async Task Twenty_codes_are_sent_in_a_row_and_then_one_a_minute_across_transactions(Engine engine)
    {
        var person = await PersonAsync(engine);
        for (var sent = 0; sent < 20; sent++)
        {
            (await person.SendEmailAsync(await person.StartAsync())).ShouldBe(HttpStatusCode.OK);
        }

        (await person.SendEmailAsync(await person.StartAsync())).ShouldBeError(HttpStatusCode.TooManyRequests, "too_many_messages");
        person.Clock.Advance(TimeSpan.FromMinutes(1));
        (await person.SendEmailAsync(await person.StartAsync())).ShouldBe(HttpStatusCode.OK);
        (await person.SendEmailAsync(await person.StartAsync())).ShouldBeError(HttpStatusCode.TooManyRequests, "too_many_messages");
    }

    [Theory, Engines]
    public async Task A_code_expires_after_five_minutes_and_not_a_millisecond_earlier(Engine engine)
    {
        foreach (var (age, status) in new[] { (Lifetime - TimeSpan.FromMilliseconds(1), HttpStatusCode.OK), (Lifetime, HttpStatusCode.Forbidden) })
        {
            var person = await PersonAsync(engine);
            var flow = await person.StartAsync();
            var code = await person.MailCodeAsync(flow);

            person.Clock.Advance(age);

            (await person.Guardian.VerifyAsync(flow, code)).Status.ShouldBe(status);
        }
    }

    [Theory, Engines]
    public async Task Only_one_of_sixteen_requests_for_a_code_sends_it(Engine engine)
    {
        var person = await PersonAsync(engine);
        var flow = await person.StartAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => person.SendEmailAsync(flow)));

        answers.Count(answer => answer.Status == HttpStatusCode.OK).ShouldBe(1);
        (await person.CountAsync("challenge")).ShouldBe(1);
    }

    [Theory, Engines]
    public async Task A_code_of_one_transaction_opens_no_other(Engine engine)
    {
        var person = await PersonAsync(engine);
        var (asked, other) = (await person.StartAsync(), await person.StartAsync());
        var code = await person.MailCodeAsync(asked);

        (await person.Guardian.VerifyAsync(other, code)).ShouldBeError(HttpStatusCode.Forbidden, "invalid_otp");
    }

    [Theory, Engines]
    public async Task No_code_is_sent_to_an_address_that_the_person_no_longer_has(Engine engine)
    {
        var person = await PersonAsync(engine);
        var enrollment = await person.StartAsync();
        (await person.Guardian.VerifyAsync(enrollment, await person.MailCodeAsync(enrollment))).ShouldBe(HttpStatusCode.OK);
        (await person.PatchAsync(new { email = "moved-" + person.Address })).ShouldBe(HttpStatusCode.OK);

        (await person.SendEmailAsync(await person.StartAsync())).ShouldBeError(HttpStatusCode.NotFound, "enrollment_not_found");
    }

    [Theory, Engines]
    public async Task A_ticket_can_be_limited_to_email(Engine engine)
    {
        var person = await PersonAsync(engine);

        var answer = await person.Management.SendAsync(
            HttpMethod.Post, "/guardian/enrollments/ticket", new { user_id = person.UserId, factor = "email" });

        ((string?)answer.ShouldBe(HttpStatusCode.OK)["ticket_url"]).ShouldNotBeNullOrEmpty();
    }

    [Theory, Engines]
    public async Task A_code_has_the_length_that_the_tenant_has_set_and_start_flow_says_so(Engine engine)
    {
        var person = await PersonAsync(engine);
        var usual = await person.StartAsync();
        await SetLengthAsync(person, 8);

        var enrollment = await person.StartAsync();
        var code = await person.MailCodeAsync(enrollment);
        var status = (await person.Guardian.VerifyAsync(enrollment, code)).Status;
        var login = await person.StartAsync();
        await SetLengthAsync(person, 6);

        code.Length.ShouldBe(8);
        status.ShouldBe(HttpStatusCode.OK);
        usual.Json["factor_settings"]!.ToJsonString().ShouldBe("""{"email":{"otp_length":6}}""");
        enrollment.Json["factor_settings"]!.ToJsonString().ShouldBe("""{"email":{"otp_length":8}}""");
        login.Json["factor_settings"]!.ToJsonString().ShouldBe("""{"email":{"otp_length":8}}""");
    }

    [Theory, Engines]
    public async Task The_code_is_stored_as_a_hash(Engine engine)
    {
        var person = await PersonAsync(engine);
        var flow = await person.StartAsync();
        var code = await person.MailCodeAsync(flow);

        (await person.CountAsync("challenge", $"data LIKE '%{code}%'")).ShouldBe(0);
    }

    private async Task<Person> PersonAsync(Engine engine, bool isVerified = true)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        await person.VerifyAddressAsync(isVerified);
        return person;
    }

    private static async Task SetLengthAsync(Person person, int length) =>
        (await person.Management.SendAsync(HttpMethod.Put, "/guardian/factors/email/settings", new { otp_length = length, otp_expiration_time = 300 }))
            .ShouldBe(HttpStatusCode.OK);
}

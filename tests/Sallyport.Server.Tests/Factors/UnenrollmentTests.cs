using System.Net;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Factors;

/// <summary>Removing an authenticator, and disabling a factor during an enrollment or sign-in.</summary>
public sealed class UnenrollmentTests(Servers servers) : IClassFixture<Servers>
{
    [Theory, Engines]
    public async Task A_user_whose_authenticator_was_removed_needs_a_new_ticket(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        var ticket = await person.NewTicketAsync();
        var (used, opened) = (await person.Guardian.StartAsync(ticket), await person.Guardian.StartAsync(ticket));
        (await person.Guardian.VerifyAsync(used, person.Guardian.CodeOf(used))).ShouldBe(HttpStatusCode.OK);
        var login = await person.StartAsync();

        await DeleteAsync(person, used);

        (await person.ListEnrollmentsAsync()).ShouldBeEmpty();
        (await person.Guardian.StartFlowAsync(ticket)).ShouldBeError(HttpStatusCode.Unauthorized, "invalid_token");
        (await person.Guardian.VerifyAsync(opened, person.Guardian.CodeOf(opened))).ShouldBeError(HttpStatusCode.Unauthorized, "invalid_token");
        (await person.Guardian.VerifyAsync(used, person.Guardian.CodeOf(used, 1))).ShouldBeError(HttpStatusCode.Unauthorized, "invalid_token");
        (await person.Guardian.VerifyAsync(login, person.Guardian.CodeOf(used, 1))).ShouldBeError(HttpStatusCode.Unauthorized, "invalid_token");
        (await person.ListEnrollmentsAsync()).ShouldBeEmpty();

        var fresh = await person.EnrollAsync();
        (await person.ListEnrollmentsAsync()).Select(e => (string)e!["id"]!).ShouldBe([fresh.AuthenticatorId]);
    }

    [Theory, Engines]
    public async Task The_recovery_code_is_removed_with_the_last_authenticator(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        var first = await person.EnrollAsync();
        var second = await person.EnrollAsync(allowMultiple: true);
        var login = await person.StartAsync();

        await DeleteAsync(person, first);
        var kept = await person.CountAsync("authenticator", "factor = 'recovery-code'");
        await DeleteAsync(person, second);

        kept.ShouldBe(1);
        (await person.CountAsync("authenticator")).ShouldBe(0);
        (await person.Guardian.RecoverAsync(login, first.RecoveryCode!)).ShouldBeError(HttpStatusCode.Unauthorized, "invalid_token");
        var again = await person.EnrollAsync();
        again.RecoveryCode.ShouldNotBeNull();
        again.RecoveryCode.ShouldNotBe(first.RecoveryCode);
    }

    [Theory, Engines]
    public async Task An_authenticator_can_be_removed_once(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        var enrolled = await person.EnrollAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(
            _ => person.Management.SendAsync(HttpMethod.Delete, "/guardian/enrollments/" + enrolled.AuthenticatorId)));

        answers.Count(answer => answer.Status == HttpStatusCode.NoContent).ShouldBe(1);
        answers.Where(answer => answer.Status != HttpStatusCode.NoContent).ShouldAllBe(answer => answer.ErrorCode == "enrollment_not_found");
        (await person.ListGuardianLogAsync()).Count(type => type == "gd_unenroll").ShouldBe(1);
    }

    [Theory, Engines]
    public async Task Codes_of_a_disabled_factor_are_refused(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var (enrolling, enrolled) = (await Person.CreateAsync(server), await Person.CreateAsync(server));
        var (pending, confirmed) = (await enrolling.StartAsync(), await enrolled.EnrollAsync());
        var login = await enrolled.StartAsync();

        await enrolled.SetFactorAsync("otp", false);
        var confirming = await enrolling.Guardian.VerifyAsync(pending, enrolling.Guardian.CodeOf(pending));
        var opening = await enrolled.Guardian.VerifyAsync(login, enrolled.Guardian.CodeOf(confirmed, 1));
        await enrolled.SetFactorAsync("otp", true);

        confirming.ShouldBeError(HttpStatusCode.Forbidden, "invalid_otp");
        opening.ShouldBeError(HttpStatusCode.Forbidden, "invalid_otp");
        (await enrolling.ListEnrollmentsAsync()).ShouldBeEmpty();
        (await enrolling.Guardian.VerifyAsync(pending, enrolling.Guardian.CodeOf(pending))).ShouldBe(HttpStatusCode.OK);
        (await enrolled.Guardian.VerifyAsync(login, enrolled.Guardian.CodeOf(confirmed, 1))).ShouldBe(HttpStatusCode.OK);
    }

    [Theory, Engines]
    public async Task Disabled_recovery_codes_are_refused(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        var enrolled = await person.EnrollAsync();
        var login = await person.StartAsync();

        await person.SetFactorAsync("recovery-code", false);
        var refused = await person.Guardian.RecoverAsync(login, enrolled.RecoveryCode!);
        await person.SetFactorAsync("recovery-code", true);

        refused.ShouldBeError(HttpStatusCode.Forbidden, "invalid_recovery_code");
        (await person.Guardian.RecoverAsync(login, enrolled.RecoveryCode!)).ShouldBe(HttpStatusCode.OK);
    }

    [Theory, Engines]
    public async Task Without_an_enabled_factor_a_ticket_enrolls_nobody(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        await person.SetFactorAsync("otp", false);
        var ticket = await person.NewTicketAsync();
        var flow = await person.Guardian.StartAsync(ticket);

        (await person.Guardian.VerifyAsync(flow, "123456")).ShouldBeError(HttpStatusCode.Forbidden, "invalid_otp");
        await person.SetFactorAsync("otp", true);

        (await person.ListEnrollmentsAsync()).ShouldBeEmpty();
        (await person.CountAsync("ticket", "used_at IS NULL")).ShouldBe(1);
        await person.Guardian.EnrollAsync(ticket);
    }

    private static async Task DeleteAsync(Person person, Flow enrolled) =>
        (await person.Management.SendAsync(HttpMethod.Delete, "/guardian/enrollments/" + enrolled.AuthenticatorId)).ShouldBe(HttpStatusCode.NoContent);
}

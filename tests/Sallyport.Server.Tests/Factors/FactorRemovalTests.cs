using System.Net;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.AuthenticationMethods;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Factors;

/// <summary>What is removed when an administrator removes factors (CVE-2026-3429, CVE-2024-21722).</summary>
public sealed class FactorRemovalTests(Servers servers) : IClassFixture<Servers>
{
    [Theory, Engines]
    public async Task All_authenticators_are_removed_with_the_recovery_code_and_pending_ones(Engine engine)
    {
        var person = await PersonAsync(engine);
        await person.EnrollAsync();
        var pending = await person.StartAsync(allowMultiple: true);
        await person.AddMethodAsync(MethodScene.Phone);

        (await DeleteAsync(person, "/authenticators")).ShouldBe(HttpStatusCode.NoContent);
        (await DeleteAsync(person, "/authenticators")).ShouldBe(HttpStatusCode.NoContent);

        (await person.CountAsync("authenticator")).ShouldBe(0);
        (await person.Guardian.VerifyAsync(pending, person.Guardian.CodeOf(pending))).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await person.ListGuardianLogAsync()).Count(type => type == "gd_unenroll").ShouldBe(2);
        (await person.ListEnrollmentsAsync()).ShouldBeEmpty();
    }

    /// <summary>CVE-2024-21722: the result of a sign-in with a stolen phone ends with the removal of its factor.</summary>
    [Theory, Engines]
    public async Task A_signed_result_cannot_be_fetched_after_its_factor_was_removed(Engine engine)
    {
        foreach (var remove in new Func<Person, Flow, Task<Answer>>[]
        {
            (person, _) => DeleteAsync(person, "/authenticators"),
            (person, _) => DeleteAsync(person, "/multifactor/google-authenticator"),
            (person, _) => DeleteAsync(person, "/authentication-methods"),
            (person, enrolled) => DeleteAsync(person, "/authentication-methods/totp%7C" + enrolled.AuthenticatorId),
            (person, _) => person.PutMethodsAsync(MethodScene.Phone),
            (person, enrolled) => person.Management.SendAsync(HttpMethod.Delete, "/guardian/enrollments/" + enrolled.AuthenticatorId),
        })
        {
            var person = await PersonAsync(engine);
            var enrolled = await person.EnrollAsync();
            var login = await person.StartAsync();
            (await person.Guardian.VerifyAsync(login, person.Guardian.CodeOf(enrolled, 1))).ShouldBe(HttpStatusCode.OK);
            (await person.Guardian.GetStateAsync(login))["token"].ShouldNotBeNull();

            (await remove(person, enrolled)).Status.ShouldBeOneOf(HttpStatusCode.NoContent, HttpStatusCode.OK);

            foreach (var flow in new[] { enrolled, login })
            {
                (await person.Guardian.SendAsync("transaction-state", "Bearer " + flow.Token)).ShouldBeError(HttpStatusCode.Unauthorized, "invalid_token");
            }

            (await person.CountAsync("user", "browsers_forgotten_at IS NOT NULL AND factors_removed_at IS NOT NULL")).ShouldBe(1);
        }
    }

    [Theory, Engines]
    public async Task Providers_named_as_before_Guardian_remove_the_matching_factors(Engine engine)
    {
        var person = await PersonAsync(engine);
        await person.EnrollAsync();
        await person.AddMethodAsync(MethodScene.Phone);

        (await DeleteAsync(person, "/multifactor/duo")).ShouldBe(HttpStatusCode.NoContent);
        var before = await person.ListEnrollmentsAsync();
        (await DeleteAsync(person, "/multifactor/google-authenticator")).ShouldBe(HttpStatusCode.NoContent);
        var after = await person.ListEnrollmentsAsync();

        before.Count.ShouldBe(2);
        after.Select(enrollment => (string)enrollment!["type"]!).ShouldBe(["sms"]);
        (await person.CountAsync("authenticator", "factor = 'recovery-code'")).ShouldBe(1);
        foreach (var unknown in new[] { "guardian", "otp", "GOOGLE-AUTHENTICATOR", "a%20b" })
        {
            (await DeleteAsync(person, "/multifactor/" + unknown)).ShouldBeError(HttpStatusCode.BadRequest, "invalid_uri");
        }
    }

    [Theory, Engines]
    public async Task A_user_shows_whether_a_second_factor_exists_and_when_that_changed(Engine engine)
    {
        var person = await PersonAsync(engine);
        var none = await person.Management.GetAsync(person.UserPath);
        await person.StartAsync();
        var begun = await person.Management.GetAsync(person.UserPath);
        await person.EnrollAsync();
        var enrolled = await person.Management.GetAsync(person.UserPath);
        person.Clock.Advance(TimeSpan.FromSeconds(5));
        await DeleteAsync(person, "/authenticators");

        var removed = await person.Management.GetAsync(person.UserPath);

        foreach (var user in new[] { none, begun })
        {
            user["multifactor"].ShouldBeNull();
            user["multifactor_last_modified"].ShouldBeNull();
        }

        enrolled["multifactor"].Texts().ShouldBe(["guardian"]);
        ((string)enrolled["multifactor_last_modified"]!).ShouldMatch("^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$");
        removed["multifactor"].ShouldBeNull();
        string.CompareOrdinal((string)removed["multifactor_last_modified"]!, (string)enrolled["multifactor_last_modified"]!).ShouldBeGreaterThan(0);
        (await person.Management.SendAsync(HttpMethod.Patch, person.UserPath, new { nickname = "x" }))
            .ShouldBe(HttpStatusCode.OK)["multifactor_last_modified"].ShouldNotBeNull();
    }

    [Theory, Engines]
    public async Task Forgetting_browsers_removes_no_factor_and_can_be_repeated(Engine engine)
    {
        var person = await PersonAsync(engine);
        await person.EnrollAsync();
        const string Path = "/multifactor/actions/invalidate-remember-browser";

        (await person.Management.SendAsync(HttpMethod.Post, person.UserPath + Path)).ShouldBe(HttpStatusCode.NoContent);
        (await person.Management.SendAsync(HttpMethod.Post, person.UserPath + Path, new { })).ShouldBe(HttpStatusCode.NoContent);

        (await person.CountAsync("user", "browsers_forgotten_at IS NOT NULL AND factors_removed_at IS NULL")).ShouldBe(1);
        (await person.ListEnrollmentsAsync()).Count.ShouldBe(1);
    }

    [Theory, Engines]
    public async Task A_user_who_does_not_exist_is_not_found_and_nothing_is_written(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var management = new ManagementApi(server);
        await management.FetchTokenAsync();
        var before = await DatabaseDump.TakeAsync(server.Database);

        foreach (var (method, path) in new[]
        {
            (HttpMethod.Delete, "/authenticators"), (HttpMethod.Delete, "/multifactor/duo"), (HttpMethod.Post, "/recovery-code-regeneration"),
            (HttpMethod.Post, "/multifactor/actions/invalidate-remember-browser"),
        })
        {
            (await management.SendAsync(method, "/users/auth0%7Cnobody" + path)).ShouldBeError(HttpStatusCode.NotFound, "inexistent_user");
        }

        (await DatabaseDump.TakeAsync(server.Database)).ShouldBe(before);
    }

    /// <summary>Two concurrent removals of one authenticator each: the last one removes the recovery code, too.</summary>
    [Theory, Engines]
    public async Task Concurrent_removals_leave_no_recovery_code(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        for (var round = 0; round < 4; round++)
        {
            var person = await Person.CreateAsync(server);
            var first = await person.EnrollAsync();
            List<string> ids = [first.AuthenticatorId];
            for (var number = 0; number < 3; number++)
            {
                ids.Add((await person.AddMethodAsync(new { type = "phone", phone_number = $"+155501{number}" }))["phone|".Length..]);
            }

            await Task.WhenAll(ids.Select(id => person.Management.SendAsync(HttpMethod.Delete, "/guardian/enrollments/" + id)));

            (await person.CountAsync("authenticator")).ShouldBe(0);
        }
    }

    private static Task<Answer> DeleteAsync(Person person, string path) =>
        person.Management.SendAsync(HttpMethod.Delete, person.UserPath + path);

    private async Task<Person> PersonAsync(Engine engine) => await Person.CreateAsync(await servers.GetAsync(engine));
}

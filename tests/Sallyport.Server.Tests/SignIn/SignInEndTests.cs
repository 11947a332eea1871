using System.Net;
using System.Text.Json.Nodes;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.SignIn;

/// <summary>Sign-ins and their results end with what made them obsolete.</summary>
public sealed class SignInEndTests(Servers servers) : IClassFixture<Servers>
{
    [Theory, Engines]
    public async Task An_open_sign_in_ends_when_an_enrollment_is_removed(Engine engine)
    {
        var (person, application) = await CreateAsync(engine);
        var signIn = await application.StartAsync(person);
        var pending = await person.StartSignInAsync(signIn);
        var enrolled = await person.EnrollAsync();
        var whileEnrolled = await application.StartAsync(person);

        (await person.Management.SendAsync(HttpMethod.Delete, "/guardian/enrollments/" + enrolled.AuthenticatorId)).Status.ShouldBe(HttpStatusCode.NoContent);

        (await person.TryStartSignInAsync(signIn)).ShouldBeError(HttpStatusCode.Unauthorized, "invalid_token");
        (await person.TryStartSignInAsync(whileEnrolled)).ShouldBeError(HttpStatusCode.Unauthorized, "invalid_token");
        (await person.Guardian.VerifyAsync(pending, person.Guardian.CodeOf(pending))).ShouldBeError(HttpStatusCode.Unauthorized, "invalid_token");
        (await person.ListEnrollmentsAsync()).ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task A_pending_key_does_not_outlive_a_method_that_the_administrator_added_and_removed(Engine engine)
    {
        var (person, application) = await CreateAsync(engine);
        var pending = await person.StartSignInAsync(await application.StartAsync(person));
        var method = (await person.Management.SendAsync(
            HttpMethod.Post, person.UserPath + "/authentication-methods", new { type = "totp", name = "App", totp_secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP" }))
            .ShouldBe(HttpStatusCode.Created);

        var path = $"{person.UserPath}/authentication-methods/{Uri.EscapeDataString((string)method["id"]!)}";
        (await person.Management.SendAsync(HttpMethod.Delete, path)).Status.ShouldBe(HttpStatusCode.NoContent);

        (await person.Guardian.VerifyAsync(pending, person.Guardian.CodeOf(pending))).ShouldBeError(HttpStatusCode.Unauthorized, "invalid_token");
    }

    [Theory, Engines]
    public async Task A_result_ends_when_the_recovery_code_that_proved_it_is_removed_or_replaced(Engine engine)
    {
        foreach (var end in new Func<Person, Flow, Task>[] { RemoveEnrollmentAsync, RegenerateAsync })
        {
            var (person, application) = await CreateAsync(engine);
            var enrolled = await person.EnrollAsync();
            var signIn = await application.StartAsync(person);
            (await person.Guardian.RecoverAsync(await person.StartSignInAsync(signIn), enrolled.RecoveryCode!)).ShouldBe(HttpStatusCode.OK);

            await end(person, enrolled);

            ((string)(await application.GetAsync(signIn))["state"]!).ShouldBe("expired");
            (await application.RedeemAsync(signIn)).ShouldBeError(HttpStatusCode.Conflict, "transaction_expired");
        }

        static async Task RemoveEnrollmentAsync(Person person, Flow enrolled) =>
            (await person.Management.SendAsync(HttpMethod.Delete, "/guardian/enrollments/" + enrolled.AuthenticatorId)).Status.ShouldBe(HttpStatusCode.NoContent);

        static async Task RegenerateAsync(Person person, Flow enrolled) =>
            (await person.Management.SendAsync(HttpMethod.Post, person.UserPath + "/recovery-code-regeneration")).ShouldBe(HttpStatusCode.OK);
    }

    [Theory, Engines]
    public async Task A_block_ends_or_prevents_every_sign_in_that_is_created_beside_it(Engine engine)
    {
        const int Competitors = 16;
        var (person, application) = await CreateAsync(engine);
        for (var round = 0; round < 3; round++)
        {
            var creating = Enumerable.Range(0, Competitors).Select(_ => application.TryStartAsync(person.UserId)).ToList();
            var blocked = await person.Management.SendAsync(HttpMethod.Patch, person.UserPath, new { blocked = true });
            var created = (await Task.WhenAll(creating)).Where(answer => answer.Status == HttpStatusCode.Created).ToList();
            blocked.ShouldBe(HttpStatusCode.OK);
            (await person.Management.SendAsync(HttpMethod.Patch, person.UserPath, new { blocked = false })).ShouldBe(HttpStatusCode.OK);

            foreach (var answer in created)
            {
                (await person.TryStartSignInAsync(new SignInStart(answer.Json!))).ShouldBeError(HttpStatusCode.Unauthorized, "invalid_token");
            }
        }
    }

    /// <summary>The backend has checked a password that is not valid any more.</summary>
    [Theory, Engines]
    public async Task Sign_ins_and_results_end_with_a_change_of_the_password(Engine engine)
    {
        var (person, application) = await CreateAsync(engine);
        var ticket = await person.NewTicketAsync(allowMultiple: true);
        var enrolled = await person.EnrollAsync();
        var (open, accepted) = (await application.StartAsync(person), await application.StartAsync(person));
        (await person.Guardian.VerifyAsync(await person.StartSignInAsync(accepted), person.Guardian.CodeOf(enrolled, 1))).ShouldBe(HttpStatusCode.OK);

        (await person.PatchAsync(new { password = "another correct horse" })).ShouldBe(HttpStatusCode.OK);

        (await person.TryStartSignInAsync(open)).ShouldBeError(HttpStatusCode.Unauthorized, "invalid_token");
        (await application.RedeemAsync(accepted)).ShouldBeError(HttpStatusCode.Conflict, "transaction_expired");
        (await person.Guardian.StartFlowAsync(ticket)).ShouldBe(HttpStatusCode.Created);
    }

    [Theory, Engines]
    public async Task Sign_ins_and_results_end_with_their_client_and_with_a_removed_callback(Engine engine)
    {
        foreach (var end in new Func<Application, Task<Answer>>[] { DeleteClientAsync, RemoveCallbackAsync })
        {
            var (person, application) = await CreateAsync(engine);
            var other = await Application.CreateAsync(person.Server);
            var enrolled = await person.EnrollAsync();
            var (open, accepted, kept) = (await application.StartAsync(person), await application.StartAsync(person), await other.StartAsync(person));
            var started = await person.StartSignInAsync(accepted);
            (await person.Guardian.VerifyAsync(started, person.Guardian.CodeOf(enrolled, 1))).ShouldBe(HttpStatusCode.OK);

            (await end(application)).Status.ShouldBeOneOf(HttpStatusCode.OK, HttpStatusCode.NoContent);

            (await person.TryStartSignInAsync(open)).ShouldBeError(HttpStatusCode.Unauthorized, "invalid_token");
            (await application.RedeemAsync(accepted)).ShouldBeError(HttpStatusCode.Conflict, "transaction_expired");
            (await person.Guardian.SendAsync("transaction-state", "Bearer " + started.Token)).ShouldBeError(HttpStatusCode.Unauthorized, "invalid_token");
            await person.StartSignInAsync(kept);
        }
    }

    [Theory, Engines]
    public async Task The_end_of_a_client_or_callback_ends_or_prevents_every_sign_in_that_is_created_beside_it(Engine engine)
    {
        const int Competitors = 16;
        foreach (var end in new Func<Application, Task<Answer>>[] { DeleteClientAsync, RemoveCallbackAsync, DeleteClientAsync, RemoveCallbackAsync })
        {
            var (person, application) = await CreateAsync(engine);
            // The first ones are created before the end, the last ones after it.
            var creating = Enumerable.Range(0, Competitors).Select(_ => application.TryStartAsync(person.UserId)).ToList();
            var ending = end(application);
            creating.AddRange(Enumerable.Range(0, Competitors).Select(_ => application.TryStartAsync(person.UserId)));
            (await ending).Status.ShouldBeOneOf(HttpStatusCode.OK, HttpStatusCode.NoContent);

            foreach (var answer in await Task.WhenAll(creating))
            {
                answer.Status.ShouldBeOneOf(HttpStatusCode.Created, HttpStatusCode.NotFound, HttpStatusCode.BadRequest);
                if (answer.Status == HttpStatusCode.Created)
                {
                    (await person.TryStartSignInAsync(new SignInStart(answer.Json!))).ShouldBeError(HttpStatusCode.Unauthorized, "invalid_token");
                }
            }

            (await application.TryStartAsync(person.UserId)).Status.ShouldBeOneOf(HttpStatusCode.NotFound, HttpStatusCode.BadRequest);
        }
    }

    [Theory, Engines]
    public async Task A_sign_in_goes_on_while_its_client_gets_another_name_and_another_callback(Engine engine)
    {
        var (person, application) = await CreateAsync(engine);
        var signIn = await application.StartAsync(person);

        (await person.Management.SendAsync(
            HttpMethod.Patch, "/clients/" + application.ClientId, new { name = "New name", callbacks = new[] { "https://new.example/", Application.Callback } }))
            .ShouldBe(HttpStatusCode.OK);

        await person.StartSignInAsync(signIn);
    }

    [Theory, Engines]
    public async Task A_person_who_can_neither_enroll_nor_answer_does_not_use_up_the_attempts_of_the_user(Engine engine)
    {
        var (person, application) = await CreateAsync(engine);
        var empty = await person.StartSignInAsync(await application.StartAsync(person, new() { ["self_service_enrollment"] = false }));
        for (var i = 0; i < 12; i++)
        {
            (await person.Guardian.VerifyAsync(empty, "000000")).ShouldBeError(HttpStatusCode.Forbidden, "invalid_otp");
        }

        var enrolled = await person.EnrollAsync();
        var flow = await person.StartSignInAsync(await application.StartAsync(person));

        (await person.Guardian.VerifyAsync(flow, person.Guardian.CodeOf(enrolled, 1))).ShouldBe(HttpStatusCode.OK);
    }

    [Theory, Engines]
    public async Task A_sign_in_is_started_a_hundred_times_at_most(Engine engine)
    {
        var (person, application) = await CreateAsync(engine);
        var signIn = await application.StartAsync(person);
        await person.Server.Database.WriteAsync(
            unit =>
            {
                unit.Enqueue(new Statement("UPDATE \"transaction\" SET starts = 99 WHERE user_id = @user_id", ("user_id", person.UserId)));
                return ValueTask.CompletedTask;
            },
            CancellationToken.None);

        await person.StartSignInAsync(signIn);

        (await person.TryStartSignInAsync(signIn)).ShouldBeError(HttpStatusCode.TooManyRequests, "too_many_transactions");
    }

    [Theory, Engines]
    public async Task The_page_of_every_callback_that_is_accepted_can_be_shown(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var person = await Person.CreateAsync(server);
        foreach (var (callback, isAccepted) in new[]
        {
            ("https://app.example/cb", true), ("http://127.0.0.1:3000/cb", true), ("http://[::1]:3000/cb", true), ("https://münchen.example/", true),
            ("cb", false), ("/cb", false), ("//evil.example", false), ("https://*.example/cb", false), ("https:a", false), ("https:///a", false),
            ("javascript:alert(1)", false), ("data:text/html,x", false), ("file:///etc/passwd", false), ("https://a;b.example/", false),
        })
        {
            var client = await person.Management.SendAsync(HttpMethod.Post, "/clients", new { name = $"{Guid.CreateVersion7():N}", callbacks = new[] { callback } });
            if (client.Status != HttpStatusCode.Created)
            {
                isAccepted.ShouldBeFalse(callback);
                continue;
            }

            var body = new JsonObject { ["user_id"] = person.UserId, ["client_id"] = (string)client.Json!["client_id"]!, ["post_action_url"] = callback };
            var answer = await person.Management.SendAsync(HttpMethod.Post, "/guardian/transactions", body);
            if (!isAccepted)
            {
                answer.ShouldBeError(HttpStatusCode.BadRequest, "invalid_body");
                continue;
            }

            using var page = await server.Http.GetAsync(new SignInStart(answer.ShouldBe(HttpStatusCode.Created)).PageUrl, TestContext.Current.CancellationToken);
            page.StatusCode.ShouldBe(HttpStatusCode.OK, callback);
        }
    }

    private static Task<Answer> DeleteClientAsync(Application application) =>
        new ManagementApi(application.Server).SendAsync(HttpMethod.Delete, "/clients/" + application.ClientId);

    private static Task<Answer> RemoveCallbackAsync(Application application) => new ManagementApi(application.Server).SendAsync(
        HttpMethod.Patch, "/clients/" + application.ClientId, new { callbacks = new[] { "https://new.example/" } });

    private async Task<(Person Person, Application Application)> CreateAsync(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        return (await Person.CreateAsync(server), await Application.CreateAsync(server));
    }
}

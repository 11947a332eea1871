using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;
using Sallyport.Server.Users;

namespace Sallyport.Server.Tests.SignIn.OpenIdConnect;

/// <summary>The page that asks for the password of a user of a database connection.</summary>
public sealed class PasswordPageTests(Servers servers) : IClassFixture<Servers>
{
    private const string Wrong = "The email address, the user name or the password is wrong.";
    private const string TooMany = "That was too many tries.";

    [Theory, Engines]
    public async Task The_password_and_the_second_factor_lead_to_a_code(Engine engine)
    {
        var (party, user) = await CreateAsync(engine);
        var enrolled = await user.EnrollAsync();
        var browser = new Browser(party.Server);
        var page = await OpenAsync(party, browser);

        var asked = await SubmitAsync(browser, page, user.Email.ToUpperInvariant(), MfaClient.Password);

        asked.Status.ShouldBe(HttpStatusCode.SeeOther, asked.Text);
        var flow = new Flow((await user.Guardian.SendAsync("start-flow", "Bearer " + asked.Query("request_token"))).ShouldBe(HttpStatusCode.Created));
        (await user.Guardian.VerifyAsync(flow, user.Guardian.CodeOf(enrolled, 1))).ShouldBe(HttpStatusCode.OK);
        var resumed = await browser.ResumeAsync((string)(await user.Guardian.GetStateAsync(flow))["token"]!);
        var tokens = (await party.ExchangeAsync(resumed.Code)).ShouldBe(HttpStatusCode.OK);
        var idToken = new JsonWebToken((string)tokens["id_token"]!);
        idToken.Subject.ShouldBe(user.UserId);
        idToken.GetPayloadValue<string[]>("amr").ShouldBe(["mfa", "otp", "pwd"]);
        (await SubmitAsync(browser, page, user.Email, MfaClient.Password)).Status.ShouldBe(HttpStatusCode.Gone, "it was completed");
    }

    /// <summary>The same answers, and as many of them before the lock-out.</summary>
    [Theory, Engines]
    public async Task Nobody_learns_whether_there_is_such_a_user(Engine engine)
    {
        var (party, user) = await CreateAsync(engine);
        var (blocked, removed) = (await MfaClient.CreateAsync(party.Server), await MfaClient.CreateAsync(party.Server));
        (await blocked.Management.SendAsync(HttpMethod.Patch, blocked.UserPath, new { blocked = true })).ShouldBe(HttpStatusCode.OK);
        await RemovePasswordAsync(removed);
        (string Email, string Password)[] attempts =
        [
            (user.Email, "not the password"), ($"nobody-{Guid.CreateVersion7():N}@example.com", MfaClient.Password), (blocked.Email, MfaClient.Password),
            (removed.Email, MfaClient.Password),
        ];

        var answers = await Task.WhenAll(attempts.Select(async attempt =>
        {
            var browser = new Browser(party.Server);
            var page = await OpenAsync(party, browser);
            var texts = new List<string>();
            while (texts.Count < 11)
            {
                var answer = await SubmitAsync(browser, page, attempt.Email, attempt.Password);
                texts.Add($"{(int)answer.Status} {answer.Text.Replace(attempt.Email, "THE ADDRESS", StringComparison.Ordinal)}");
            }

            return string.Join('\n', texts);
        }));

        answers.Distinct().ShouldHaveSingleItem().ShouldStartWith("403 ");
        answers[0].ShouldContain(Wrong);
        answers[0].ShouldContain("\n429 ");
        answers[0].ShouldContain(TooMany);
    }

    /// <summary>Without the work for an unknown user the answer would take a tenth of the time. The server hashes as the product does.</summary>
    [Fact]
    public async Task An_unknown_user_is_answered_as_slowly_as_a_known_one()
    {
        await using var server = await TestServer.StartAsync(
            Engine.Sqlite, services => services.AddSingleton(UserServices.NewPasswordHasher(VerifyPassword.Iterations)));
        var (party, user) = await CreateAsync(server);
        var browser = new Browser(party.Server);
        var page = await OpenAsync(party, browser);
        await SubmitAsync(browser, page, "first@example.com", "x");

        // In turns, so that the load of the machine slows both.
        var (known, unknown) = (TimeSpan.MaxValue, TimeSpan.MaxValue);
        for (var i = 0; i < 5; i++)
        {
            known = Shorter(known, await MeasureAsync(user.Email));
            unknown = Shorter(unknown, await MeasureAsync($"nobody-{i}@example.com"));
        }

        unknown.ShouldBeGreaterThan(known / 2);
        known.ShouldBeGreaterThan(unknown / 2);

        static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

        async Task<TimeSpan> MeasureAsync(string email)
        {
            var started = Stopwatch.GetTimestamp();
            (await SubmitAsync(browser, page, email, "not the password")).Status.ShouldBe(HttpStatusCode.Forbidden);
            return Stopwatch.GetElapsedTime(started);
        }
    }

    [Theory, Engines]
    public async Task After_ten_wrong_passwords_the_right_one_has_to_wait(Engine engine)
    {
        var (party, user) = await CreateAsync(engine);
        var browser = new Browser(party.Server);
        var page = await OpenAsync(party, browser);
        for (var i = 0; i < 10; i++)
        {
            (await SubmitAsync(browser, page, user.Email, "wrong")).Status.ShouldBe(HttpStatusCode.Forbidden);
        }

        (await SubmitAsync(browser, page, user.Email, MfaClient.Password)).Status.ShouldBe(HttpStatusCode.TooManyRequests);
        (await SubmitAsync(browser, page, " " + user.Email.ToUpperInvariant(), MfaClient.Password)).Status.ShouldBe(HttpStatusCode.TooManyRequests);
        (await user.PasswordAsync()).Status.ShouldBe(HttpStatusCode.TooManyRequests, "the MFA API has the same budget");
        (await user.Management.ListLogTypesAsync(user.UserId)).ShouldBe(["sapi", "fp"], "those of a minute share an entry");

        party.Server.Clock.Advance(TimeSpan.FromMinutes(6));
        (await SubmitAsync(browser, page, user.Email, MfaClient.Password)).Status.ShouldBe(HttpStatusCode.SeeOther);
    }

    [Theory, Engines]
    public async Task Of_sixteen_wrong_passwords_at_once_ten_are_evaluated(Engine engine)
    {
        var (party, user) = await CreateAsync(engine);
        var browser = new Browser(party.Server);
        var page = await OpenAsync(party, browser);

        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => SubmitAsync(browser, page, user.Email, $"wrong {i}")));

        answers.Count(answer => answer.Status == HttpStatusCode.Forbidden).ShouldBe(10);
        answers.Count(answer => answer.Status == HttpStatusCode.TooManyRequests).ShouldBe(6);
        (await SubmitAsync(browser, page, user.Email, MfaClient.Password)).Status.ShouldBe(HttpStatusCode.TooManyRequests);
    }

    /// <summary>Login CSRF: an attacker's form, or an attacker's sign-in in the browser of the victim.</summary>
    [Theory, Engines]
    public async Task Only_the_browser_that_has_begun_the_sign_in_can_send_the_form(Engine engine)
    {
        var (party, user) = await CreateAsync(engine);
        var (browser, other) = (new Browser(party.Server), new Browser(party.Server));
        var page = await OpenAsync(party, browser);
        var otherPage = await OpenAsync(party, other);

        foreach (var answer in new[]
        {
            await new Browser(party.Server).OpenAsync(page), await SubmitAsync(new Browser(party.Server), page, user.Email, MfaClient.Password),
            await other.OpenAsync(page), await SubmitAsync(other, page, user.Email, MfaClient.Password),
            await browser.OpenAsync(otherPage), await browser.OpenAsync("/authorize/password"), await browser.OpenAsync(page + "x"),
        })
        {
            answer.Status.ShouldBe(HttpStatusCode.Gone);
            answer.Text.ShouldContain("Go back to where you came from and sign in again.");
            answer.Text.ShouldNotContain("<form");
        }

        (await SubmitAsync(browser, page, user.Email, MfaClient.Password)).Status.ShouldBe(HttpStatusCode.SeeOther);
    }

    /// <summary>Such a client relies on a first factor of its own.</summary>
    [Theory, Engines]
    public async Task A_sign_in_to_a_client_that_checks_the_first_factor_itself_takes_no_password(Engine engine)
    {
        var (_, user) = await CreateAsync(engine);
        await user.EnrollAsync();
        var party = await RelyingParty.CreateAsync(user.Server);
        var browser = new Browser(user.Server);
        await browser.OpenAsync(await party.PushAsync(("login_hint", user.UserId)));
        var requestId = browser.Cookies.GetAllCookies().Single().Name.Split('-')[^1];

        (await SubmitAsync(browser, "/authorize/password?request=" + requestId, user.Email, MfaClient.Password)).Status.ShouldBe(HttpStatusCode.Gone);
    }

    [Theory, Engines]
    public async Task Opening_the_page_changes_nothing(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var party = await RelyingParty.CreateAsync(server, new() { ["client_metadata"] = new JsonObject() });
        var browser = new Browser(server);
        var page = await OpenAsync(party, browser);
        var before = await DatabaseDump.TakeAsync(server.Database);

        for (var i = 0; i < 3; i++)
        {
            var answer = await browser.OpenAsync(page);
            answer.Status.ShouldBe(HttpStatusCode.OK);
            answer.Policy.ShouldContain("frame-ancestors 'none'");
            answer.Policy.ShouldContain("default-src 'none'");
            answer.Policy.ShouldContain($"script-src {server.Url}/js/show-password.js;");
            answer.Policy.ShouldContain("form-action 'self' https: https://app.example;");
            answer.Text.ShouldContain("<script src=\"/js/show-password.js\"></script>");
        }

        (await DatabaseDump.TakeAsync(server.Database)).ShouldBe(before);
    }

    [Theory]
    [InlineData("ada@example.com", "value=\"ada@example.com\"")]
    [InlineData("\"><script>alert(1)</script>", "value=\"&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;\"")]
    [InlineData("auth0|123", "value=\"\"")]
    [InlineData(null, "value=\"\"")]
    public async Task The_login_hint_is_filled_in(string? hint, string expected)
    {
        var (party, _) = await CreateAsync(Engine.Sqlite);
        var browser = new Browser(party.Server);

        var answer = await browser.OpenAsync(await OpenAsync(party, browser, ("login_hint", hint)));

        answer.Text.ShouldContain(expected);
        answer.Text.ShouldContain("autocomplete=\"username\"");
        answer.Text.ShouldContain("autocomplete=\"current-password\"");
    }

    [Theory, Engines]
    public async Task A_sign_in_that_has_expired_says_what_to_do(Engine engine)
    {
        var (party, user) = await CreateAsync(engine);
        var browser = new Browser(party.Server);
        var page = await OpenAsync(party, browser);

        party.Server.Clock.Advance(TimeSpan.FromMinutes(40));

        var answer = await SubmitAsync(browser, page, user.Email, MfaClient.Password);
        answer.Status.ShouldBe(HttpStatusCode.Gone);
        answer.Text.ShouldContain("This sign-in has ended");
    }

    [Fact]
    public async Task A_form_that_no_browser_sends_is_a_wrong_password()
    {
        var (party, user) = await CreateAsync(Engine.Sqlite);
        var browser = new Browser(party.Server);
        var page = await OpenAsync(party, browser);

        foreach (var fields in new (string, string)[][]
        {
            [], [("username", user.Email)], [("username", user.Email), ("password", MfaClient.Password + "\0")], [("username", "a\0b"), ("password", "x")],
            [("username", user.Email), ("username", user.Email), ("password", MfaClient.Password)], [("username", new string('a', 5000)), ("password", "x")],
        })
        {
            (await browser.PostAsync(page, fields)).Status.ShouldBe(HttpStatusCode.Forbidden);
        }
    }

    [Theory, Engines]
    public async Task A_client_without_a_connection_and_a_silent_request_are_answered_with_an_error(Engine engine)
    {
        var (party, user) = await CreateAsync(engine);
        var browser = new Browser(party.Server);
        (await browser.OpenAsync(RelyingParty.AuthorizePath(party.Parameters(("prompt", "none"))))).ShouldBeClientError("login_required", party.Server);
        var page = await OpenAsync(party, browser);
        (await user.Management.SendAsync(HttpMethod.Patch, "/tenants/settings", new { default_directory = "employees" })).ShouldBe(HttpStatusCode.OK);
        var employees = (await user.Management.GetAsync("/connections?name=employees")).AsArray().Single()!;
        var path = "/connections/" + (string)employees["id"]!;
        (await user.Management.SendAsync(HttpMethod.Patch, path, new { enabled_clients = Array.Empty<string>() })).ShouldBe(HttpStatusCode.OK);

        var answer = await SubmitAsync(browser, page, user.Email, MfaClient.Password);

        (await user.Management.SendAsync(HttpMethod.Patch, "/tenants/settings", new { default_directory = "" })).ShouldBe(HttpStatusCode.OK);
        answer.ShouldBeClientError("unauthorized_client", party.Server);
    }

    private async Task<(RelyingParty Party, MfaClient User)> CreateAsync(Engine engine) => await CreateAsync(await servers.GetAsync(engine));

    private static async Task<(RelyingParty Party, MfaClient User)> CreateAsync(TestServer server) =>
        (await RelyingParty.CreateAsync(server, new() { ["client_metadata"] = new JsonObject() }), await MfaClient.CreateAsync(server));

    /// <returns>The address of the page.</returns>
    private static async Task<string> OpenAsync(RelyingParty party, Browser browser, params (string Name, string? Value)[] changes)
    {
        var answer = await browser.OpenAsync(RelyingParty.AuthorizePath(party.Parameters(changes)));
        answer.Status.ShouldBe(HttpStatusCode.SeeOther, answer.Text);
        answer.Location!.ShouldStartWith(party.Server.Url + "/authorize/password?request=");
        return answer.Location;
    }

    private static Task<BrowserAnswer> SubmitAsync(Browser browser, string page, string identifier, string password) =>
        browser.PostAsync(page, ("username", identifier), ("password", password));

    private static async Task RemovePasswordAsync(MfaClient user) => await user.Server.Database.WriteAsync(
        unit =>
        {
            unit.Enqueue(new Statement("UPDATE \"user\" SET password_hash = NULL WHERE user_id = @user_id", ("user_id", user.UserId)));
            return ValueTask.CompletedTask;
        },
        CancellationToken.None);
}

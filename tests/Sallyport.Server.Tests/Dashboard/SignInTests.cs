using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Sallyport.Server.Administrators;
using Sallyport.Server.Audit;
using Sallyport.Server.Factors;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Dashboard;

/// <summary>How administrators get in, and how their sessions end.</summary>
public sealed class SignInTests(Servers servers) : IClassFixture<Servers>
{
    private const int Competitors = 16;
    private const string SessionCookie = "dashboard-session";

    [Theory, Engines]
    public async Task An_invited_administrator_sets_a_password_enrolls_a_factor_and_is_signed_in(Engine engine)
    {
        var (visitor, url) = await DashboardVisitor.InviteAsync(await servers.GetAsync(engine));

        await visitor.AcceptAsync(url);

        (await visitor.OpenAsync("/dashboard")).Text.ShouldContain(visitor.Email);
        var again = await visitor.InAnotherBrowser().OpenAsync(new Uri(url).PathAndQuery);
        again.Status.ShouldBe(HttpStatusCode.Gone, again.Text);
    }

    [Theory, Engines]
    public async Task An_invitation_stays_open_until_the_sign_in_is_complete_and_expires_after_a_day(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var (visitor, url) = await DashboardVisitor.InviteAsync(server);
        (await visitor.SendFormAsync(new Uri(url).PathAndQuery, "/dashboard/invitation", ("password", DashboardVisitor.Password)))
            .Status.ShouldBe(HttpStatusCode.SeeOther);

        (await visitor.OpenAsync(new Uri(url).PathAndQuery)).Status.ShouldBe(HttpStatusCode.OK);
        server.Clock.Advance(InviteAdministrator.Lifetime);

        (await visitor.OpenAsync(new Uri(url).PathAndQuery)).Status.ShouldBe(HttpStatusCode.Gone);
    }

    [Theory, Engines]
    public async Task A_short_password_is_refused(Engine engine)
    {
        var (visitor, url) = await DashboardVisitor.InviteAsync(await servers.GetAsync(engine));

        var refused = await visitor.SendFormAsync(new Uri(url).PathAndQuery, "/dashboard/invitation", ("password", "eleven char"));

        refused.Status.ShouldBe(HttpStatusCode.BadRequest, refused.Text);
        refused.Text.ShouldContain("Use 12 characters or more.");
        (await visitor.SendPasswordAsync("eleven char")).Status.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Theory, Engines]
    public async Task A_password_and_a_second_factor_open_a_session(Engine engine)
    {
        var visitor = (await DashboardVisitor.CreateAsync(await servers.GetAsync(engine))).InAnotherBrowser();

        var wrong = await visitor.SendPasswordAsync("not the password");
        wrong.Status.ShouldBe(HttpStatusCode.Forbidden, wrong.Text);
        wrong.Text.ShouldContain("The address or the password is not right.");
        await visitor.SignInAsync();

        (await visitor.OpenAsync("/dashboard/users")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Theory, Engines]
    public async Task A_password_alone_neither_opens_a_session_nor_enrolls_a_factor(Engine engine)
    {
        var (visitor, url) = await DashboardVisitor.InviteAsync(await servers.GetAsync(engine));
        await visitor.SendFormAsync(new Uri(url).PathAndQuery, "/dashboard/invitation", ("password", DashboardVisitor.Password));
        visitor = visitor.InAnotherBrowser();

        var asked = await visitor.SendPasswordAsync(DashboardVisitor.Password);
        var started = await new GuardianApi(visitor.Server).SendAsync("start-flow", "Bearer " + asked.Query("request_token"));

        ((bool?)started.Json!["self_service_enrollment"]).ShouldBe(false, started.Text);
        started.Json["device_account"]?["otp_secret"].ShouldBeNull();
        (await visitor.OpenAsync("/dashboard")).Location.ShouldBe("/dashboard/sign-in");
    }

    [Theory, Engines]
    public async Task The_configured_administrator_enrolls_at_the_first_sign_in_and_never_again_with_the_password_alone(Engine engine)
    {
        const string Email = "Owner@Example.com";
        await using var server = await TestServer.StartAsync(
            engine, ("Sallyport:Bootstrap:AdminEmail", Email), ("Sallyport:Bootstrap:AdminPassword", DashboardVisitor.Password));
        var visitor = DashboardVisitor.Configured(server, Email);

        await visitor.EnrollAsync(await visitor.SendPasswordAsync(DashboardVisitor.Password));

        (await visitor.OpenAsync("/dashboard/administrators")).Status.ShouldBe(HttpStatusCode.OK);
        var asked = await visitor.InAnotherBrowser().SendPasswordAsync(DashboardVisitor.Password);
        var started = await new GuardianApi(server).SendAsync("start-flow", "Bearer " + asked.Query("request_token"));
        started.Json!["device_account"]!["status"]!.GetValue<string>().ShouldBe("confirmed", started.Text);

        var removal = new Removal(await visitor.FindUserIdAsync(), _ => true);
        await server.Services.GetRequiredService<RemoveAuthenticators>().RunAsync(CallContext.Internal(CallChannel.CommandLine), removal, CancellationToken.None);
        asked = await visitor.InAnotherBrowser().SendPasswordAsync(DashboardVisitor.Password);
        started = await new GuardianApi(server).SendAsync("start-flow", "Bearer " + asked.Query("request_token"));
        ((bool?)started.Json!["self_service_enrollment"]).ShouldBe(false, started.Text);
    }

    [Theory, Engines]
    public async Task A_user_with_a_password_is_no_administrator(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var user = await MfaClient.CreateAsync(server);
        var visitor = (await DashboardVisitor.InviteAsync(server)).Visitor;

        var refused = await visitor.SendFormAsync("/dashboard/sign-in", "/dashboard/sign-in", ("email", user.Email), ("password", MfaClient.Password));

        refused.Status.ShouldBe(HttpStatusCode.Forbidden, refused.Text);
    }

    [Theory, Engines]
    public async Task Wrong_passwords_lock_an_administrator_out_as_they_do_a_user(Engine engine)
    {
        var visitor = (await DashboardVisitor.CreateAsync(await servers.GetAsync(engine))).InAnotherBrowser();
        for (var i = 0; i < 10; i++)
        {
            (await visitor.SendPasswordAsync("wrong")).Status.ShouldBe(HttpStatusCode.Forbidden);
        }

        var locked = await visitor.SendPasswordAsync(DashboardVisitor.Password);

        locked.Status.ShouldBe(HttpStatusCode.TooManyRequests, locked.Text);
        locked.Text.ShouldContain("That was too many tries. Try again in 6 minutes.");
    }

    [Theory, Engines]
    public async Task Of_sixteen_posts_of_one_result_one_opens_a_session(Engine engine)
    {
        var visitor = (await DashboardVisitor.CreateAsync(await servers.GetAsync(engine))).InAnotherBrowser();
        var guardian = new GuardianApi(visitor.Server);
        var flow = await visitor.StartAsync(await visitor.SendPasswordAsync(DashboardVisitor.Password));
        (await guardian.VerifyAsync(flow, guardian.CodeOf(visitor.Secret, 1))).ShouldBe(HttpStatusCode.OK);

        var answers = await Task.WhenAll(Enumerable.Range(0, Competitors).Select(_ => visitor.FinishAsync(flow)));

        answers.Count(answer => answer.Location == "/dashboard").ShouldBe(1);
        answers.Count(answer => answer.Location == "/dashboard/sign-in").ShouldBe(Competitors - 1);
    }

    [Theory, Engines]
    public async Task A_result_opens_a_session_only_in_the_browser_that_has_begun_the_sign_in(Engine engine)
    {
        var attacker = (await DashboardVisitor.CreateAsync(await servers.GetAsync(engine))).InAnotherBrowser();
        var guardian = new GuardianApi(attacker.Server);
        var asked = await attacker.SendPasswordAsync(DashboardVisitor.Password);
        var victim = attacker.InAnotherBrowser();
        (await victim.OpenAsync(new Uri(asked.Location!).PathAndQuery)).Status.ShouldBe(HttpStatusCode.Gone);

        var flow = await attacker.StartAsync(asked);
        (await guardian.VerifyAsync(flow, guardian.CodeOf(attacker.Secret, 1))).ShouldBe(HttpStatusCode.OK);

        (await victim.FinishAsync(flow)).Location.ShouldBe("/dashboard/sign-in");
        (await attacker.FinishAsync(flow)).Location.ShouldBe("/dashboard");
    }

    [Theory, Engines]
    public async Task A_result_of_another_sign_in_opens_nothing(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var visitor = await DashboardVisitor.CreateAsync(server);
        var stranger = visitor.InAnotherBrowser();
        await stranger.SendPasswordAsync(DashboardVisitor.Password);
        var person = await Person.CreateAsync(server);
        var signature = (string)(await person.Guardian.GetStateAsync(await person.EnrollAsync()))["token"]!;

        foreach (var forged in new[] { signature, "", "not a token" })
        {
            (await stranger.Browser.PostAsync("/dashboard/sign-in/finish", ("signature", forged))).Location.ShouldBe("/dashboard/sign-in");
        }

        (await stranger.OpenAsync("/dashboard")).Location.ShouldBe("/dashboard/sign-in");
    }

    [Theory, Engines]
    public async Task A_session_cookie_that_was_planted_before_the_sign_in_is_replaced(Engine engine)
    {
        var visitor = (await DashboardVisitor.CreateAsync(await servers.GetAsync(engine))).InAnotherBrowser();
        visitor.Browser.Cookies.Add(new Uri(visitor.Server.Url), new Cookie(SessionCookie, "planted"));

        await visitor.SignInAsync();

        var cookie = visitor.Browser.Cookies.GetCookies(new Uri(visitor.Server.Url))[SessionCookie]!;
        cookie.Value.ShouldNotBe("planted");
        cookie.HttpOnly.ShouldBeTrue();
        var attacker = visitor.InAnotherBrowser();
        attacker.Browser.Cookies.Add(new Uri(visitor.Server.Url), new Cookie(SessionCookie, "planted"));
        (await attacker.OpenAsync("/dashboard")).Location.ShouldBe("/dashboard/sign-in");
    }

    [Theory, Engines]
    public async Task Signing_out_ends_the_session_on_the_server(Engine engine)
    {
        var visitor = await DashboardVisitor.CreateAsync(await servers.GetAsync(engine));
        var copy = visitor.InAnotherBrowser();
        copy.Browser.Cookies.Add(visitor.Browser.Cookies.GetAllCookies());

        (await visitor.SendFormAsync("/dashboard", "/dashboard/sign-out")).Location.ShouldBe("/dashboard/sign-in");

        (await visitor.OpenAsync("/dashboard")).Location.ShouldBe("/dashboard/sign-in");
        (await copy.OpenAsync("/dashboard")).Location.ShouldBe("/dashboard/sign-in");
    }

    [Theory, Engines]
    public async Task A_session_ends_half_an_hour_after_its_last_use_and_after_twelve_hours_in_any_case(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var visitor = await DashboardVisitor.CreateAsync(server);
        var idle = visitor.InAnotherBrowser();
        idle.Browser.Cookies.Add(visitor.Browser.Cookies.GetAllCookies());
        for (var used = TimeSpan.Zero; used < AdministratorSession.Lifetime - TimeSpan.FromMinutes(29); used += TimeSpan.FromMinutes(29))
        {
            server.Clock.Advance(TimeSpan.FromMinutes(29));
            (await visitor.OpenAsync("/dashboard")).Status.ShouldBe(HttpStatusCode.OK, used.ToString());
        }

        server.Clock.Advance(TimeSpan.FromMinutes(29));
        (await visitor.OpenAsync("/dashboard")).Location.ShouldBe("/dashboard/sign-in");

        var other = await DashboardVisitor.CreateAsync(server);
        server.Clock.Advance(AdministratorSession.IdleTimeout);
        (await other.OpenAsync("/dashboard")).Location.ShouldBe("/dashboard/sign-in");
    }

    [Theory, Engines]
    public async Task After_the_sign_in_the_browser_is_back_on_the_page_that_was_asked_for(Engine engine)
    {
        var visitor = (await DashboardVisitor.CreateAsync(await servers.GetAsync(engine))).InAnotherBrowser();
        var guardian = new GuardianApi(visitor.Server);
        var refused = await visitor.OpenAsync("/dashboard/users?q=ann%20b");
        refused.Location.ShouldBe("/dashboard/sign-in?to=%2Fdashboard%2Fusers%3Fq%3Dann%2520b");

        var asked = await visitor.SendFormAsync(refused.Location!, "/dashboard/sign-in", ("email", visitor.Email), ("password", DashboardVisitor.Password));
        var flow = await visitor.StartAsync(asked);
        (await guardian.VerifyAsync(flow, guardian.CodeOf(visitor.Secret, 1))).ShouldBe(HttpStatusCode.OK);
        var signature = (string)(await guardian.GetStateAsync(flow))["token"]!;
        var finished = await visitor.Browser.PostAsync("/dashboard/sign-in/finish?to=%2Fdashboard%2Fusers%3Fq%3Dann%2520b", ("signature", signature));

        finished.Location.ShouldBe("/dashboard/users?q=ann%20b");
    }

    [Theory]
    [InlineData("/dashboard/users/auth0%7Cx?y=z", "/dashboard/users/auth0%7Cx?y=z")]
    [InlineData("", "/dashboard")]
    [InlineData("https://evil.example", "/dashboard")]
    [InlineData("//evil.example", "/dashboard")]
    [InlineData("/dashboard.evil.example", "/dashboard")]
    [InlineData("/\\evil.example", "/dashboard")]
    [InlineData("/dashboard/\\evil", "/dashboard")]
    [InlineData("/dashboard/\r\nSet-Cookie: a=b", "/dashboard")]
    public void A_sign_in_leads_only_to_pages_of_the_dashboard(string target, string expected) =>
        Server.Dashboard.Entry.EntryContext.TargetOf(target).ShouldBe(expected);

    [Theory, Engines]
    public async Task A_new_password_ends_the_sessions(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var visitor = await DashboardVisitor.CreateAsync(server);
        var invite = (InviteAdministrator)server.Services.GetService(typeof(InviteAdministrator))!;
        var (_, url) = await invite.RunAgainAsync(CallContext.Internal(CallChannel.CommandLine), visitor.UserId, CancellationToken.None);
        var other = visitor.InAnotherBrowser();

        (await other.SendFormAsync(new Uri(url!).PathAndQuery, "/dashboard/invitation", ("password", "another four word secret")))
            .Status.ShouldBe(HttpStatusCode.SeeOther);

        (await visitor.OpenAsync("/dashboard")).Location.ShouldBe("/dashboard/sign-in");
    }
}

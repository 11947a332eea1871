using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.YourFactors;

/// <summary>The page on which users manage their factors, over HTTP.</summary>
public sealed partial class YourFactorsTests(Servers servers) : IClassFixture<Servers>
{
    private const string Path = "/mfa/your-factors";
    private const int Competitors = 16;

    [Theory, Engines]
    public async Task A_sign_in_that_an_application_begins_opens_the_page_once(Engine engine)
    {
        var scene = await CreateAsync(engine);
        var signature = await scene.ProveAsync();

        var opened = await scene.Browser.PostAsync(Path, ("signature", signature), ("accepted", "true"));

        opened.Status.ShouldBe(HttpStatusCode.SeeOther, opened.Text);
        opened.Location.ShouldBe(scene.Person.Server.Url + Path);
        var page = await scene.ShowAsync();
        page.Text.ShouldContain("Authenticator app");
        page.Policy.ShouldContain("default-src 'none'");
        page.Policy.ShouldNotContain("script-src");
        ShouldAskAgain(await new Browser(scene.Person.Server).PostAsync(Path, ("signature", signature)));
        ShouldAskAgain(await new Browser(scene.Person.Server).OpenAsync(Path));
    }

    [Theory, Engines]
    public async Task Only_one_of_sixteen_posts_of_a_result_opens_the_page(Engine engine)
    {
        var scene = await CreateAsync(engine);
        var signature = await scene.ProveAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, Competitors).Select(_ => new Browser(scene.Person.Server).PostAsync(Path, ("signature", signature))));

        answers.Count(answer => answer.Status == HttpStatusCode.SeeOther).ShouldBe(1);
    }

    [Theory, Engines]
    public async Task A_user_with_a_password_opens_the_page_from_the_client_alone(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var party = await RelyingParty.CreateAsync(server, new() { ["client_metadata"] = new JsonObject() });
        var user = await MfaClient.CreateAsync(server);
        var enrolled = await user.EnrollAsync();
        var browser = new Browser(server);

        var begun = await browser.OpenAsync($"{Path}?client_id={party.ClientId}");
        begun.Status.ShouldBe(HttpStatusCode.SeeOther, begun.Text);
        var asked = await browser.PostAsync(new Uri(begun.Location!).PathAndQuery, ("username", user.Email), ("password", MfaClient.Password));
        var flow = new Flow((await user.Guardian.SendAsync("start-flow", "Bearer " + asked.Query("request_token"))).ShouldBe(HttpStatusCode.Created));
        (await user.Guardian.VerifyAsync(flow, user.Guardian.CodeOf(enrolled, 1))).ShouldBe(HttpStatusCode.OK);
        var resumed = await browser.ResumeAsync((string)(await user.Guardian.GetStateAsync(flow))["token"]!);

        resumed.Location!.ShouldStartWith(server.Url + Path + "?");
        ShouldAskAgain(await new Browser(server).OpenAsync(new Uri(resumed.Location!).PathAndQuery));
        var opened = await browser.OpenAsync(new Uri(resumed.Location!).PathAndQuery);
        opened.Status.ShouldBe(HttpStatusCode.SeeOther, opened.Text);
        (await browser.OpenAsync(Path)).Text.ShouldContain("Authenticator app");
        ShouldAskAgain(await browser.OpenAsync(new Uri(resumed.Location!).PathAndQuery));
    }

    [Theory, Engines]
    public async Task A_client_that_cannot_sign_people_in_to_the_page_is_logged(Engine engine)
    {
        using var log = new TextLog();
        await using var server = await TestServer.StartAsync(engine, services => services.AddSingleton<ILoggerProvider>(log));

        ShouldAskAgain(await new Browser(server).OpenAsync(Path + "?client_id=nobody%0D%0Aforged%20line"));

        log.Lines.ShouldContain(line => line.StartsWith("/mfa/your-factors cannot sign anybody in for client_id nobodyforgedline: ", StringComparison.Ordinal));
    }

    [Theory, Engines]
    public async Task A_name_is_shown_as_text_and_a_bad_one_changes_nothing(Engine engine)
    {
        var scene = await OpenAsync(engine);
        var id = Scene.IdOf(await scene.ShowAsync());
        const string Hostile = "My <b>phone</b> \"1\" {tenant}";

        (await scene.Browser.PostAsync(Path + "/rename", ("id", id), ("name", " " + Hostile + " "))).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await scene.ShowAsync()).Text.ShouldContain("<bdi>My &lt;b&gt;phone&lt;/b&gt; &quot;1&quot; {tenant}</bdi>");

        foreach (var name in new[] { "", "  ", new string('x', 41), "a\nb" })
        {
            var refused = await scene.Browser.PostAsync(Path + "/rename", ("id", id), ("name", name));
            refused.Status.ShouldBe(HttpStatusCode.BadRequest, name);
            refused.Text.ShouldContain("Enter a name of at most 40 characters.");
            refused.Text.ShouldContain("<details class=\"page-details\" open>");
        }

        (await scene.Person.ListEnrollmentsAsync()).ShouldHaveSingleItem()!["name"]!.ToString().ShouldBe(Hostile);
    }

    [Theory, Engines]
    public async Task A_user_adds_an_authenticator_and_is_back_on_the_page(Engine engine)
    {
        var scene = await OpenAsync(engine);

        await scene.AddAsync();

        (await scene.ShowAsync()).Text.Split("class=\"page-entry\"").Length.ShouldBe(3);
        (await scene.Person.ListEnrollmentsAsync()).Count.ShouldBe(2);
        (await scene.Person.Management.ListLogTypesAsync(scene.Person.UserId)).ShouldContain("gd_enrollment_complete");
    }

    [Theory, Engines]
    public async Task The_factor_that_a_user_prefers_is_asked_for_first(Engine engine)
    {
        var scene = await OpenAsync(engine);
        await scene.Person.VerifyAddressAsync();
        await scene.Person.EnrollEmailAsync(allowMultiple: true);
        scene = await scene.AgainAsync();
        (await scene.MethodsAsync()).ShouldBe(["otp", "email"]);
        var email = Scene.IdOf(await scene.ShowAsync(), "Code by email");

        (await scene.Browser.PostAsync(Path + "/first", ("id", email))).Status.ShouldBe(HttpStatusCode.SeeOther);

        (await scene.MethodsAsync()).ShouldBe(["email", "otp"]);
        (await scene.ShowAsync()).Text.ShouldContain("You are asked for this one first.");
    }

    [Theory, Engines]
    public async Task An_authenticator_is_removed_after_a_question_but_never_the_last_one(Engine engine)
    {
        var scene = await OpenAsync(engine);
        var first = Scene.IdOf(await scene.ShowAsync());
        (await scene.Browser.PostAsync(Path + "/remove", ("id", first))).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await scene.Person.ListEnrollmentsAsync()).ShouldHaveSingleItem("the last one stays");

        await scene.AddAsync();
        (await scene.Browser.OpenAsync($"{Path}?remove={first}")).Text.ShouldContain("Remove Authenticator app?");
        (await scene.Person.ListEnrollmentsAsync()).Count.ShouldBe(2, "nothing is removed before the answer");
        (await scene.Browser.PostAsync(Path + "/remove", ("id", first))).Status.ShouldBe(HttpStatusCode.SeeOther);

        (await scene.Person.ListEnrollmentsAsync()).ShouldHaveSingleItem()!["id"]!.ToString().ShouldNotBe(first);
    }

    [Theory, Engines]
    public async Task The_page_stays_open_when_the_factor_is_removed_that_was_just_added(Engine engine)
    {
        var scene = await OpenAsync(engine);
        var first = Scene.IdOf(await scene.ShowAsync());
        await scene.AddAsync();
        var added = (await scene.Person.ListEnrollmentsAsync()).Select(enrollment => (string)enrollment!["id"]!).Single(id => id != first);

        (await scene.Browser.PostAsync(Path + "/remove", ("id", added))).Status.ShouldBe(HttpStatusCode.SeeOther);

        Scene.IdOf(await scene.ShowAsync()).ShouldBe(first);
    }

    [Theory, Engines]
    public async Task Sixteen_concurrent_removals_leave_one_authenticator(Engine engine)
    {
        var scene = await OpenAsync(engine);
        await scene.AddAsync();
        var ids = (await scene.Person.ListEnrollmentsAsync()).Select(enrollment => (string)enrollment!["id"]!).ToList();

        await Task.WhenAll(Enumerable.Range(0, Competitors).Select(i => scene.Browser.PostAsync(Path + "/remove", ("id", ids[i % 2]))));

        (await scene.Person.ListEnrollmentsAsync()).Count.ShouldBe(1);
    }

    [Theory, Engines]
    public async Task A_new_recovery_code_replaces_the_old_one(Engine engine)
    {
        var scene = await OpenAsync(engine);

        var page = await scene.Browser.PostAsync(Path + "/recovery-code");

        page.Status.ShouldBe(HttpStatusCode.OK);
        var code = Code().Match(page.Text).Groups[1].Value;
        var signIn = await scene.Application.StartAsync(scene.Person);
        var flow = await scene.Person.StartSignInAsync(signIn);
        (await scene.Person.Guardian.SendAsync("recover-account", "Bearer " + flow.Token, new StringContent(
            $$"""{"recovery_code":"{{scene.Enrolled.RecoveryCode}}"}""", System.Text.Encoding.UTF8, "application/json"))).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await scene.Person.Guardian.SendAsync("recover-account", "Bearer " + flow.Token, new StringContent(
            $$"""{"recovery_code":"{{code}}"}""", System.Text.Encoding.UTF8, "application/json"))).ShouldBe(HttpStatusCode.OK);
    }

    [Theory, Engines]
    public async Task The_page_closes_five_minutes_after_the_second_factor_and_with_what_ends_a_sign_in(Engine engine)
    {
        var late = await OpenAsync(engine);
        late.Person.Clock.Advance(TimeSpan.FromMinutes(4));
        (await late.ShowAsync()).Text.ShouldContain("Authenticator app");
        late.Person.Clock.Advance(TimeSpan.FromMinutes(1));
        ShouldAskAgain(await late.Browser.OpenAsync(Path));
        ShouldAskAgain(await late.Browser.PostAsync(Path + "/recovery-code"));
        (await late.Browser.OpenAsync(Path)).Text.ShouldContain("client_id=" + late.Application.ClientId);

        var blocked = await OpenAsync(engine);
        (await blocked.Person.PatchAsync(new { blocked = true })).ShouldBe(HttpStatusCode.OK);
        ShouldAskAgain(await blocked.Browser.OpenAsync(Path));

        var removed = await OpenAsync(engine);
        await removed.Person.EnrollAsync(allowMultiple: true);
        (await removed.Person.Management.SendAsync(HttpMethod.Delete, "/guardian/enrollments/" + removed.Enrolled.Json["device_account"]!["id"])).ShouldBe(HttpStatusCode.NoContent);
        ShouldAskAgain(await removed.Browser.OpenAsync(Path));
    }

    [Theory, Engines]
    public async Task Only_results_that_lead_here_and_have_a_second_factor_open_the_page(Engine engine)
    {
        var scene = await CreateAsync(engine);
        var elsewhere = await scene.ProveAsync(postActionUrl: Application.Callback);
        var server = scene.Person.Server;

        foreach (var signature in new[] { elsewhere, elsewhere + "x", "", "a.b.c", await (await Person.CreateAsync(server)).AcceptedResultAsync() })
        {
            ShouldAskAgain(await scene.Browser.PostAsync(Path, ("signature", signature)));
        }

        var required = await scene.Application.TryStartAsync(scene.Person.UserId, new() { ["post_action_url"] = server.Url + Path });
        required.Json!["required"]!.GetValue<bool>().ShouldBeTrue();
        (await scene.Application.TryStartAsync(scene.Person.UserId, new() { ["post_action_url"] = server.Url + Path + "/add" })).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Forms_of_other_sites_other_users_and_forged_cookies_change_nothing()
    {
        var (scene, other) = (await OpenAsync(Engine.Sqlite), await OpenAsync(Engine.Sqlite));
        await scene.AddAsync();
        var id = Scene.IdOf(await scene.ShowAsync());

        foreach (var action in new[] { "rename", "first", "remove" })
        {
            (await other.Browser.PostAsync($"{Path}/{action}", ("id", id), ("name", "stolen"))).Status.ShouldBe(HttpStatusCode.SeeOther);
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, Path + "/remove") { Content = new FormUrlEncodedContent([KeyValuePair.Create("id", id)]) };
        request.Headers.Add("Sec-Fetch-Site", "cross-site");
        ShouldAskAgain(await scene.Browser.SendAsync(request));
        var cookie = scene.Browser.Cookies.GetAllCookies().Single(c => c.Name == "your-factors");
        var forged = new Browser(scene.Person.Server);
        forged.Cookies.Add(new Uri(scene.Person.Server.Url), new Cookie("your-factors", cookie.Value[..^1] + (cookie.Value[^1] == '0' ? '1' : '0')));
        ShouldAskAgain(await forged.OpenAsync(Path));

        (await scene.Person.ListEnrollmentsAsync()).Count.ShouldBe(2);
        (await scene.ShowAsync()).Text.ShouldNotContain("stolen");
    }

    private static void ShouldAskAgain(BrowserAnswer answer)
    {
        answer.Status.ShouldBe(HttpStatusCode.Forbidden, answer.Text);
        answer.Text.ShouldContain("Please sign in again");
        answer.Text.ShouldNotContain("page-entry");
    }

    private async Task<Scene> CreateAsync(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var person = await Person.CreateAsync(server);
        return new Scene(person, await Application.CreateAsync(server), await person.EnrollAsync(), new Browser(server));
    }

    private async Task<Scene> OpenAsync(Engine engine) => await (await CreateAsync(engine)).AgainAsync();

    [GeneratedRegex("data-recovery-code=\"([A-Z0-9]+)\"")]
    private static partial Regex Code();

    private sealed partial record Scene(Person Person, Application Application, Flow Enrolled, Browser Browser)
    {
        /// <returns>The signed result of a sign-in that leads to the page.</returns>
        public async Task<string> ProveAsync(string? postActionUrl = null)
        {
            // Each code is accepted once.
            Person.Clock.Advance(TimeSpan.FromSeconds(30));
            var signIn = await Application.StartAsync(Person, new() { ["post_action_url"] = postActionUrl ?? Person.Server.Url + Path });
            var flow = await Person.StartSignInAsync(signIn);
            (await Person.Guardian.VerifyAsync(flow, Person.Guardian.CodeOf(Enrolled, 1))).ShouldBe(HttpStatusCode.OK);
            return (string)(await Person.Guardian.GetStateAsync(flow))["token"]!;
        }

        public async Task<Scene> AgainAsync()
        {
            var opened = await Browser.PostAsync(Path, ("signature", await ProveAsync()));
            opened.Status.ShouldBe(HttpStatusCode.SeeOther, opened.Text);
            return this;
        }

        public async Task<BrowserAnswer> ShowAsync()
        {
            var page = await Browser.OpenAsync(Path);
            page.Status.ShouldBe(HttpStatusCode.OK, page.Text);
            return page;
        }

        public async Task AddAsync()
        {
            var asked = await Browser.PostAsync(Path + "/add", ("factor", "otp"));
            var signature = await Browser.ProveAsync(Person, Enrolled, asked);
            (await Browser.PostAsync(Path, ("signature", signature))).Status.ShouldBe(HttpStatusCode.SeeOther);
        }

        /// <returns>The methods of a new sign-in, in their order.</returns>
        public async Task<string[]> MethodsAsync()
        {
            var flow = await Person.StartSignInAsync(await Application.StartAsync(Person));
            return [.. flow.Json["available_authentication_methods"]!.AsArray().Select(method => (string)method!)];
        }

        public static string IdOf(BrowserAnswer page, string label = "Authenticator app") =>
            Entry().Matches(page.Text).First(match => match.Groups[1].Value == label).Groups[2].Value;

        [GeneratedRegex("""<bdi>([^<]+)</bdi></h2>.*?name="id" value="(dev_\w+)""", RegexOptions.Singleline)]
        private static partial Regex Entry();
    }
}

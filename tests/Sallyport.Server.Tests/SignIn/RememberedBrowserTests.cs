using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.IdentityModel.JsonWebTokens;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.SignIn;

/// <summary>A browser in which a user is not asked for a second factor again.</summary>
public sealed class RememberedBrowserTests(Servers servers) : IClassFixture<Servers>
{
    private const string MultiFactor = "http://schemas.openid.net/pape/policies/2007/06/multi-factor";

    private static JsonObject Remembering => new() { ["allow_remember_browser"] = true };

    [Theory, Engines]
    public async Task A_remembered_browser_signs_in_without_a_question(Engine engine)
    {
        var (person, enrolled, application) = await CreateAsync(engine);
        var browser = new PageVisitor(person.Server);
        var (first, flow) = await ProveAsync(person, enrolled, application);
        (await browser.RememberAsync(flow.Token)).ShouldBe(HttpStatusCode.NoContent);
        new JsonWebToken((string)(await person.Guardian.GetStateAsync(flow))["token"]!).GetPayloadValue<bool>("remember_browser").ShouldBeTrue();
        ((bool)(await application.RedeemAsync(first)).ShouldBe(HttpStatusCode.OK)["remember_browser"]!).ShouldBeTrue();

        var signIn = await application.StartAsync(person, new() { ["allow_remember_browser"] = true, ["nonce"] = "n-2" });
        var signature = (await browser.FindResultAsync(signIn)).ShouldNotBeNull();

        var result = new JsonWebToken(signature);
        result.Audiences.ShouldBe([application.ClientId]);
        result.Subject.ShouldBe(person.UserId);
        result.GetPayloadValue<string>("txid").ShouldBe(signIn.Id);
        result.GetPayloadValue<string>("nonce").ShouldBe("n-2");
        result.GetPayloadValue<string[]>("amr").ShouldBeEmpty();
        result.TryGetPayloadValue<string>("acr", out _).ShouldBeFalse();
        result.GetPayloadValue<bool>("remember_browser").ShouldBeTrue();
        ((string)(await application.GetAsync(signIn))["state"]!).ShouldBe("accepted");
        var redeemed = (await application.RedeemAsync(signIn, signature)).ShouldBe(HttpStatusCode.OK);
        redeemed["amr"].Texts().ShouldBeEmpty();
        redeemed["acr"].ShouldBeNull();
        ((bool)redeemed["remember_browser"]!).ShouldBeTrue();
        (await application.RedeemAsync(signIn, signature)).ShouldBeError(HttpStatusCode.Conflict, "transaction_redeemed");
        (await browser.FindResultAsync(signIn)).ShouldBeNull("a redeemed result is not posted again");
        (await person.ListGuardianLogAsync()).TakeLast(2).ShouldBe(["gd_browser_remembered", "gd_remembered_browser_accepted"]);
    }

    [Theory, Engines]
    public async Task The_cookie_is_for_the_hosted_page_only_and_not_for_scripts(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var browser = await RememberAsync(await CreateAsync(server));
        browser.SetCookie.ShouldNotBeNull().ToLowerInvariant().Split("; ")[1..].Order().ShouldBe(["httponly", "max-age=2592000", "path=/", "samesite=lax"]);

        var secure = await RememberAsync(await CreateAsync(await servers.GetSecureAsync(engine)));
        secure.SetCookie.ShouldNotBeNull().ToLowerInvariant().Split("; ").ShouldContain("secure");
    }

    [Theory, Engines]
    public async Task A_remembered_browser_is_asked_if_the_sign_in_requires_it(Engine engine)
    {
        var scene = await CreateAsync(engine);
        var (person, _, application) = scene;
        var browser = await RememberAsync(scene);

        foreach (var changes in new JsonObject[]
        {
            [],
            new() { ["allow_remember_browser"] = false },
            new() { ["allow_remember_browser"] = true, ["acr_values"] = "urn:other " + MultiFactor },
            new() { ["allow_remember_browser"] = true, ["factors"] = new JsonArray("email", "recovery-code") },
        })
        {
            var signIn = await application.StartAsync(person, changes);
            (await browser.FindResultAsync(signIn)).ShouldBeNull(changes.ToJsonString());
            ((string)(await application.GetAsync(signIn))["state"]!).ShouldBe("pending");
        }

        var named = await application.StartAsync(person, new() { ["allow_remember_browser"] = true, ["factors"] = new JsonArray("otp") });
        (await browser.PeekAsync(named)).Status.ShouldBe(HttpStatusCode.OK);
        (await browser.OpenAsync(named, "&error_code=guardianInvalidNonce")).Text.ShouldNotContain("name=\"signature\"");
        ((string)(await application.GetAsync(named))["state"]!).ShouldBe("pending");
        (await browser.FindResultAsync(named)).ShouldNotBeNull();
    }

    [Theory, Engines]
    public async Task A_cookie_that_was_not_made_for_the_user_does_nothing(Engine engine)
    {
        var scene = await CreateAsync(engine);
        var browser = await RememberAsync(scene);
        var other = await Person.CreateAsync(scene.Person.Server);
        await other.EnrollAsync();
        (await browser.FindResultAsync(await scene.Application.StartAsync(other, Remembering))).ShouldBeNull();

        var secret = browser.Cookie!;
        foreach (var cookie in new[]
        {
            null, "", ".", new string('a', 43), secret[..^1], secret[1..] + secret[0], secret.ToUpperInvariant() + "x", secret + "x",
            new string('.', 5000), "%00", string.Join('.', Enumerable.Repeat(secret, 6)),
        })
        {
            browser.Cookie = cookie;
            (await browser.FindResultAsync(await scene.Application.StartAsync(scene.Person, Remembering))).ShouldBeNull(cookie);
        }

        browser.Cookie = secret;
        (await browser.FindResultAsync(await scene.Application.StartAsync(scene.Person, Remembering))).ShouldNotBeNull();
    }

    [Theory, Engines]
    public async Task A_browser_is_forgotten_after_a_change_of_the_factors_and_by_the_administrator(Engine engine)
    {
        foreach (var change in new Func<Person, Flow, Task>[]
        {
            async (person, _) => (await person.Management.SendAsync(HttpMethod.Post, person.UserPath + "/multifactor/actions/invalidate-remember-browser")).Status.ShouldBe(HttpStatusCode.NoContent),
            async (person, enrolled) =>
            {
                (await person.Management.SendAsync(HttpMethod.Delete, "/guardian/enrollments/" + enrolled.AuthenticatorId)).Status.ShouldBe(HttpStatusCode.NoContent);
                await person.EnrollAsync();
            },
            async (person, _) => await person.EnrollAsync(allowMultiple: true),
            async (person, _) => (await person.Management.SendAsync(HttpMethod.Post, person.UserPath + "/recovery-code-regeneration")).ShouldBe(HttpStatusCode.OK),
            async (person, _) => (await person.PatchAsync(new { email = "another-" + person.Address })).ShouldBe(HttpStatusCode.OK),
        })
        {
            var scene = await CreateAsync(engine);
            var browser = await RememberAsync(scene);
            var open = await scene.Application.StartAsync(scene.Person, Remembering);
            scene.Person.Clock.Advance(TimeSpan.FromSeconds(1));

            await change(scene.Person, scene.Enrolled);

            foreach (var signIn in new[] { await scene.Application.StartAsync(scene.Person, Remembering), open })
            {
                (await browser.OpenAsync(signIn)).Text.ShouldNotContain("name=\"signature\"");
            }
        }
    }

    [Theory, Engines]
    public async Task A_blocked_user_is_not_signed_in_by_a_remembered_browser(Engine engine)
    {
        var scene = await CreateAsync(engine);
        var browser = await RememberAsync(scene);
        var before = await scene.Application.StartAsync(scene.Person, Remembering);
        (await browser.FindResultAsync(before)).ShouldNotBeNull();
        (await scene.Person.PatchAsync(new { blocked = true })).ShouldBe(HttpStatusCode.OK);
        (await browser.OpenAsync(before)).Status.ShouldBe(HttpStatusCode.Gone);

        (await scene.Person.PatchAsync(new { blocked = false })).ShouldBe(HttpStatusCode.OK);

        (await browser.FindResultAsync(await scene.Application.StartAsync(scene.Person, Remembering))).ShouldBeNull();
    }

    [Theory, Engines]
    public async Task A_result_of_a_remembered_browser_ends_with_a_removed_authenticator(Engine engine)
    {
        var scene = await CreateAsync(engine);
        var browser = await RememberAsync(scene);
        var signIn = await scene.Application.StartAsync(scene.Person, Remembering);
        var signature = await browser.FindResultAsync(signIn);

        (await scene.Person.Management.SendAsync(HttpMethod.Delete, "/guardian/enrollments/" + scene.Enrolled.AuthenticatorId)).Status.ShouldBe(HttpStatusCode.NoContent);

        (await scene.Application.RedeemAsync(signIn, signature)).ShouldBeError(HttpStatusCode.Conflict, "transaction_expired");
    }

    [Theory, Engines]
    public async Task A_browser_is_forgotten_when_it_is_unused_or_old_as_the_settings_say(Engine engine)
    {
        var scene = await CreateAsync(engine);
        var (used, unused) = (await RememberAsync(scene), await RememberAsync(scene));
        for (var week = 0; week < 4; week++)
        {
            scene.Person.Clock.Advance(TimeSpan.FromDays(6.9));
            (await used.FindResultAsync(await scene.Application.StartAsync(scene.Person, Remembering))).ShouldNotBeNull();
        }

        (await unused.FindResultAsync(await scene.Application.StartAsync(scene.Person, Remembering))).ShouldBeNull();
        scene.Person.Clock.Advance(TimeSpan.FromDays(6));

        (await used.FindResultAsync(await scene.Application.StartAsync(scene.Person, Remembering))).ShouldBeNull();
    }

    [Theory, Engines]
    public async Task Only_the_token_of_a_proved_sign_in_has_its_browser_remembered_once(Engine engine)
    {
        var scene = await CreateAsync(engine);
        var (person, enrolled, application) = scene;
        var browser = new PageVisitor(person.Server);
        var pending = await application.StartAsync(person, Remembering);
        var (_, forbidden) = await ProveAsync(person, enrolled, application, []);
        var (redeemed, late) = await ProveAsync(person, enrolled, application);
        (await application.RedeemAsync(redeemed)).ShouldBe(HttpStatusCode.OK);
        var ticket = await (await Person.CreateAsync(person.Server)).EnrollAsync();

        foreach (var token in new[]
        {
            null, "no-token", pending.RequestToken, (await person.StartSignInAsync(pending)).Token, forbidden.Token, late.Token, ticket.Token,
        })
        {
            (await browser.RememberAsync(token)).Status.ShouldBe(HttpStatusCode.Unauthorized);
            browser.SetCookie.ShouldBeNull();
        }

        var (_, proved) = await ProveAsync(person, enrolled, application);
        (await browser.RememberAsync(proved.Token)).ShouldBe(HttpStatusCode.NoContent);
        (await browser.RememberAsync(proved.Token)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await person.CountAsync("remembered_browser")).ShouldBe(1);
    }

    [Theory, Engines]
    public async Task Without_the_box_no_browser_is_remembered(Engine engine)
    {
        var (person, enrolled, application) = await CreateAsync(await servers.GetCleanAsync(engine));
        var browser = new PageVisitor(person.Server);
        (await browser.OpenAsync(await application.StartAsync(person, Remembering))).Text.ShouldContain("allowRememberBrowser: true");
        (await person.Management.SendAsync(HttpMethod.Put, "/guardian/settings", new
        {
            display_remember_me_checkbox = false,
            remember_me_default_value = false,
            mfa_session_inactivity_timeout = 3600,
            mfa_session_overall_timeout = 3600,
        })).ShouldBe(HttpStatusCode.OK);

        (await browser.OpenAsync(await application.StartAsync(person, Remembering))).Text.ShouldContain("allowRememberBrowser: false");
        (await browser.RememberAsync((await ProveAsync(person, enrolled, application)).Flow.Token)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        await servers.GetCleanAsync(engine);
    }

    /// <summary>The browser would be asked again at the next sign-in of the kind.</summary>
    [Theory, Engines]
    public async Task A_sign_in_that_asks_for_multi_factor_remembers_no_browser(Engine engine)
    {
        var (person, enrolled, application) = await CreateAsync(engine);
        var browser = new PageVisitor(person.Server);
        JsonObject changes = new() { ["allow_remember_browser"] = true, ["acr_values"] = MultiFactor };

        (await browser.OpenAsync(await application.StartAsync(person, changes))).Text.ShouldContain("allowRememberBrowser: false");
        var (_, flow) = await ProveAsync(person, enrolled, application, (JsonObject)changes.DeepClone());
        (await browser.RememberAsync(flow.Token)).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory, Engines]
    public async Task A_cookie_that_was_planted_before_the_browser_was_remembered_does_not_sign_in(Engine engine)
    {
        var attacker = await CreateAsync(engine);
        var planted = (await RememberAsync(attacker)).Cookie!;
        var victim = await CreateAsync(attacker.Person.Server);
        var browser = new PageVisitor(victim.Person.Server) { Cookie = planted };

        await RememberAsync(victim, browser);

        var thief = new PageVisitor(victim.Person.Server) { Cookie = planted };
        (await thief.FindResultAsync(await victim.Application.StartAsync(victim.Person, Remembering))).ShouldBeNull();
        (await browser.FindResultAsync(await victim.Application.StartAsync(victim.Person, Remembering))).ShouldNotBeNull();
        (await browser.FindResultAsync(await attacker.Application.StartAsync(attacker.Person, Remembering))).ShouldNotBeNull("users share a browser");
    }

    /// <summary>Somebody who knows the password has created the sign-in, and lures the user into opening its address.</summary>
    [Theory, Engines]
    public async Task Only_the_remembered_browser_gets_the_result(Engine engine)
    {
        var scene = await CreateAsync(engine);
        var (person, enrolled, application) = scene;
        var browser = await RememberAsync(scene);
        var signIn = await application.StartAsync(person, Remembering);
        var ofAttacker = await person.StartSignInAsync(signIn);

        (await browser.FindResultAsync(signIn)).ShouldNotBeNull();

        (await person.Guardian.SendAsync("transaction-state", "Bearer " + ofAttacker.Token)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await person.TryStartSignInAsync(signIn)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await new PageVisitor(person.Server).FindResultAsync(signIn)).ShouldBeNull();
        (await new PageVisitor(person.Server).RememberAsync(ofAttacker.Token)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await application.RedeemAsync(signIn)).ShouldBeError(HttpStatusCode.Conflict, "transaction_signature_required");
        var (_, another) = await ProveAsync(person, enrolled, application);
        foreach (var signature in new[] { "x", ofAttacker.Token, (string)(await person.Guardian.GetStateAsync(another))["token"]! })
        {
            (await application.RedeemAsync(signIn, signature)).ShouldBeError(HttpStatusCode.BadRequest, "invalid_body");
        }
    }

    [Theory, Engines]
    public async Task A_sign_in_that_many_pages_open_is_accepted_once(Engine engine)
    {
        var scene = await CreateAsync(engine);
        var browser = await RememberAsync(scene);
        var signIn = await scene.Application.StartAsync(scene.Person, Remembering);

        var results = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => browser.FindResultAsync(signIn)));

        results.ShouldAllBe(result => result != null);
        (await scene.Person.ListGuardianLogAsync()).Count(type => type == "gd_remembered_browser_accepted").ShouldBe(1);
        var answers = await Task.WhenAll(results.Select(result => scene.Application.RedeemAsync(signIn, result)));
        answers.Count(answer => answer.Status == HttpStatusCode.OK).ShouldBe(1);
    }

    [Theory, Engines]
    public async Task A_sign_in_has_one_browser_remembered_however_many_ask(Engine engine)
    {
        var (person, enrolled, application) = await CreateAsync(engine);
        var (_, flow) = await ProveAsync(person, enrolled, application);

        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => new PageVisitor(person.Server).RememberAsync(flow.Token)));

        answers.Count(answer => answer.Status == HttpStatusCode.NoContent).ShouldBe(1);
        (await person.CountAsync("remembered_browser")).ShouldBe(1);
    }

    [Theory, Engines]
    public async Task A_browser_has_one_row_for_a_user_and_none_after_a_month_without_use(Engine engine)
    {
        var scene = await CreateAsync(engine);
        var browser = await RememberAsync(scene);
        await RememberAsync(scene, browser);
        (await scene.Person.CountAsync("remembered_browser")).ShouldBe(1);

        scene.Person.Clock.Advance(TimeSpan.FromDays(31));
        await scene.Person.Server.Services.GetServices<IHostedService>().OfType<RetentionWorker>().Single().DeleteExpiredAsync(CancellationToken.None);

        (await scene.Person.CountAsync("remembered_browser")).ShouldBe(0);
    }

    private static async Task<PageVisitor> RememberAsync(Scene scene, PageVisitor? browser = null)
    {
        browser ??= new PageVisitor(scene.Person.Server);
        var (_, flow) = await ProveAsync(scene.Person, scene.Enrolled, scene.Application);
        (await browser.RememberAsync(flow.Token)).ShouldBe(HttpStatusCode.NoContent);
        return browser;
    }

    /// <summary>Signs in with a code, as long after the last one as the code is new.</summary>
    private static async Task<(SignInStart SignIn, Flow Flow)> ProveAsync(Person person, Flow enrolled, Application application, JsonObject? changes = null)
    {
        person.Clock.Advance(TimeSpan.FromSeconds(30));
        var signIn = await application.StartAsync(person, changes ?? Remembering);
        var flow = await person.StartSignInAsync(signIn);
        (await person.Guardian.VerifyAsync(flow, person.Guardian.CodeOf(enrolled))).ShouldBe(HttpStatusCode.OK);
        return (signIn, flow);
    }

    private async Task<Scene> CreateAsync(Engine engine) => await CreateAsync(await servers.GetAsync(engine));

    private static async Task<Scene> CreateAsync(TestServer server)
    {
        var person = await Person.CreateAsync(server);
        return new Scene(person, await person.EnrollAsync(), await Application.CreateAsync(server));
    }

    private sealed record Scene(Person Person, Flow Enrolled, Application Application);
}

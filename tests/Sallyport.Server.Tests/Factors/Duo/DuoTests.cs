using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Sallyport.Server.Factors.Duo;
using Sallyport.Server.Settings;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;
using Sallyport.Server.Transactions.Guardian;

namespace Sallyport.Server.Tests.Factors.Duo;

/// <summary>Duo's OIDC Auth API against a server that checks what the published API checks (https://duo.com/docs/oauthapi).</summary>
public sealed class DuoTests
{
    private const string Refused = DuoScene.ReturnPath + "#duo=refused";
    private const string StartAgain = "/mfa/sign-in";

    [Theory, Engines]
    public async Task A_person_who_comes_back_from_Duo_is_enrolled_and_later_signed_in(Engine engine)
    {
        await using var scene = await DuoScene.StartAsync(engine);
        var person = await scene.NewPersonAsync();
        var flow = await person.StartAsync();

        var enrolled = await scene.ReturnAsync(await scene.ConfirmAsync(person, flow));

        enrolled.ShouldBe(DuoScene.ReturnPath);
        (await DuoScene.StateAsync(person, flow)).ShouldBe("accepted");
        ((string)(await person.ListEnrollmentsAsync()).ShouldHaveSingleItem()!["type"]!).ShouldBe("duo");
        (await person.ListGuardianLogAsync()).ShouldBe(["gd_start_enroll", "gd_enrollment_complete"]);
        var login = await person.StartAsync();
        (await DuoScene.StateAsync(person, login)).ShouldBe("pending");
        (await scene.ReturnAsync(await scene.ConfirmAsync(person, login))).ShouldBe(DuoScene.ReturnPath);
        (await DuoScene.StateAsync(person, login)).ShouldBe("accepted");
        (await person.ListGuardianLogAsync()).ShouldContain("gd_auth_succeed");
        scene.Duo.Faults.ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task Duo_comes_without_a_recovery_code_and_other_factors_with_one(Engine engine)
    {
        await using var scene = await DuoScene.StartAsync(engine);
        var (alone, first, other) = (await scene.NewPersonAsync(), await scene.NewPersonAsync(), await scene.NewPersonAsync());
        (await alone.StartAsync()).RecoveryCode.ShouldBeNull();
        await alone.SetFactorAsync("otp", enabled: true);

        await scene.EnrollAsync(first);
        var enrolled = await other.EnrollAsync();

        (await first.CountAsync("authenticator")).ShouldBe(1);
        enrolled.RecoveryCode.ShouldNotBeNull();
        (await other.CountAsync("authenticator")).ShouldBe(2);
    }

    [Theory, Engines]
    public async Task Only_one_of_sixteen_browsers_that_come_back_at_once_is_accepted(Engine engine)
    {
        await using var scene = await DuoScene.StartAsync(engine);
        var person = await scene.NewPersonAsync();
        await scene.EnrollAsync(person);
        var login = await person.StartAsync();
        scene.Duo.AllowsReuse = true;
        var returned = await scene.ConfirmAsync(person, login);

        var locations = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => scene.ReturnAsync(returned)));

        locations.Count(location => location == DuoScene.ReturnPath).ShouldBe(1);
        locations.Count(location => location == Refused).ShouldBe(15);
        (await person.ListGuardianLogAsync()).Count(type => type == "gd_auth_succeed").ShouldBe(1);
        (await DuoScene.StateAsync(person, login)).ShouldBe("accepted");
    }

    /// <summary>Otherwise an attacker could send a link to Duo, and the person would confirm the attacker's sign-in.</summary>
    [Theory, Engines]
    public async Task Only_the_browser_that_was_sent_to_Duo_can_come_back(Engine engine)
    {
        await using var scene = await DuoScene.StartAsync(engine);
        var (person, other) = (await scene.NewPersonAsync(), await scene.NewPersonAsync());
        var (flow, otherFlow) = (await person.StartAsync(), await other.StartAsync());
        var (returned, otherReturn) = (await scene.ConfirmAsync(person, flow), await scene.ConfirmAsync(other, otherFlow));
        var query = $"state={returned.State}&duo_code={returned.Code}";

        (await scene.ReturnAsync(query, cookie: null)).ShouldBe(StartAgain);
        (await scene.ReturnAsync(query, otherReturn.Cookie)).ShouldBe(StartAgain);
        (await scene.ReturnAsync(query, otherReturn.Cookie.Replace(otherReturn.State, returned.State, StringComparison.Ordinal))).ShouldBe(Refused);

        (await DuoScene.StateAsync(person, flow)).ShouldBe("pending");
        returned.Cookie.ShouldContain("; path=/; samesite=lax; httponly", Case.Insensitive);
        // Nothing of that has used the state up.
        (await scene.ReturnAsync(returned)).ShouldBe(DuoScene.ReturnPath);
    }

    [Theory, Engines]
    public async Task A_code_of_another_person_or_of_another_try_is_refused(Engine engine)
    {
        await using var scene = await DuoScene.StartAsync(engine);
        var (person, other) = (await scene.NewPersonAsync(), await scene.NewPersonAsync());
        var flow = await person.StartAsync();
        var earlier = await scene.ConfirmAsync(person, flow);
        var returned = await scene.ConfirmAsync(person, flow);
        var otherReturn = await scene.ConfirmAsync(other, await other.StartAsync());

        // Only the newest challenge is open.
        (await scene.ReturnAsync(earlier)).ShouldBe(Refused);
        (await scene.ReturnAsync(returned with { Code = otherReturn.Code })).ShouldBe(Refused);
        // The refusal has used the state up.
        (await scene.ReturnAsync(returned)).ShouldBe(Refused);

        (await DuoScene.StateAsync(person, flow)).ShouldBe("pending");
        (await person.ListEnrollmentsAsync()).ShouldBeEmpty();
        (await person.ListGuardianLogAsync()).ShouldContain("gd_auth_failed");
    }

    [Theory]
    [InlineData("iss", "\"https://evil.example/oauth/v1/token\"")]
    [InlineData("aud", "\"DIYYYYYYYYYYYYYYYYYY\"")]
    [InlineData("nonce", "\"other\"")]
    [InlineData("nonce", null)]
    [InlineData("preferred_username", "\"someone\"")]
    [InlineData("preferred_username", null)]
    [InlineData("exp", "1")]
    [InlineData("exp", null)]
    [InlineData("iat", "4000000000")]
    [InlineData("auth_result", """{"result":"deny","status":"deny"}""")]
    [InlineData("auth_result", null)]
    public async Task An_ID_token_with_another_claim_is_refused(string claim, string? value)
    {
        await using var scene = await DuoScene.StartAsync(Engine.Sqlite);
        scene.Duo.Change = claims => claims[claim] = value is null ? null : JsonNode.Parse(value);
        var person = await scene.NewPersonAsync();

        (await scene.ReturnAsync(await scene.ConfirmAsync(person, await person.StartAsync()))).ShouldBe(Refused);

        (await person.ListEnrollmentsAsync()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("HS512", "0000000000000000000000000000000000000000")]
    [InlineData("none", FakeDuo.Secret)]
    [InlineData("HS256", FakeDuo.Secret)]
    public async Task An_ID_token_that_Duo_has_not_signed_is_refused(string algorithm, string secret)
    {
        await using var scene = await DuoScene.StartAsync(Engine.Sqlite);
        (scene.Duo.Algorithm, scene.Duo.SigningSecret) = (algorithm, secret);
        var person = await scene.NewPersonAsync();

        (await scene.ReturnAsync(await scene.ConfirmAsync(person, await person.StartAsync()))).ShouldBe(Refused);
    }

    [Theory, Engines]
    public async Task While_Duo_is_down_nobody_is_sent_there_and_nobody_is_let_in(Engine engine)
    {
        await using var scene = await DuoScene.StartAsync(engine);
        var person = await scene.NewPersonAsync();
        var flow = await person.StartAsync();
        var returned = await scene.ConfirmAsync(person, flow);

        scene.Duo.IsDown = true;
        (await DuoScene.AuthorizeAsync(person, flow)).ShouldBeError(HttpStatusCode.NotFound, "duo_unavailable");
        (await scene.ReturnAsync(returned)).ShouldBe(DuoScene.ReturnPath + "#duo=unavailable");
        (await DuoScene.StateAsync(person, flow)).ShouldBe("pending");
        scene.Duo.IsDown = false;

        (await scene.ReturnAsync(returned)).ShouldBe(DuoScene.ReturnPath);
    }

    [Theory, Engines]
    public async Task While_Duo_is_not_configured_it_is_not_offered(Engine engine)
    {
        using var log = new TextLog();
        await using var scene = await DuoScene.StartAsync(engine, log);
        var person = await scene.NewPersonAsync();
        var flow = await person.StartAsync();
        flow.Json["available_enrollment_methods"].Texts().ShouldBe(["duo"]);
        // Another host: the key of the former one is forgotten.
        (await person.Management.SendAsync(HttpMethod.Patch, "/guardian/factors/duo/settings", new { host = "api-2.duosecurity.com" })).ShouldBe(HttpStatusCode.OK);

        (await DuoScene.AuthorizeAsync(person, flow)).ShouldBeError(HttpStatusCode.NotFound, "duo_not_configured");
        var later = await person.StartAsync();
        await person.StartAsync();

        later.Json["available_enrollment_methods"].Texts().ShouldBeEmpty();
        log.Lines.ShouldContain(line => line.StartsWith("Nobody can be sent to Duo: its settings are incomplete", StringComparison.Ordinal));
        log.Lines.Count(line => line.StartsWith("The factor duo is switched on and not offered", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Theory, Engines]
    public async Task A_person_who_does_not_confirm_or_comes_back_too_late_is_refused(Engine engine)
    {
        await using var scene = await DuoScene.StartAsync(engine);
        var person = await scene.NewPersonAsync();
        await scene.EnrollAsync(person);
        var login = await person.StartAsync();
        var denied = await scene.ConfirmAsync(person, login);
        (await scene.ReturnAsync($"state={denied.State}&error=access_denied&error_description=x&duo_code={denied.Code}", denied.Cookie)).ShouldBe(Refused);
        (await scene.ReturnAsync(denied)).ShouldBe(Refused);
        var late = await scene.ConfirmAsync(person, login);

        scene.Server.Clock.Advance(TimeSpan.FromMinutes(20));

        (await scene.ReturnAsync(late)).ShouldBe(Refused);
        (await person.ListGuardianLogAsync()).ShouldNotContain("gd_auth_succeed");
    }

    [Theory, Engines]
    public async Task A_factor_that_was_switched_off_or_removed_meanwhile_is_refused(Engine engine)
    {
        await using var scene = await DuoScene.StartAsync(engine);
        var person = await scene.NewPersonAsync();
        await scene.EnrollAsync(person);
        var login = await person.StartAsync();
        var first = await scene.ConfirmAsync(person, login);
        await person.SetFactorAsync("duo", enabled: false);
        (await scene.ReturnAsync(first)).ShouldBe(Refused);
        await person.SetFactorAsync("duo", enabled: true);
        var second = await scene.ConfirmAsync(person, login);
        var id = (string)(await person.ListEnrollmentsAsync())[0]!["id"]!;

        (await person.Management.SendAsync(HttpMethod.Delete, "/guardian/enrollments/" + id)).ShouldBe(HttpStatusCode.NoContent);

        (await scene.ReturnAsync(second)).ShouldBe(Refused);
    }

    [Fact]
    public async Task Visits_are_limited()
    {
        await using var scene = await DuoScene.StartAsync(Engine.Sqlite);
        var person = await scene.NewPersonAsync();
        var flow = await person.StartAsync();
        for (var i = 0; i < 20; i++)
        {
            await scene.ConfirmAsync(person, flow);
        }

        (await DuoScene.AuthorizeAsync(person, flow)).Status.ShouldBe(HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task The_browser_comes_back_to_a_page_of_this_server_only()
    {
        await using var scene = await DuoScene.StartAsync(Engine.Sqlite);
        var person = await scene.NewPersonAsync();
        var flow = await person.StartAsync();
        foreach (var path in new[] { "", "//evil.example/mfa/", "https://evil.example/mfa/", "/\\evil.example", "/mfa/\r\nX: y", "/mfa/#duo=x", "/mfa/ x", "/api/v2/", "/mfa/ü", "/mfa/" + new string('a', 3000) })
        {
            (await DuoScene.AuthorizeAsync(person, flow, path)).ShouldBeError(HttpStatusCode.BadRequest, "invalid_body");
        }

        var returned = await scene.ConfirmAsync(person, flow);
        var planted = $"{returned.Cookie.Split('.')[0]}.{System.Buffers.Text.Base64Url.EncodeToString("//evil.example/"u8)}";
        (await scene.ReturnAsync($"state={returned.State}&duo_code={returned.Code}", planted)).ShouldBe(StartAgain);
    }

    /// <summary>A subdomain can set a cookie for this host, but none with the prefix <c>__Host-</c>.</summary>
    [Fact]
    public void Over_https_only_a_cookie_that_no_other_host_can_set_lets_a_browser_come_back()
    {
        var path = System.Buffers.Text.Base64Url.EncodeToString("/mfa/sign-in"u8);
        var request = new DefaultHttpContext().Request;
        request.Headers.Cookie = $"duo-1=planted.{path}; __Host-duo-2=own.{path}";

        Find("https://mfa.example", "1").ShouldBeNull();
        Find("https://mfa.example", "2").ShouldBe("own");

        string? Find(string publicUrl, string challengeId) => RedirectCookie.Find(request, MinimalOptions.For(publicUrl), challengeId)?.BrowserSecret;
    }

    [Fact]
    public void A_browser_keeps_the_cookies_of_the_newest_tries_only()
    {
        var context = new DefaultHttpContext();
        context.Request.Headers.Cookie = string.Join("; ", Enumerable.Range(0, RedirectCookie.MaxCookies + 1).Select(i => $"duo-{i}=x"));

        new RedirectCookie("secret", "/mfa/sign-in").Set(context, MinimalOptions.For("http://localhost"), "new");

        string[] set = [.. context.Response.Headers.SetCookie.Select(cookie => cookie!.Split('.', ';')[0])];
        set.ShouldBe(["duo-0=", "duo-1=", "duo-new=secret"]);
    }

    [Theory]
    [InlineData("https://mfa.example.com", true)]
    [InlineData("http://mfa.example.com", false)]
    public void Duo_is_configured_only_if_browsers_can_come_back_over_https(string publicUrl, bool isConfigured)
    {
        var duo = new DuoClient(null!, MinimalOptions.For(publicUrl), new ManualClock());
        var settings = new SettingValue(
            new JsonObject { ["ikey"] = FakeDuo.ClientId, ["host"] = "api-1.duosecurity.com" }, new Dictionary<string, string> { ["skey"] = FakeDuo.Secret });

        (duo.FindFault(settings) is null).ShouldBe(isConfigured);
        (duo.FindAccount(settings) is not null).ShouldBe(isConfigured);
    }

    [Theory]
    [InlineData("api-12345678.duosecurity.com", "https://api-12345678.duosecurity.com")]
    [InlineData("API-12345678.DuoFederal.com", "https://API-12345678.DuoFederal.com")]
    [InlineData("duosecurity.com", null)]
    [InlineData("evil.example", null)]
    [InlineData("evilduosecurity.com", null)]
    [InlineData("api.duosecur\u0130ty.com", null)]
    [InlineData("evil.example/.duosecurity.com", null)]
    [InlineData("evil.example#.duosecurity.com", null)]
    [InlineData("api@evil.example:443.duosecurity.com", null)]
    [InlineData("api.duosecurity.com.evil.example", null)]
    [InlineData("api.duosecurity.com\n", null)]
    [InlineData("127.0.0.1", null)]
    [InlineData("", null)]
    public void Keys_go_to_hosts_of_Duo_only(string host, string? expected)
    {
        var duo = new DuoClient(null!, MinimalOptions.For("https://mfa.example.com"), new ManualClock());
        var settings = new SettingValue(
            new JsonObject { ["ikey"] = FakeDuo.ClientId, ["host"] = host }, new Dictionary<string, string> { ["skey"] = FakeDuo.Secret });

        var account = duo.FindAccount(settings);

        account?.BaseUrl.ShouldBe(expected);
        (account is null).ShouldBe(expected is null);
        (account?.ToString() ?? "").ShouldNotContain(FakeDuo.Secret);
    }
}

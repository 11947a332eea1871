using Sallyport.Browser.Tests.Hosting;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;
using static Microsoft.Playwright.Assertions;

namespace Sallyport.Browser.Tests;

/// <summary>The box "remember this browser", and the sign-ins that follow it, in a real browser.</summary>
public sealed class RememberedBrowserPageTests(Servers servers) : IClassFixture<Servers>
{
    [Theory, Engines]
    public async Task A_browser_in_which_the_box_was_ticked_is_not_asked_again(Engine engine)
    {
        await using var site = await ApplicationSite.StartAsync(await servers.GetAsync(engine));
        var person = await Person.CreateAsync(site.Server);
        var enrolled = await person.EnrollAsync();
        await using var visitor = await Visitor.OpenAsync(site.LoginUrl(person));
        await visitor.ExpectScreenAsync("totpAuth");
        await visitor.Checkbox.CheckAsync();
        await visitor.CodeField.FillAsync(person.Guardian.CodeOf(enrolled, 1));
        await ShouldBeSignedInAsync(visitor, site, person);
        site.Posts.Single().Keys.Order().ShouldBe(["accepted", "rememberBrowser", "signature"]);
        (await visitor.Page.Context.CookiesAsync([site.Server.Url + "/mfa/sign-in"])).Single(cookie => cookie.Name == "auth0-mf").HttpOnly.ShouldBeTrue();

        await visitor.Page.GotoAsync(site.LoginUrl(person));

        await ShouldBeSignedInAsync(visitor, site, person);
        site.Posts.Count.ShouldBe(2);
        visitor.Requests.Count(request => request.Url.EndsWith("/start-flow", StringComparison.Ordinal)).ShouldBe(1, "the second sign-in asks nothing");
        visitor.Errors.ShouldBeEmpty();
        visitor.Violations.ShouldBeEmpty();
        await using var other = await Visitor.OpenAsync(site.LoginUrl(person));
        await other.ExpectScreenAsync("totpAuth");
    }

    [Fact]
    public async Task Without_a_tick_the_browser_is_asked_again()
    {
        await using var site = await ApplicationSite.StartAsync(await servers.GetAsync(Engine.Sqlite));
        var person = await Person.CreateAsync(site.Server);
        var enrolled = await person.EnrollAsync();
        await using var visitor = await Visitor.OpenAsync(site.LoginUrl(person));
        await visitor.CodeField.FillAsync(person.Guardian.CodeOf(enrolled, 1));
        await ShouldBeSignedInAsync(visitor, site, person);

        await visitor.Page.GotoAsync(site.LoginUrl(person));

        await visitor.ExpectScreenAsync("totpAuth");
    }

    [Fact]
    public async Task The_box_has_the_default_of_the_tenant_and_keeps_what_the_person_chose_after_a_reload()
    {
        await using var site = await ApplicationSite.StartAsync(await servers.GetAsync(Engine.Sqlite));
        var person = await Person.CreateAsync(site.Server);
        var enrolled = await person.EnrollAsync();
        await using var visitor = await Visitor.OpenAsync(site.LoginUrl(person));
        await Expect(visitor.Checkbox).Not.ToBeCheckedAsync();
        await visitor.Checkbox.CheckAsync();
        await visitor.Page.ReloadAsync();
        await Expect(visitor.Checkbox).ToBeCheckedAsync();

        await SetDefaultAsync(isTicked: true);
        await using var other = await Visitor.OpenAsync(site.LoginUrl(person));
        await Expect(other.Checkbox).ToBeCheckedAsync();
        await other.Checkbox.UncheckAsync();
        await other.Page.ReloadAsync();
        await Expect(other.Checkbox).Not.ToBeCheckedAsync();
        await other.CodeField.FillAsync(person.Guardian.CodeOf(enrolled, 1));
        await ShouldBeSignedInAsync(other, site, person);
        await SetDefaultAsync(isTicked: false);

        site.Posts.Single().Keys.ShouldNotContain("rememberBrowser");

        Task SetDefaultAsync(bool isTicked) => new ManagementApi(site.Server).SendAsync(HttpMethod.Put, "/guardian/settings", new
        {
            display_remember_me_checkbox = true,
            remember_me_default_value = isTicked,
            mfa_session_inactivity_timeout = 604_800,
            mfa_session_overall_timeout = 2_592_000,
        });
    }

    private static async Task ShouldBeSignedInAsync(Visitor visitor, ApplicationSite site, Person person)
    {
        await Expect(visitor.Page).ToHaveURLAsync(site.HomeUrl);
        await Expect(visitor.Page.GetByText("Signed in as " + person.UserId)).ToBeVisibleAsync();
    }
}

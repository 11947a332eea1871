using Sallyport.Browser.Tests.Hosting;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;
using static Microsoft.Playwright.Assertions;

namespace Sallyport.Browser.Tests;

/// <summary>A sign-in with OpenID Connect in a real browser, with the handler of ASP.NET Core: from the application to the application.</summary>
public sealed class OpenIdConnectTests(Servers servers) : IClassFixture<Servers>
{
    /// <summary>Chromium applies the policy of the page to the redirect that follows its form, too.</summary>
    [Theory]
    [InlineData("query")]
    [InlineData("form_post")]
    public async Task A_code_signs_in_and_the_browser_is_back_at_the_application(string responseMode)
    {
        await using var party = await AspNetRelyingParty.StartAsync(await servers.GetAsync(Engine.Sqlite), responseMode);
        var person = await Person.CreateAsync(party.Server);
        var enrolled = await person.EnrollAsync();
        await using var visitor = await Visitor.OpenAsync(party.LoginUrl(person));

        await visitor.ExpectScreenAsync("totpAuth");
        await visitor.CodeField.FillAsync(person.Guardian.CodeOf(enrolled, 1));

        await Expect(visitor.Page).ToHaveURLAsync(party.HomeUrl);
        await Expect(visitor.Page.GetByText($"Signed in as {person.UserId} with mfa+otp")).ToBeVisibleAsync();
        visitor.Errors.ShouldBeEmpty();
        visitor.Violations.ShouldBeEmpty();
        (await visitor.Page.Context.CookiesAsync([party.Server.Url])).ShouldBeEmpty("The cookie of the authorization is gone.");
    }

    [Fact]
    public async Task A_remembered_browser_is_not_asked_again()
    {
        await using var party = await AspNetRelyingParty.StartAsync(await servers.GetAsync(Engine.Sqlite), "query");
        var person = await Person.CreateAsync(party.Server);
        var enrolled = await person.EnrollAsync();
        await using var visitor = await Visitor.OpenAsync(party.LoginUrl(person));
        await visitor.ExpectScreenAsync("totpAuth");
        await visitor.Checkbox.CheckAsync();
        await visitor.CodeField.FillAsync(person.Guardian.CodeOf(enrolled, 1));
        await Expect(visitor.Page).ToHaveURLAsync(party.HomeUrl);

        await visitor.Page.GotoAsync(party.LoginUrl(person));

        await Expect(visitor.Page).ToHaveURLAsync(party.HomeUrl);
        await Expect(visitor.Page.GetByText($"Signed in as {person.UserId} with")).ToBeVisibleAsync();
        visitor.Requests.Count(request => request.Url.EndsWith("/start-flow", StringComparison.Ordinal)).ShouldBe(1, "the second sign-in asks nothing");
        visitor.Violations.ShouldBeEmpty();
    }
}

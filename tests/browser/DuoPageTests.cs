using Sallyport.Browser.Tests.Hosting;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Factors.Duo;
using static Microsoft.Playwright.Assertions;

namespace Sallyport.Browser.Tests;

/// <summary>The browser goes to Duo, which is on another site, and comes back to the page that it left.</summary>
public sealed class DuoPageTests
{
    [Fact]
    public async Task A_person_enrolls_at_Duo_and_signs_in_with_it()
    {
        await using var scene = await DuoScene.StartAsync(Engine.Sqlite);
        await using var site = await ApplicationSite.StartAsync(scene.Server);
        var person = await scene.NewPersonAsync();
        await using (var visitor = await Visitor.OpenAsync($"{scene.Server.Url}/mfa/enrollment?ticket={await person.NewTicketAsync()}"))
        {
            await visitor.ExpectScreenAsync("duoEnrollment");
            scene.Duo.Denies = true;
            await visitor.ClickAsync("Continue to Duo");
            await visitor.ExpectTextAsync("Duo did not confirm that it is you. Try again.");
            scene.Duo.Denies = false;
            await visitor.ClickAsync("Continue to Duo");

            await visitor.ExpectScreenAsync("enrollmentCongrats");
            await visitor.ExpectTextAsync("asks you to confirm with Duo when you sign in.");
            visitor.Errors.ShouldBeEmpty();
            visitor.Violations.ShouldBeEmpty();
        }

        await using var signingIn = await Visitor.OpenAsync(site.LoginUrl(person));
        await signingIn.ExpectScreenAsync("duoAuth");
        await signingIn.ClickAsync("Continue to Duo");

        await Expect(signingIn.Page.GetByText("Signed in as " + person.UserId)).ToBeVisibleAsync();
        await signingIn.Page.GoBackAsync();
        await signingIn.ExpectScreenAsync("authCongrats");
        await Expect(signingIn.Heading).ToHaveTextAsync("Confirmed with Duo");
        signingIn.Errors.ShouldBeEmpty();
        scene.Duo.Faults.ShouldBeEmpty();
    }
}

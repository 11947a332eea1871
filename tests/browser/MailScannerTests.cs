using System.Net;
using Sallyport.Browser.Tests.Hosting;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;
using static Microsoft.Playwright.Assertions;

namespace Sallyport.Browser.Tests;

/// <summary>Mail goes through machines that open every link, some of them in a browser that tries every button.</summary>
public sealed class MailScannerTests(Servers servers) : IClassFixture<Servers>
{
    private const int Rounds = 5;

    private const string TryEverything = """
        () => {
          for (const field of document.querySelectorAll('input')) {
            field.type === 'checkbox' ? field.click() : (field.value = 'garbage 000000');
            field.dispatchEvent(new Event('input', { bubbles: true }));
          }
          document.querySelectorAll('form').forEach((form) => form.requestSubmit());
          document.querySelectorAll('button, a[href]').forEach((node) => node.click());
        }
        """;

    [Theory, Engines]
    public async Task A_link_that_machines_have_opened_still_works_for_its_person(Engine engine)
    {
        var invitation = await Invitation.CreateAsync(await servers.GetAsync(engine));
        for (var i = 0; i < 50; i++)
        {
            (await invitation.LookAsync()).ShouldBe(HttpStatusCode.OK);
            (await invitation.LookAsync(HttpMethod.Head)).ShouldBe(HttpStatusCode.OK);
        }

        await TryEverythingAsync(invitation);

        (await invitation.EnrollmentStatesAsync()).ShouldBeEmpty();
        await using var person = await Visitor.ArriveAsync(invitation.Url);
        await person.SeeAsync("totpEnrollment");
        var code = invitation.CodeOf(await person.SecretAsync());
        await person.PressAsync("Continue");
        await person.CodeField.FillAsync(code);
        await person.SeeAsync("reportRecoveryCode");
        (await invitation.EnrollmentStatesAsync()).ShouldBe(["confirmed"]);
    }

    private static async Task TryEverythingAsync(Invitation invitation)
    {
        await using var machine = await Visitor.ArriveAsync();
        await machine.StayAtAsync(invitation.Server.Url);
        await machine.Page.GotoAsync(invitation.Url);
        await machine.SeeAsync("totpEnrollment");
        for (var i = 0; i < Rounds; i++)
        {
            await machine.Page.EvaluateAsync(TryEverything);
            await Expect(machine.Page.Locator("[data-screen]")).ToBeVisibleAsync();
        }

        // By clicking on it comes back here from anywhere, so it has been at the field for a code in between.
        await machine.Page.ReloadAsync();
        await machine.SeeAsync("totpEnrollment");
        await machine.PressAsync("Continue");
        await machine.SeeAsync("totpEnrollmentCode");
        await machine.Page.EvaluateAsync(TryEverything);
        await machine.SeeAsync("totpEnrollment");
        machine.Errors.ShouldBeEmpty();
    }
}

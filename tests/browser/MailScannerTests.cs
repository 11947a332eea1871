using System.Net;
using Sallyport.Browser.Tests.Hosting;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;
using static Microsoft.Playwright.Assertions;

namespace Sallyport.Browser.Tests;

/// <summary>Mail scanners open every link, some of them in a browser that clicks every button.</summary>
public sealed class MailScannerTests(Servers servers) : IClassFixture<Servers>
{
    private const int Rounds = 5;

    private const string ClickEverything = """
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
    public async Task A_link_still_works_after_mail_scanners_have_opened_it(Engine engine)
    {
        var invitation = await Invitation.CreateAsync(await servers.GetAsync(engine));
        for (var i = 0; i < 50; i++)
        {
            (await invitation.StatusAsync()).ShouldBe(HttpStatusCode.OK);
            (await invitation.StatusAsync(HttpMethod.Head)).ShouldBe(HttpStatusCode.OK);
        }

        await ClickEverythingAsync(invitation);

        (await invitation.EnrollmentStatesAsync()).ShouldBeEmpty();
        await using var person = await Visitor.OpenAsync(invitation.Url);
        await person.ExpectScreenAsync("totpEnrollment");
        var code = invitation.CodeOf(await person.SecretAsync());
        await person.ClickAsync("Continue");
        await person.CodeField.FillAsync(code);
        await person.ExpectScreenAsync("reportRecoveryCode");
        (await invitation.EnrollmentStatesAsync()).ShouldBe(["confirmed"]);
    }

    private static async Task ClickEverythingAsync(Invitation invitation)
    {
        await using var scanner = await Visitor.OpenAsync();
        await scanner.BlockOtherHostsAsync(invitation.Server.Url);
        await scanner.Page.GotoAsync(invitation.Url);
        await scanner.ExpectScreenAsync("totpEnrollment");
        for (var i = 0; i < Rounds; i++)
        {
            await scanner.Page.EvaluateAsync(ClickEverything);
            await Expect(scanner.Page.Locator("[data-screen]")).ToBeVisibleAsync();
        }

        scanner.Errors.ShouldBeEmpty();

        // These clicks always leave the code screen in the end, so another scanner begins there.
        await using var other = await Visitor.OpenAsync(invitation.Url);
        await other.ExpectScreenAsync("totpEnrollment");
        await other.ClickAsync("Continue");
        await other.ExpectScreenAsync("totpEnrollmentCode");
        await other.Page.EvaluateAsync(ClickEverything);
        await other.ExpectScreenAsync("totpEnrollment");
        other.Errors.ShouldBeEmpty();
    }
}

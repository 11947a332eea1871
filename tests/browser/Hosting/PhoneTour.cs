using System.Net;
using Microsoft.Playwright;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Browser.Tests.Hosting;

/// <summary>Visits the screens of phones and stops at each.</summary>
/// <param name="stop">Called with a name for each state of a screen.</param>
internal sealed class PhoneTour(TestServer server, Visitor visitor, Func<string, Task> stop)
{
    public async Task RunAsync()
    {
        var phone = await PhonePerson.CreateAsync(server);
        (await PhonePerson.SetMessageTypesAsync(phone.Person, "sms", "voice")).ShouldBe(HttpStatusCode.OK);
        try
        {
            await EnrollAsync(phone);
            await SignInAsync(phone);
        }
        finally
        {
            await phone.Person.SetFactorAsync("sms", enabled: false);
        }
    }

    private async Task EnrollAsync(PhonePerson phone)
    {
        server.Clock.Set(TimeProvider.System.GetUtcNow());
        var ticket = (await phone.Person.Management.SendAsync(
            HttpMethod.Post, "/guardian/enrollments/ticket", new { user_id = phone.Person.UserId, factor = "phone" })).ShouldBe(HttpStatusCode.OK);
        await visitor.Page.GotoAsync((string)ticket["ticket_url"]!);
        await visitor.ExpectScreenAsync("smsEnrollmentAddPhoneNumber");
        await StopAsync("smsEnrollmentAddPhoneNumber");
        var country = visitor.Page.GetByRole(AriaRole.Combobox);
        await country.FillAsync("un");
        await StopAsync("smsEnrollmentAddPhoneNumber-countries");
        await country.PressAsync("Escape");
        var number = visitor.Page.GetByLabel("Phone number", new() { Exact = true });
        await number.FillAsync("12");
        await visitor.ClickAsync("Send code");
        await visitor.ExpectTextAsync("That number does not work.");
        await StopAsync("smsEnrollmentAddPhoneNumber-wrong");
        await number.FillAsync(phone.Number);
        var code = await phone.CodeOfAsync(async () =>
        {
            await visitor.ClickAsync("Send code");
            await visitor.ExpectTextAsync("We have sent a code");
            return new Answer(HttpStatusCode.OK, new HttpResponseMessage().Headers, "");
        });
        await StopAsync("smsEnrollmentConfirm");
        await visitor.CodeField.FillAsync(code);
        await visitor.ExpectScreenAsync("reportRecoveryCode");
    }

    private async Task SignInAsync(PhonePerson phone)
    {
        await using var site = await ApplicationSite.StartAsync(server);
        await visitor.Page.GotoAsync(site.LoginUrl(phone.Person));
        await visitor.ExpectScreenAsync("smsAuth");
        await visitor.ExpectTextAsync("We have sent a code");
        await StopAsync("smsAuth");
    }

    private async Task StopAsync(string name)
    {
        await visitor.SettleAsync();
        await stop(name);
    }
}

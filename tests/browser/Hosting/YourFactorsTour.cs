using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Playwright;
using Sallyport.Server.Tests.Hosting;
using static Microsoft.Playwright.Assertions;

namespace Sallyport.Browser.Tests.Hosting;

/// <summary>Visits the states of the page on which users manage their factors and stops at each.</summary>
/// <param name="stop">Called with a name for each state of the page.</param>
internal sealed class YourFactorsTour(TestServer server, Visitor visitor, Func<string, Task> stop)
{
    private string Url => server.Url + "/mfa/your-factors";

    private ILocator Entry => visitor.Page.Locator(".page-entry").First;

    public async Task RunAsync()
    {
        await SignInAsync();
        await StopAsync("yourFactors");
        await visitor.TabToAsync(Entry.Locator("summary"));
        await visitor.Page.Keyboard.PressAsync("Enter");
        await Expect(Entry.GetByLabel("Name")).ToBeVisibleAsync();
        await StopAsync("yourFactors-rename");
        await Entry.GetByLabel("Name").EvaluateAsync("(field) => { field.removeAttribute('maxlength'); field.value = 'x'.repeat(41); }");
        await Entry.GetByText("Save").ClickAsync();
        await Expect(visitor.Page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        await StopAsync("yourFactors-rename-wrong");
        await OpenRemovalAsync();
        await StopAsync("yourFactors-remove");
        await visitor.Page.GotoAsync(Url);
        await visitor.ClickAsync("Make a new code");
        await StopAsync("yourFactors-recovery-code");
        server.Clock.Advance(TimeSpan.FromMinutes(6));
        await visitor.Page.GotoAsync(Url);
        await Expect(visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Confirm again" })).ToBeVisibleAsync();
        await StopAsync("yourFactors-ended");
    }

    /// <summary>The list and the question before a removal.</summary>
    public async Task VisitInAsync(IEnumerable<string> languages)
    {
        await SignInAsync();
        foreach (var language in languages)
        {
            await visitor.Page.GotoAsync($"{Url}?ui_locales={language}");
            await visitor.Page.EvaluateAsync("() => document.querySelectorAll('details').forEach((details) => { details.open = true; })");
            await StopAsync($"yourFactors-{language}");
            await OpenRemovalAsync($"&ui_locales={language}");
            await StopAsync($"yourFactors-remove-{language}");
        }
    }

    private async Task OpenRemovalAsync(string query = "")
    {
        var id = await visitor.Page.Locator(".page-entry input[name=id]").First.GetAttributeAsync("value");
        await visitor.Page.GotoAsync($"{Url}?remove={id}{query}");
    }

    /// <summary>Signs a user in who has three factors.</summary>
    private async Task SignInAsync()
    {
        server.Clock.Set(TimeProvider.System.GetUtcNow());
        var user = await MfaClient.CreateAsync(server);
        var enrolled = await user.EnrollAsync();
        await AddAsync(user, new() { ["type"] = "phone", ["name"] = "Work phone", ["phone_number"] = "+15005550006", ["preferred_authentication_method"] = "sms" });
        await AddAsync(user, new() { ["type"] = "email", ["name"] = "Ada", ["email"] = user.Email });
        var party = await RelyingParty.CreateAsync(server, new() { ["client_metadata"] = new JsonObject() });
        await visitor.Page.GotoAsync($"{Url}?client_id={party.ClientId}");
        await visitor.Page.Locator("input[autocomplete=username]").FillAsync(user.Email);
        await visitor.Page.Locator("input[autocomplete=current-password]").FillAsync(MfaClient.Password);
        await visitor.Page.Keyboard.PressAsync("Enter");
        await visitor.ExpectScreenAsync("totpAuth");
        await visitor.CodeField.FillAsync(user.Guardian.CodeOf(enrolled, 1));
        await Expect(visitor.Page.Locator(".page-entry")).ToHaveCountAsync(3);
    }

    private static async Task AddAsync(MfaClient user, JsonObject method) =>
        (await user.Management.SendAsync(HttpMethod.Post, user.UserPath + "/authentication-methods", method)).ShouldBe(HttpStatusCode.Created);

    private async Task StopAsync(string name)
    {
        await Expect(visitor.Heading).ToBeVisibleAsync();
        await visitor.SettleAsync();
        await stop(name);
    }
}

using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Playwright;
using Sallyport.Browser.Tests.Hosting;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;
using static Microsoft.Playwright.Assertions;

namespace Sallyport.Browser.Tests;

/// <summary>Phones against the real server. The codes are read from the messages that it sends.</summary>
public sealed class PhoneEnrollmentTests
{
    private const string First = "+491512" + "2222222";
    private const string Second = "+491512" + "3333333";

    [Fact]
    public async Task A_pasted_number_selects_its_country_and_a_wrong_one_can_be_corrected()
    {
        await using var server = await TestServer.StartAsync(Engine.Sqlite);
        var invitation = await InviteAsync(server);
        await using var visitor = await Visitor.OpenAsync(new() { Locale = "en-GB", ViewportSize = new() { Width = 1280, Height = 900 } });
        await visitor.Page.GotoAsync(invitation.Url);
        await visitor.ExpectScreenAsync("smsEnrollmentAddPhoneNumber");
        await Expect(Country(visitor)).ToHaveValueAsync("United Kingdom \u2066+44\u2069");

        await visitor.ClickAsync("Send code");
        await visitor.ExpectTextAsync("Enter your phone number first.");
        await Expect(Number(visitor)).ToBeFocusedAsync();
        await Number(visitor).FillAsync("12345");
        await visitor.ClickAsync("Send code");
        await visitor.ExpectTextAsync("That number does not work.");
        await Expect(Number(visitor)).ToHaveAttributeAsync("aria-invalid", "true");
        await PasteAsync(visitor, "+49 (151) 2222-2222");
        await Expect(Country(visitor)).ToHaveValueAsync("Germany \u2066+49\u2069");
        await Expect(Number(visitor)).ToHaveValueAsync("(151) 2222-2222");
        await visitor.ClickAsync("Send code");

        await visitor.ExpectScreenAsync("smsEnrollmentConfirm");
        await visitor.ExpectTextAsync("We have sent a code to the phone number that ends in 2222.");
        var lost = PhoneOutbox.CodeIn((await WaitAsync(server, First, 1))[0]);
        await visitor.ClickAsync("Change the number");
        await visitor.ExpectScreenAsync("smsEnrollmentAddPhoneNumber");
        await Expect(Country(visitor)).ToHaveValueAsync("Germany \u2066+49\u2069");
        await Expect(Number(visitor)).ToHaveValueAsync("(151) 2222-2222");
        await Number(visitor).FillAsync("0151 23333333");
        await visitor.ClickAsync("Send code");
        await visitor.ExpectTextAsync("that ends in 3333.");
        var code = PhoneOutbox.CodeIn((await WaitAsync(server, Second, 1))[0]);
        await EnterAsync(visitor, Other(lost == code ? "000000" : lost, lost == code ? 1 : 0));
        await visitor.ExpectTextAsync("That code is not right. Enter the newest code that we sent you.");
        await EnterAsync(visitor, code);

        await visitor.ExpectScreenAsync("reportRecoveryCode");
        await visitor.Checkbox.CheckAsync();
        await visitor.ClickAsync("Continue");
        await visitor.ExpectTextAsync("sends a code to your phone when you sign in.");
        ((string)(await EnrollmentsAsync(invitation))[0]!["phone_number"]!).ShouldEndWith("3333");
        visitor.Errors.ShouldBeEmpty();
        visitor.Violations.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_country_is_found_with_the_keyboard_and_announced()
    {
        await using var server = await TestServer.StartAsync(Engine.Sqlite);
        var invitation = await InviteAsync(server);
        await using var visitor = await Visitor.OpenAsync(invitation.Url);
        await visitor.ExpectScreenAsync("smsEnrollmentAddPhoneNumber");
        await visitor.TabToAsync(Country(visitor));
        await Expect(Country(visitor)).ToHaveAttributeAsync("aria-expanded", "false");

        await visitor.Page.Keyboard.TypeAsync("osterreich");
        await Expect(visitor.Page.GetByRole(AriaRole.Option)).ToHaveCountAsync(1);
        await visitor.Page.Keyboard.PressAsync("Escape");
        await Expect(Country(visitor)).ToHaveValueAsync("United States \u2066+1\u2069");
        await visitor.Page.Keyboard.TypeAsync("austr");
        await Expect(visitor.Page.GetByRole(AriaRole.Option)).ToHaveCountAsync(2);
        await visitor.Page.Keyboard.PressAsync("ArrowDown");
        var active = await Country(visitor).GetAttributeAsync("aria-activedescendant");
        await Expect(visitor.Page.Locator($"#{active}")).ToContainTextAsync("Austria");
        await visitor.Page.Keyboard.PressAsync("Enter");
        await Expect(Country(visitor)).ToHaveValueAsync("Austria \u2066+43\u2069");
        await Expect(Country(visitor)).ToHaveAttributeAsync("aria-expanded", "false");
        await visitor.Page.Keyboard.TypeAsync("nowhere");
        await Expect(visitor.Announcement).ToHaveTextAsync("No country matches.");
        await visitor.Page.Keyboard.PressAsync("Tab");
        await Expect(Country(visitor)).ToHaveValueAsync("Austria \u2066+43\u2069");
        await Expect(Number(visitor)).ToBeFocusedAsync();
        await visitor.Page.Keyboard.TypeAsync("0664 1234567");
        await visitor.Page.Keyboard.PressAsync("Enter");

        await visitor.ExpectScreenAsync("smsEnrollmentConfirm");
        await Expect(visitor.Heading).ToBeFocusedAsync();
        await EnterAsync(visitor, PhoneOutbox.CodeIn((await WaitAsync(server, "+436641234567", 1))[0]));
        await visitor.ExpectScreenAsync("reportRecoveryCode");
    }

    [Fact]
    public async Task Another_code_is_sent_after_a_pause_and_the_limit_is_explained()
    {
        await using var server = await TestServer.StartAsync(Engine.Sqlite);
        var invitation = await InviteAsync(server);
        await using var visitor = await Visitor.OpenAsync();
        await visitor.Page.Clock.InstallAsync();
        await visitor.Page.GotoAsync(invitation.Url);
        await EnterNumberAsync(visitor, First);

        await visitor.ExpectTextAsync("You can ask for another code in");
        await Expect(visitor.Button("Send again")).ToHaveAttributeAsync("aria-disabled", "true");
        for (var sent = 2; sent <= 10; sent++)
        {
            await PassPauseAsync(server, visitor);
            await visitor.ClickAsync("Send again");
            await WaitAsync(server, First, sent);
            await visitor.ExpectTextAsync("You can ask for another code in");
        }

        await PassPauseAsync(server, visitor);
        await visitor.ClickAsync("Send again");
        await visitor.ExpectTextAsync("We have sent you several codes already. Use the newest one, or ask for another one in");
        await EnterAsync(visitor, PhoneOutbox.CodeIn((await WaitAsync(server, First, 10))[^1]));
        await visitor.ExpectScreenAsync("reportRecoveryCode");
    }

    [Fact]
    public async Task A_reload_sends_no_other_code()
    {
        await using var server = await TestServer.StartAsync(Engine.Sqlite);
        var invitation = await InviteAsync(server);
        await using var visitor = await Visitor.OpenAsync(invitation.Url);
        await EnterNumberAsync(visitor, First);
        await visitor.ExpectTextAsync("that ends in 2222.");

        await visitor.Page.ReloadAsync();

        await visitor.ExpectScreenAsync("smsEnrollmentConfirm");
        await visitor.ExpectTextAsync("that ends in 2222.");
        (await visitor.Page.EvaluateAsync<string>("() => JSON.stringify({ ...sessionStorage, ...localStorage })")).ShouldNotContain("15122222222");
        await EnterAsync(visitor, PhoneOutbox.CodeIn((await WaitAsync(server, First, 1))[0]));
        await visitor.ExpectScreenAsync("reportRecoveryCode");
    }

    [Theory, Engines]
    public async Task A_person_signs_in_by_text_message_and_by_call(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var phone = await PhonePerson.CreateAsync(server);
        (await PhonePerson.SetMessageTypesAsync(phone.Person, "sms", "voice")).ShouldBe(HttpStatusCode.OK);
        await phone.EnrollAsync();
        await using var site = await ApplicationSite.StartAsync(server);
        await using var visitor = await Visitor.OpenAsync();
        await visitor.Page.Clock.InstallAsync();

        await visitor.Page.GotoAsync(site.LoginUrl(phone.Person));
        await visitor.ExpectScreenAsync("smsAuth");
        await visitor.ExpectTextAsync($"We have sent a code to the phone number that ends in {phone.Number[^4..]}.");
        var before = PhoneOutbox.ListFiles(server);
        await PassPauseAsync(server, visitor);
        await visitor.ClickAsync("Call me instead");
        await visitor.ExpectTextAsync($"We are calling the phone number that ends in {phone.Number[^4..]}. Listen for the code.");
        await Expect(visitor.Button("Send a text message instead")).ToBeVisibleAsync();
        await Expect(visitor.Button("Call me again")).ToBeVisibleAsync();
        // The text message may be delivered as late as the call.
        var calls = await Eventually.GetAsync(
            () => Task.FromResult(PhoneOutbox.ListTo(server, phone.Number, before).Where(message => (string)message["channel"]! == "voice").ToList()),
            found => found.Count == 1);
        await visitor.CodeField.FillAsync(PhoneOutbox.CodeIn(calls[0]));

        await visitor.Page.WaitForURLAsync(site.HomeUrl);
        visitor.Errors.ShouldBeEmpty();
    }

    /// <summary>The list begins with the country that the page names, and the countries have names in the language of the page.</summary>
    [Fact]
    public async Task The_list_begins_with_the_default_location_of_the_page()
    {
        await using var server = await TestServer.StartAsync(Engine.Sqlite);
        await using var site = await CustomerSite.StartAsync(CustomerSite.Page(server.Url, """
            ticket: "a ticket", mfaServerUrl: location.origin, defaultLocation: ["Schweiz", "CH", "+41"],
            """));
        await using var visitor = await Visitor.OpenAsync(new() { Locale = "de-DE" });
        await visitor.Page.RouteAsync("**/api/start-flow", route => route.FulfillAsync(new()
        {
            ContentType = "application/json",
            Body = """
                {"transaction_token":"t","enrollment_tx_id":"e","available_enrollment_methods":["sms"],"factor_settings":{"phone":{"otp_length":6,"message_types":["sms"]}},
                 "device_account":{"id":"dev_1","status":"confirmation_pending"}}
                """,
        }));

        await visitor.Page.GotoAsync(site.Url);

        await visitor.ExpectScreenAsync("smsEnrollmentAddPhoneNumber");
        (await visitor.Page.Locator("input[role=combobox]").InputValueAsync()).ShouldEndWith("\u2066+41\u2069");
    }

    private static ILocator Country(Visitor visitor) => visitor.Page.GetByRole(AriaRole.Combobox, new() { Name = "Country or region" });

    private static ILocator Number(Visitor visitor) => visitor.Page.GetByLabel("Phone number", new() { Exact = true });

    private static async Task EnterNumberAsync(Visitor visitor, string number)
    {
        await visitor.ExpectScreenAsync("smsEnrollmentAddPhoneNumber");
        await Number(visitor).FillAsync(number);
        await visitor.ClickAsync("Send code");
        await visitor.ExpectScreenAsync("smsEnrollmentConfirm");
    }

    private static async Task PasteAsync(Visitor visitor, string text)
    {
        await visitor.Page.EvaluateAsync("(text) => navigator.clipboard.writeText(text)", text);
        await Number(visitor).FocusAsync();
        await Number(visitor).SelectTextAsync();
        await visitor.Page.Keyboard.PressAsync("Control+V");
    }

    private static async Task PassPauseAsync(TestServer server, Visitor visitor)
    {
        server.Clock.Advance(TimeSpan.FromSeconds(31));
        await visitor.Page.Clock.FastForwardAsync(31_000);
    }

    private static async Task EnterAsync(Visitor visitor, string code) =>
        await visitor.Page.RunAndWaitForResponseAsync(
            () => visitor.CodeField.FillAsync(code), response => response.Url.EndsWith("/verify-otp", StringComparison.Ordinal));

    /// <returns>All messages to a number, the oldest first.</returns>
    private static Task<IReadOnlyList<JsonObject>> WaitAsync(TestServer server, string number, int count) =>
        Eventually.GetAsync(() => Task.FromResult(PhoneOutbox.ListTo(server, number)), messages => messages.Count == count);

    private static string Other(string code, int distance) =>
        ((int.Parse(code, CultureInfo.InvariantCulture) + distance) % 1_000_000).ToString("D6", CultureInfo.InvariantCulture);

    private static async Task<JsonArray> EnrollmentsAsync(Invitation invitation) =>
        (await new ManagementApi(invitation.Server).GetAsync($"/users/{Uri.EscapeDataString(invitation.UserId)}/enrollments")).AsArray();

    /// <summary>A person whose only factor is the phone.</summary>
    private static async Task<Invitation> InviteAsync(TestServer server)
    {
        var invitation = await Invitation.CreateAsync(server);
        var management = new ManagementApi(server);
        (await management.SendAsync(HttpMethod.Put, "/guardian/factors/sms", new { enabled = true })).ShouldBe(HttpStatusCode.OK);
        (await management.SendAsync(HttpMethod.Put, "/guardian/factors/otp", new { enabled = false })).ShouldBe(HttpStatusCode.OK);
        return invitation;
    }
}

using Sallyport.Browser.Tests.Hosting;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;
using static Microsoft.Playwright.Assertions;

namespace Sallyport.Browser.Tests;

/// <summary>The screens for codes by email, with stubbed answers of the server.</summary>
public sealed class EmailCodeTests(Servers servers) : IClassFixture<Servers>
{
    private const string OnlyEmail = """
        {"transaction_token":"t","enrollment_tx_id":"e","available_enrollment_methods":["email"],"factor_settings":{"email":{"otp_length":8}},
         "device_account":{"status":"confirmation_pending","recovery_code":"ABCDEFGH12345678JKLMNPQR"}}
        """;

    private const string SignIn = """
        {"transaction_token":"t","device_account":{"available_authenticator_types":["otp","email","recovery-code"]}}
        """;

    [Fact]
    public async Task An_enrollment_sends_one_code_and_continues_after_a_reload_without_another()
    {
        await using var site = await StartSiteAsync("ticket: \"a ticket\"");
        await using var visitor = await OpenAsync(OnlyEmail);
        await StubAsync(visitor, "send-email", "{}");
        await visitor.Page.GotoAsync(site.Url);

        await visitor.ExpectScreenAsync("emailEnrollmentConfirm");
        await Expect(visitor.Heading).ToBeFocusedAsync();
        await Expect(visitor.Announcement).ToHaveTextAsync("We have sent a code to your email address.");
        await visitor.Page.ReloadAsync();
        await visitor.ExpectTextAsync("We have sent a code");
        Sent(visitor, "send-email").ShouldBe(1);

        await visitor.CodeField.PressSequentiallyAsync("12345678");
        await visitor.ExpectScreenAsync("reportRecoveryCode");
        await visitor.Checkbox.CheckAsync();
        await visitor.ClickAsync("Continue");
        await visitor.ExpectTextAsync("sends a code to your email address when you sign in.");
        Sent(visitor, "verify-otp").ShouldBe(1);
    }

    [Fact]
    public async Task A_sign_in_sends_a_code_only_when_the_person_chooses_email_and_another_after_30_seconds()
    {
        await using var site = await StartSiteAsync("requestToken: \"a token\"");
        await using var visitor = await OpenAsync(SignIn);
        await StubAsync(visitor, "send-email", "{}");
        await visitor.Page.Clock.InstallAsync();
        await visitor.Page.GotoAsync(site.Url);
        await visitor.ExpectScreenAsync("totpAuth");
        Sent(visitor, "send-email").ShouldBe(0);

        await visitor.ClickAsync("Get a code by email instead");
        await visitor.ExpectScreenAsync("emailAuth");
        await visitor.ExpectTextAsync("You can ask for another code in");
        await Expect(visitor.Button("Send again")).ToHaveAttributeAsync("aria-disabled", "true");
        await visitor.Button("Send again").ClickAsync(new() { Force = true });
        Sent(visitor, "send-email").ShouldBe(1);

        await visitor.Page.Clock.FastForwardAsync(31_000);
        await Expect(visitor.Button("Send again")).Not.ToHaveAttributeAsync("aria-disabled", "true");
        await visitor.ClickAsync("Send again");
        await visitor.ExpectTextAsync("You can ask for another code in");

        Sent(visitor, "send-email").ShouldBe(2);
    }

    [Fact]
    public async Task A_refused_message_says_what_to_do_and_when_the_next_one_can_be_sent()
    {
        await using var site = await StartSiteAsync("requestToken: \"a token\"");
        await using var visitor = await OpenAsync(SignIn);
        await visitor.Page.GotoAsync(site.Url);
        await visitor.ExpectScreenAsync("totpAuth");
        await visitor.StubErrorAsync("send-email", 429, "too_many_messages", ("Retry-After", "600"));

        await visitor.ClickAsync("Get a code by email instead");

        await visitor.ExpectTextAsync("We have sent you several emails already.");
        await visitor.ExpectTextAsync("You can ask for another code in 10 minutes.");
        await Expect(visitor.CodeField).ToBeEditableAsync();
        await visitor.StubErrorAsync("verify-otp", 403, "invalid_otp");
        await visitor.CodeField.FillAsync("000000");
        await visitor.ExpectTextAsync("Enter the code from the newest email.");
    }

    [Fact]
    public async Task A_code_of_ten_digits_fits_into_the_narrowest_widget()
    {
        await using var site = await StartSiteAsync("ticket: \"a ticket\"", "body { margin: 0; inline-size: 280px; }");
        await using var visitor = await OpenAsync(OnlyEmail.Replace("\"otp_length\":8", "\"otp_length\":10", StringComparison.Ordinal));
        await StubAsync(visitor, "send-email", "{}");
        await visitor.Page.GotoAsync(site.Url);
        await visitor.ExpectScreenAsync("emailEnrollmentConfirm");
        await visitor.Page.RouteAsync("**/api/verify-otp", route => route.AbortAsync());

        await visitor.CodeField.FillAsync("8888888888");

        await visitor.ExpectTextAsync("We cannot reach the server.");
        (await visitor.CodeField.InputValueAsync()).ShouldBe("8888888888");
        (await Layout.ProblemsAsync(visitor.Page)).ShouldBeEmpty();
    }

    /// <summary>A site whose calls of the Guardian API go to its own origin, where they are stubbed.</summary>
    private async Task<CustomerSite> StartSiteAsync(string credential, string style = "")
    {
        var server = await servers.GetAsync(Engine.Sqlite);
        return await CustomerSite.StartAsync(CustomerSite.Page(server.Url, credential + """
            , mfaServerUrl: location.origin,
            userData: { friendlyUserId: "ada@example.com", tenantFriendlyName: "Ada & Sons Bank" },
            """, style));
    }

    private static async Task<Visitor> OpenAsync(string startFlow)
    {
        var visitor = await Visitor.OpenAsync();
        await StubAsync(visitor, "start-flow", startFlow);
        await StubAsync(visitor, "transaction-state", """{"state":"pending"}""");
        await StubAsync(visitor, "verify-otp", "{}");
        return visitor;
    }

    private static async Task StubAsync(Visitor visitor, string call, string json) =>
        await visitor.Page.RouteAsync($"**/api/{call}", route => route.FulfillAsync(new() { ContentType = "application/json", Body = json }));

    private static int Sent(Visitor visitor, string call) =>
        visitor.Requests.Count(request => request.Url.EndsWith("/" + call, StringComparison.Ordinal));
}

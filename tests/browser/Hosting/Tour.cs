using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Browser.Tests.Hosting;

/// <summary>Leads a visitor over every screen of the widget, and stops at each.</summary>
/// <param name="stop">Called with a name for what is on show.</param>
internal sealed class Tour(TestServer server, Visitor visitor, Func<string, Task> stop)
{
    private const int Tries = 10;

    /// <summary>The screens of an enrollment, and what ends one.</summary>
    public async Task EnrollAsync()
    {
        var invitation = await Invitation.CreateAsync(server);
        await visitor.Page.GotoAsync(invitation.Url);
        await AddKeyAsync();
        await EnterCodeAsync(invitation);
        await KeepRecoveryCodeAsync();
        await visitor.SeeAsync("enrollmentCongrats");
        await StopAsync("enrollmentCongrats");
        await EndsAsync(invitation);
    }

    /// <summary>The screens of a sign-in, with made-up answers: the server does not start one yet.</summary>
    public async Task SignInAsync()
    {
        await using var site = await CustomerSite.StartAsync(CustomerSite.Page(server.Url, """
            requestToken: "a token", mfaServerUrl: location.origin, allowRememberBrowser: true,
            theme: { icon: location.origin + "/logo.svg", primaryColor: "#0b6e4f" },
            userData: { friendlyUserId: "ada@example.com", tenantFriendlyName: "Ada & Sons Bank" },
            """, "body { margin: 0; padding: 24px 0; background: #20242c; }"));
        await AnswerAsync("start-flow", """{"transaction_token":"t","device_account":{"available_authenticator_types":["otp","recovery-code"]}}""");
        await AnswerAsync("transaction-state", """{"state":"pending"}""");
        await AnswerAsync("recover-account", """{"recovery_code":"ABCDEFGH12345678JKLMNPQR"}""");

        await visitor.Page.GotoAsync(site.Url);
        await visitor.SeeAsync("totpAuth");
        await StopAsync("totpAuth");
        await visitor.PressAsync("Use a recovery code instead");
        await visitor.SeeAsync("recoveryCodeAuth");
        await StopAsync("recoveryCodeAuth");
        await visitor.CodeField.FillAsync("ABCD EFGH 1234 5678 JKLM NPQR");
        await visitor.PressAsync("Continue");
        await visitor.SeeAsync("reportRecoveryCode");
        await StopAsync("reportRecoveryCode-new");
        await visitor.TickBox.CheckAsync();
        await visitor.PressAsync("Continue");
        await visitor.SeeAsync("authCongrats");
        await StopAsync("authCongrats");
    }

    private async Task AddKeyAsync()
    {
        await visitor.SeeAsync("totpEnrollment");
        var onPhone = await visitor.Button("Show a QR code instead").CountAsync() > 0;
        await StopAsync("totpEnrollment");
        await visitor.PressAsync(onPhone ? "Show a QR code instead" : "Can’t scan it?");
        await StopAsync("totpEnrollment-open");
        await visitor.PressAsync("I don’t have an app yet");
        await visitor.SeeAsync("downloadApp");
        await StopAsync("downloadApp");
        await visitor.PressAsync("I have an app now");
        if (!onPhone)
        {
            await visitor.PressAsync("Continue on your phone");
            await StopAsync("totpEnrollment-phone");
            await visitor.PressAsync("Back");
        }
    }

    private async Task EnterCodeAsync(Invitation invitation)
    {
        var secret = await visitor.SecretAsync();
        await visitor.PressAsync("Continue");
        await visitor.SeeAsync("totpEnrollmentCode");
        await StopAsync("totpEnrollmentCode");
        for (var i = 0; i < Tries; i++)
        {
            await SendAsync(invitation.WrongCodeOf(secret));
            if (i == 0)
            {
                await visitor.ReadAsync("That code is not right.");
                await StopAsync("totpEnrollmentCode-wrong");
            }
        }

        await SendAsync(invitation.WrongCodeOf(secret));
        await visitor.ReadAsync("That was too many tries.");
        await StopAsync("totpEnrollmentCode-locked");

        // The page counts down in real time, so a second look at it begins anew.
        server.Clock.Advance(TimeSpan.FromHours(1));
        await visitor.Page.ReloadAsync();
        secret = await visitor.SecretAsync();
        await visitor.PressAsync("Continue");
        await visitor.CodeField.FillAsync(invitation.CodeOf(secret));
    }

    private async Task SendAsync(string code) =>
        await visitor.Page.RunAndWaitForResponseAsync(
            () => visitor.CodeField.FillAsync(code), response => response.Url.EndsWith("/verify-otp", StringComparison.Ordinal));

    private async Task KeepRecoveryCodeAsync()
    {
        await visitor.SeeAsync("reportRecoveryCode");
        await StopAsync("reportRecoveryCode");
        await visitor.PressAsync("Copy");
        await visitor.Page.Locator(".sp-gate").ClickAsync();
        await visitor.ReadAsync("First save the code.");
        await StopAsync("reportRecoveryCode-why");
        await visitor.TickBox.CheckAsync();
        await StopAsync("reportRecoveryCode-ticked");
        await visitor.PressAsync("Continue");
    }

    private async Task EndsAsync(Invitation used)
    {
        await EndAsync("generalError-used", used.Url);
        await EndAsync("generalError-unknown", used.Url + "x");
        await EndAsync("generalError-missing", $"{server.Url}/mfa/enrollment");
        await EndAsync("generalError-enrolled", (await used.AgainAsync()).Url);

        var late = await Invitation.CreateAsync(server);
        server.Clock.Advance(TimeSpan.FromDays(6));
        await EndAsync("generalError-expired", late.Url);

        var lost = await Invitation.CreateAsync(server);
        await visitor.Page.RouteAsync("**/start-flow", route => route.AbortAsync());
        await EndAsync("generalError-connection", lost.Url);
        await visitor.Page.UnrouteAllAsync();

        var elsewhere = await Invitation.CreateAsync(server);
        await visitor.Page.GotoAsync(elsewhere.Url);
        await visitor.SeeAsync("totpEnrollment");
        await elsewhere.EnrollAsync();
        await visitor.Page.EvaluateAsync("() => { window.dispatchEvent(new Event('focus')); }");
        await visitor.SeeAsync("enrollmentCongrats");
        await StopAsync("enrollmentCongrats-elsewhere");
    }

    private async Task EndAsync(string name, string url)
    {
        await visitor.Page.GotoAsync(url);
        await visitor.SeeAsync("generalError");
        await StopAsync(name);
    }

    private async Task AnswerAsync(string path, string json) =>
        await visitor.Page.RouteAsync($"**/api/{path}", route => route.FulfillAsync(new() { ContentType = "application/json", Body = json }));

    private async Task StopAsync(string name)
    {
        await visitor.SettleAsync();
        await stop(name);
    }
}

using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Browser.Tests.Hosting;

/// <summary>Visits every screen of the widget and stops at each.</summary>
/// <param name="stop">Called with a name for each state of a screen.</param>
internal sealed class Tour(TestServer server, Visitor visitor, Func<string, Task> stop)
{
    private const int Tries = 10;

    /// <summary>The screens of an enrollment and its terminal errors.</summary>
    public async Task EnrollAsync()
    {
        var invitation = await Invitation.CreateAsync(server);
        await visitor.Page.GotoAsync(invitation.Url);
        await AddKeyAsync();
        await EnterCodeAsync(invitation);
        await KeepRecoveryCodeAsync();
        await visitor.ExpectScreenAsync("enrollmentCongrats");
        await StopAsync("enrollmentCongrats");
        await TerminalErrorsAsync(invitation);
    }

    /// <summary>The screens of a sign-in, the locked one, and the one that asks to get an invitation.</summary>
    public async Task SignInAsync()
    {
        await using var site = await ApplicationSite.StartAsync(server);
        var person = await Person.CreateAsync(server);
        var enrolled = await person.EnrollAsync();
        await person.VerifyAddressAsync();
        await person.EnrollEmailAsync(allowMultiple: true);

        await visitor.Page.GotoAsync(site.LoginUrl(person));
        await visitor.ExpectScreenAsync("totpAuth");
        await StopAsync("totpAuth");
        await visitor.ClickAsync("Get a code by email instead");
        await visitor.ExpectTextAsync("We have sent a code");
        await StopAsync("emailAuth");
        await visitor.ClickAsync("Use a recovery code instead");
        await visitor.ExpectScreenAsync("recoveryCodeAuth");
        await StopAsync("recoveryCodeAuth");
        await visitor.CodeField.FillAsync(enrolled.RecoveryCode!);
        await visitor.ClickAsync("Continue");
        await visitor.ExpectScreenAsync("reportRecoveryCode");
        await StopAsync("reportRecoveryCode-new");
        await visitor.Checkbox.CheckAsync();
        await visitor.ClickAsync("Continue");
        await visitor.Page.WaitForURLAsync(site.HomeUrl);
        await visitor.Page.GoBackAsync();
        await visitor.ExpectScreenAsync("authCongrats");
        await StopAsync("authCongrats");
        await SignInRefusedAsync(site, person);
    }

    private async Task SignInRefusedAsync(ApplicationSite site, Person person)
    {
        await visitor.Page.GotoAsync(site.LoginUrl(person));
        await visitor.ExpectScreenAsync("totpAuth");
        await visitor.StubErrorAsync("verify-otp", 429, "too_many_attempts", ("Retry-After", "300"));
        await visitor.CodeField.FillAsync("000000");
        await visitor.ExpectTextAsync("That was too many tries.");
        await StopAsync("totpAuth-locked");
        await visitor.Page.UnrouteAllAsync();

        await TerminalErrorAsync("generalError-invitation", site.LoginUrl(await Person.CreateAsync(server), selfService: false));
    }

    private async Task AddKeyAsync()
    {
        await visitor.ExpectScreenAsync("totpEnrollment");
        var onPhone = await visitor.Button("Show a QR code instead").CountAsync() > 0;
        await StopAsync("totpEnrollment");
        await visitor.ClickAsync(onPhone ? "Show a QR code instead" : "Can’t scan it?");
        await StopAsync("totpEnrollment-open");
        await visitor.ClickAsync("I don’t have an app yet");
        await visitor.ExpectScreenAsync("downloadApp");
        await StopAsync("downloadApp");
        await visitor.ClickAsync("I have an app now");
        if (!onPhone)
        {
            await visitor.ClickAsync("Continue on your phone");
            await StopAsync("totpEnrollment-phone");
            await visitor.ClickAsync("Back");
        }
    }

    private async Task EnterCodeAsync(Invitation invitation)
    {
        var secret = await visitor.SecretAsync();
        await visitor.ClickAsync("Continue");
        await visitor.ExpectScreenAsync("totpEnrollmentCode");
        await StopAsync("totpEnrollmentCode");
        for (var i = 0; i < Tries; i++)
        {
            await SendAsync(invitation.WrongCodeOf(secret, i));
            if (i == 0)
            {
                await visitor.ExpectTextAsync("That code is not right.");
                await StopAsync("totpEnrollmentCode-wrong");
            }
        }

        await SendAsync(invitation.WrongCodeOf(secret, Tries));
        await visitor.ExpectTextAsync("That was too many wrong codes");
        await StopAsync("totpEnrollmentCode-ended");
        await visitor.ClickAsync("Start again");
        await visitor.ExpectScreenAsync("totpEnrollment");
        await StopAsync("totpEnrollment-reopened");
        secret = await visitor.SecretAsync();
        await visitor.ClickAsync("Continue");
        await visitor.CodeField.FillAsync(invitation.CodeOf(secret));
    }

    private async Task SendAsync(string code) =>
        await visitor.Page.RunAndWaitForResponseAsync(
            () => visitor.CodeField.FillAsync(code), response => response.Url.EndsWith("/verify-otp", StringComparison.Ordinal));

    private async Task KeepRecoveryCodeAsync()
    {
        await visitor.ExpectScreenAsync("reportRecoveryCode");
        await StopAsync("reportRecoveryCode");
        await visitor.ClickAsync("Copy");
        await visitor.ClickAsync("Continue");
        await visitor.ExpectTextAsync("First save the code.");
        await StopAsync("reportRecoveryCode-unticked");
        await visitor.Checkbox.CheckAsync();
        await StopAsync("reportRecoveryCode-ticked");
        await visitor.ClickAsync("Continue");
    }

    private async Task TerminalErrorsAsync(Invitation used)
    {
        await TerminalErrorAsync("generalError-used", used.Url);
        await TerminalErrorAsync("generalError-unknown", used.Url + "x");
        await TerminalErrorAsync("generalError-missing", $"{server.Url}/mfa/enrollment");
        await TerminalErrorAsync("generalError-enrolled", (await used.NewTicketAsync()).Url);

        var late = await Invitation.CreateAsync(server);
        server.Clock.Advance(TimeSpan.FromDays(6));
        await TerminalErrorAsync("generalError-expired", late.Url);

        var lost = await Invitation.CreateAsync(server);
        await visitor.Page.RouteAsync("**/start-flow", route => route.AbortAsync());
        await TerminalErrorAsync("generalError-connection", lost.Url);
        await visitor.Page.UnrouteAllAsync();

        var blocked = await Invitation.CreateAsync(server);
        await blocked.BlockAsync();
        await TerminalErrorAsync("generalError-blocked", blocked.Url);

        var withdrawn = await Invitation.CreateAsync(server);
        await withdrawn.WithdrawAsync();
        await TerminalErrorAsync("generalError-withdrawn", withdrawn.Url);

        await TooManyCodesAsync();
        await OnPhoneAsync();

        var elsewhere = await Invitation.CreateAsync(server);
        await visitor.Page.GotoAsync(elsewhere.Url);
        await visitor.ExpectScreenAsync("totpEnrollment");
        await elsewhere.EnrollAsync();
        await visitor.Page.EvaluateAsync("() => { window.dispatchEvent(new Event('focus')); }");
        await visitor.ExpectScreenAsync("enrollmentCongrats");
        await StopAsync("enrollmentCongrats-elsewhere");
    }

    /// <summary>With stubbed answers: few tries left, then none.</summary>
    private async Task TooManyCodesAsync()
    {
        var invitation = await Invitation.CreateAsync(server);
        await visitor.Page.GotoAsync(invitation.Url);
        await visitor.ClickAsync("Continue");
        await visitor.StubErrorAsync("verify-otp", 403, "invalid_otp", ("X-RateLimit-Remaining", "3"));
        await visitor.CodeField.FillAsync("000000");
        await visitor.ExpectTextAsync("You have three tries left.");
        await StopAsync("totpEnrollmentCode-few-tries");
        await visitor.StubErrorAsync("verify-otp", 429, "too_many_attempts");
        await visitor.CodeField.FillAsync("000001");
        await visitor.ExpectScreenAsync("generalError");
        await StopAsync("generalError-too-many-codes");
        await visitor.Page.UnrouteAllAsync();
    }

    /// <summary>A phone finishes what a desktop began.</summary>
    private async Task OnPhoneAsync()
    {
        var invitation = await Invitation.CreateAsync(server);
        await visitor.Page.GotoAsync(invitation.Url);
        await visitor.ExpectScreenAsync("totpEnrollment");
        if (await visitor.Button("Continue on your phone").CountAsync() == 0)
        {
            return;
        }

        await visitor.ClickAsync("Continue on your phone");
        await invitation.EnrollAsync();
        await visitor.ExpectScreenAsync("enrollmentCongrats");
        await StopAsync("enrollmentCongrats-on-phone");
    }

    private async Task TerminalErrorAsync(string name, string url)
    {
        await visitor.Page.GotoAsync(url);
        await visitor.ExpectScreenAsync("generalError");
        await StopAsync(name);
    }

    private async Task StopAsync(string name)
    {
        await visitor.SettleAsync();
        await stop(name);
    }
}

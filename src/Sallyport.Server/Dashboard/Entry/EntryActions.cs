using System.Globalization;
using Sallyport.Server.Administrators;
using Sallyport.Server.Configuration;
using Sallyport.Server.Dashboard.Texts;
using Sallyport.Server.SignIn;

namespace Sallyport.Server.Dashboard.Entry;

/// <summary>The forms of sign-in, invitation and sign-out.</summary>
internal sealed class EntryActions(
    SignInAdministrator signIn, AcceptInvitation accept, OpenAdministratorSession open, AdministratorSessions sessions, EntryContext entry)
{
    public const string EmailField = "email";
    public const string PasswordField = "password";
    public const string CodeField = "code";
    public const string TargetField = "to";

    private const string SignatureField = "signature";

    public async Task<IResult> SignInAsync(DashboardRequest request)
    {
        var (email, target) = (request.Field(EmailField), request.Field(TargetField));
        var begun = entry.Begin(request, target);
        var result = await signIn.RunAsync(request.Call, (email, request.Password(PasswordField)), begun, request.Aborted);
        return result.Outcome switch
        {
            AdministratorSignInOutcome.AsksForFactor => new DashboardRedirect(result.PageUrl!),
            AdministratorSignInOutcome.Wrong => Page(EntryTexts.Wrong, StatusCodes.Status403Forbidden),
            AdministratorSignInOutcome.TooManyAttempts => Locked(),
        };

        PageResult<SignInPage> Locked()
        {
            request.Context.Response.Headers.RetryAfter = Math.Ceiling(result.RetryAfter.TotalSeconds).ToString(CultureInfo.InvariantCulture);
            return Page(EntryTexts.Locked((int)Math.Ceiling(result.RetryAfter.TotalMinutes)), StatusCodes.Status429TooManyRequests);
        }

        PageResult<SignInPage> Page(string fault, int status) => new(request, status)
        {
            Parameters = { [nameof(SignInPage.Fault)] = fault, [nameof(SignInPage.Email)] = email, [nameof(SignInPage.Target)] = target },
        };
    }

    /// <summary>
    /// The page of the second factor posts its result here. The signed result and the secret in the browser's cookie prove that it comes from there. The
    /// session always gets a new secret, so one that somebody has planted in the browser is worth nothing.
    /// </summary>
    public async Task<IResult> FinishAsync(DashboardRequest request)
    {
        var target = request.Query(TargetField);
        var secret = await open.RunAsync(
            request.Call, request.Field(SignatureField), entry.ResultUrl(target), hash => entry.Browser.HasBegun(request.Context.Request, hash), request.Aborted);
        if (secret is null)
        {
            return new DashboardRedirect(EntryRoutes.SignIn) { Flash = EntryTexts.Ended };
        }

        entry.Browser.End(request.Context.Response);
        entry.Cookies.SetSession(request.Context.Response, secret);
        return new DashboardRedirect(EntryContext.TargetOf(target));
    }

    public async Task<IResult> AcceptInvitationAsync(DashboardRequest request)
    {
        var code = request.Field(CodeField);
        var begun = entry.Begin(request, target: "");
        var (outcome, pageUrl) = await accept.RunAsync(request.Call, (code, request.Password(PasswordField)), begun, request.Aborted);
        return outcome switch
        {
            AcceptInvitationOutcome.AsksForFactor => new DashboardRedirect(pageUrl!),
            AcceptInvitationOutcome.PasswordTooShort => Page(EntryTexts.PasswordTooShort(AcceptInvitation.MinPasswordLength)),
            AcceptInvitationOutcome.Ended => Page(fault: null),
        };

        PageResult<InvitationPage> Page(string? fault) => new(request, fault is null ? null : StatusCodes.Status400BadRequest)
        {
            Parameters = { [nameof(InvitationPage.Fault)] = fault, [nameof(InvitationPage.Code)] = code },
        };
    }

    public async Task<IResult> SignOutAsync(DashboardRequest request)
    {
        await sessions.EndAsync(request.Call, request.Session.Administrator.UserId, request.Session.Id, request.Aborted);
        entry.Cookies.DeleteSession(request.Context.Response);
        return new DashboardRedirect(EntryRoutes.SignIn) { Flash = EntryTexts.SignedOut };
    }
}

/// <summary>What sign-in and invitation have in common.</summary>
internal sealed class EntryContext(SignInBrowser browser, DashboardCookies cookies, SallyportOptions options)
{
    public SignInBrowser Browser => browser;

    public DashboardCookies Cookies => cookies;

    public BegunSignIn Begin(DashboardRequest request, string target) => new(browser.Begin(request.Context.Response), ResultUrl(target));

    /// <summary>Where the page of the second factor posts its result. Links are built from the configuration, never from the request.</summary>
    public string ResultUrl(string target) =>
        TargetOf(target) is var known && known == DashboardRoutes.Root
            ? options.PublicUrl + EntryRoutes.Finish
            : $"{options.PublicUrl}{EntryRoutes.Finish}?{EntryActions.TargetField}={Uri.EscapeDataString(known)}";

    /// <returns>The page to show after the sign-in: one of the dashboard, whatever the address says.</returns>
    public static string TargetOf(string target) =>
        target.StartsWith(DashboardRoutes.Root + "/", StringComparison.Ordinal) && target.All(c => c is > ' ' and < '\u007f' and not '\\')
            ? target
            : DashboardRoutes.Root;
}

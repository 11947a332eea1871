using System.Globalization;
using System.Net;
using Sallyport.Server.Audit;
using Sallyport.Server.Configuration;
using Sallyport.Server.HostedPages;
using Sallyport.Server.Http.Payloads;
using Sallyport.Server.Languages;
using Sallyport.Server.Storage;
using Sallyport.Server.Tenants;

namespace Sallyport.Server.SignIn.OpenIdConnect;

/// <summary>
/// The page that asks a user of a database connection for the password. Only its form changes something, and it needs no script: the one that it
/// has shows the password.
/// </summary>
internal static class PasswordPageEndpoints
{
    private const string RequestField = "request";
    private const string IdentifierField = "username";
    private const string PasswordField = "password";

    /// <summary>No address, user name or password is longer.</summary>
    private const int MaxLength = 1024;

    private static readonly string[] ReadMethods = [HttpMethods.Get, HttpMethods.Head];

    public static void MapPasswordPage(this IEndpointRouteBuilder group)
    {
        group.MapMethods(AuthorizationContext.PasswordPath, ReadMethods, ShowAsync);
        group.MapPost(AuthorizationContext.PasswordPath, CheckAsync);
    }

    private static async Task<IResult> ShowAsync(
        HttpContext context, CallContext call, SallyportOptions options, PasswordAuthorizations authorizations, PasswordPage page)
    {
        var (requestId, secret) = ReadRequest(context.Request, options);
        var authorization = await authorizations.FindAsync(call, requestId, secret, context.RequestAborted);
        return authorization is null
            ? await page.EndedAsync(context, call)
            : await page.FormAsync(context, call, new PasswordForm(authorization, authorization.Request["login_hint"]));
    }

    /// <summary>
    /// The cookie of the sign-in is the proof that the form was sent from this page: browsers do not send it along with a form of another
    /// site, and no other site knows the id of the request.
    /// </summary>
    private static async Task<IResult> CheckAsync(
        HttpContext context, CallContext call, SallyportOptions options, CheckPassword check, PasswordPage page)
    {
        var form = context.Request.HasFormContentType ? await FormReader.ReadAsync(context.Request) : null;
        string Field(string name) => form?[name] is [{ Length: <= MaxLength } text] && !text.Contains('\0') ? text : "";
        var (requestId, secret) = ReadRequest(context.Request, options);
        var identifier = Field(IdentifierField).Trim();
        var result = await check.RunAsync(
            call, new PasswordAttempt(requestId, secret, BrowserCookie.Of(context.Request), identifier, Field(PasswordField)), context.RequestAborted);
        return result.Outcome switch
        {
            CheckPasswordOutcome.Continued => new AuthorizationAnswer(result.Next),
            CheckPasswordOutcome.Ended => await page.EndedAsync(context, call),
            CheckPasswordOutcome.Wrong => await page.FormAsync(context, call, new PasswordForm(result.Authorization!, identifier) { IsWrong = true }),
            CheckPasswordOutcome.TooManyAttempts => await page.FormAsync(
                context, call, new PasswordForm(result.Authorization!, identifier) { RetryAfter = result.RetryAfter }),
        };
    }

    private static (string RequestId, string? Secret) ReadRequest(HttpRequest request, SallyportOptions options)
    {
        var requestId = request.Query[RequestField].ToString();
        return (requestId, BrowserBindingCookie.Find(request, options, requestId));
    }
}

/// <param name="Identifier">The email address or the user name that the form shows at first.</param>
internal sealed record PasswordForm(OpenAuthorization Authorization, string? Identifier)
{
    /// <summary>The identifier or the password is wrong. Nobody learns which.</summary>
    public bool IsWrong { get; init; }

    /// <summary>Set after too many wrong passwords.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public int Status => RetryAfter is not null ? StatusCodes.Status429TooManyRequests
        : IsWrong ? StatusCodes.Status403Forbidden
        : StatusCodes.Status200OK;

    public string? FaultIn(Texts texts) => (RetryAfter, IsWrong) switch
    {
        ({ TotalMinutes: <= 1 }, _) => texts.PasswordLockedOneMinute,
        ({ } wait, _) => Texts.Fill(texts.PasswordLocked, "minutes", Math.Ceiling(wait.TotalMinutes).ToString(CultureInfo.InvariantCulture)),
        (null, true) => texts.PasswordWrong,
        (null, false) => null,
    };

    public override string ToString() => "***";
}

/// <summary>Renders the page.</summary>
internal sealed class PasswordPage(Database database, SallyportOptions options)
{
    private const string ScriptPath = "/js/show-password.js";

    public async Task<IResult> FormAsync(HttpContext context, CallContext call, PasswordForm form)
    {
        var (tenant, locale) = await ReadAsync(context, call);
        var texts = locale.Texts;
        if (form.RetryAfter is { } wait)
        {
            context.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }

        // An id is no name that a person knows.
        var identifier = form.Identifier is { } known && !known.Contains('|') ? known : "";
        var fault = form.FaultIn(texts);
        var invalid = (form.IsWrong ? " aria-invalid=\"true\"" : "") + (fault is null ? "" : " aria-describedby=\"fault\"");
        var client = $"<bdi>{WebUtility.HtmlEncode(form.Authorization.Client.Name)}</bdi>";
        var html = StaticPage.Document(TitleOf(tenant, texts), locale, $"""
            {StaticPage.Header(tenant)}
            <form class="sp-screen" method="post">
              <h1 class="sp-heading" tabindex="-1">{texts.PasswordHeading}</h1>
              <p class="sp-intro">{Texts.Fill(texts.PasswordApplication, "application", client)}</p>
              {(fault is null ? "" : $"""<p class="sp-error" id="fault" role="alert">{fault}</p>""")}
              <label class="sp-label" for="username">{texts.PasswordIdentifier}</label>
              <input class="sp-input sp-plain" id="username" name="username" type="text" inputmode="email" autocomplete="username" autocapitalize="none"
                spellcheck="false" required dir="auto" value="{WebUtility.HtmlEncode(identifier)}"{invalid}{(identifier.Length == 0 ? " autofocus" : "")}>
              <label class="sp-label" for="password">{texts.PasswordLabel}</label>
              <input class="sp-input sp-plain" id="password" name="password" type="password" autocomplete="current-password" autocapitalize="none"
                spellcheck="false" required{invalid}{(identifier.Length == 0 ? "" : " autofocus")}>
              <button class="sp-button sp-text sp-reveal" id="show-password" type="button" aria-controls="password" data-hide="{texts.PasswordHide}" hidden>{texts.PasswordShow}</button>
              <button class="sp-button sp-main" type="submit">{texts.Continue}</button>
            </form>
            <script src="{ScriptPath}"></script>
            """);
        var policy = PagePolicy.ForForm(form.Authorization.Request.RedirectUri, options.PublicUrl + ScriptPath);
        return PageEndpoints.Show(context, html, policy, form.Status);
    }

    /// <summary>Says what to do if the sign-in has ended, or was begun in another browser.</summary>
    public async Task<IResult> EndedAsync(HttpContext context, CallContext call)
    {
        var (tenant, locale) = await ReadAsync(context, call);
        var html = StaticPage.Document(TitleOf(tenant, locale.Texts), locale, $"""
            {StaticPage.Header(tenant)}
            <div class="sp-screen">
              <h1 class="sp-heading">{locale.Texts.PasswordExpired}</h1>
              <p>{locale.Texts.PasswordExpiredHelp}</p>{StaticPage.Support(tenant, locale.Texts)}
            </div>
            """);
        return PageEndpoints.Show(context, html, StaticPage.Policy, StatusCodes.Status410Gone);
    }

    private static string TitleOf(TenantSettings tenant, Texts texts) => Texts.Fill(texts.PasswordTitle, "tenant", tenant.DisplayName);

    private async ValueTask<(TenantSettings Tenant, Locale Locale)> ReadAsync(HttpContext context, CallContext call)
    {
        var tenant = await database.ReadAsync(
            session => TenantStore.GetSettingsAsync(session, call.Tenant, context.RequestAborted), context.RequestAborted);
        return (tenant, ReaderLanguages.Of(context.Request).ChooseFrom(tenant));
    }
}

using Sallyport.Server.Audit;
using Sallyport.Server.Configuration;
using Sallyport.Server.HostedPages;
using Sallyport.Server.Http.Payloads;
using Sallyport.Server.Http.RateLimiting;
using Sallyport.Server.Policies;
using Sallyport.Server.SignIn;
using Sallyport.Server.SignIn.OpenIdConnect;

namespace Sallyport.Server.YourFactors;

/// <summary>The page on which users manage their factors (docs/your-factors.md).</summary>
internal static class YourFactorsEndpoints
{
    private const string Path = CallbackAddress.YourFactorsPath;

    private static readonly string[] ReadMethods = [HttpMethods.Get, HttpMethods.Head];

    public static void MapYourFactors(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup(Path).ExcludeFromDescription().RequireRateLimit(RateLimitKind.Address);
        group.MapMethods("", ReadMethods, ShowAsync);
        group.MapPost("", OpenAsync);
        group.MapPost("/rename", RenameAsync);
        group.MapPost("/first", PreferAsync);
        group.MapPost("/remove", RemoveAsync);
        group.MapPost("/recovery-code", RegenerateAsync);
        group.MapPost("/add", AddAsync);
    }

    private static async Task<IResult> ShowAsync(HttpContext context, CallContext call, YourFactorsContext page, StartAuthorization start)
    {
        var query = context.Request.Query;
        if (query["code"] is [{ Length: > 0 } code])
        {
            var cookie = page.Cookies.FindSignIn(context.Request) is { } verifier
                ? await page.Sessions.OpenAsync(call, (code, verifier, page.Address), context.RequestAborted)
                : null;
            page.Cookies.DeleteSignIn(context.Response);
            return await page.OpenedAsync(context, call, cookie);
        }

        var (session, clientId) = await page.FindSessionAsync(context, call);
        if (session is null)
        {
            return query["client_id"] is [{ Length: > 0 } client] ? await BeginAsync(context, call, (page, start), client) : await page.AskAsync(context, call, clientId);
        }

        var factors = await page.Queries.ListAsync(call, session, context.RequestAborted);
        var chosen = query["remove"] is [{ } id] && factors.Own.Count > 1 ? factors.Own.FirstOrDefault(factor => factor.Authenticator.Id == id) : null;
        return await page.ShowAsync(context, call, view => chosen is null ? view.List(session, factors) : view.ConfirmRemoval(session, chosen));
    }

    /// <summary>A sign-in to this page, with the password page if the application lets Sallyport ask for the password.</summary>
    private static async Task<IResult> BeginAsync(
        HttpContext context, CallContext call, (YourFactorsContext Page, StartAuthorization Start) services, string clientId)
    {
        var verifier = AuthorizationSecrets.NewSecret();
        var parameters = new Dictionary<string, string>
        {
            ["client_id"] = clientId,
            ["redirect_uri"] = services.Page.Address,
            ["response_type"] = "code",
            ["scope"] = "openid",
            ["acr_values"] = AuthenticationContext.MultiFactor,
            ["code_challenge"] = AuthorizationSecrets.ChallengeOf(verifier),
            ["code_challenge_method"] = "S256",
        };
        if (context.Request.Query["ui_locales"] is [{ Length: > 0 } locales])
        {
            parameters["ui_locales"] = locales;
        }

        var source = call with { Source = AuditSource.Of(context, clientId) };
        var result = await services.Start.RunAsync(source, new AuthorizationRequest(parameters), BrowserCookie.Of(context.Request), context.RequestAborted);
        if (result.Outcome != AuthorizationOutcome.Asks)
        {
            services.Page.LogRefusal(clientId, result.Fault?.Description);
            return await services.Page.AskAsync(context, call, clientId: null);
        }

        services.Page.Cookies.SetSignIn(context.Response, verifier);
        return new AuthorizationAnswer(result);
    }

    /// <summary>The page of a sign-in posts its result here.</summary>
    private static async Task<IResult> OpenAsync(HttpContext context, CallContext call, YourFactorsContext page)
    {
        var form = await YourFactorsContext.ReadFormAsync(context);
        return await page.OpenedAsync(context, call, form is null ? null : await page.Sessions.OpenAsync(call, form["signature"], page.Address, context.RequestAborted));
    }

    private static Task<IResult> RenameAsync(HttpContext context, CallContext call, YourFactorsContext page, ChangeYourFactors change) =>
        page.ChangeAsync(context, call, async (session, form) =>
        {
            var (id, name) = (Field(form, YourFactorsPage.IdField), Field(form, YourFactorsPage.NameField));
            if (await change.RenameAsync(call, session, (id, name), context.RequestAborted))
            {
                return null;
            }

            var factors = await page.Queries.ListAsync(call, session, context.RequestAborted);
            return await page.ShowAsync(context, call, view => view.List(session, factors, (id, name)), StatusCodes.Status400BadRequest);
        });

    private static Task<IResult> PreferAsync(HttpContext context, CallContext call, YourFactorsContext page, ChangeYourFactors change) =>
        page.ChangeAsync(context, call, async (session, form) =>
        {
            await change.PreferAsync(call, session, Field(form, YourFactorsPage.IdField), context.RequestAborted);
            return null;
        });

    private static Task<IResult> RemoveAsync(HttpContext context, CallContext call, YourFactorsContext page, ChangeYourFactors change) =>
        page.ChangeAsync(context, call, async (session, form) =>
        {
            await change.RemoveAsync(call, session, Field(form, YourFactorsPage.IdField), context.RequestAborted);
            return null;
        });

    private static Task<IResult> RegenerateAsync(HttpContext context, CallContext call, YourFactorsContext page, ChangeYourFactors change) =>
        page.ChangeAsync(context, call, async (session, _) =>
            (await page.Queries.ListAsync(call, session, context.RequestAborted)).RecoveryCode is not null
            && await change.RegenerateAsync(call, session, context.RequestAborted) is { } code
                ? await page.ShowAsync(context, call, view => view.NewRecoveryCode(session, code))
                : null);

    private static Task<IResult> AddAsync(HttpContext context, CallContext call, YourFactorsContext page, ChangeYourFactors change, SallyportOptions options) =>
        page.ChangeAsync(context, call, async (session, form) =>
        {
            var name = Field(form, YourFactorsPage.FactorField);
            var factors = await page.Queries.ListAsync(call, session, context.RequestAborted);
            return factors.Addable.Any(traits => traits.Name == name)
                && await change.AddAsync(call, session, (name, page.Address), context.RequestAborted) is { } token
                    ? YourFactorsContext.Redirect(context, SignInPage.AddressOf(options.PublicUrl, token))
                    : null;
        });

    private static string Field(IFormCollection form, string name) => form[name] is [{ Length: <= 200 } text] && !text.Contains('\0') ? text : "";
}

/// <summary>What the handlers have in common.</summary>
internal sealed class YourFactorsContext(
    FactorSessions sessions, YourFactorsQueries queries, SallyportOptions options, ILogger<YourFactorsContext> logger)
{
    private const int MaxLoggedLength = 64;

    public YourFactorsCookies Cookies { get; } = new(options);

    public FactorSessions Sessions => sessions;

    public YourFactorsQueries Queries => queries;

    public string Address => options.PublicUrl + CallbackAddress.YourFactorsPath;

    /// <summary>Tells the integrator why the person cannot sign in. The person is only asked to do it from the application.</summary>
    /// <param name="clientId">As the address has it.</param>
    public void LogRefusal(string clientId, string? reason)
    {
        var printable = clientId.Where(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.').Take(MaxLoggedLength);
        YourFactorsLog.Refused(logger, string.Concat(printable), reason ?? "its settings do not allow it");
    }

    public ValueTask<(FactorSession? Session, string? ClientId)> FindSessionAsync(HttpContext context, CallContext call) =>
        sessions.FindAsync(call, Cookies.FindSession(context.Request), context.RequestAborted);

    /// <returns>Null if it was sent from another site: browsers say so. Older ones do not, but send no cookie along.</returns>
    public static async ValueTask<IFormCollection?> ReadFormAsync(HttpContext context) =>
        context.Request.Headers["Sec-Fetch-Site"] is [] or ["same-origin"] && context.Request.HasFormContentType ? await FormReader.ReadAsync(context.Request) : null;

    /// <param name="change">Returns null to show the list again.</param>
    public async Task<IResult> ChangeAsync(HttpContext context, CallContext call, Func<FactorSession, IFormCollection, Task<IResult?>> change)
    {
        var (session, clientId) = await FindSessionAsync(context, call);
        return session is null || await ReadFormAsync(context) is not { } form
            ? await AskAsync(context, call, clientId)
            : await change(session, form) ?? Redirect(context, Address);
    }

    /// <summary>
    /// Goes on with a new session. A session in which the user has added a factor goes on itself, so that it does not end with that factor.
    /// </summary>
    /// <param name="cookie">The cookie of the new session; null if it could not be opened.</param>
    public async Task<IResult> OpenedAsync(HttpContext context, CallContext call, string? cookie)
    {
        var (current, clientId) = await FindSessionAsync(context, call);
        var (opened, _) = await sessions.FindAsync(call, cookie, context.RequestAborted);
        if (opened is null)
        {
            return await AskAsync(context, call, clientId);
        }

        if (!opened.HasAdded || current?.UserId != opened.UserId)
        {
            Cookies.SetSession(context.Response, cookie!);
        }

        return Redirect(context, Address);
    }

    public Task<IResult> AskAsync(HttpContext context, CallContext call, string? clientId) =>
        ShowAsync(context, call, view => view.SignIn(clientId), StatusCodes.Status403Forbidden);

    public async Task<IResult> ShowAsync(HttpContext context, CallContext call, Func<YourFactorsPage, string> render, int status = StatusCodes.Status200OK)
    {
        var tenant = await queries.GetTenantAsync(call, context.RequestAborted);
        var view = new YourFactorsPage(tenant, ReaderLanguages.Of(context.Request).ChooseFrom(tenant), Address);
        return PageEndpoints.Show(context, render(view), PagePolicy.ForForm(Address), status);
    }

    /// <summary>With 303 the browser never repeats the form.</summary>
    public static IResult Redirect(HttpContext context, string address)
    {
        PageHeaders.Set(context.Response.Headers, StaticPage.Policy);
        context.Response.Headers.Location = address;
        return TypedResults.StatusCode(StatusCodes.Status303SeeOther);
    }
}

/// <summary>Event ids 2700 to 2799.</summary>
internal static partial class YourFactorsLog
{
    [LoggerMessage(2700, LogLevel.Warning, "/mfa/your-factors cannot sign anybody in for client_id {ClientId}: {Reason}")]
    public static partial void Refused(ILogger logger, string clientId, string reason);
}

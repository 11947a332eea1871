using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Sallyport.Server.Audit;
using Sallyport.Server.Configuration;
using Sallyport.Server.HostedPages;
using Sallyport.Server.Http;
using Sallyport.Server.Http.Payloads;
using Sallyport.Server.Http.RateLimiting;
using Sallyport.Server.Policies;
using Sallyport.Server.Security;
using Sallyport.Server.Storage;
using Sallyport.Server.Tenants;
using Sallyport.Server.Transactions;
using Sallyport.Server.Users;

namespace Sallyport.Server.SignIn;

/// <summary>The hosted page of a sign-in: the page that also enrolls, with a request token instead of a ticket. Changes nothing.</summary>
internal sealed class SignInPage(Database database, TransactionTokens tokens, ShowPage show, SallyportOptions options, TimeProvider clock)
{
    public const string Path = "/mfa/sign-in";
    public const string TokenField = "request_token";

    /// <summary>The address of the page for a request token.</summary>
    public static string AddressOf(string publicUrl, string requestToken) => $"{publicUrl}{Path}?{TokenField}={requestToken}";

    /// <returns>The page, the address to which its form leads, and the error that it shows.</returns>
    public async ValueTask<(ShownPage Page, string? FinalUrl, PageError? Error)> RunAsync(
        SignInPageRequest request, CallContext call, CancellationToken cancellationToken)
    {
        // A token that has expired still says which sign-in it was; whether that is open is in its row.
        var identity = request.Token is null ? null : await tokens.ValidateRequestAsync(call.Tenant, request.Token, mayBeExpired: true);
        var (tenant, settings, found, user) = await database.ReadAsync(
            async session => (
                await TenantStore.GetSettingsAsync(session, call.Tenant, cancellationToken),
                await PolicyStore.GetSessionSettingsAsync(session, call.Tenant, cancellationToken),
                identity is { } known ? await session.FindAsync(TransactionStore.FindWithUser(known), cancellationToken) : null,
                identity is { } signedIn ? await UserStore.FindAsync(session, call.Tenant, signedIn.UserId, cancellationToken) : null),
            cancellationToken);
        var locale = request.Reader.ChooseFrom(tenant);
        var isOpen = found is not null && user is not null && found.Transaction.IsAlive(clock.GetUtcNow());
        var error = isOpen && request.ErrorCode is { } code ? new PageError(locale.Texts.SignInAgain, code)
            : found?.Transaction.State == TransactionState.Accepted ? new PageError(locale.Texts.SignInFinished, PageErrors.SignInFinished)
            : isOpen ? null
            : new PageError(locale.Texts.SignInAgain, PageErrors.SignInExpired);
        var page = PageData.Of(call.Tenant, tenant, locale, options.GuardianUrl, isOpen ? UserOf(user!) : null) with { Error = error };
        if (!isOpen)
        {
            return (await show.RunAsync(tenant, page, call), null, error);
        }

        var data = SignInData.Parse(found!.Transaction.OriginData!);
        page = page with
        {
            RequestToken = request.Token,
            PostActionUrl = data.PostActionUrl,
            BindingMessage = data.BindingMessage,
            AllowRememberBrowser = data.MayRememberBrowser && settings.DisplayRememberMeCheckbox,
            RememberBrowserDefault = settings.RememberMeDefaultValue,
        };
        // An editor of the tenant's own page could put a script there that acts in the sign-in of an administrator.
        var shown = data.BrowserHash is null ? tenant : tenant with { GuardianMfaPage = null };
        return (await show.RunAsync(shown, page, call), data.FinalUrl, error);
    }

    private static PageUser UserOf(User user) => new() { UserId = user.UserId, Email = user.Email, FriendlyUserId = user.Email ?? user.Name };
}

/// <param name="ErrorCode">Why the application refused the result and sent the browser back; one of those that the widget knows.</param>
internal sealed record SignInPageRequest(string? Token, string? ErrorCode, ReaderLanguages Reader)
{
    private const string ErrorField = "error_code";

    /// <summary>The faults that an application can find in a result (docs/wire.md §3.3). Only these are shown: no text of a request is.</summary>
    private static readonly string[] KnownErrors =
    [
        "globalTransactionExpired", "guardianInvalidNonce", "guardianInvalidToken", "loginTokenInvalidSignature", "loginTokenTransactionExpired",
        "invalidLoginTokenStatus", "noPublicKeyAvailable",
    ];

    public static async ValueTask<SignInPageRequest> ReadAsync(HttpRequest request)
    {
        // A body that is not a form has no fields. The request then has those of its address.
        var form = request.HasFormContentType ? await FormReader.ReadAsync(request) : null;
        string? Field(string name) => form is not null && form.ContainsKey(name) ? form[name] : request.Query[name];
        return new SignInPageRequest(
            Field(SignInPage.TokenField), KnownErrors.FirstOrDefault(known => known == Field(ErrorField)), ReaderLanguages.Of(request));
    }

    public override string ToString() => "***";
}

internal static class SignInPageEndpoints
{
    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head, HttpMethods.Post];

    public static void MapSignInPage(this IEndpointRouteBuilder routes) =>
        routes.MapMethods(SignInPage.Path, Methods, ShowAsync).ExcludeFromDescription().RequireRateLimit(RateLimitKind.Address);

    private static async Task<ContentHttpResult> ShowAsync(HttpContext context, CallContext call, SignInPages pages, SallyportOptions options)
    {
        var request = await SignInPageRequest.ReadAsync(context.Request);
        if (!await pages.Access.IsAllowedAsync(context.Request, call, request.Token))
        {
            request = request with { Token = null };
        }

        var (page, finalUrl, error) = await pages.WaivedAsync(context, request, call) ?? await pages.SignIn.RunAsync(request, call, context.RequestAborted);
        return PageEndpoints.Show(
            context,
            page.Page.Html,
            new PagePolicy(page, options.PublicUrl, finalUrl).ToString(),
            finalUrl is null && error is not null ? StatusCodes.Status410Gone : StatusCodes.Status200OK);
    }
}

/// <summary>The pages of a sign-in: one that asks for a second factor, and one that posts the result at once.</summary>
internal sealed record SignInPages(SignInPageAccess Access, SignInPage SignIn, ResultPage Result, WaiveSecondFactor Waive)
{
    /// <returns>Null if a second factor is asked for. Always so after the application has refused a result: it would refuse the next one.</returns>
    public async ValueTask<(ShownPage Page, string? FinalUrl, PageError? Error)?> WaivedAsync(
        HttpContext context, SignInPageRequest request, CallContext call)
    {
        if (HttpMethods.IsHead(context.Request.Method) || request.ErrorCode is not null
            || await Waive.RunAsync(call, request.Token, BrowserCookie.Of(context.Request), context.RequestAborted) is not { } accepted)
        {
            return null;
        }

        var (page, finalUrl) = await Result.RunAsync(accepted, request.Reader, call, context.RequestAborted);
        return (page, finalUrl, null);
    }
}

/// <summary>Knows the browser that has begun an authorization request.</summary>
internal interface ISignInBrowsers
{
    /// <returns>Whether it is the one that sends the request, and the authorization is still open.</returns>
    ValueTask<bool> HasBegunAsync(HttpRequest request, CallContext call, SignInAuthorization authorization);
}

/// <summary>
/// Shows the sign-in of an authorization request, or of an administrator, only in the browser that has begun it. Otherwise an attacker who knows the user's password
/// could send a link to this page, and the second factor that the user proves here would complete the sign-in of the attacker.
/// </summary>
internal sealed class SignInPageAccess(Database database, TransactionTokens tokens, ISignInBrowsers browsers, SignInBrowser browser)
{
    /// <returns>True for a sign-in that was proved: its page only says so.</returns>
    public async ValueTask<bool> IsAllowedAsync(HttpRequest request, CallContext call, string? requestToken)
    {
        if (requestToken is null || await tokens.ValidateRequestAsync(call.Tenant, requestToken) is not { } identity)
        {
            return true;
        }

        var cancellationToken = request.HttpContext.RequestAborted;
        var transaction = await database.ReadAsync(
            session => TransactionStore.FindAsync(session, call.Tenant, SignInOrigin.OriginName, identity.TransactionId, cancellationToken),
            cancellationToken);
        if (transaction is not { ProvedBy: null })
        {
            return true;
        }

        var data = SignInData.Parse(transaction.OriginData!);
        return (data.BrowserHash is not { } hash || browser.HasBegun(request, hash))
            && (data.Authorization is not { } authorization || await browsers.HasBegunAsync(request, call, authorization));
    }
}

/// <summary>Binds a sign-in without an authorization request to the browser that begins it, by a secret in a cookie.</summary>
internal sealed class SignInBrowser(SallyportOptions options, SecretHash hash)
{
    private const string Name = "sign-in-browser";
    private const int SecretLength = 43;

    private readonly HostCookie cookie = new(options);

    /// <summary>The secret is new, so one that somebody has planted in the browser counts for nothing.</summary>
    /// <returns>The hash of the secret.</returns>
    public string Begin(HttpResponse response)
    {
        var secret = Tokens.NewAlphaNumeric(SecretLength);
        cookie.Set(response, Name, secret, Transaction.Lifetime);
        return HashOf(secret);
    }

    public bool HasBegun(HttpRequest request, string browserHash) =>
        cookie.Find(request, Name) is { } secret
        && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(HashOf(secret)), Encoding.ASCII.GetBytes(browserHash));

    public void End(HttpResponse response) => cookie.Delete(response, Name);

    private string HashOf(string secret) => Convert.ToHexStringLower(hash.SignInBrowser(secret));
}

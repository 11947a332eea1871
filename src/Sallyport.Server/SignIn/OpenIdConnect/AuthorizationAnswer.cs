using System.Net;
using Microsoft.AspNetCore.WebUtilities;
using Sallyport.Server.Audit;
using Sallyport.Server.Configuration;
using Sallyport.Server.HostedPages;
using Sallyport.Server.Http;
using Sallyport.Server.Languages;
using Sallyport.Server.Storage;
using Sallyport.Server.Tenants;

namespace Sallyport.Server.SignIn.OpenIdConnect;

/// <summary>Answers a browser with the result of a step: a redirect, a form that posts itself to the client, or a page with the fault.</summary>
internal sealed class AuthorizationAnswer(AuthorizationResult result) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var options = httpContext.RequestServices.GetRequiredService<SallyportOptions>();
        switch (result.Outcome)
        {
            case AuthorizationOutcome.Refused:
                await ShowFaultAsync(httpContext, result.Fault!);
                break;
            case AuthorizationOutcome.Asks:
                if (result.Binding is { } binding)
                {
                    BrowserBindingCookie.Set(httpContext, options, binding);
                }

                Redirect(httpContext.Response, result.PageUrl!);
                break;
            case AuthorizationOutcome.Answered:
                if (result.Response!.RequestId is { } answered)
                {
                    BrowserBindingCookie.Delete(httpContext.Response, options, answered);
                }

                await RespondAsync(httpContext, result.Response!);
                break;
        }
    }

    private static Task RespondAsync(HttpContext context, AuthorizationResponse response)
    {
        switch (response.Mode)
        {
            case AuthorizationRules.FormPost:
                return PostAsync(context, response);
            case AuthorizationRules.Fragment:
                Redirect(context.Response, response.RedirectUri + "#" + QueryHelpers.AddQueryString("", response.Parameters)[1..]);
                return Task.CompletedTask;
            default:
                Redirect(context.Response, QueryHelpers.AddQueryString(response.RedirectUri, response.Parameters));
                return Task.CompletedTask;
        }
    }

    /// <summary>With 303 the browser never repeats a form at the next address (RFC 9700 section 4.12).</summary>
    private static void Redirect(HttpResponse response, string address)
    {
        PageHeaders.Set(response.Headers, StaticPage.Policy);
        response.StatusCode = StatusCodes.Status303SeeOther;
        response.Headers.Location = ToAscii(address);
    }

    /// <summary>A header is ASCII; a callback may have other letters.</summary>
    private static string ToAscii(string address)
    {
        if (System.Text.Ascii.IsValid(address))
        {
            return address;
        }

        var uri = new Uri(address);
        return uri.Host.Length == 0 ? uri.AbsoluteUri : new UriBuilder(uri) { Host = uri.IdnHost }.Uri.AbsoluteUri;
    }

    private static async Task PostAsync(HttpContext context, AuthorizationResponse response)
    {
        var (tenant, locale) = await ReadAsync(context);
        var page = PostingPage.Render(tenant, locale, response.RedirectUri, response.Parameters);
        var options = context.RequestServices.GetRequiredService<SallyportOptions>();
        var policy = new PagePolicy(page, options.PublicUrl, response.RedirectUri).ToString();
        await PageEndpoints.Show(context, page.Page.Html, policy, StatusCodes.Status200OK).ExecuteAsync(context);
    }

    private static async Task ShowFaultAsync(HttpContext context, AuthorizationFault fault)
    {
        var (tenant, locale) = await ReadAsync(context);
        var (title, help) = fault.IsOfApplication
            ? (locale.Texts.ApplicationFault, locale.Texts.ApplicationFaultHelp)
            : (locale.Texts.SignInAgain, locale.Texts.PasswordExpiredHelp);
        var html = StaticPage.Document(title, locale, $"""
            {StaticPage.Header(tenant)}
            <div class="sp-screen">
              <h1 class="sp-heading">{WebUtility.HtmlEncode(title)}</h1>
              <p>{WebUtility.HtmlEncode(help)}</p>
              <p class="sp-box sp-hint" lang="en" dir="ltr">{WebUtility.HtmlEncode(fault.Description)} (<code>{WebUtility.HtmlEncode(fault.Error)}</code>)</p>{StaticPage.Support(tenant, locale.Texts)}
            </div>
            """);
        await PageEndpoints.Show(context, html, StaticPage.Policy, StatusCodes.Status400BadRequest).ExecuteAsync(context);
    }

    private static async Task<(TenantSettings Tenant, Locale Locale)> ReadAsync(HttpContext context)
    {
        var tenant = await context.RequestServices.GetRequiredService<Database>().ReadAsync(
            session => TenantStore.GetSettingsAsync(session, CallContext.Of(context).Tenant, context.RequestAborted), context.RequestAborted);
        return (tenant, ReaderLanguages.Of(context.Request).ChooseFrom(tenant));
    }
}

/// <summary>The cookies that bind authorizations to a browser.</summary>
internal static class BrowserBindingCookie
{
    public const int MaxCookies = 20;

    public static string? Find(HttpRequest request, SallyportOptions options, string requestId) => Of(options).Find(request, requestId);

    public static void Set(HttpContext context, SallyportOptions options, BrowserBinding binding) =>
        Of(options).Set(context, binding.RequestId, binding.Secret, OpenAuthorizations.Lifetime);

    public static void Delete(HttpResponse response, SallyportOptions options, string requestId) => Of(options).Delete(response, requestId);

    private static HostCookies Of(SallyportOptions options) => new(options, "authorization-", MaxCookies);
}

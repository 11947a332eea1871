using System.Net;
using Sallyport.Server.HostedPages;
using Sallyport.Server.Languages;
using Sallyport.Server.Tenants;

namespace Sallyport.Server.EmailVerification;

/// <summary>The page behind a link, styled like the widget and without scripts. Only its button changes something.</summary>
internal static class VerificationPage
{
    public static string Message(VerificationView view, Texts texts) => view.State switch
    {
        VerificationState.Open => Texts.Fill(texts.VerifyReason, "tenant", view.Tenant.DisplayName),
        VerificationState.Verified => texts.VerifyDone,
        VerificationState.Unknown => texts.TicketUnknown,
        VerificationState.Used => texts.TicketUsed,
        VerificationState.Expired => texts.TicketExpired,
    };

    public static string Render(VerificationView view, Locale locale)
    {
        var tenant = view.Tenant.DisplayName;
        var title = Texts.Fill(locale.Texts.VerifySubject, "tenant", tenant);
        return StaticPage.Document(title, locale, $"""
            <div class="sp-header">{Logo(view.Tenant.PictureUrl)}<div class="sp-who">
              <p class="sp-tenant"><bdi>{WebUtility.HtmlEncode(tenant)}</bdi></p>{Account(view)}
            </div></div>
            <div class="sp-screen" data-state="{view.State}">
              {Heading(view, WebUtility.HtmlEncode(title), locale.Texts)}
              {Ending(view, locale.Texts)}
            </div>
            """);
    }

    /// <summary>The heading of an open link is the title; that of any other link says why it cannot be used.</summary>
    private static string Heading(VerificationView view, string title, Texts texts)
    {
        var message = WebUtility.HtmlEncode(Message(view, texts));
        return view.State == VerificationState.Open
            ? $"""<h1 class="sp-heading">{title}</h1><p>{message}</p>"""
            : $"""<h1 class="sp-heading">{message}</h1>""";
    }

    private static string Logo(string? url) =>
        string.IsNullOrEmpty(url) ? "" : $"""<img class="sp-logo" src="{WebUtility.HtmlEncode(url)}" alt="">""";

    /// <summary>A link that cannot be used does not show whose it was.</summary>
    private static string Account(VerificationView view) =>
        view is { State: VerificationState.Open or VerificationState.Verified, Found.Email: { } email }
            ? $"""<p class="sp-account"><bdi>{WebUtility.HtmlEncode(email)}</bdi></p>"""
            : "";

    /// <summary>A form without an action posts to the address of the page, which contains the link.</summary>
    private static string Ending(VerificationView view, Texts texts) => view.State switch
    {
        VerificationState.Open => $"""<form method="post"><button class="sp-button sp-main">{texts.VerifyButton}</button></form>""",
        VerificationState.Verified => "",
        _ => $"<p>{texts.VerifyAgain}</p>{Support(view.Tenant)}",
    };

    private static string Support(TenantSettings tenant) => (tenant.SupportEmail, tenant.SupportUrl) switch
    {
        ({ Length: > 0 } email, _) => SupportLink("mailto:" + Uri.EscapeDataString(email).Replace("%40", "@", StringComparison.Ordinal), email),
        (_, { Length: > 0 } url) => SupportLink(WebUtility.HtmlEncode(url), url),
        _ => "",
    };

    private static string SupportLink(string address, string text) =>
        $"""<p><a class="sp-button sp-text" href="{address}"><bdi>{WebUtility.HtmlEncode(text)}</bdi></a></p>""";
}

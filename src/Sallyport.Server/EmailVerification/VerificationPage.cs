using System.Net;
using Sallyport.Server.HostedPages;
using Sallyport.Server.Languages;

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
        var title = Texts.Fill(locale.Texts.VerifySubject, "tenant", view.Tenant.DisplayName);
        return StaticPage.Document(title, locale, $"""
            {StaticPage.Header(view.Tenant, AccountOf(view))}
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

    /// <summary>A link that cannot be used does not show whose it was.</summary>
    private static string? AccountOf(VerificationView view) =>
        view.State is VerificationState.Open or VerificationState.Verified ? view.Found?.Email : null;

    /// <summary>A form without an action posts to the address of the page, which contains the link.</summary>
    private static string Ending(VerificationView view, Texts texts) => view.State switch
    {
        VerificationState.Open => $"""<form method="post"><button class="sp-button sp-main">{texts.VerifyButton}</button></form>""",
        VerificationState.Verified => "",
        _ => $"<p>{texts.VerifyAgain}</p>{StaticPage.Support(view.Tenant, texts)}",
    };
}

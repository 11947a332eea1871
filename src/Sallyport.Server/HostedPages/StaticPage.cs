using System.Globalization;
using System.Net;
using Sallyport.Server.Languages;
using Sallyport.Server.Tenants;

namespace Sallyport.Server.HostedPages;

/// <summary>Pages without scripts, styled like the widget.</summary>
internal static class StaticPage
{
    public const string Policy =
        "default-src 'none'; style-src 'self'; img-src 'self' data: https:; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

    /// <summary>The page at the root of the server. Says nothing that depends on the tenant or the version.</summary>
    public static readonly string Home = Document("Sallyport", English, """
        <div class="sp-header"><div class="sp-who"><p class="sp-tenant">Sallyport</p></div></div>
        <div class="sp-screen">
          <h1 class="sp-heading">A second step for signing in</h1>
          <p>This server helps people to keep their accounts safe, even if somebody learns their password.</p>
          <p>Did you get a link to set up your second step? Open that link. There is nothing to do on this page.</p>
          <p>Do you run or use this server? Its API is described in the <a class="sp-link" href="/docs">API reference</a>.</p>
        </div>
        """);

    public static readonly string NoPreview = Document("Preview – Sallyport", English, """
        <div class="sp-header"><div class="sp-who"><p class="sp-tenant">Sallyport</p></div></div>
        <div class="sp-screen">
          <h1 class="sp-heading">This preview has expired</h1>
          <p>A preview can be opened for ten minutes. Make a new one.</p>
        </div>
        """);

    private static Locale English => new(Language.English, Language.English.Tag);

    /// <summary>The tenant's logo and name.</summary>
    /// <param name="account">The address of the user, if the page shows it.</param>
    public static string Header(TenantSettings tenant, string? account = null)
    {
        var logo = string.IsNullOrEmpty(tenant.PictureUrl) ? "" : $"""<img class="sp-logo" src="{WebUtility.HtmlEncode(tenant.PictureUrl)}" alt="">""";
        var address = account is null ? "" : $"""<p class="sp-account"><bdi>{WebUtility.HtmlEncode(account)}</bdi></p>""";
        return $"""
            <div class="sp-header">{logo}<div class="sp-who">
              <p class="sp-tenant"><bdi>{WebUtility.HtmlEncode(tenant.DisplayName)}</bdi></p>{address}
            </div></div>
            """;
    }

    /// <summary>Names the tenant's support contact; nothing if there is none.</summary>
    public static string Support(TenantSettings tenant, Texts texts) => (tenant.SupportEmail, tenant.SupportUrl) switch
    {
        ({ Length: > 0 } email, _) => Support(texts, "mailto:" + Uri.EscapeDataString(email).Replace("%40", "@", StringComparison.Ordinal), email),
        (_, { Length: > 0 } url) => Support(texts, WebUtility.HtmlEncode(url), url),
        _ => "",
    };

    private static string Support(Texts texts, string address, string text)
    {
        var link = $"""<a class="sp-link" href="{address}"><bdi>{WebUtility.HtmlEncode(text)}</bdi></a>""";
        return $"<p>{Texts.Fill(texts.MailSupport, "contact", link)}</p>";
    }

    /// <param name="title">Plain text.</param>
    /// <param name="locale">The language of the page.</param>
    /// <param name="card">The content of the card, as markup.</param>
    public static string Document(string title, Locale locale, string card) => string.Create(CultureInfo.InvariantCulture, $"""
        <!doctype html>
        <html lang="{locale.Tag}" dir="{locale.Direction}">
        <head>
          <meta charset="utf-8">
          <meta name="viewport" content="width=device-width, initial-scale=1">
          <meta name="color-scheme" content="light dark">
          <title>{WebUtility.HtmlEncode(title)}</title>
          <link rel="icon" href="data:,">
          <link rel="stylesheet" href="/js/mfa-widget/mfa-widget.css">
          <link rel="stylesheet" href="/mfa-page.css">
        </head>
        <body>
          <main>
            <div class="sp-root" lang="{locale.Tag}" dir="{locale.Direction}"><div class="sp-card">
        {card}
            </div></div>
          </main>
        </body>
        </html>
        """);
}

using System.Globalization;
using System.Net;
using Sallyport.Server.Languages;
using Sallyport.Server.Tenants;

namespace Sallyport.Server.Messages;

/// <summary>A mail that asks a person to open a link. Names in it are shown, never interpreted.</summary>
internal sealed class LinkMail(Configuration.SallyportOptions options, TimeProvider clock)
{
    private const int MaxNameLength = 100;

    /// <param name="recipient">With the name that they are greeted by.</param>
    public MimeMessage Compose(
        LinkMailTexts texts, (string Address, string? Name) recipient, TenantSettings tenant, string link, Locale locale)
    {
        var organization = Plain(tenant.DisplayName);
        var name = string.IsNullOrWhiteSpace(recipient.Name) || recipient.Name == recipient.Address ? null : Plain(recipient.Name);
        return new MimeMessage
        {
            Id = Security.Tokens.NewHex(24),
            Date = clock.GetUtcNow(),
            FromName = organization,
            FromAddress = "no-reply@" + new Uri(options.PublicUrl).Host,
            To = recipient.Address,
            Subject = Texts.Fill(texts.Subject, "tenant", Bidi.Isolate(organization, locale)),
            Text = Text(locale, texts, Bidi.Isolate(organization, locale), name is null ? null : Bidi.Isolate(name, locale), link),
            Html = Html(locale, texts, Isolated(organization), name is null ? null : Isolated(name), WebUtility.HtmlEncode(link)),
        };
    }

    private static string Text(Locale locale, LinkMailTexts texts, string organization, string? name, string link) =>
        $"""
        {Greeting(locale.Texts, name)}

        {Texts.Fill(texts.Reason, "tenant", organization)}

        {texts.OpenLink}

        {link}

        {texts.Once} {texts.Unexpected}
        """;

    /// <summary>Our own texts hold no markup; names and link come encoded. Mail programs drop what stands at the root, so it is said again.</summary>
    private static string Html(Locale locale, LinkMailTexts texts, string organization, string? name, string link) =>
        string.Create(CultureInfo.InvariantCulture, $"""
        <!doctype html>
        <html lang="{locale.Tag}" dir="{locale.Direction}">
        <body style="margin:0;padding:24px;background:#f3f4f7;color:#15171c;font:16px/1.5 system-ui,sans-serif">
        <div lang="{locale.Tag}" dir="{locale.Direction}" style="max-width:480px;margin:0 auto;padding:32px;background:#ffffff;border-radius:12px">
        <p>{Greeting(locale.Texts, name)}</p>
        <p>{Texts.Fill(texts.Reason, "tenant", organization)}</p>
        <p><a href="{link}" style="display:inline-block;padding:12px 24px;border-radius:8px;background:#3848d4;color:#ffffff;text-decoration:none;font-weight:600">{texts.Button}</a></p>
        <p style="color:#555d6b;font-size:14px">{texts.Once} {locale.Texts.MailCopyLink}<br><span dir="ltr" style="overflow-wrap:anywhere">{link}</span></p>
        <p style="color:#555d6b;font-size:14px">{texts.Unexpected}</p>
        </div>
        </body>
        </html>
        """);

    private static string Greeting(Texts texts, string? name) =>
        name is null ? texts.MailGreeting : Texts.Fill(texts.MailGreetingByName, "name", name);

    private static string Isolated(string name) => $"<bdi>{WebUtility.HtmlEncode(name)}</bdi>";

    private static string Plain(string name) => HeaderText.Clean(name, MaxNameLength);
}

/// <summary>What makes one such mail another.</summary>
internal sealed record LinkMailTexts(string Subject, string Reason, string OpenLink, string Button, string Once, string Unexpected)
{
    public static LinkMailTexts ForEnrollment(Texts texts) =>
        new(texts.MailSubject, texts.MailReason, texts.MailOpenLink, texts.MailButton, texts.MailOnce, texts.MailUnexpected);

    public static LinkMailTexts ForVerification(Texts texts) =>
        new(texts.VerifySubject, texts.VerifyReason, texts.VerifyOpenLink, texts.VerifyButton, texts.VerifyOnce, texts.VerifyUnexpected);
}

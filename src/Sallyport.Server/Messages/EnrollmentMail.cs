using System.Globalization;
using System.Net;
using Sallyport.Server.Languages;
using Sallyport.Server.Tenants;

namespace Sallyport.Server.Messages;

/// <summary>The mail that invites a person to enroll. Names in it are shown, never interpreted.</summary>
internal sealed class EnrollmentMail(Configuration.SallyportOptions options, TimeProvider clock)
{
    private const int MaxNameLength = 100;

    public MimeMessage Compose(string address, string? userName, TenantSettings tenant, string link, Locale locale)
    {
        var texts = locale.Texts;
        var organization = Plain(tenant.DisplayName);
        var name = string.IsNullOrWhiteSpace(userName) || userName == address ? null : Plain(userName);
        return new MimeMessage
        {
            Id = Security.Tokens.NewHex(24),
            Date = clock.GetUtcNow(),
            FromName = organization,
            FromAddress = "no-reply@" + new Uri(options.PublicUrl).Host,
            To = address,
            Subject = Texts.Fill(texts.MailSubject, "tenant", Bidi.Isolate(organization, locale)),
            Text = Text(texts, Bidi.Isolate(organization, locale), name is null ? null : Bidi.Isolate(name, locale), link),
            Html = Html(locale, Isolated(organization), name is null ? null : Isolated(name), WebUtility.HtmlEncode(link)),
        };
    }

    private static string Text(Texts texts, string organization, string? name, string link) =>
        $"""
        {Greeting(texts, name)}

        {Texts.Fill(texts.MailReason, "tenant", organization)}

        {texts.MailOpenLink}

        {link}

        {texts.MailOnce} {texts.MailUnexpected}
        """;

    /// <summary>Our own texts hold no markup; names and link come encoded. Mail programs drop what stands at the root, so it is said again.</summary>
    private static string Html(Locale locale, string organization, string? name, string link) =>
        string.Create(CultureInfo.InvariantCulture, $"""
        <!doctype html>
        <html lang="{locale.Tag}" dir="{locale.Direction}">
        <body style="margin:0;padding:24px;background:#f3f4f7;color:#15171c;font:16px/1.5 system-ui,sans-serif">
        <div lang="{locale.Tag}" dir="{locale.Direction}" style="max-width:480px;margin:0 auto;padding:32px;background:#ffffff;border-radius:12px">
        <p>{Greeting(locale.Texts, name)}</p>
        <p>{Texts.Fill(locale.Texts.MailReason, "tenant", organization)}</p>
        <p><a href="{link}" style="display:inline-block;padding:12px 24px;border-radius:8px;background:#3848d4;color:#ffffff;text-decoration:none;font-weight:600">{locale.Texts.MailButton}</a></p>
        <p style="color:#555d6b;font-size:14px">{locale.Texts.MailOnce} {locale.Texts.MailCopyLink}<br><span dir="ltr" style="overflow-wrap:anywhere">{link}</span></p>
        <p style="color:#555d6b;font-size:14px">{locale.Texts.MailUnexpected}</p>
        </div>
        </body>
        </html>
        """);

    private static string Greeting(Texts texts, string? name) =>
        name is null ? texts.MailGreeting : Texts.Fill(texts.MailGreetingByName, "name", name);

    private static string Isolated(string name) => $"<bdi>{WebUtility.HtmlEncode(name)}</bdi>";

    private static string Plain(string name) => HeaderText.Clean(name, MaxNameLength);
}

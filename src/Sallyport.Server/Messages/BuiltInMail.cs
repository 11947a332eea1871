using System.Globalization;
using System.Net;
using Sallyport.Server.Languages;
using Sallyport.Server.Tenants;

namespace Sallyport.Server.Messages;

/// <summary>Writes mails whose kind has no template, in the recipient's language, as text and as HTML with the same content.</summary>
internal static class BuiltInMail
{
    public static (string Subject, string Text, string Html) Write(MailTexts texts, TenantSettings tenant, MailRequest request, Locale locale)
    {
        var names = new Names(MailNames.Tenant(tenant), MailNames.Person(request), locale);
        return (
            Texts.Fill(Texts.Fill(texts.Subject, "code", request.Code ?? ""), "tenant", names.PlainTenant),
            Text(texts, names, tenant, request),
            Html(texts, names, tenant, request));
    }

    private static string Text(MailTexts texts, Names names, TenantSettings tenant, MailRequest request)
    {
        string?[] paragraphs =
        [
            names.PlainGreeting,
            Sentences(Texts.Fill(texts.Reason, "tenant", names.PlainTenant), texts.Duration),
            texts.Instruction,
            request.Link ?? request.Code,
            request.Details.Count == 0 ? null : string.Join("\n", request.Details.Select(detail => $"{detail.Label}: {Bidi.Isolate(detail.Value, names.Locale)}")),
            texts.Warning,
            Sentences(texts.Once, texts.Unexpected),
            ContactsFor(request, tenant) is { Count: > 0 } contacts
                ? Texts.Fill(names.Locale.Texts.MailSupport, "contact", Bidi.Isolate(string.Join(" / ", contacts.Select(contact => contact.Text)), names.Locale))
                : null,
        ];
        return string.Join("\n\n", paragraphs.Where(paragraph => !string.IsNullOrEmpty(paragraph)));
    }

    /// <summary>
    /// Mail programs remove the head or the root element, so colours of the light version, language and direction are repeated inside. The dark
    /// version comes from the style sheet where a program supports it. Our own texts contain no markup; everything else is encoded.
    /// </summary>
    private static string Html(MailTexts texts, Names names, TenantSettings tenant, MailRequest request) =>
        string.Create(CultureInfo.InvariantCulture, $$"""
        <!doctype html>
        <html lang="{{names.Locale.Tag}}" dir="{{names.Locale.Direction}}">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <meta name="supported-color-schemes" content="light dark">
        <title>{{WebUtility.HtmlEncode(names.PlainTenant)}}</title>
        <style>
        :root { color-scheme: light dark; supported-color-schemes: light dark; }
        @media (prefers-color-scheme: dark) {
        .page { background: #0f1115 !important; }
        .card { background: #191c22 !important; color: #e9ebf0 !important; }
        .hint, .hint a { color: #a6aebb !important; }
        .line { border-color: #2d323c !important; }
        .button { background: #93a4ff !important; color: #10121a !important; }
        }
        @media (max-width: 480px) {
        .space { padding: 24px 20px !important; border-radius: 0 !important; }
        .page { padding: 0 !important; background: #ffffff !important; }
        }
        @media (max-width: 480px) and (prefers-color-scheme: dark) { .page { background: #191c22 !important; } }
        </style>
        </head>
        <body class="page" style="margin:0;padding:0;background:#f3f4f7">
        <table role="presentation" width="100%" cellspacing="0" cellpadding="0" border="0" lang="{{names.Locale.Tag}}" dir="{{names.Locale.Direction}}">
        <tr><td class="page" align="center" style="padding:24px 12px;background:#f3f4f7">
        <table role="presentation" width="100%" cellspacing="0" cellpadding="0" border="0" style="max-width:480px">
        <tr><td class="card space" style="padding:32px;border-radius:12px;background:#ffffff;color:#15171c;text-align:start;font:16px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans',sans-serif;overflow-wrap:anywhere">
        <p class="line" style="margin:0 0 24px;padding:0 0 16px;border-bottom:1px solid #d8dce3;font-weight:600">{{names.Tenant}}</p>
        <p style="margin:0 0 16px">{{names.Greeting}}</p>
        <p style="margin:0 0 24px">{{Sentences(Texts.Fill(texts.Reason, "tenant", names.Tenant), texts.Duration)}}</p>
        {{Action(texts, request)}}
        {{(texts.Warning is { } warning ? $"""<p style="margin:0 0 16px">{warning}</p>""" : "")}}
        {{Hint(texts.Once)}}
        {{(request.Link is { } link ? Hint($"""{names.Locale.Texts.MailCopyLink}<br><bdi dir="ltr">{WebUtility.HtmlEncode(link)}</bdi>""") : "")}}
        {{Hint(texts.Unexpected)}}
        {{Support(ContactsFor(request, tenant), names.Locale)}}
        </td></tr>
        </table>
        </td></tr>
        </table>
        </body>
        </html>
        """);

    private static string Action(MailTexts texts, MailRequest request) =>
        request.Details.Count > 0 ? string.Concat(request.Details.Select(Detail))
            : request.Link is { } link ? $"""
            <table role="presentation" cellspacing="0" cellpadding="0" border="0" style="margin:0 0 24px"><tr><td class="button" style="border-radius:8px;background:#3848d4"><a href="{WebUtility.HtmlEncode(link)}" class="button" style="display:inline-block;padding:12px 24px;border-radius:8px;background:#3848d4;color:#ffffff;text-decoration:none;font-weight:600">{texts.Button}</a></td></tr></table>
            """
            : $"""
            <p style="margin:0 0 8px">{texts.Instruction}</p>
            <p style="margin:0 0 24px;font-size:28px;font-weight:600;letter-spacing:4px;font-variant-numeric:tabular-nums"><bdi dir="ltr">{WebUtility.HtmlEncode(request.Code)}</bdi></p>
            """;

    public static string Detail(MailDetail detail) => $"""
        <p style="margin:0 0 16px"><span class="hint" style="color:#555d6b;font-size:14px">{detail.Label}</span><br><bdi>{WebUtility.HtmlEncode(detail.Value)}</bdi></p>
        """;

    private static string Hint(string? html) => string.IsNullOrEmpty(html) ? "" : $"""<p class="hint" style="margin:0 0 12px;color:#555d6b;font-size:14px">{html}</p>""";

    /// <summary>An address goes to the next line as a whole, because a hyphen at its break could be taken for hyphenation.</summary>
    private static string Support(List<(string Text, string Url)> contacts, Locale locale)
    {
        var links = contacts.Select(contact =>
            $"""<a href="{WebUtility.HtmlEncode(contact.Url)}" style="display:inline-block;color:#555d6b"><bdi dir="ltr">{WebUtility.HtmlEncode(contact.Text)}</bdi></a>""").ToList();
        return links.Count == 0 ? "" : Hint(Texts.Fill(locale.Texts.MailSupport, "contact", string.Join(" / ", links)));
    }

    private static List<(string Text, string Url)> ContactsFor(MailRequest request, TenantSettings tenant)
    {
        var contacts = new List<(string, string)>();
        if (request.IsToAdministrator)
        {
            return contacts;
        }

        if (tenant.SupportEmail is { Length: > 0 } email)
        {
            contacts.Add((email, "mailto:" + Uri.EscapeDataString(email).Replace("%40", "@", StringComparison.Ordinal)));
        }

        if (tenant.SupportUrl is { Length: > 0 } url)
        {
            contacts.Add((url, url));
        }

        return contacts;
    }

    private static string? Sentences(string? first, string? second) => second is null ? first : $"{first} {second}";

    /// <summary>The names in a mail, as text and as HTML. They come from elsewhere and may run in another direction than the texts.</summary>
    private sealed record Names(string PlainTenantName, string? PlainPerson, Locale Locale)
    {
        public string PlainTenant => Bidi.Isolate(PlainTenantName, Locale);

        public string Tenant => Isolated(PlainTenantName);

        public string PlainGreeting => GreetingOf(PlainPerson is null ? null : Bidi.Isolate(PlainPerson, Locale));

        public string Greeting => GreetingOf(PlainPerson is null ? null : Isolated(PlainPerson));

        private string GreetingOf(string? person) =>
            person is null ? Locale.Texts.MailGreeting : Texts.Fill(Locale.Texts.MailGreetingByName, "name", person);

        private static string Isolated(string name) => $"<bdi>{WebUtility.HtmlEncode(name)}</bdi>";
    }
}

/// <summary>The names that a mail shows, each on one line.</summary>
internal static class MailNames
{
    private const int MaxLength = 100;

    public static string Tenant(TenantSettings tenant) => HeaderText.Clean(tenant.DisplayName, MaxLength);

    /// <returns>The name of the recipient; null if the recipient is no user, or has no name but the address.</returns>
    public static string? Person(MailRequest request) =>
        !request.IsToAdministrator && request.User?.Name is { } name && name != request.To && HeaderText.Clean(name, MaxLength) is { Length: > 0 } line ? line : null;
}

/// <summary>The texts of one kind of mail. <c>{tenant}</c> stands for the tenant's name, and in the subject <c>{code}</c> for the code.</summary>
internal sealed record MailTexts(string Subject, string Reason, string? Instruction, string? Once, string? Unexpected)
{
    /// <summary>What to do about the reported change.</summary>
    public string? Warning { get; init; }

    /// <summary>The text of the button in a mail with a link.</summary>
    public string Button { get; init; } = "";

    public string? Duration { get; init; }
}

using System.Globalization;
using System.Net;
using Sallyport.Server.Tenants;

namespace Sallyport.Server.Messages;

/// <summary>The mail that invites a person to enroll. Names in it are shown, never interpreted.</summary>
internal sealed class EnrollmentMail(Configuration.SallyportOptions options, TimeProvider clock)
{
    private const int MaxNameLength = 100;

    public MimeMessage Compose(string address, string? userName, TenantSettings tenant, string link)
    {
        var organization = Plain(tenant.DisplayName);
        var greeting = string.IsNullOrWhiteSpace(userName) || userName == address ? "Hello," : $"Hello {Plain(userName)},";
        return new MimeMessage
        {
            Id = Security.Tokens.NewHex(24),
            Date = clock.GetUtcNow(),
            FromName = organization,
            FromAddress = "no-reply@" + new Uri(options.PublicUrl).Host,
            To = address,
            Subject = $"Set up your second sign-in step for {organization}",
            Text = Text(greeting, organization, link),
            Html = Html(greeting, organization, link),
        };
    }

    private static string Text(string greeting, string organization, string link) =>
        $"""
        {greeting}

        {organization} asks you to set up a second step for signing in. It keeps your account safe even if somebody learns your password.

        Open this link to start. It takes about two minutes:

        {link}

        The link works once, within 5 days. If you did not expect this message, do nothing: nothing changes until you finish.
        """;

    private static string Html(string greeting, string organization, string link) =>
        string.Create(CultureInfo.InvariantCulture, $"""
        <!doctype html>
        <html lang="en">
        <body style="margin:0;padding:24px;background:#f3f4f7;color:#15171c;font:16px/1.5 system-ui,sans-serif">
        <div style="max-width:480px;margin:0 auto;padding:32px;background:#ffffff;border-radius:12px">
        <p>{WebUtility.HtmlEncode(greeting)}</p>
        <p>{WebUtility.HtmlEncode(organization)} asks you to set up a second step for signing in. It keeps your account safe even if somebody learns your password.</p>
        <p><a href="{WebUtility.HtmlEncode(link)}" style="display:inline-block;padding:12px 24px;border-radius:8px;background:#3848d4;color:#ffffff;text-decoration:none;font-weight:600">Set up now</a></p>
        <p style="color:#555d6b;font-size:14px">The link works once, within 5 days. If the button does not work, copy this address into your browser:<br>{WebUtility.HtmlEncode(link)}</p>
        <p style="color:#555d6b;font-size:14px">If you did not expect this message, do nothing: nothing changes until you finish.</p>
        </div>
        </body>
        </html>
        """);

    private static string Plain(string name) => HeaderText.Clean(name, MaxNameLength);
}

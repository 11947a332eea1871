using System.Globalization;
using Sallyport.Server.Configuration;
using Sallyport.Server.Languages;
using Sallyport.Server.Messages.Templates;
using Sallyport.Server.Storage;
using Sallyport.Server.Tenants;
using Sallyport.Server.Users;

namespace Sallyport.Server.Messages;

/// <summary>
/// Writes mails from the tenant's templates or from the built-in texts. Reading and composing are two steps: templates are rendered
/// outside of every database session and before the transaction that adds the mail to the outbox.
/// </summary>
internal sealed class MailComposer(MailTemplates templates, SallyportOptions options)
{
    public async ValueTask<MailSource> ReadSourceAsync(Session session, TenantId tenant, MailKind kind, CancellationToken cancellationToken) =>
        new(tenant, kind, await TenantStore.GetSettingsAsync(session, tenant, cancellationToken))
        {
            Template = await templates.FindAsync(session, tenant, kind.TemplateName, cancellationToken),
            DefaultFromAddress = await templates.FindDefaultFromAddressAsync(session, tenant, cancellationToken),
        };

    public Message Compose(MailSource source, MailRequest request) =>
        Message.Of(ComposeMail(source, request)) with { UserId = request.User?.UserId, ExpiresAt = request.ExpiresAt };

    public MailV1 ComposeMail(MailSource source, MailRequest request)
    {
        var locale = source.LocaleOf(request.Language);
        var (subject, text, html) = BuiltInMail.Write(source.Kind.TextsOf(locale.Texts), source.Tenant, request, locale);
        var mail = new MailV1
        {
            FromName = MailNames.Tenant(source.Tenant),
            FromAddress = source.DefaultFromAddress ?? OwnAddress(options),
            To = request.To,
            Subject = subject,
            Text = text,
            Html = html,
        };
        if (source.Template is { Enabled: true, Body.Length: > 0 } template)
        {
            mail = templates.Apply(source.Kind.TemplateName, mail, template, VariablesOf(source, request));
        }

        return mail;
    }

    /// <summary>The sender if the tenant sets none.</summary>
    public static string OwnAddress(SallyportOptions options) => "no-reply@" + new Uri(options.PublicUrl).Host;

    private static Dictionary<string, object?> VariablesOf(MailSource source, MailRequest request)
    {
        var variables = MailVariables.Of(request.User, source.Tenant, request.Language);
        foreach (var (name, value) in request.Variables.Append(new("link", request.Link)).Append(new("code", request.Code)))
        {
            if (value is not null)
            {
                variables[name] = value;
            }
        }

        return variables;
    }
}

/// <summary>A kind of mail: the template that may replace it, and the built-in texts.</summary>
internal sealed record MailKind(string TemplateName, Func<Texts, MailTexts> TextsOf)
{
    public static readonly MailKind Enrollment = new(EmailTemplate.Enrollment, EnrollmentTexts);
    public static readonly MailKind Verification = new(EmailTemplate.Verification, VerificationTexts);

    private static MailTexts EnrollmentTexts(Texts texts) =>
        new(texts.MailSubject, texts.MailReason, texts.MailOpenLink, texts.MailOnce, texts.MailUnexpected)
        {
            Button = texts.MailButton,
            Duration = texts.MailDuration,
        };

    private static MailTexts VerificationTexts(Texts texts) =>
        new(texts.VerifySubject, texts.VerifyReason, texts.VerifyOpenLink, texts.VerifyOnce, texts.VerifyUnexpected) { Button = texts.VerifyButton };
}

/// <summary>The settings of a tenant for a kind of mail, as read from the database.</summary>
internal sealed record MailSource(TenantId TenantId, MailKind Kind, TenantSettings Tenant)
{
    /// <summary>Null if there is none.</summary>
    public EmailTemplate? Template { get; init; }

    /// <summary>The template is disabled. A mail that nobody waits for is not sent then; others are sent with the built-in texts.</summary>
    public bool IsSwitchedOff => Template is { Enabled: false };

    /// <param name="language">A language tag; null for the tenant's default.</param>
    public Locale LocaleOf(string? language) => LanguageChoice.ChooseForMail(Tenant.EnabledLocales, language);

    /// <summary>The sender that the e-mail provider sets; null for our own.</summary>
    public string? DefaultFromAddress { get; init; }
}

/// <summary>A mail to one person that carries a link or a code, or reports something.</summary>
/// <param name="User">The user that the mail is to or about; null if there is none.</param>
internal sealed record MailRequest(string To, User? User)
{
    /// <summary>The mail is about the user. It addresses nobody by name, and names no support contact.</summary>
    public bool IsToAdministrator { get; init; }

    public string? Link { get; init; }

    public string? Code { get; init; }

    /// <summary>The facts that the mail reports, one for each line.</summary>
    public IReadOnlyList<MailDetail> Details { get; init; } = [];

    /// <summary>When the link or the code stops working; the mail is not delivered from then on.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>A language tag; null for the tenant's default.</summary>
    public string? Language { get; init; }

    /// <summary>Variables for the template, in addition to those of every mail, <c>link</c> and <c>code</c>.</summary>
    public IReadOnlyDictionary<string, object?> Variables { get; init; } = new Dictionary<string, object?>();
}

/// <param name="Label">One of our texts.</param>
internal readonly record struct MailDetail(string Label, string Value)
{
    /// <summary>The variable with the value, in an example; else null.</summary>
    public string? Variable { get; init; }

    /// <summary>The variable is a list.</summary>
    public bool IsList { get; init; }

    public static string TextOf(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    /// <returns>The address and the browser, as far as they are known; null if neither is.</returns>
    public static string? TextOf(string? address, string? browser) =>
        address is null ? browser : browser is null ? address : $"{address} ({browser})";
}

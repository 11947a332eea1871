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
internal sealed class MailComposer(LinkMail builtIn, MailTemplates templates, SallyportOptions options)
{
    public async ValueTask<MailSource> ReadSourceAsync(Session session, TenantId tenant, MailKind kind, CancellationToken cancellationToken) =>
        new(tenant, kind, await TenantStore.GetSettingsAsync(session, tenant, cancellationToken))
        {
            Template = await templates.FindAsync(session, tenant, kind.TemplateName, cancellationToken),
            DefaultFromAddress = await templates.FindDefaultFromAddressAsync(session, tenant, cancellationToken),
        };

    public Message Compose(MailSource source, MailRequest request)
    {
        var locale = LanguageChoice.ChooseForMail(source.Tenant.EnabledLocales, request.Language);
        var mail = builtIn.Compose(
            source.Kind.TextsOf(locale.Texts), (request.To, request.User?.Name), source.Tenant, request.Link, locale);
        if (source.DefaultFromAddress is { } from)
        {
            mail = mail with { FromAddress = from };
        }

        if (source.Template is { Body.Length: > 0 } template)
        {
            mail = templates.Apply(source.Kind.TemplateName, mail, template, VariablesOf(source, request));
        }

        return Message.Of(mail, new Uri(options.PublicUrl));
    }

    private static Dictionary<string, object?> VariablesOf(MailSource source, MailRequest request)
    {
        var variables = MailVariables.Of(request.User, source.Tenant, request.Language);
        variables["link"] = request.Link;
        foreach (var (name, value) in request.Variables)
        {
            variables[name] = value;
        }

        return variables;
    }
}

/// <summary>A kind of mail: the template that may replace it, and the built-in texts.</summary>
internal sealed record MailKind(string TemplateName, Func<Texts, LinkMailTexts> TextsOf)
{
    public static readonly MailKind Enrollment = new(EmailTemplate.Enrollment, LinkMailTexts.ForEnrollment);
    public static readonly MailKind Verification = new(EmailTemplate.Verification, LinkMailTexts.ForVerification);
}

/// <summary>What a tenant has set for a kind of mail, as read from the database.</summary>
internal sealed record MailSource(TenantId TenantId, MailKind Kind, TenantSettings Tenant)
{
    /// <summary>Null if there is none, or if it is disabled.</summary>
    public EmailTemplate? Template { get; init; }

    /// <summary>The sender that the e-mail provider sets; null for our own.</summary>
    public string? DefaultFromAddress { get; init; }
}

/// <param name="User">Null if the recipient is no user.</param>
internal sealed record MailRequest(string To, string Link, User? User)
{
    /// <summary>A language tag; null for the tenant's default.</summary>
    public string? Language { get; init; }

    /// <summary>Variables for the template, in addition to those of every mail.</summary>
    public IReadOnlyDictionary<string, object?> Variables { get; init; } = new Dictionary<string, object?>();
}

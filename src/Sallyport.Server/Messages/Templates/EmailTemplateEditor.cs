using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.Json;
using Sallyport.Protocols.Liquid;
using Sallyport.Server.Storage;
using Sallyport.Server.Tenants;

namespace Sallyport.Server.Messages.Templates;

/// <summary>The parts of a template that an administrator edits.</summary>
/// <param name="From">Empty for the sender that the provider sets.</param>
internal sealed record EmailTemplateText(string Subject, string From, string Body, bool IsEnabled)
{
    public EmailTemplate ToTemplate() => new() { Subject = Subject, From = From, Body = Body, Enabled = IsEnabled };
}

/// <summary>A template in an editor.</summary>
/// <param name="Text">Without a stored template: one with the words of the built-in mail.</param>
/// <param name="Tag">Identifies the stored template.</param>
internal sealed record EmailTemplateState(EmailTemplateText Text, bool IsStored, string Tag, TenantSettings Tenant);

internal enum EmailTemplateOutcome
{
    Saved,
    TemplateFailed,

    /// <summary>Somebody else has saved another text.</summary>
    Outdated,
}

/// <param name="Field">The field with the error.</param>
internal readonly record struct EmailTemplateResult(EmailTemplateOutcome Outcome, string? Field = null, LiquidError? Error = null);

/// <summary>Reads and previews the templates of the mails that this server sends.</summary>
internal sealed class EmailTemplateEditor(Database database, IEnumerable<MailExample> examples, MailComposer composer, TimeProvider clock)
{
    public const string Body = "body";
    public const string Subject = "subject";
    public const string From = "from";

    private const int TagLength = 16;

    private readonly FrozenDictionary<string, MailExample> examples = examples.ToFrozenDictionary(example => example.Kind.TemplateName, StringComparer.Ordinal);

    /// <summary>The kinds of mail that this server sends, in alphabetical order.</summary>
    public IEnumerable<MailExample> Examples => examples.Values.OrderBy(example => example.Kind.TemplateName, StringComparer.Ordinal);

    public bool TryFind(string name, [NotNullWhen(true)] out MailExample? example) => examples.TryGetValue(name, out example);

    public async ValueTask<EmailTemplateState> GetAsync(MailExample example, TenantId tenant, CancellationToken cancellationToken)
    {
        var source = await ReadAsync(example, tenant, cancellationToken);
        var text = source.Template is { } stored
            ? new EmailTemplateText(stored.Subject ?? "", stored.From ?? "", stored.Body ?? "", stored.Enabled == true)
            : BuiltIn(example, source);
        return new EmailTemplateState(text, source.Template is not null, TagOf(source.Template), source.Tenant);
    }

    /// <summary>Composes the example with a template.</summary>
    public async ValueTask<(MailV1? Mail, EmailTemplateResult Fault)> PreviewAsync(
        MailExample example, EmailTemplateText text, string? language, TenantId tenant, CancellationToken cancellationToken)
    {
        if (FindFault(text) is { } fault)
        {
            return (null, fault);
        }

        var source = await ReadAsync(example, tenant, cancellationToken) with { Template = text.ToTemplate() with { Enabled = true } };
        var request = example.Request(source.LocaleOf(language).Texts, clock.GetUtcNow()) with { Language = language };
        return (composer.ComposeMail(source, request), default);
    }

    /// <summary>The example as a mail to an administrator.</summary>
    public async ValueTask<(MailV1? Mail, EmailTemplateResult Fault)> ComposeTestAsync(
        MailExample example, EmailTemplateText text, string to, TenantId tenant, CancellationToken cancellationToken)
    {
        var (mail, fault) = await PreviewAsync(example, text, language: null, tenant, cancellationToken);
        return (mail is null ? null : mail with { To = to }, fault);
    }

    private ValueTask<MailSource> ReadAsync(MailExample example, TenantId tenant, CancellationToken cancellationToken) =>
        database.ReadAsync(session => composer.ReadSourceAsync(session, tenant, example.Kind, cancellationToken), cancellationToken);

    /// <summary>The built-in mail in the tenant's language, with variables instead of values.</summary>
    private EmailTemplateText BuiltIn(MailExample example, MailSource source)
    {
        var request = example.Request(source.LocaleOf(language: null).Texts, clock.GetUtcNow());
        var details = request.Details.Select((detail, index) => detail with { Value = $"detail-{index}" }).ToList();
        var mail = composer.ComposeMail(
            source with { Template = null, Tenant = source.Tenant with { FriendlyName = "{{ friendly_name }}" } },
            request with
            {
                User = MailExample.Person with { Name = "{{ user.name | default: user.email }}" },
                Link = request.Link is null ? null : "{{ link }}",
                Code = request.Code is null ? null : "{{ code }}",
                Details = details,
            });
        return new EmailTemplateText(mail.Subject, "", details.Aggregate(mail.Html, WithVariable), IsEnabled: true);
    }

    /// <summary>A line that reports something, shown only if its variable has a value.</summary>
    private static string WithVariable(string html, MailDetail detail)
    {
        var (condition, value) = detail.IsList
            ? ($"{detail.Variable}.size > 0", $"{detail.Variable} | join: ', '")
            : (detail.Variable, detail.Variable);
        var line = BuiltInMail.Detail(detail);
        var shown = line.Replace(detail.Value, "{{ " + value + " }}", StringComparison.Ordinal);
        return html.Replace(line, "{% if " + condition + " %}" + shown + "{% endif %}", StringComparison.Ordinal);
    }

    /// <returns>Null if all templates can be read.</returns>
    public static EmailTemplateResult? FindFault(EmailTemplateText text)
    {
        foreach (var (field, source) in new[] { (Body, text.Body), (Subject, text.Subject), (From, text.From) })
        {
            if (!LiquidTemplate.TryParse(source, LiquidLimits.Default, out _, out var error))
            {
                return new EmailTemplateResult(EmailTemplateOutcome.TemplateFailed, field, error);
            }
        }

        return null;
    }

    /// <summary>Identifies a stored template; null is none.</summary>
    public static string TagOf(EmailTemplate? stored) =>
        stored is null ? "none" : Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(stored, MessageJson.Default.EmailTemplate)).AsSpan(0, TagLength));
}

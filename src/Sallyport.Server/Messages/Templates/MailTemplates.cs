using System.Text.Json;
using Sallyport.Protocols.Html;
using Sallyport.Protocols.Liquid;
using Sallyport.Server.Http.Payloads;
using Sallyport.Server.Messages.Providers;
using Sallyport.Server.Settings;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Messages.Templates;

/// <summary>
/// Replaces the texts of a mail by the tenant's template. Values are escaped in the result (<see cref="MarkedHtml"/>), whatever the template
/// does; a template that fails leaves the mail as it was, because the person is waiting for it.
/// </summary>
internal sealed class MailTemplates(SettingReader settingReader, TimeProvider clock, ILogger<MailTemplates> logger)
{
    private const int MaxSubjectLength = 300;
    private const int MaxNameLength = 100;

    /// <summary>Lower than the default, because the mail is rendered within the request.</summary>
    private static readonly LiquidLimits Limits = new() { MaxSteps = 100_000, MaxOutputLength = 262_144 };

    private static readonly MailAddressAttribute Address = new();

    /// <returns>Null if there is none, or if it is disabled.</returns>
    public async ValueTask<EmailTemplate?> FindAsync(Session session, TenantId tenant, string name, CancellationToken cancellationToken)
    {
        var stored = await settingReader.FindAsync(session, tenant, ChangeEmailTemplate.Kinds[name], cancellationToken);
        return stored?.Shown.Deserialize(MessageJson.Default.EmailTemplate) is { Enabled: true } template ? template : null;
    }

    /// <returns>Null if the tenant's e-mail provider does not set one, or is disabled.</returns>
    public async ValueTask<string?> FindDefaultFromAddressAsync(Session session, TenantId tenant, CancellationToken cancellationToken)
    {
        var stored = await settingReader.FindAsync(session, tenant, ChangeEmailProvider.Kind, cancellationToken);
        return stored?.Shown.Deserialize(MessageJson.Default.EmailProvider) is { Enabled: true, DefaultFromAddress: { Length: > 0 } from } ? from : null;
    }

    /// <returns>Where a person goes when the link of such a mail is done with; null where that is nowhere else.</returns>
    /// <param name="variables">Without what is said of a user: it would stand in the address.</param>
    public Uri? RenderResultUrl(string name, EmailTemplate template, IReadOnlyDictionary<string, object?> variables) =>
        Uri.TryCreate(Render(name, template.ResultUrl, variables)?.Trim(), UriKind.Absolute, out var url)
            && (url.Scheme == Uri.UriSchemeHttps || url.Scheme == Uri.UriSchemeHttp) && url.UserInfo.Length == 0
            // Headers are ASCII, the host of an international domain too.
            && new UriBuilder(url) { Host = url.IdnHost }.Uri is var written && written.AbsoluteUri.All(char.IsAscii)
            ? written
            : null;

    /// <param name="variables">As <see cref="LiquidTemplate.Render"/> takes them, not escaped.</param>
    public MimeMessage Apply(string name, MimeMessage mail, EmailTemplate template, IReadOnlyDictionary<string, object?> variables)
    {
        var html = RenderHtml(name, template.Body!, variables);
        if (html is null)
        {
            return mail;
        }

        var subject = Render(name, template.Subject, variables) is { Length: > 0 } rendered ? HeaderText.Clean(rendered, MaxSubjectLength) : "";
        return WithSender(mail, Render(name, template.From, variables)) with
        {
            Html = html,
            Subject = subject.Length > 0 ? subject : mail.Subject,
        };
    }

    /// <param name="from"><c>a@example.com</c> or <c>Name &lt;a@example.com&gt;</c>. What is neither counts as not given.</param>
    private static MimeMessage WithSender(MimeMessage mail, string? from)
    {
        if (string.IsNullOrWhiteSpace(from))
        {
            return mail;
        }

        var text = from.Trim();
        var open = text.LastIndexOf('<');
        var address = open >= 0 && text.EndsWith('>') ? text[(open + 1)..^1] : text;
        if (!Address.IsValid(address))
        {
            return mail;
        }

        var name = open > 0 ? HeaderText.Clean(text[..open].Trim().Trim('"'), MaxNameLength) : "";
        return mail with { FromAddress = address, FromName = name.Length > 0 ? name : mail.FromName };
    }

    private string? RenderHtml(string name, string source, IReadOnlyDictionary<string, object?> variables) =>
        Render(name, source, variables, marksData: true) is { } marked ? MarkedHtml.WriteMail(marked) : null;

    /// <returns>Plain text, unless data are marked; null if the template fails or there is none.</returns>
    private string? Render(string name, string? source, IReadOnlyDictionary<string, object?> variables, bool marksData = false)
    {
        if (source is null)
        {
            return null;
        }

        if (!LiquidTemplate.TryParse(source, Limits, out var template, out var error))
        {
            MessagesLog.TemplateFailed(logger, name, error.ToString());
            return null;
        }

        var result = template.Render(variables, new LiquidRenderOptions { Now = clock.GetUtcNow(), MarksData = marksData });
        if (!result.Succeeded)
        {
            MessagesLog.TemplateFailed(logger, name, result.Error.ToString());
        }

        return result.Text;
    }
}

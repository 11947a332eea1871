using System.Text.Json;
using Sallyport.Protocols.Html;
using Sallyport.Protocols.Liquid;
using Sallyport.Server.Http.Payloads;
using Sallyport.Server.Messages.Providers;
using Sallyport.Server.Settings;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Messages.Templates;

/// <summary>
/// Applies the tenant's template to a mail. Values are escaped in the result (<see cref="MarkedHtml"/>), whatever the template
/// does. If a template fails, the built-in mail is sent, because the person is waiting for it.
/// </summary>
internal sealed class MailTemplates(SettingReader settingReader, TimeProvider clock, ILogger<MailTemplates> logger)
{
    private const int MaxSubjectLength = 300;
    private const int MaxNameLength = 100;

    /// <summary>Lower than the default, because the mail is rendered within the request.</summary>
    private static readonly LiquidLimits Limits = new() { MaxSteps = 100_000, MaxOutputLength = 262_144 };

    private static readonly MailAddressAttribute Address = new();

    /// <returns>Null if there is none. It need not be enabled.</returns>
    public async ValueTask<EmailTemplate?> FindAsync(Session session, TenantId tenant, string name, CancellationToken cancellationToken)
    {
        var stored = await settingReader.FindAsync(session, tenant, ChangeEmailTemplate.Kinds[name], cancellationToken);
        return stored?.Json.Deserialize(MessageJson.Default.EmailTemplate);
    }

    /// <returns>Null if the tenant's e-mail provider does not set one, or is disabled.</returns>
    public async ValueTask<string?> FindDefaultFromAddressAsync(Session session, TenantId tenant, CancellationToken cancellationToken)
    {
        var stored = await settingReader.FindAsync(session, tenant, ChangeEmailProvider.Kind, cancellationToken);
        return stored?.Json.Deserialize(MessageJson.Default.EmailProvider) is { Enabled: true, DefaultFromAddress: { Length: > 0 } from } ? from : null;
    }

    /// <param name="variables">Without the user's data, which would appear in the address.</param>
    /// <returns>The page that the person is sent to after using the link; null to stay on ours.</returns>
    public Uri? RenderResultUrl(string name, EmailTemplate template, IReadOnlyDictionary<string, object?> variables) =>
        Uri.TryCreate(Render(name, template.ResultUrl, variables)?.Trim(), UriKind.Absolute, out var url)
            && (url.Scheme == Uri.UriSchemeHttps || url.Scheme == Uri.UriSchemeHttp) && url.UserInfo.Length == 0
            // It becomes a header, which must be ASCII.
            && new UriBuilder(url) { Host = url.IdnHost }.Uri is var written && written.AbsoluteUri.All(char.IsAscii)
            ? written
            : null;

    /// <param name="variables">As <see cref="LiquidTemplate.Render"/> takes them, not escaped.</param>
    public MailV1 Apply(string name, MailV1 mail, EmailTemplate template, IReadOnlyDictionary<string, object?> variables)
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

    /// <param name="from"><c>a@example.com</c> or <c>Name &lt;a@example.com&gt;</c>. Anything else is ignored.</param>
    private static MailV1 WithSender(MailV1 mail, string? from)
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
        Render(name, source, variables, isHtml: true) is { } marked ? MarkedHtml.WriteMail(marked) : null;

    /// <returns>Plain text, or HTML in which data are marked; null if the template fails or there is none.</returns>
    private string? Render(string name, string? source, IReadOnlyDictionary<string, object?> variables, bool isHtml = false)
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

        var result = template.Render(variables, new LiquidRenderOptions { Now = clock.GetUtcNow(), MarksData = isHtml, IsHtml = isHtml });
        if (!result.Succeeded)
        {
            MessagesLog.TemplateFailed(logger, name, result.Error.ToString());
        }

        return result.Text;
    }
}

using Sallyport.Server.Http.Payloads;
using System.Collections.Frozen;
using Sallyport.Server.Audit;
using Sallyport.Server.Settings;

namespace Sallyport.Server.Messages.Templates;

/// <summary>Each kind of mail has one template, which is made once and changed from then on.</summary>
internal sealed class ChangeEmailTemplate(ChangeSetting change)
{
    public static readonly FrozenDictionary<string, SettingKind> Kinds =
        EmailTemplateNameAttribute.Names.ToFrozenDictionary(name => name, name => SettingKind.Of<EmailTemplate>("email-templates/" + name));

    /// <returns>Null where there is one already.</returns>
    public ValueTask<SettingValue?> CreateAsync(Body<EmailTemplate> body, AuditEntry entry, CancellationToken cancellationToken)
    {
        var kind = Kinds[body.Value.Template!];
        return change.RunAsync(kind, stored => stored is null ? SettingValue.Replace(kind, stored, body.Raw) : null, entry, cancellationToken);
    }

    /// <returns>Null where there is none.</returns>
    public ValueTask<SettingValue?> ReplaceAsync(SettingKind kind, Body<EmailTemplate> body, AuditEntry entry, CancellationToken cancellationToken) =>
        change.RunAsync(kind, stored => stored is null ? null : SettingValue.Replace(kind, stored, body.Raw), entry, cancellationToken);

    /// <returns>Null where there is none.</returns>
    public ValueTask<SettingValue?> PatchAsync(SettingKind kind, Body<EmailTemplate> body, AuditEntry entry, CancellationToken cancellationToken) =>
        change.RunAsync(kind, stored => stored is null ? null : SettingValue.Merge(kind, stored, body.Raw), entry, cancellationToken);
}

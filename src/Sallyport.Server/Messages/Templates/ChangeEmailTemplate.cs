using System.Collections.Frozen;
using System.Text.Json;
using Sallyport.Server.Audit;
using Sallyport.Server.Settings;

namespace Sallyport.Server.Messages.Templates;

/// <summary>Creates and changes the template of a kind of mail. Each kind has at most one.</summary>
internal sealed class ChangeEmailTemplate(ChangeSetting change)
{
    public static readonly FrozenDictionary<string, SettingKind> Kinds =
        EmailTemplateNameAttribute.Names.ToFrozenDictionary(name => name, name => SettingKind.Of<EmailTemplate>("email-templates/" + name));

    /// <returns>The stored template, or null if there is one already.</returns>
    public ValueTask<SettingValue?> CreateAsync(SettingKind kind, JsonElement template, CallContext call, CancellationToken cancellationToken) =>
        change.RunAsync(kind, stored => stored is null ? SettingValue.Replace(kind, stored, template) : null, call, cancellationToken);

    /// <returns>The stored template, or null if there is none.</returns>
    public ValueTask<SettingValue?> ReplaceAsync(SettingKind kind, JsonElement template, CallContext call, CancellationToken cancellationToken) =>
        change.RunAsync(kind, stored => stored is null ? null : SettingValue.Replace(kind, stored, template), call, cancellationToken);

    /// <returns>The stored template, or null if there is none.</returns>
    public ValueTask<SettingValue?> PatchAsync(SettingKind kind, JsonElement patch, CallContext call, CancellationToken cancellationToken) =>
        change.RunAsync(kind, stored => stored is null ? null : SettingValue.Merge(kind, stored, patch), call, cancellationToken);
}

using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Nodes;
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

    /// <summary>Creates or changes the parts that an administrator edits.</summary>
    /// <param name="seenTag">The template that the caller has seen (<see cref="EmailTemplateState.Tag"/>). Another one is not replaced.</param>
    public async ValueTask<EmailTemplateResult> SaveAsync(
        MailExample example, EmailTemplateText text, string seenTag, CallContext call, CancellationToken cancellationToken)
    {
        if (EmailTemplateEditor.FindFault(text) is { } fault)
        {
            return fault;
        }

        var kind = Kinds[example.Kind.TemplateName];
        var patch = new JsonObject
        {
            ["template"] = example.Kind.TemplateName,
            [EmailTemplateEditor.Body] = text.Body,
            [EmailTemplateEditor.Subject] = text.Subject,
            [EmailTemplateEditor.From] = text.From,
            ["syntax"] = "liquid",
            ["enabled"] = text.IsEnabled,
        };
        using var json = JsonDocument.Parse(patch.ToJsonString());
        var saved = await change.RunAsync(
            kind,
            stored => EmailTemplateEditor.TagOf(stored?.Json.Deserialize(MessageJson.Default.EmailTemplate)) == seenTag
                ? SettingValue.Merge(kind, stored, json.RootElement)
                : null,
            call,
            cancellationToken);
        return new EmailTemplateResult(saved is null ? EmailTemplateOutcome.Outdated : EmailTemplateOutcome.Saved);
    }

    /// <summary>Deletes the template, so that the built-in mail is sent again.</summary>
    public ValueTask ResetAsync(MailExample example, CallContext call, CancellationToken cancellationToken) =>
        change.DeleteAsync(Kinds[example.Kind.TemplateName], call, cancellationToken);
}

using System.Text.Json;
using Sallyport.Server.Settings;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Messages.Providers;

internal sealed class EmailChannel(SettingQueries settings, IEnumerable<IDeferredMail> deferredMails) : IMessageChannel
{
    public string Name => Message.Email;

    public async ValueTask<ProviderChoice?> FindProviderAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        var stored = await settings.FindAsync(tenant, ChangeEmailProvider.Kind, cancellationToken);
        return stored?.Json.Deserialize(MessageJson.Default.EmailProvider) is { Enabled: true, Name: { } name }
            ? new ProviderChoice(name, stored)
            : null;
    }

    public async ValueTask<string?> ComposeAsync(DueMessage message, string content, CancellationToken cancellationToken)
    {
        if (JsonSerializer.Deserialize(content, MessageJson.Default.DeferredMailV1) is not { Deferred: { } kind } deferred)
        {
            return content;
        }

        var mail = await deferredMails.Single(known => known.Kind == kind).ComposeAsync(message, deferred.Data, cancellationToken);
        return mail is null ? null : JsonSerializer.Serialize(mail, MessageJson.Default.MailV1);
    }
}

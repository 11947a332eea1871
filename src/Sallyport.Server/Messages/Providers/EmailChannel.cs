using System.Text.Json;
using Sallyport.Server.Settings;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Messages.Providers;

internal sealed class EmailChannel(SettingQueries settings) : IMessageChannel
{
    public string Name => Message.Email;

    public async ValueTask<ProviderChoice?> FindProviderAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        var stored = await settings.FindAsync(tenant, ChangeEmailProvider.Kind, cancellationToken);
        return stored?.Json.Deserialize(MessageJson.Default.EmailProvider) is { Enabled: true, Name: { } name }
            ? new ProviderChoice(name, stored)
            : null;
    }
}

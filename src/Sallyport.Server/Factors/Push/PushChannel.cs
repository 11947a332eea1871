using System.Text.Json;
using Sallyport.Server.Audit;
using Sallyport.Server.Factors.Settings;
using Sallyport.Server.Messages;
using Sallyport.Server.Settings;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Factors.Push;

/// <summary>Push messages to phones.</summary>
internal sealed class PushChannel(Database database, SettingReader settings) : IMessageChannel
{
    /// <summary>The selection that stands for the provider of the vendor's cloud. This server has none.</summary>
    private const string None = "guardian";

    public string Name => Message.Push;

    public string FailureType => AuditTypes.PushNotSent;

    public ValueTask<bool> IsUsedAsync(TenantId tenant, CancellationToken cancellationToken) =>
        database.ReadAsync(
            async session => (await FactorStore.EnabledAsync(session, tenant, cancellationToken)).Contains(FactorNames.Push), cancellationToken);

    public ValueTask<ProviderChoice?> FindProviderAsync(TenantId tenant, CancellationToken cancellationToken) =>
        database.ReadAsync(
            async session => await settings.FindAsync(session, tenant, FactorSettings.PushProvider, cancellationToken) is { } selection
                && selection.Json.Deserialize(FactorJson.Default.PushProviderChoice)?.Provider is { } name && name != None
                    ? new ProviderChoice(name, selection)
                    : null,
            cancellationToken);
}

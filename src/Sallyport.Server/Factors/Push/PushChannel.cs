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
        database.ReadAsync(session => FindProviderAsync(session, tenant, cancellationToken), cancellationToken);

    /// <summary>With the settings of both push services, because one phone needs the one and another phone the other.</summary>
    private async ValueTask<ProviderChoice?> FindProviderAsync(Session session, TenantId tenant, CancellationToken cancellationToken)
    {
        var selection = await settings.FindAsync(session, tenant, FactorSettings.PushProvider, cancellationToken);
        if (selection?.Json.Deserialize(FactorJson.Default.PushProviderChoice)?.Provider is not { } name || name == None)
        {
            return null;
        }

        var apns = await settings.FindAsync(session, tenant, FactorSettings.Apns, cancellationToken);
        var fcm = await settings.FindAsync(session, tenant, FactorSettings.FcmV1, cancellationToken);
        var secrets = new Dictionary<string, string>(apns?.Secrets ?? SettingValue.NoSecrets);
        foreach (var (key, value) in fcm?.Secrets ?? SettingValue.NoSecrets)
        {
            secrets[key] = value;
        }

        return new ProviderChoice(name, new SettingValue(apns?.Json ?? new System.Text.Json.Nodes.JsonObject(), secrets));
    }
}

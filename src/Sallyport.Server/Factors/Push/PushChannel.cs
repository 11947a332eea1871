using System.Text.Json;
using Sallyport.Server.Audit;
using Sallyport.Server.Factors.Push.Providers;
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

    /// <returns>False if the tenant has selected a provider that has no credentials for the service.</returns>
    public async ValueTask<bool> IsConfiguredAsync(Session session, TenantId tenant, string service, CancellationToken cancellationToken) =>
        await FindProviderAsync(session, tenant, cancellationToken) is not { Name: DirectPushProvider.ProviderName } choice || Has(choice.Settings, service);

    public static bool Has(SettingValue settings, string service) =>
        service == PushPayload.Apns
            ? settings.Secrets.ContainsKey("p8") || settings.Secrets.ContainsKey("p12")
            : settings.Secrets.ContainsKey("server_credentials");

    private async ValueTask<ProviderChoice?> FindProviderAsync(Session session, TenantId tenant, CancellationToken cancellationToken)
    {
        var selection = await settings.FindAsync(session, tenant, FactorSettings.PushProvider, cancellationToken);
        if (selection?.Json.Deserialize(FactorJson.Default.PushProviderChoice)?.Provider is not { } name || name == None)
        {
            return null;
        }

        return new ProviderChoice(name, await FindCredentialsAsync(session, tenant, cancellationToken));
    }

    /// <returns>The settings of both push services, because one phone needs the one and another phone the other.</returns>
    public async ValueTask<SettingValue> FindCredentialsAsync(Session session, TenantId tenant, CancellationToken cancellationToken)
    {
        var apns = await settings.FindAsync(session, tenant, FactorSettings.Apns, cancellationToken);
        var fcm = await settings.FindAsync(session, tenant, FactorSettings.FcmV1, cancellationToken);
        var secrets = new Dictionary<string, string>(apns?.Secrets ?? SettingValue.NoSecrets);
        foreach (var (key, value) in fcm?.Secrets ?? SettingValue.NoSecrets)
        {
            secrets[key] = value;
        }

        return new SettingValue(apns?.Json ?? new System.Text.Json.Nodes.JsonObject(), secrets);
    }
}

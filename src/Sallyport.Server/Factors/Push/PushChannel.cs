using System.Text.Json;
using System.Text.Json.Nodes;
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

    private static SettingValue Unset => new(new JsonObject(), SettingValue.NoSecrets);

    public string Name => Message.Push;

    public string FailureType => AuditTypes.PushNotSent;

    /// <summary>Somebody waits for each message, and push services accept many calls at once.</summary>
    public int Concurrency => 32;

    public ValueTask<bool> IsUsedAsync(TenantId tenant, CancellationToken cancellationToken) =>
        database.ReadAsync(
            async session => (await FactorStore.EnabledAsync(session, tenant, cancellationToken)).Contains(FactorNames.Push), cancellationToken);

    public ValueTask<ProviderChoice?> FindProviderAsync(TenantId tenant, CancellationToken cancellationToken) =>
        database.ReadAsync(session => FindProviderAsync(session, tenant, cancellationToken), cancellationToken);

    /// <summary>A provider, selected or not, with its settings.</summary>
    public ValueTask<ProviderChoice> GetProviderAsync(TenantId tenant, string name, CancellationToken cancellationToken) =>
        database.ReadAsync(session => GetProviderAsync(session, tenant, name, cancellationToken), cancellationToken);

    /// <returns>False if the tenant has selected a provider that has no credentials for the service.</returns>
    public async ValueTask<bool> IsConfiguredAsync(Session session, TenantId tenant, string service, CancellationToken cancellationToken) =>
        await FindProviderAsync(session, tenant, cancellationToken) is not { } choice || IsComplete(choice, service);

    /// <returns>Whether a provider has what it needs to send to the phones of a service.</returns>
    public static bool IsComplete(ProviderChoice choice, string service)
    {
        var (settings, secrets) = (choice.Settings.Json, choice.Settings.Secrets);
        return (choice.Name, service) switch
        {
            (SnsPushProvider.ProviderName, PushPayload.Apns) => HasAccount() && settings["sns_apns_platform_application_arn"] is not null,
            (SnsPushProvider.ProviderName, _) => HasAccount() && settings["sns_gcm_platform_application_arn"] is not null,
            (_, PushPayload.Apns) => settings["bundle_id"] is not null && (secrets.ContainsKey("p8") || secrets.ContainsKey("p12")),
            _ => secrets.ContainsKey("server_credentials"),
        };

        bool HasAccount() =>
            settings["aws_access_key_id"] is not null && settings["aws_region"] is not null && secrets.ContainsKey("aws_secret_access_key");
    }

    private async ValueTask<ProviderChoice?> FindProviderAsync(Session session, TenantId tenant, CancellationToken cancellationToken)
    {
        var selection = await settings.FindAsync(session, tenant, FactorSettings.PushProvider, cancellationToken);
        if (selection?.Json.Deserialize(FactorJson.Default.PushProviderChoice)?.Provider is not { } name || name == None)
        {
            return null;
        }

        return await GetProviderAsync(session, tenant, name, cancellationToken);
    }

    private async ValueTask<ProviderChoice> GetProviderAsync(Session session, TenantId tenant, string name, CancellationToken cancellationToken)
    {
        if (name == SnsPushProvider.ProviderName)
        {
            return new ProviderChoice(name, await settings.FindAsync(session, tenant, FactorSettings.Sns, cancellationToken) ?? Unset);
        }

        // The settings of both push services, because the phones of a tenant use either.
        var apns = await settings.FindAsync(session, tenant, FactorSettings.Apns, cancellationToken) ?? Unset;
        var fcm = await settings.FindAsync(session, tenant, FactorSettings.FcmV1, cancellationToken) ?? Unset;
        return new ProviderChoice(name, new SettingValue(apns.Json, apns.Secrets.Concat(fcm.Secrets).ToDictionary()));
    }
}

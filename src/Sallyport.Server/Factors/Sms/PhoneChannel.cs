using System.Text.Json;
using Sallyport.Server.Audit;
using Sallyport.Server.Factors.Settings;
using Sallyport.Server.Messages;
using Sallyport.Server.Settings;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Factors.Sms;

/// <summary>
/// Messages to phones. The tenant selects one provider for text messages and calls. A provider finds its settings by its
/// <see cref="IMessageProvider.SettingKind"/>.
/// </summary>
internal abstract class PhoneChannel(Database database, SettingReader settings, IEnumerable<IMessageProvider> providers) : IMessageChannel
{
    /// <summary>The selection that stands for the provider of the vendor's cloud. This server has none.</summary>
    private const string None = "auth0";

    public abstract string Name { get; }

    public abstract string FailureType { get; }

    /// <summary>A gateway takes a large part of a second for a call, and accepts many at once.</summary>
    public int Concurrency => 32;

    public ValueTask<bool> IsUsedAsync(TenantId tenant, CancellationToken cancellationToken) =>
        database.ReadAsync(
            async session => (await FactorStore.EnabledAsync(session, tenant, cancellationToken)).Contains(FactorNames.Sms), cancellationToken);

    /// <remarks>A selected provider that has no settings yet counts as none.</remarks>
    public ValueTask<ProviderChoice?> FindProviderAsync(TenantId tenant, CancellationToken cancellationToken) =>
        database.ReadAsync(
            async session =>
            {
                var selection = await settings.FindAsync(session, tenant, FactorSettings.PhoneProvider, cancellationToken);
                if (selection?.Json.Deserialize(FactorJson.Default.PhoneProviderChoice)?.Provider is not { } name || name == None)
                {
                    return null;
                }

                var provider = providers.FirstOrDefault(known => known.Channel == Name && known.Name == name);
                if (provider?.SettingKind is not { } kind)
                {
                    return new ProviderChoice(name, selection);
                }

                return await settings.FindAsync(session, tenant, kind, cancellationToken) is { } stored ? new ProviderChoice(name, stored) : null;
            },
            cancellationToken);
}

internal sealed class SmsChannel(Database database, SettingReader settings, IEnumerable<IMessageProvider> providers)
    : PhoneChannel(database, settings, providers)
{
    public override string Name => Message.Sms;

    public override string FailureType => AuditTypes.SmsNotSent;
}

internal sealed class VoiceChannel(Database database, SettingReader settings, IEnumerable<IMessageProvider> providers)
    : PhoneChannel(database, settings, providers)
{
    public override string Name => Message.Voice;

    public override string FailureType => AuditTypes.CallNotMade;
}

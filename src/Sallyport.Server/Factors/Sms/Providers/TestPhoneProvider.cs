using Sallyport.Server.Audit;
using Sallyport.Server.Messages;
using Sallyport.Server.Messages.Providers;
using Sallyport.Server.Settings;
using Sallyport.Server.Storage;
using Sallyport.Server.Tenants;

namespace Sallyport.Server.Factors.Sms.Providers;

/// <param name="Provider">The name of a provider, whether or not it is selected.</param>
/// <param name="Channel"><see cref="Message.Sms"/> or <see cref="Message.Voice"/>.</param>
/// <param name="To">E.164.</param>
internal sealed record TestPhoneProviderRequest(string Provider, string Channel, string To);

/// <summary>Sends a text without a code through a provider.</summary>
internal sealed class TestPhoneProvider(Database database, SettingReader settings, IEnumerable<IMessageProvider> providers, TestDelivery delivery)
{
    private const int MaxNameLength = 60;

    public async ValueTask<TestDeliveryResult> RunAsync(CallContext call, TestPhoneProviderRequest request, CancellationToken cancellationToken)
    {
        var provider = providers.FirstOrDefault(known => known.Channel == request.Channel && known.Name == request.Provider);
        if (provider?.SettingKind is not { } kind)
        {
            return TestDeliveryResult.NotConfigured;
        }

        var (stored, tenant) = await database.ReadAsync(
            async session => (
                await settings.FindAsync(session, call.Tenant, kind, cancellationToken),
                await TenantStore.GetSettingsAsync(session, call.Tenant, cancellationToken)),
            cancellationToken);
        return stored is null
            ? TestDeliveryResult.NotConfigured
            : await delivery.RunAsync(call, provider.Connect(stored), Write(request, tenant), cancellationToken);
    }

    private static Message Write(TestPhoneProviderRequest request, TenantSettings tenant) => Message.Of(new PhoneMessageV1
    {
        Channel = request.Channel,
        To = request.To,
        Text = $"This is a test message from {HeaderText.Clean(tenant.DisplayName, MaxNameLength)}.",
        Kind = PhoneMessageV1.Verification,
        Language = "en",
    });
}

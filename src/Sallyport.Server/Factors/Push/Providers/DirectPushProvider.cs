using System.Text.Json;
using Sallyport.Server.Configuration;
using Sallyport.Server.Messages;
using Sallyport.Server.Messages.Providers;
using Sallyport.Server.Settings;

namespace Sallyport.Server.Factors.Push.Providers;

/// <summary>Sends to APNs and FCM with the tenant's own credentials. The choice <c>direct</c> in the settings.</summary>
internal sealed class DirectPushProvider(IHttpClientFactory clients, PushDevices devices, SallyportOptions options, TimeProvider clock)
    : IMessageProvider, IDisposable
{
    public const string ProviderName = "direct";

    private readonly Lock gate = new();
    private PushServices? current;

    public string Channel => Message.Push;

    public string Name => ProviderName;

    /// <summary>Tokens and connections are kept while the settings stay the same.</summary>
    public IMessageConnection Connect(SettingValue settings)
    {
        lock (gate)
        {
            if (current is null || !current.Settings.HasSameContentAs(settings))
            {
                // Deliveries under way still use the services of the old settings, so they are left to the garbage collector.
                current = new PushServices(settings, clients, options, clock);
            }

            return new PushConnection(current, devices);
        }
    }

    public void Dispose() => current?.Dispose();

    private sealed class PushConnection(PushServices services, PushDevices devices) : IMessageConnection
    {
        public async Task SendAsync(OutgoingMessage message, CancellationToken cancellationToken)
        {
            var push = PushMessage.Read(message);
            if (!await services.Find(push.Service).TrySendAsync(push, cancellationToken))
            {
                throw await devices.DisableAsync(push, cancellationToken);
            }
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}

/// <summary>The push services that a tenant has credentials for.</summary>
internal sealed class PushServices(SettingValue settings, IHttpClientFactory clients, SallyportOptions options, TimeProvider clock) : IDisposable
{
    private readonly Lock gate = new();
    private IPushService? apns;
    private IPushService? fcm;
    private IDisposable? apnsCredentials;

    public SettingValue Settings => settings;

    /// <exception cref="DeliveryException">There are no usable credentials for this service.</exception>
    public IPushService Find(string service)
    {
        lock (gate)
        {
            return service == PushPayload.Apns ? apns ??= NewApns() : fcm ??= NewFcm();
        }
    }

    public void Dispose() => apnsCredentials?.Dispose();

    private FcmService NewFcm() =>
        settings.Secrets.GetValueOrDefault("server_credentials") is { } credentials
            ? new FcmService(
                new ProviderClient(clients, ProviderAddresses.Fcm), options, clock,
                FcmAccount.Parse(credentials, options.ProviderAddresses.Find(ProviderAddresses.GoogleTokens)))
            : throw DeliveryException.Misconfigured("There are no credentials for FCM.");

    private ApnsService NewApns()
    {
        var apnsSettings = settings.Json.Deserialize(FactorJson.Default.ApnsProvider)!;
        if (apnsSettings.BundleId is null)
        {
            throw DeliveryException.Misconfigured("There are no credentials for APNs.");
        }

        if (settings.Secrets.GetValueOrDefault("p8") is { } key)
        {
            var tokens = new ApnsTokens(apnsSettings, key, clock);
            apnsCredentials = tokens;
            return new ApnsService(new ProviderClient(clients, ProviderAddresses.Apns), options, apnsSettings, tokens);
        }

        if (settings.Secrets.GetValueOrDefault("p12") is { } certificate)
        {
            var withCertificate = new CertificateClients(certificate);
            apnsCredentials = withCertificate;
            return new ApnsService(new ProviderClient(withCertificate, ProviderAddresses.Apns), options, apnsSettings, tokens: null);
        }

        throw DeliveryException.Misconfigured("There are no credentials for APNs.");
    }
}

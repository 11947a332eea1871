using Sallyport.Server.Audit;
using Sallyport.Server.Configuration;
using Sallyport.Server.Settings;
using Sallyport.Server.Storage;
using Sallyport.Server.Tenants;

namespace Sallyport.Server.Messages.Providers;

/// <summary>Sends a mail through the tenant's provider, enabled or not.</summary>
internal sealed class TestEmailProvider(
    Database database, SettingReader settings, IEnumerable<IMessageProvider> providers, TestDelivery delivery, SallyportOptions options)
{
    public async ValueTask<TestDeliveryResult> RunAsync(CallContext call, string to, CancellationToken cancellationToken)
    {
        var (stored, tenant) = await database.ReadAsync(
            async session => (
                await settings.FindAsync(session, call.Tenant, ChangeEmailProvider.Kind, cancellationToken),
                await TenantStore.GetSettingsAsync(session, call.Tenant, cancellationToken)),
            cancellationToken);
        return stored is not null
            && providers.FirstOrDefault(known => known.Channel == Message.Email && known.Name == (string?)stored.Json["name"]) is { } provider
            ? await delivery.RunAsync(call, provider.Connect(stored), Write(stored, tenant, to), cancellationToken)
            : stored is null ? TestDeliveryResult.NotConfigured
            : TestDeliveryResult.NotSupported;
    }

    private Message Write(SettingValue stored, TenantSettings tenant, string to)
    {
        var name = MailNames.Tenant(tenant);
        var text = $"This is a test mail from {name}. Somebody who may change its e-mail provider has sent it to this address.";
        return Message.Of(new MailV1
        {
            FromName = name,
            FromAddress = (string?)stored.Json["default_from_address"] is { Length: > 0 } from ? from : MailComposer.OwnAddress(options),
            To = to,
            Subject = $"Test mail from {name}",
            Text = text,
            Html = $"<!DOCTYPE html><html lang=\"en\"><body><p>{System.Net.WebUtility.HtmlEncode(text)}</p></body></html>",
        });
    }
}

using Sallyport.Server.Audit;
using Sallyport.Server.Messages;
using Sallyport.Server.Settings;
using Sallyport.Server.Storage;
using Sallyport.Server.Tenants;

namespace Sallyport.Server.Factors.Sms.Providers;

internal enum TestPhoneProviderOutcome
{
    Accepted,

    /// <summary>The provider refused the message, or did not answer.</summary>
    Refused,

    /// <summary>There is no such provider, or it has no settings.</summary>
    NotConfigured,
}

/// <param name="Provider">The name of a provider, whether or not it is selected.</param>
/// <param name="Channel"><see cref="Message.Sms"/> or <see cref="Message.Voice"/>.</param>
/// <param name="To">E.164.</param>
internal sealed record TestPhoneProviderRequest(string Provider, string Channel, string To);

/// <param name="Detail">The id that the provider gave the message, or why the message was not accepted.</param>
internal readonly record struct TestPhoneProviderResult(TestPhoneProviderOutcome Outcome, string? Detail = null);

/// <summary>Sends a text without a code through a provider, at once and not through the outbox, and returns what the provider says.</summary>
internal sealed class TestPhoneProvider(
    Database database, SettingReader settings, IEnumerable<IMessageProvider> providers, AuditLog audit, TimeProvider clock)
{
    public async ValueTask<TestPhoneProviderResult> RunAsync(
        CallContext call, TestPhoneProviderRequest request, CancellationToken cancellationToken)
    {
        var provider = providers.FirstOrDefault(known => known.Channel == request.Channel && known.Name == request.Provider);
        if (provider?.SettingKind is not { } kind)
        {
            return new TestPhoneProviderResult(TestPhoneProviderOutcome.NotConfigured);
        }

        var (stored, tenant) = await database.ReadAsync(
            async session => (
                await settings.FindAsync(session, call.Tenant, kind, cancellationToken),
                await TenantStore.GetSettingsAsync(session, call.Tenant, cancellationToken)),
            cancellationToken);
        if (stored is null)
        {
            return new TestPhoneProviderResult(TestPhoneProviderOutcome.NotConfigured);
        }

        await database.WriteAsync(
            unit =>
            {
                audit.Add(unit, call.Tenant, ApiOperation.Succeeded(call, userId: null));
                return ValueTask.CompletedTask;
            },
            cancellationToken);
        return await SendAsync(provider, stored, NewMessage(request, tenant.DisplayName), cancellationToken);
    }

    private static async ValueTask<TestPhoneProviderResult> SendAsync(
        IMessageProvider provider, SettingValue stored, OutgoingMessage message, CancellationToken cancellationToken)
    {
        await using var connection = provider.Connect(stored);
        try
        {
            await connection.SendAsync(message, cancellationToken);
            return new TestPhoneProviderResult(TestPhoneProviderOutcome.Accepted, connection.LastMessageId);
        }
        catch (DeliveryException exception)
        {
            return new TestPhoneProviderResult(TestPhoneProviderOutcome.Refused, exception.Message);
        }
    }

    private OutgoingMessage NewMessage(TestPhoneProviderRequest request, string tenant)
    {
        var message = Message.Of(new PhoneMessageV1
        {
            Channel = request.Channel,
            To = request.To,
            Text = $"This is a test message from {HeaderText.Clean(tenant, maxLength: 60)}.",
            Kind = PhoneMessageV1.Verification,
            Language = "en",
        });
        return new OutgoingMessage($"test_{Guid.CreateVersion7():N}", request.Channel, clock.GetUtcNow(), message.Content);
    }
}

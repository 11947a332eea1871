using Sallyport.Server.Audit;
using Sallyport.Server.Configuration;
using Sallyport.Server.Settings;
using Sallyport.Server.Storage;
using Sallyport.Server.Tenants;

namespace Sallyport.Server.Messages.Providers;

internal enum TestEmailProviderOutcome
{
    Accepted,

    /// <summary>The provider refused the mail, or did not answer.</summary>
    Refused,

    /// <summary>The tenant has no e-mail provider, or one that this version does not support.</summary>
    NotConfigured,
}

/// <param name="Detail">What the provider said: the id that it gave the mail, or why it refused it.</param>
internal readonly record struct TestEmailProviderResult(TestEmailProviderOutcome Outcome, string? Detail = null);

/// <summary>Sends a mail through the tenant's provider, enabled or not, at once and not through the outbox.</summary>
internal sealed class TestEmailProvider(
    Database database, SettingReader settings, IEnumerable<IMessageProvider> providers, AuditLog audit, TestMail mail)
{
    public async ValueTask<TestEmailProviderResult> RunAsync(CallContext call, string to, CancellationToken cancellationToken)
    {
        var (stored, tenant) = await database.ReadAsync(
            async session => (
                await settings.FindAsync(session, call.Tenant, ChangeEmailProvider.Kind, cancellationToken),
                await TenantStore.GetSettingsAsync(session, call.Tenant, cancellationToken)),
            cancellationToken);
        if (stored is null || providers.FirstOrDefault(known => known.Channel == Message.Email && known.Name == (string?)stored.Json["name"]) is not { } provider)
        {
            return new TestEmailProviderResult(TestEmailProviderOutcome.NotConfigured);
        }

        await database.WriteAsync(
            unit =>
            {
                audit.Add(unit, call.Tenant, ApiOperation.Succeeded(call, userId: null));
                return ValueTask.CompletedTask;
            },
            cancellationToken);
        return await mail.SendAsync(provider.Connect(stored), mail.Write(stored, tenant, to), cancellationToken);
    }
}

internal sealed class TestMail(SallyportOptions options, TimeProvider clock)
{
    public async ValueTask<TestEmailProviderResult> SendAsync(IMessageConnection connection, OutgoingMessage message, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(DeliveryLane.Timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        await using (connection)
        {
            try
            {
                await connection.SendAsync(message, either.Token);
                return new TestEmailProviderResult(TestEmailProviderOutcome.Accepted, connection.LastMessageId);
            }
            catch (DeliveryException exception)
            {
                return new TestEmailProviderResult(TestEmailProviderOutcome.Refused, exception.Message);
            }
            catch (OperationCanceledException) when (timeout.IsCancellationRequested)
            {
                return new TestEmailProviderResult(
                    TestEmailProviderOutcome.Refused, $"The provider did not answer within {DeliveryLane.Timeout.TotalSeconds} seconds.");
            }
        }
    }

    public OutgoingMessage Write(SettingValue stored, TenantSettings tenant, string to)
    {
        var name = MailNames.Tenant(tenant);
        var text = $"This is a test mail from {name}. Somebody who may change its e-mail provider has sent it to this address.";
        var mail = Message.Of(new MailV1
        {
            FromName = name,
            FromAddress = (string?)stored.Json["default_from_address"] is { Length: > 0 } from ? from : MailComposer.OwnAddress(options),
            To = to,
            Subject = $"Test mail from {name}",
            Text = text,
            Html = $"<!DOCTYPE html><html lang=\"en\"><body><p>{System.Net.WebUtility.HtmlEncode(text)}</p></body></html>",
        });
        return new OutgoingMessage($"test{Guid.CreateVersion7():N}", Message.Email, clock.GetUtcNow(), mail.Content);
    }
}

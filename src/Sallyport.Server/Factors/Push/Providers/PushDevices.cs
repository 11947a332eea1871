using Sallyport.Server.Audit;
using Sallyport.Server.Messages;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Factors.Push.Providers;

/// <summary>
/// Stores what a push service says about a phone. Changes nothing if the phone has registered another address since the message was made.
/// </summary>
internal sealed class PushDevices(Database database, AuditLog audit)
{
    private readonly CallContext call = CallContext.Internal(CallChannel.Worker);

    /// <summary>The app of the phone is gone: no more messages are sent to it until it registers again.</summary>
    /// <returns>The failure of this delivery.</returns>
    public async Task<DeliveryException> DisableAsync(PushMessage message, CancellationToken cancellationToken)
    {
        await ChangeAsync(message, data => data with { Token = null, Endpoint = null }, AuditTypes.PushDisabled, cancellationToken);
        return DeliveryException.Permanent("The push service says that the app is gone; no more messages are sent to it.");
    }

    /// <param name="endpoint">See <see cref="PushDataV1.Endpoint"/>.</param>
    public Task KeepEndpointAsync(PushMessage message, string endpoint, CancellationToken cancellationToken) =>
        ChangeAsync(message, data => data with { Endpoint = endpoint }, logType: null, cancellationToken);

    private async Task ChangeAsync(
        PushMessage message, Func<PushDataV1, PushDataV1> change, string? logType, CancellationToken cancellationToken) =>
        await database.WriteAsync(
            async unit =>
            {
                var device = await AuthenticatorStore.FindAsync(unit, call.Tenant, message.AuthenticatorId, cancellationToken);
                if (device is null || PushFactor.Read(device) is var data && data.Token != message.Token)
                {
                    unit.Abandon();
                    return;
                }

                var isChanged = await unit.ExecuteAsync(AuthenticatorStore.Replace(device, PushFactor.Write(change(data))), cancellationToken) == 1;
                if (isChanged && logType is not null)
                {
                    audit.Add(unit, call.Tenant, AuthenticatorEvent.Of(logType, device, call.Source));
                }
            },
            cancellationToken);
}

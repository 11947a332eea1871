using Sallyport.Server.Audit;
using Sallyport.Server.Configuration;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Messages;

/// <summary>Finds the provider that delivers a channel's messages: the one that the tenant has enabled, otherwise the outbox folder.</summary>
internal sealed class MessageDispatcher(
    IEnumerable<IMessageProvider> providers, OutboxFolder folder, SallyportOptions options, ILogger<MessageDispatcher> logger)
{
    public async ValueTask<IMessageConnection> ConnectAsync(IMessageChannel channel, TenantId tenant, CancellationToken cancellationToken)
    {
        if (await channel.FindProviderAsync(tenant, cancellationToken) is not { } choice)
        {
            return folder;
        }

        if (Find(channel, choice) is { } provider)
        {
            return provider.Connect(choice.Settings);
        }

        MessagesLog.ProviderNotSupported(logger, choice.Name, options.OutboxDirectory);
        return folder;
    }

    /// <summary>Warns at startup if messages of this channel are written to the outbox folder instead of being sent.</summary>
    public async Task WarnAsync(IMessageChannel channel, CancellationToken cancellationToken)
    {
        var choice = await channel.FindProviderAsync(CallContext.Internal(CallChannel.Worker).Tenant, cancellationToken);
        if (choice is null)
        {
            MessagesLog.NoProvider(logger, options.OutboxDirectory);
        }
        else if (Find(channel, choice) is null)
        {
            MessagesLog.ProviderNotSupported(logger, choice.Name, options.OutboxDirectory);
        }
    }

    private IMessageProvider? Find(IMessageChannel channel, ProviderChoice choice) =>
        providers.FirstOrDefault(provider => provider.Channel == channel.Name && provider.Name == choice.Name);
}

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

        MessagesLog.ProviderNotSupported(logger, choice.Name, channel.Name, options.OutboxDirectory);
        return folder;
    }

    /// <returns>The name of the channel's provider and a connection to it; null if messages go to the outbox folder.</returns>
    public async ValueTask<(string Name, IMessageConnection Connection)?> FindAsync(
        IMessageChannel channel, TenantId tenant, CancellationToken cancellationToken) =>
        await channel.FindProviderAsync(tenant, cancellationToken) is { } choice && Find(channel, choice) is { } provider
            ? (choice.Name, provider.Connect(choice.Settings))
            : null;

    /// <summary>Warns at startup about each channel whose messages are written to the outbox folder instead of being sent.</summary>
    public async Task WarnAsync(IEnumerable<IMessageChannel> channels, CancellationToken cancellationToken)
    {
        var tenant = CallContext.Internal(CallChannel.Worker).Tenant;
        foreach (var channel in channels)
        {
            if (!await channel.IsUsedAsync(tenant, cancellationToken))
            {
                continue;
            }

            var choice = await channel.FindProviderAsync(tenant, cancellationToken);
            if (choice is null)
            {
                MessagesLog.NoProvider(logger, channel.Name, options.OutboxDirectory);
            }
            else if (Find(channel, choice) is null)
            {
                MessagesLog.ProviderNotSupported(logger, choice.Name, channel.Name, options.OutboxDirectory);
            }
        }
    }

    private IMessageProvider? Find(IMessageChannel channel, ProviderChoice choice) =>
        providers.FirstOrDefault(provider => provider.Channel == channel.Name && provider.Name == choice.Name);
}

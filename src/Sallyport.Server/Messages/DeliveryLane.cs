using System.Text;
using System.Threading.Channels;
using Sallyport.Server.Security;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Messages;

/// <summary>Delivers the messages of one channel, several at a time. Messages that are slow to deliver do not stop the others.</summary>
internal sealed class DeliveryLane(
    IMessageChannel channel, MessageDispatcher dispatcher, DeliveryRecorder recorder, ColumnCipher cipher, TimeProvider clock) : IDisposable
{
    /// <summary>The time for one message. When less is left of its lease, the message is released instead.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);

    /// <summary>The number of messages that are leased to this node and wait for delivery.</summary>
    private const int Capacity = 200;

    private const int SmallestBatch = 50;

    /// <summary>Then the settings of the provider are read again.</summary>
    private const int MaxMessagesPerConnection = 100;

    private readonly Channel<DueMessage> waiting = System.Threading.Channels.Channel.CreateUnbounded<DueMessage>();
    private readonly SemaphoreSlim places = new(Capacity);
    private readonly CancellationTokenSource stopping = new();
    private Task[] deliveries = [];

    public string Channel => channel.Name;

    public void Dispose()
    {
        places.Dispose();
        stopping.Dispose();
    }

    public void Start() => deliveries = [.. Enumerable.Range(0, channel.Concurrency).Select(_ => Task.Run(DeliverAllAsync))];

    /// <summary>Cancels the deliveries under way, and returns what was not delivered to the table.</summary>
    public async Task StopAsync()
    {
        await stopping.CancelAsync();
        await Task.WhenAll(deliveries);
        while (waiting.Reader.TryRead(out var message))
        {
            recorder.Add(new DeliveryResult(message, DeliveryOutcome.NotTried));
        }
    }

    /// <summary>Waits until there is room for a batch.</summary>
    /// <returns>The number of messages that may be added.</returns>
    public async Task<int> ReserveAsync(CancellationToken cancellationToken)
    {
        var reserved = 0;
        try
        {
            while (reserved < SmallestBatch)
            {
                await places.WaitAsync(cancellationToken);
                reserved++;
            }
        }
        catch (OperationCanceledException) when (reserved > 0)
        {
            places.Release(reserved);
            throw;
        }

        while (places.Wait(0, CancellationToken.None))
        {
            reserved++;
        }

        return reserved;
    }

    /// <param name="reserved">The result of <see cref="ReserveAsync"/>; what the messages do not need of it becomes free.</param>
    public void Add(List<DueMessage> messages, int reserved)
    {
        messages.ForEach(message => waiting.Writer.TryWrite(message));
        if (reserved > messages.Count)
        {
            places.Release(reserved - messages.Count);
        }
    }

    private async Task DeliverAllAsync()
    {
        try
        {
            while (await waiting.Reader.WaitToReadAsync(stopping.Token))
            {
                await using var provider = new ProviderConnection(channel, dispatcher);
                for (var sent = 0; sent < MaxMessagesPerConnection && !stopping.IsCancellationRequested && waiting.Reader.TryRead(out var message); sent++)
                {
                    recorder.Add(await DeliverAsync(provider, message) with { FailureType = channel.FailureType });
                    places.Release();
                }
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The server stops.
        }
    }

    private async Task<DeliveryResult> DeliverAsync(ProviderConnection provider, DueMessage message)
    {
        var now = clock.GetUtcNow();
        if (message.ExpiresAt <= now)
        {
            return new DeliveryResult(message, DeliveryOutcome.FailedPermanently, "The message expired before it could be delivered.") { HasExpired = true };
        }

        if (message.Attempts > RetrySchedule.MaxAttempts)
        {
            return new DeliveryResult(message, DeliveryOutcome.FailedPermanently, "The server stopped during every attempt to deliver the message.");
        }

        if (now + Timeout > message.LeaseEnd)
        {
            return new DeliveryResult(message, DeliveryOutcome.NotTried);
        }

        try
        {
            return await SendAsync(provider, message);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return new DeliveryResult(message, DeliveryOutcome.NotTried);
        }
        catch (DeliveryException exception)
        {
            return DeliveryResult.Of(message, exception);
        }
#pragma warning disable CA1031 // A message whose delivery fails in an unexpected way must not stop the others.
        catch (Exception exception)
        {
            recorder.LogUnexpected(message, exception);
            return new DeliveryResult(message, DeliveryOutcome.FailedForNow, exception.Message);
        }
#pragma warning restore CA1031
    }

    private async Task<DeliveryResult> SendAsync(ProviderConnection provider, DueMessage message)
    {
        var content = Encoding.UTF8.GetString(cipher.Open(message.SealedContent, MessageStore.AssociatedDataOf(message.Tenant, message.Id)));
        using var timeout = new CancellationTokenSource(Timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, stopping.Token);
        try
        {
            if (await channel.ComposeAsync(message, content, either.Token) is not { } composed)
            {
                return new DeliveryResult(message, DeliveryOutcome.NotWanted);
            }

            var connection = await provider.GetAsync(message.Tenant, either.Token);
            await connection.SendAsync(new OutgoingMessage(message.Id, message.Channel, message.CreatedAt, composed), either.Token);
            return new DeliveryResult(message, DeliveryOutcome.Delivered);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !stopping.IsCancellationRequested)
        {
            throw DeliveryException.Temporary($"The provider did not answer within {Timeout.TotalSeconds} seconds.");
        }
    }

    /// <summary>The connection to the provider that the tenant had enabled when the first message was sent.</summary>
    private sealed class ProviderConnection(IMessageChannel channel, MessageDispatcher dispatcher) : IAsyncDisposable
    {
        private TenantId? owner;
        private IMessageConnection? connection;

        public async ValueTask<IMessageConnection> GetAsync(TenantId tenant, CancellationToken cancellationToken)
        {
            if (connection is null || owner != tenant)
            {
                await DisposeAsync();
                connection = await dispatcher.ConnectAsync(channel, tenant, cancellationToken);
                owner = tenant;
            }

            return connection;
        }

        public async ValueTask DisposeAsync()
        {
            if (connection is not null)
            {
                await connection.DisposeAsync();
            }
        }
    }
}

namespace Sallyport.Server.Messages.Providers;

/// <summary>Sends each message with one HTTP request.</summary>
internal abstract class RequestConnection(ProviderClient client) : IMessageConnection
{
    public string? LastMessageId { get; private set; }

    public async Task SendAsync(OutgoingMessage message, CancellationToken cancellationToken)
    {
        using var request = await NewRequestAsync(message, cancellationToken);
        LastMessageId = ReadMessageId(await client.SendAsync(request, cancellationToken));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    protected abstract ValueTask<HttpRequestMessage> NewRequestAsync(OutgoingMessage message, CancellationToken cancellationToken);

    /// <returns>The id that the provider gave the message; null if it gave none.</returns>
    /// <exception cref="DeliveryException">The answer is a refusal.</exception>
    protected abstract string? ReadMessageId(ProviderAnswer answer);
}

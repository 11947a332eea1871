using System.Collections.Concurrent;

namespace Sallyport.Bench.Providers;

/// <summary>Messages that a fake provider has received, by recipient. Every recipient gets one.</summary>
internal sealed class Inbox<T>
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    private readonly ConcurrentDictionary<string, TaskCompletionSource<T>> messages = new(StringComparer.Ordinal);

    public void Add(string recipient, T message) => Of(recipient).TrySetResult(message);

    /// <exception cref="TimeoutException">Nothing has arrived.</exception>
    public async Task<T> TakeAsync(string recipient)
    {
        var message = await Of(recipient).Task.WaitAsync(Timeout, TimeProvider.System);
        messages.TryRemove(recipient, out _);
        return message;
    }

    private TaskCompletionSource<T> Of(string recipient) =>
        messages.GetOrAdd(recipient, _ => new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously));
}

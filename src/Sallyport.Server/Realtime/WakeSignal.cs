namespace Sallyport.Server.Realtime;

/// <summary>
/// Wakes the one who waits. Whoever is woken looks at the state again, so signals that come before that fall together and none is
/// needed for each change.
/// </summary>
internal sealed class WakeSignal
{
    private volatile TaskCompletionSource source = NewSource();

    public void Set() => source.TrySetResult();

    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        await source.Task.WaitAsync(cancellationToken);
        source = NewSource();
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

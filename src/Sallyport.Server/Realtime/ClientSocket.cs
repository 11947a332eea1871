using Sallyport.Protocols.SocketIo;

namespace Sallyport.Server.Realtime;

/// <summary>
/// One client: its session, protected by a lock, and a signal for the requests that wait for data to send. Data is taken under the
/// lock and written to the network outside it.
/// </summary>
internal sealed class ClientSocket(SocketSession session, string address, TimeProvider clock)
{
    private readonly Lock gate = new();
    private readonly Queue<SocketInput> receivedEvents = new();
    private MessageBudget budget;
    private long nextDeadline = session.NextDeadline.UtcTicks;

    /// <summary>Raised when there may be data to send. Open polls and websockets wait for it.</summary>
    public event Action? DataAvailable;

    /// <summary>Raised once, when the session is closed.</summary>
    public event Action<ClientSocket>? Closed;

    /// <summary>The subscriptions of the client's namespaces. May be used only inside <see cref="Call"/>.</summary>
    public List<Subscription> Subscriptions { get; } = [];

    public string Id => session.Id;

    public EngineProtocol Protocol => session.Protocol;

    public SocketCloseReason? CloseReason => session.CloseReason;

    /// <summary>The address that <see cref="ConnectionLimiter"/> counts.</summary>
    public string Address => address;

    public bool IsDue(DateTimeOffset now) => Volatile.Read(ref nextDeadline) <= now.UtcTicks;

    /// <summary>Calls the session under the lock. The call may produce data to send.</summary>
    public T Call<T>(Func<SocketSession, DateTimeOffset, T> call)
    {
        var result = CallLocked(call, out var isClosed);
        DataAvailable?.Invoke();
        RaiseClosed(isClosed);
        return result;
    }

    public void Call(Action<SocketSession, DateTimeOffset> call) =>
        Call((session, now) =>
        {
            call(session, now);
            return true;
        });

    /// <summary>Like <see cref="Call"/>, for data from the client. A client that sends too fast is kicked.</summary>
    public T? Receive<T>(Func<SocketSession, DateTimeOffset, T> receive) =>
        Call((session, now) =>
        {
            if (budget.TryTake(now))
            {
                return receive(session, now);
            }

            session.Kick(now);
            return default;
        });

    /// <summary>Takes data to send. Does not raise <see cref="DataAvailable"/> unless the session closes.</summary>
    public T Take<T>(Func<SocketSession, T> take)
    {
        var result = CallLocked((session, _) => take(session), out var isClosed);
        if (isClosed)
        {
            DataAvailable?.Invoke();
            RaiseClosed(isClosed);
        }

        return result;
    }

    /// <summary>Sends <c>unauthorized</c> and disconnects. An error packet would crash some clients (docs/wire.md §2.5).</summary>
    public void RejectToken(string ns) =>
        Call((session, now) =>
        {
            session.Emit(ns, "unauthorized", Unauthorized.InvalidToken);
            session.Kick(now);
        });

    /// <summary>Takes the next event that the client sent.</summary>
    public bool TryTakeEvent(out SocketInput input)
    {
        lock (gate)
        {
            return receivedEvents.TryDequeue(out input!);
        }
    }

    private T CallLocked<T>(Func<SocketSession, DateTimeOffset, T> call, out bool isClosed)
    {
        isClosed = false;
        lock (gate)
        {
            var result = call(session, clock.GetUtcNow());
            while (session.TryTakeInput(out var input))
            {
                isClosed |= input.Kind == SocketInputKind.Closed;
                Handle(input);
            }

            Volatile.Write(ref nextDeadline, session.NextDeadline.UtcTicks);
            return result;
        }
    }

    private void Handle(SocketInput input)
    {
        switch (input.Kind)
        {
            case SocketInputKind.Event:
                receivedEvents.Enqueue(input);
                break;
            case SocketInputKind.Left:
                Subscriptions.ForEach(subscription => subscription.IsLeft |= subscription.Namespace == input.Namespace);
                break;
            case SocketInputKind.Closed:
                Subscriptions.ForEach(subscription => subscription.IsLeft = true);
                break;
            case SocketInputKind.Joined:
                break;
        }
    }

    private void RaiseClosed(bool isClosed)
    {
        if (isClosed)
        {
            Closed?.Invoke(this);
        }
    }
}

/// <summary>
/// Limits the messages of one socket to a burst and then a few per second (generic cell rate algorithm). A Guardian client sends
/// fewer than ten messages and a heartbeat every 25 seconds.
/// </summary>
internal struct MessageBudget
{
    private const int Burst = 60;
    private static readonly long Cost = TimeSpan.FromMilliseconds(100).Ticks;

    private long busyUntil;

    public bool TryTake(DateTimeOffset now)
    {
        var next = Math.Max(busyUntil, now.UtcTicks) + Cost;
        if (next > now.UtcTicks + (Burst * Cost))
        {
            return false;
        }

        busyUntil = next;
        return true;
    }
}

/// <summary>Wakes one waiting task. Several signals before the task runs are merged into one.</summary>
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

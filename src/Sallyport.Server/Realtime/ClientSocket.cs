using Sallyport.Protocols.SocketIo;

namespace Sallyport.Server.Realtime;

/// <summary>
/// One client: its session behind a lock, and those who wait for what it has to send. What is to be written to the network is
/// taken under the lock and written outside of it.
/// </summary>
internal sealed class ClientSocket(SocketSession session, string address, TimeProvider clock)
{
    private readonly Lock gate = new();
    private readonly Queue<SocketInput> heard = new();
    private MessageBudget budget;
    private long nextDeadline = session.NextDeadline.UtcTicks;

    /// <summary>Polls and websockets that wait.</summary>
    public event Action? Woken;

    /// <summary>Once, when the session is over.</summary>
    public event Action<ClientSocket>? Closed;

    /// <summary>In the client's namespaces; only to be touched inside of <see cref="Call"/>.</summary>
    public List<Subscription> Subscriptions { get; } = [];

    public string Id => session.Id;

    public EngineProtocol Protocol => session.Protocol;

    public SocketCloseReason? CloseReason => session.CloseReason;

    /// <summary>For the limit of sockets for each address.</summary>
    public string Address => address;

    public bool IsDue(DateTimeOffset now) => Volatile.Read(ref nextDeadline) <= now.UtcTicks;

    /// <summary>Something that may give the session more to send.</summary>
    public T Call<T>(Func<SocketSession, DateTimeOffset, T> call)
    {
        var result = Locked(call, out var isOver);
        Woken?.Invoke();
        TellEnd(isOver);
        return result;
    }

    public void Call(Action<SocketSession, DateTimeOffset> call) =>
        Call((session, now) =>
        {
            call(session, now);
            return true;
        });

    /// <summary>A <see cref="Call"/> in the name of the client, which is sent away where it sends too fast.</summary>
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

    /// <summary>Takes what is to be sent, which wakes nobody but at the end.</summary>
    public T Take<T>(Func<SocketSession, T> take)
    {
        var result = Locked((session, _) => take(session), out var isOver);
        if (isOver)
        {
            Woken?.Invoke();
            TellEnd(isOver);
        }

        return result;
    }

    /// <summary>The next event that the client sent.</summary>
    public bool TryHear(out SocketInput input)
    {
        lock (gate)
        {
            return heard.TryDequeue(out input!);
        }
    }

    private T Locked<T>(Func<SocketSession, DateTimeOffset, T> call, out bool isOver)
    {
        isOver = false;
        lock (gate)
        {
            var result = call(session, clock.GetUtcNow());
            while (session.TryTakeInput(out var input))
            {
                isOver |= input.Kind == SocketInputKind.Closed;
                Keep(input);
            }

            Volatile.Write(ref nextDeadline, session.NextDeadline.UtcTicks);
            return result;
        }
    }

    private void Keep(SocketInput input)
    {
        switch (input.Kind)
        {
            case SocketInputKind.Event:
                heard.Enqueue(input);
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

    private void TellEnd(bool isOver)
    {
        if (isOver)
        {
            Closed?.Invoke(this);
        }
    }
}

using System.Collections.Concurrent;
using Sallyport.Protocols.SocketIo;
using Sallyport.Server.Security;

namespace Sallyport.Server.Realtime;

/// <summary>The sockets of this node, by the id that alone speaks for a client.</summary>
internal sealed class SocketRegistry(
    ConnectionLimiter admission, SubscriptionIndex subscriptions, RealtimeMetrics metrics, TimeProvider clock)
{
    private const int IdLength = 32;
    private const int SocketIdLength = 20;

    private static readonly SocketSessionOptions SessionOptions = SocketSessionOptions.Default with
    {
        JoinTimeout = TimeSpan.FromSeconds(15),
        AuthenticationTimeout = TimeSpan.FromSeconds(15),
        MaxPayloadBytes = 20_000,
        MaxPacketsPerPayload = 32,
        MaxQueuedPackets = 64,
        MaxQueuedCharacters = 200_000,
    };

    private readonly ConcurrentDictionary<string, ClientSocket> sockets = new(StringComparer.Ordinal);

    public static int MaxPayloadBytes => SessionOptions.MaxPayloadBytes;

    /// <returns>A new socket, or why there is none.</returns>
    public (ClientSocket? Socket, AdmissionOutcome Outcome) Open(EngineProtocol protocol, SocketTransport transport, string address)
    {
        var outcome = admission.Admit(address);
        if (outcome != AdmissionOutcome.Admitted)
        {
            metrics.Refused(outcome);
            return (null, outcome);
        }

        var start = new SocketSessionStart(
            Tokens.NewAlphaNumeric(IdLength), protocol, transport, static () => Tokens.NewAlphaNumeric(SocketIdLength));
        var socket = new ClientSocket(new SocketSession(start, SessionOptions, clock.GetUtcNow()), address, clock);
        socket.Closed += Forget;
        sockets.TryAdd(socket.Id, socket);
        metrics.Opened(transport);
        return (socket, outcome);
    }

    public ClientSocket? Find(string id) => sockets.GetValueOrDefault(id);

    /// <summary>Those with a heartbeat or a time-out to come by. One pass over all is cheaper than a timer for each.</summary>
    public IEnumerable<ClientSocket> ListDue()
    {
        var now = clock.GetUtcNow();
        foreach (var (_, socket) in sockets)
        {
            if (socket.IsDue(now))
            {
                yield return socket;
            }
        }
    }

    /// <summary>Lets every client have what is queued, and sends it to another node.</summary>
    public void Stop()
    {
        admission.Stop();
        foreach (var (_, socket) in sockets)
        {
            socket.Call((session, now) => session.Stop(now));
        }
    }

    private void Forget(ClientSocket socket)
    {
        sockets.TryRemove(socket.Id, out _);
        admission.Release(socket.Address);
        // Nobody adds one to a socket that is closed.
        foreach (var subscription in socket.Subscriptions)
        {
            subscriptions.Remove(subscription);
        }

        metrics.Closed(socket.CloseReason);
    }
}

using System.Collections.Concurrent;
using Sallyport.Protocols.SocketIo;
using Sallyport.Server.Security;

namespace Sallyport.Server.Realtime;

/// <summary>The sockets of this node by session id, which is the client's only credential.</summary>
internal sealed class SocketRegistry(
    ConnectionLimiter limiter, SubscriptionIndex subscriptions, RealtimeMetrics metrics, TimeProvider clock)
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

    /// <returns>A new socket, or null and the reason.</returns>
    public (ClientSocket? Socket, ConnectionOutcome Outcome) Open(EngineProtocol protocol, SocketTransport transport, string address)
    {
        var outcome = limiter.TryAdd(address);
        if (outcome != ConnectionOutcome.Accepted)
        {
            metrics.Refused(outcome);
            return (null, outcome);
        }

        var start = new SocketSessionStart(
            Tokens.NewAlphaNumeric(IdLength), protocol, transport, static () => Tokens.NewAlphaNumeric(SocketIdLength));
        var socket = new ClientSocket(new SocketSession(start, SessionOptions, clock.GetUtcNow()), address, clock);
        socket.Closed += Remove;
        sockets.TryAdd(socket.Id, socket);
        metrics.Opened(transport);
        return (socket, outcome);
    }

    public ClientSocket? Find(string id) => sockets.GetValueOrDefault(id);

    /// <summary>Lists sockets with a due heartbeat or timeout. One pass over all sockets is cheaper than a timer per socket.</summary>
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

    /// <summary>Closes all sockets after their queued packets are delivered. The clients reconnect to another node.</summary>
    public void Stop()
    {
        limiter.Stop();
        foreach (var (_, socket) in sockets)
        {
            socket.Call((session, now) => session.Stop(now));
        }
    }

    private void Remove(ClientSocket socket)
    {
        sockets.TryRemove(socket.Id, out _);
        limiter.Release(socket.Address);
        // No subscription is added to a closed socket, so the list does not change any more.
        foreach (var subscription in socket.Subscriptions)
        {
            subscriptions.Remove(subscription);
        }

        metrics.Closed(socket.CloseReason);
    }
}

using Sallyport.Protocols.SocketIo;
using Sallyport.Server.Transactions;

namespace Sallyport.Server.Realtime;

/// <summary>Brings what was read to the client. Called by one reader at a time.</summary>
internal sealed class SocketNotifier(TransactionEvents news, RealtimeMetrics metrics, TimeProvider clock)
{
    /// <param name="view">Null where there is no such transaction any more, or its user is blocked.</param>
    public void Tell(Subscription subscription, TransactionView? view, RefreshReason reason)
    {
        if (view is null || view.Transaction.UserId != subscription.Identity.UserId || !view.IsAlive(clock.GetUtcNow()))
        {
            // A dead transaction has no news: the client has given up by itself, or is told so.
            Unauthorized.Tell(subscription.Socket, subscription.Namespace);
            return;
        }

        if (subscription is { IsAuthenticated: true, DeliveredEvents.IsAll: true })
        {
            return;
        }

        // Outside of the lock: there is a signature in it.
        var (items, told) = news.Since(subscription.DeliveredEvents, view);
        subscription.Socket.Call((session, _) => Emit(session, subscription, items, told));
        foreach (var item in items)
        {
            metrics.Sent(item.Event, reason);
        }
    }

    private static void Emit(SocketSession session, Subscription subscription, IReadOnlyList<TransactionEvent> items, DeliveredEvents told)
    {
        if (subscription.IsLeft)
        {
            return;
        }

        if (!subscription.IsAuthenticated)
        {
            session.MarkAuthenticated();
            session.Emit(subscription.Namespace, "authenticated");
            subscription.IsAuthenticated = true;
        }

        foreach (var item in items)
        {
            session.Emit(subscription.Namespace, item.Event, item.Payload);
        }

        subscription.DeliveredEvents = told;
    }
}

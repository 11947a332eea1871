using Sallyport.Protocols.SocketIo;
using Sallyport.Server.Transactions;

namespace Sallyport.Server.Realtime;

/// <summary>Sends the events of a transaction to a subscribed socket.</summary>
internal sealed class SocketNotifier(TransactionEvents events, RealtimeMetrics metrics, TimeProvider clock)
{
    /// <param name="view">Null when the transaction is gone or its user is blocked.</param>
    public void Notify(Subscription subscription, TransactionView? view, RefreshReason reason)
    {
        if (view is null || view.Transaction.UserId != subscription.Identity.UserId || !view.IsAlive(clock.GetUtcNow()))
        {
            subscription.Socket.RejectToken(subscription.Namespace);
            return;
        }

        if (subscription is { IsAuthenticated: true, DeliveredEvents.IsComplete: true })
        {
            return;
        }

        // Outside the lock, because it may compute a signature.
        var (newEvents, delivered) = events.Since(subscription.DeliveredEvents, view);
        subscription.Socket.Call((session, _) => Emit(session, subscription, newEvents, delivered));
        foreach (var newEvent in newEvents)
        {
            metrics.Sent(newEvent.Name, reason);
        }
    }

    private static void Emit(
        SocketSession session, Subscription subscription, IReadOnlyList<TransactionEvent> newEvents, DeliveredEvents delivered)
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

        foreach (var newEvent in newEvents)
        {
            session.Emit(subscription.Namespace, newEvent.Name, newEvent.Payload);
        }

        subscription.DeliveredEvents = delivered;
    }
}

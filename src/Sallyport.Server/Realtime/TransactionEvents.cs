using System.Text.Json;
using Sallyport.Server.Factors;
using Sallyport.Server.Transactions;
using Sallyport.Server.Transactions.Guardian;

namespace Sallyport.Server.Realtime;

internal readonly record struct TransactionEvent(string Name, JsonElement Payload);

/// <summary>
/// Computes the events to send: the difference between the state of a transaction and what was delivered, in the order of
/// docs/wire.md §2.4.
/// </summary>
internal sealed class TransactionEvents(FactorCatalog catalog, OutcomeTokens outcomes)
{
    /// <returns>The new events, and what is delivered once they are sent.</returns>
    public (IReadOnlyList<TransactionEvent> Events, DeliveredEvents Delivered) Since(DeliveredEvents delivered, TransactionView view)
    {
        var events = new List<TransactionEvent>();
        var enrollment = delivered.Enrollment ? null : view.AnnouncedEnrollment;
        if (enrollment is not null)
        {
            events.Add(new TransactionEvent("enrollment:confirmed", ToJson(Confirmed(enrollment, view))));
        }

        var state = view.Transaction.State;
        if (state != delivered.State)
        {
            events.AddRange(ForState(view.Transaction));
        }

        return (events, new DeliveredEvents(delivered.Enrollment || enrollment is not null, state));
    }

    private IEnumerable<TransactionEvent> ForState(Transaction transaction) => transaction.State switch
    {
        // Only a client's request for another challenge leads from rejected back to pending.
        TransactionState.Pending => [],
        TransactionState.Accepted => [new("login:complete", ToJson(new LoginComplete(transaction.Id, outcomes.Issue(transaction))))],
        TransactionState.Rejected => [new("login:rejected", ToJson(new LoginRejected(transaction.Id)))],
    };

    private EnrollmentConfirmed Confirmed(Authenticator authenticator, TransactionView view) => new()
    {
        TransactionId = authenticator.TransactionId,
        Method = catalog.TraitsOf(authenticator).Method,
        Device = EnrollmentStateResponse.Of(authenticator, view.UserFactors, catalog),
    };

    private static JsonElement ToJson<T>(T payload) => JsonSerializer.SerializeToElement(payload, typeof(T), RealtimeJson.Default);
}

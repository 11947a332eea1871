using System.Text.Json;
using Sallyport.Server.Factors;
using Sallyport.Server.Transactions;
using Sallyport.Server.Transactions.Guardian;

namespace Sallyport.Server.Realtime;

internal readonly record struct TransactionEvent(string Event, JsonElement Payload);

/// <summary>
/// The difference between what is true of a transaction and what a client has been told, in the order in which the client is to
/// hear it (guardian-wire 2.4). However often it is asked, nothing is told twice.
/// </summary>
internal sealed class TransactionEvents(FactorCatalog catalog, OutcomeTokens outcomes)
{
    public (IReadOnlyList<TransactionEvent> Items, DeliveredEvents DeliveredEvents) Since(DeliveredEvents told, TransactionView view)
    {
        var items = new List<TransactionEvent>();
        var enrollment = told.Enrollment ? null : view.AnnouncedEnrollment;
        if (enrollment is not null)
        {
            items.Add(new TransactionEvent("enrollment:confirmed", ToJson(Confirmed(enrollment, view))));
        }

        var state = view.Transaction.State;
        if (state != told.State)
        {
            items.AddRange(OfState(view.Transaction));
        }

        return (items, new DeliveredEvents(told.Enrollment || enrollment is not null, state));
    }

    private IEnumerable<TransactionEvent> OfState(Transaction transaction) => transaction.State switch
    {
        // After a rejection the client has asked for another challenge itself.
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

using Sallyport.Server.Factors;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Transactions;

internal sealed class GetTransactionState(
    Database database, FactorCatalog catalog, OutcomeTokens outcomes, TimeProvider clock)
{
    /// <returns>Null where the transaction has expired, its user is gone or blocked, or what it was accepted for is gone.</returns>
    public async ValueTask<TransactionStateResponse?> RunAsync(TransactionIdentity identity, CancellationToken cancellationToken)
    {
        var view = await database.ReadAsync(
            session => TransactionStore.FindAsync(session, identity, attemptId: "", cancellationToken), cancellationToken);
        if (view is null || !view.IsAlive(clock.GetUtcNow()))
        {
            return null;
        }

        return new TransactionStateResponse
        {
            Id = identity.TransactionId,
            State = TransactionStore.StateName(view.Transaction.State),
            Enrollment = view.NewsOfEnrollment is { } newest ? EnrollmentStateResponse.Of(newest, catalog.AnswerableMethods(view.UserFactors)) : null,
            Token = view.IsAccepted ? outcomes.Issue(view.Transaction) : null,
        };
    }
}

using Sallyport.Server.Factors;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Transactions;

internal sealed class GetTransactionState(
    Database database, FactorCatalog catalog, OutcomeTokens outcomes, TimeProvider clock)
{
    /// <returns>Null where the transaction has expired, or its user is gone or blocked.</returns>
    public async ValueTask<TransactionStateResponse?> RunAsync(TransactionIdentity identity, CancellationToken cancellationToken)
    {
        var (view, user) = await database.ReadAsync(
            async session => (
                await TransactionStore.FindAsync(session, identity, attemptId: "", cancellationToken),
                await UserFactors.FindAsync(session, identity.Tenant, identity.UserId, cancellationToken)),
            cancellationToken);
        if (view is null || !view.Transaction.IsAlive(clock.GetUtcNow()))
        {
            return null;
        }

        return new TransactionStateResponse
        {
            Id = identity.TransactionId,
            State = TransactionStore.StateName(view.Transaction.State),
            Enrollment = view.NewsOfEnrollment is { } newest ? Describe(newest, catalog.AnswerableMethods(user)) : null,
            Token = view.Transaction.State == TransactionState.Accepted ? outcomes.Issue(view.Transaction) : null,
        };
    }

    private static EnrollmentStateResponse Describe(Authenticator newest, IReadOnlyList<string> answerable)
    {
        var methods = answerable.Where(method => method != FactorNames.RecoveryCode).ToList();
        return new EnrollmentStateResponse
        {
            Id = newest.Id,
            Name = newest.Name,
            Methods = methods,
            AvailableMethods = methods,
            AvailableAuthenticatorTypes = answerable,
        };
    }
}

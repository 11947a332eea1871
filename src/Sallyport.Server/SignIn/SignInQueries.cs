using Sallyport.Server.Audit;
using Sallyport.Server.Storage;
using Sallyport.Server.Transactions;

namespace Sallyport.Server.SignIn;

internal sealed class SignInQueries(Database database, TimeProvider clock)
{
    /// <returns>
    /// Null if there is no such sign-in, or if another client created it; and whether it can still be accepted, or its result be used.
    /// </returns>
    public ValueTask<(Transaction? Transaction, bool IsAlive)> FindStateAsync(
        CallContext call, string transactionId, CancellationToken cancellationToken) =>
        database.ReadAsync(session => FindStateAsync(session, call, transactionId, cancellationToken), cancellationToken);

    private async ValueTask<(Transaction?, bool)> FindStateAsync(
        Session session, CallContext call, string transactionId, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var view = await TransactionViewStore.FindAsync(session, call.Tenant, (SignInOrigin.OriginName, transactionId), now, cancellationToken);
        return view is not null && IsOf(call, view.Transaction) ? (view.Transaction, view.IsUsable(now)) : (null, false);
    }

    public static async ValueTask<Transaction?> FindAsync(
        Session session, CallContext call, string transactionId, CancellationToken cancellationToken)
    {
        var transaction = await TransactionStore.FindAsync(session, call.Tenant, SignInOrigin.OriginName, transactionId, cancellationToken);
        return transaction is not null && IsOf(call, transaction) ? transaction : null;
    }

    private static bool IsOf(CallContext call, Transaction transaction) =>
        SignInData.Parse(transaction.OriginData!).CreatedBy is { } creator && creator == call.Source.ClientId;
}

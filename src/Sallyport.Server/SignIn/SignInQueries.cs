using Sallyport.Server.Audit;
using Sallyport.Server.Storage;
using Sallyport.Server.Transactions;

namespace Sallyport.Server.SignIn;

internal sealed class SignInQueries(Database database, TransactionQueries transactions)
{
    /// <returns>
    /// Null if there is no such sign-in, or if another client created it; and whether it can still be accepted, or its result be used.
    /// </returns>
    public async ValueTask<(Transaction? Transaction, bool IsAlive)> FindStateAsync(
        CallContext call, string transactionId, CancellationToken cancellationToken)
    {
        var transaction = await database.ReadAsync(session => FindAsync(session, call, transactionId, cancellationToken), cancellationToken);
        if (transaction is null)
        {
            return (null, false);
        }

        var identity = new TransactionIdentity(call.Tenant, transactionId, transaction.UserId);
        var view = await transactions.FindAliveAsync(identity, cancellationToken);
        return (view?.Transaction ?? transaction, view is not null);
    }

    public static async ValueTask<Transaction?> FindAsync(
        Session session, CallContext call, string transactionId, CancellationToken cancellationToken)
    {
        var transaction = await TransactionStore.FindAsync(session, call.Tenant, SignInOrigin.OriginName, transactionId, cancellationToken);
        return transaction is not null && SignInData.Parse(transaction.OriginData!).CreatedBy == call.Source.ClientId ? transaction : null;
    }
}

using Sallyport.Server.Audit;
using Sallyport.Server.Storage;
using Sallyport.Server.Transactions;

namespace Sallyport.Server.SignIn;

internal sealed class SignInQueries(Database database)
{
    /// <returns>Null if there is no such sign-in, or if another client created it.</returns>
    public ValueTask<Transaction?> FindAsync(CallContext call, string transactionId, CancellationToken cancellationToken) =>
        database.ReadAsync(session => FindAsync(session, call, transactionId, cancellationToken), cancellationToken);

    public static async ValueTask<Transaction?> FindAsync(
        Session session, CallContext call, string transactionId, CancellationToken cancellationToken)
    {
        var transaction = await TransactionStore.FindAsync(session, call.Tenant, SignInOrigin.OriginName, transactionId, cancellationToken);
        return transaction is not null && SignInData.Parse(transaction.OriginData!).CreatedBy == call.Source.ClientId ? transaction : null;
    }
}

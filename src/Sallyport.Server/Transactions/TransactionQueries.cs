using Sallyport.Server.Storage;

namespace Sallyport.Server.Transactions;

internal sealed class TransactionQueries(Database database, TimeProvider clock)
{
    /// <returns>Null if the transaction has expired or was ended, its user is gone or blocked, or what it was accepted for is gone.</returns>
    public async ValueTask<TransactionView?> FindAliveAsync(TransactionIdentity identity, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var view = await database.ReadAsync(
            session => TransactionStore.FindAsync(session, identity, attemptId: "", now, cancellationToken), cancellationToken);
        return view is not null && view.IsAlive(now) ? view : null;
    }
}

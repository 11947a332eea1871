using Sallyport.Server.Security;
using Sallyport.Server.Storage;
using Sallyport.Server.Users;

namespace Sallyport.Server.Transactions;

/// <summary>
/// Inserts a transaction that is created before it is started. Holds the user, as a block and a reset do, so the two happen one after the
/// other: they end the transaction, or prevent it.
/// </summary>
internal static class TransactionInsertion
{
    /// <returns>False if the user is gone or blocked; the unit is abandoned then.</returns>
    public static async ValueTask<bool> TryInsertAsync(UnitOfWork unit, Transaction transaction, CancellationToken cancellationToken)
    {
        unit.Enqueue(AttemptLimit.Hold(transaction.Tenant, transaction.UserId));
        if (await UserStore.FindAsync(unit, transaction.Tenant, transaction.UserId, cancellationToken) is not { Blocked: not true })
        {
            unit.Abandon();
            return false;
        }

        unit.Enqueue(TransactionStore.Insert(transaction));
        return true;
    }
}

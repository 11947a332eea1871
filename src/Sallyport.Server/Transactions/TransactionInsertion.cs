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
    /// <param name="first">What is to happen before, once the user is held.</param>
    /// <returns>False if the user is blocked; the unit is abandoned then. Violates <c>attempt_user_id_fkey</c> if there is no such user.</returns>
    public static async ValueTask<bool> TryInsertAsync(
        UnitOfWork unit, Transaction transaction, Statement? first, CancellationToken cancellationToken)
    {
        unit.Enqueue(AttemptLimit.Hold(transaction.Tenant, transaction.UserId));
        if (first is { } statement)
        {
            unit.Enqueue(statement);
        }

        if (await UserStore.FindAsync(unit, transaction.Tenant, transaction.UserId, cancellationToken) is not { Blocked: not true })
        {
            unit.Abandon();
            return false;
        }

        unit.Enqueue(TransactionStore.Insert(transaction));
        return true;
    }
}

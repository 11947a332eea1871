using Sallyport.Server.Factors;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Transactions;

/// <summary>A code that was right, and the authenticator whose it is.</summary>
internal sealed record Proof(Authenticator Authenticator, Acceptance Acceptance);

/// <summary>Accepts a transaction with all that hangs on it: everything that may happen once, or nothing.</summary>
internal sealed class AcceptTransaction(IEnumerable<ITransactionOrigin> origins, ITransactionChangePublisher publisher, TimeProvider clock)
{
    /// <returns>False where something of it has happened before; the unit is abandoned then.</returns>
    public async ValueTask<bool> TryAsync(UnitOfWork unit, TransactionView view, Proof proof, CancellationToken cancellationToken)
    {
        if (!await unit.TryApplyAsync(Once(view, proof), cancellationToken))
        {
            return false;
        }

        publisher.Announce(unit, view.Transaction);
        return true;
    }

    private List<Statement> Once(TransactionView view, Proof proof)
    {
        var (transaction, now) = (view.Transaction, clock.GetUtcNow());
        List<Statement> statements = [proof.Acceptance.Once, TransactionStore.Accept(transaction)];
        if (view.IsEnrolling)
        {
            var origin = origins.Single(known => known.Name == transaction.Origin);
            statements.Add(AuthenticatorStore.Confirm(proof.Authenticator, transaction.AllowMultipleEnrollments, now));
            statements.Add(origin.Spend(transaction, now));
        }

        return statements;
    }
}

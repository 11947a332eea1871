using Sallyport.Server.Audit;
using Sallyport.Server.Factors;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Transactions;

/// <summary>A right response, and the authenticator that gave it.</summary>
internal sealed record Proof(Authenticator Authenticator, Acceptance Acceptance, IReadOnlyList<string> Amr);

/// <summary>
/// Accepts a transaction, confirms what it enrolls, spends its origin, ends what the enrollment makes obsolete and tells the user: all of it,
/// or nothing.
/// </summary>
internal sealed class AcceptTransaction(
    IEnumerable<ITransactionOrigin> origins, FactorCatalog catalog, ITransactionChangePublisher publisher, FactorChangeNotices notices, TimeProvider clock)
{
    /// <summary>Adds it to the unit. If any of it has happened before, <see cref="UnitOfWork.TryCommitAsync"/> says so.</summary>
    public void Add(UnitOfWork unit, CallContext call, TransactionView view, Proof proof)
    {
        var (transaction, now) = (view.Transaction, clock.GetUtcNow());
        List<Statement> once = [.. proof.Acceptance.Once, TransactionStore.Accept(transaction, proof, now)];
        if (transaction.Enrolls)
        {
            once.Add(AuthenticatorStore.Confirm(proof.Authenticator, transaction.AllowMultipleEnrollments, now));
            if (origins.Single(known => known.Name == transaction.Origin).Spend(transaction, now) is { } spend)
            {
                once.Add(spend);
            }
        }

        once.ForEach(unit.Require);
        if (transaction.Enrolls)
        {
            if (catalog.TraitsOf(proof.Authenticator).HasRecoveryCode)
            {
                ConfirmFallbacks(unit, view, now);
            }

            foreach (var superseded in origins.Select(origin => origin.Supersede(transaction, now)).OfType<Statement>())
            {
                unit.Enqueue(superseded);
            }

            unit.Enqueue(DeleteSupersededAuthenticators(transaction));
        }

        notices.Add(unit, call, new FactorChange(transaction.UserId, view.UserEmail)
        {
            Added = transaction.Enrolls ? [proof.Authenticator.Factor] : [],
            Used = proof.Acceptance.NewRecoveryCode is null ? [] : [proof.Authenticator.Factor],
        });
        publisher.Publish(unit, transaction);
    }

    /// <summary>Another enrollment that began at the same time may have confirmed a recovery code of its own: the one shown last counts.</summary>
    private void ConfirmFallbacks(UnitOfWork unit, TransactionView view, DateTimeOffset now)
    {
        foreach (var fallback in view.Pending.Where(authenticator => catalog.TraitsOf(authenticator).IsFallback))
        {
            unit.Enqueue(AuthenticatorStore.DeleteConfirmed(fallback.Tenant, fallback.UserId, fallback.Factor));
            unit.Enqueue(AuthenticatorStore.Confirm(fallback, besideOthers: true, now));
        }
    }

    /// <summary>The other pending authenticators of this transaction, of its origin, and of origins that allow one enrollment only.</summary>
    private static Statement DeleteSupersededAuthenticators(Transaction transaction) =>
        TransactionEndStore.DeletePendingAuthenticators(
            "t.transaction_id = @transaction_id OR NOT t.allow_multiple_enrollments OR (t.origin = @origin AND t.origin_id = @origin_id)",
            transaction.Tenant,
            ("user_id", transaction.UserId),
            ("transaction_id", transaction.Id),
            ("origin", transaction.Origin),
            ("origin_id", transaction.OriginId));
}

using Sallyport.Server.Audit;
using Sallyport.Server.Factors;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Transactions;

/// <summary>A right response, and the authenticator that gave it.</summary>
internal sealed record Proof(Authenticator Authenticator, Acceptance Acceptance, IReadOnlyList<string> Amr);

/// <summary>
/// Accepts a transaction, and confirms what it enrolls: all of it, or nothing.
/// </summary>
internal sealed class AcceptTransaction(
    ConfirmEnrollment enrollment, ITransactionChangePublisher publisher, FactorChangeNotices notices, AuditLog audit, TimeProvider clock)
{
    /// <summary>Adds the statements to the unit. <see cref="UnitOfWork.TryCommitAsync"/> returns false if any of them was applied before.</summary>
    public void Add(UnitOfWork unit, CallContext call, TransactionView view, Proof proof)
    {
        var (transaction, now) = (view.Transaction, clock.GetUtcNow());
        List<Statement> once = [.. proof.Acceptance.Once, TransactionStore.Accept(transaction, proof, now)];
        if (view.IsEnrolling)
        {
            once.AddRange(enrollment.Once(transaction, proof.Authenticator));
        }

        once.ForEach(unit.Require);
        if (view.IsEnrolling)
        {
            enrollment.Follow(unit, view, proof.Authenticator);
        }

        Resume(unit, call, view, proof);
        notices.Add(unit, call, new FactorChange(transaction.UserId, view.UserEmail)
        {
            Added = view.IsEnrolling ? [proof.Authenticator.Factor] : [],
            Used = proof.Acceptance.NewRecoveryCode is null ? [] : [proof.Authenticator.Factor],
        });
        publisher.Publish(unit, transaction);
    }

    /// <summary>A user who has proved another factor is the person who has reported a challenge, so challenges are sent again.</summary>
    private void Resume(UnitOfWork unit, CallContext call, TransactionView view, Proof proof)
    {
        if (view.Transaction.Enrolls || !view.Authenticators.Any(known => known.HaltedAt is not null && known.Factor != proof.Authenticator.Factor))
        {
            return;
        }

        unit.Enqueue(AuthenticatorStore.Resume(call.Tenant, view.Transaction.UserId));
        audit.Add(unit, call.Tenant, new AuditEntry(AuditTypes.PushResumed, view.Transaction.SourceOf(call.Source)) { UserId = view.Transaction.UserId });
    }
}

/// <summary>The steps that confirm a pending authenticator, spend its origin, and end what the enrollment makes obsolete.</summary>
internal sealed class ConfirmEnrollment(IEnumerable<ITransactionOrigin> origins, FactorCatalog catalog, TimeProvider clock)
{
    /// <param name="companion">Confirmed together with it; null if there is none.</param>
    /// <returns>Each changes exactly one row for the first confirmation, and none afterwards.</returns>
    public IEnumerable<Statement> Once(Transaction transaction, Authenticator authenticator, Authenticator? companion = null)
    {
        var now = clock.GetUtcNow();
        yield return AuthenticatorStore.Confirm(authenticator, transaction.AllowMultipleEnrollments, now);
        if (companion is not null)
        {
            yield return AuthenticatorStore.Confirm(companion, besideOthers: true, now);
        }

        if (OriginOf(transaction).Spend(transaction, now) is { } spend)
        {
            yield return spend;
        }
    }

    /// <summary>What follows once <see cref="Once"/> was applied.</summary>
    public void Follow(UnitOfWork unit, TransactionView view, Authenticator enrolled)
    {
        var (transaction, now) = (view.Transaction, clock.GetUtcNow());
        if (catalog.TraitsOf(enrolled).HasRecoveryCode)
        {
            ConfirmFallbacks(unit, view, now);
        }

        foreach (var superseded in origins.Select(origin => origin.Supersede(transaction, now)).OfType<Statement>())
        {
            unit.Enqueue(superseded);
        }

        unit.Enqueue(DeleteSupersededAuthenticators(transaction));
    }

    /// <summary>Accepts the transaction if its origin ends with the enrollment of a device.</summary>
    public IEnumerable<Statement> Accept(Transaction transaction, Proof proof) =>
        OriginOf(transaction).EndsWithEnrollment ? [TransactionStore.Accept(transaction, proof, clock.GetUtcNow())] : [];

    private ITransactionOrigin OriginOf(Transaction transaction) => origins.Single(known => known.Name == transaction.Origin);

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

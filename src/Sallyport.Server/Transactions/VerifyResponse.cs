using Sallyport.Server.Audit;
using Sallyport.Server.Factors;
using Sallyport.Server.Security;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Transactions;

internal enum VerifyOutcome
{
    Accepted,
    Refused,

    /// <summary>Too many wrong codes: this one was not evaluated.</summary>
    TooManyAttempts,

    /// <summary>Another transaction has enrolled the user meanwhile.</summary>
    EnrolledElsewhere,

    /// <summary>The transaction has expired or was ended, or its user is gone or blocked.</summary>
    TransactionGone,
}

internal readonly record struct VerifyResult(VerifyOutcome Outcome)
{
    /// <summary>The recovery code that replaces the one just used, in clear.</summary>
    public string? RecoveryCode { get; init; }

    /// <summary>How many more wrong responses are allowed; null unless this one was wrong.</summary>
    public int? AttemptsLeft { get; init; }

    public TimeSpan RetryAfter { get; init; }

    public override string ToString() => Outcome.ToString();
}

/// <summary>
/// Verifies a response. Counting the attempt, evaluating it, accepting, spending the ticket and writing the log are one database
/// transaction, which holds the user from its first statement on: responses of one user are evaluated one after the other.
/// </summary>
internal sealed class VerifyResponse(
    Database database, AuditLog audit, FactorCatalog catalog, AcceptTransaction accept, TimeProvider clock)
{
    public async ValueTask<VerifyResult> RunAsync(
        CallContext call, TransactionIdentity identity, FactorResponse response, CancellationToken cancellationToken)
    {
        var request = new Request(call, identity, response, catalog.LogTypesOf(response.Kind));
        try
        {
            return await database.WriteAsync(unit => RunAsync(unit, request, cancellationToken), cancellationToken);
        }
        catch (System.Data.Common.DbException exception) when (ConstraintViolation.IsForeignKey(exception))
        {
            return new VerifyResult(VerifyOutcome.TransactionGone);
        }
    }

    private async ValueTask<VerifyResult> RunAsync(UnitOfWork unit, Request request, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var view = await CountAndFindAsync(unit, request.Identity, now, cancellationToken);
        if (view is null || !view.Transaction.IsAlive(now) || view.Transaction.Enrolls != request.Identity.Enrolls)
        {
            unit.Abandon();
            return new VerifyResult(VerifyOutcome.TransactionGone);
        }

        if (!view.Transaction.Enrolls && !view.Enrolled.Any())
        {
            // Nothing could be right, so nobody may use up the attempts of the user here.
            unit.Abandon();
            return new VerifyResult(VerifyOutcome.Refused);
        }

        if (!(view.Transaction.Enrolls ? view.CodeWasCounted : AttemptLimit.Wait(view.AttemptsFullAt ?? now, now) == TimeSpan.Zero))
        {
            audit.AddRefusal(unit, request.Identity.Tenant, request.Entry(view.Transaction, request.LogTypes.Exhausted), cause: "attempts exhausted");
            return new VerifyResult(VerifyOutcome.TooManyAttempts)
            {
                RetryAfter = AttemptLimit.Wait(view.AttemptsFullAt ?? now, now),
            };
        }

        if (view.IsSuperseded || (view.Transaction is { Enrolls: true, TakesResponses: true } && !view.Transaction.MayEnroll(view.Enrolled.Any())))
        {
            unit.Abandon();
            return new VerifyResult(view.Enrolled.Any() ? VerifyOutcome.EnrolledElsewhere : VerifyOutcome.TransactionGone);
        }

        return await EvaluateAsync(unit, view, request);
    }

    /// <summary>Wrong codes for a pending authenticator count against its transaction, all others against the user.</summary>
    private static ValueTask<TransactionView?> CountAndFindAsync(
        UnitOfWork unit, TransactionIdentity identity, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var attemptId = Tokens.NewHex(32);
        unit.Enqueue(AttemptLimit.Hold(identity.Tenant, identity.UserId));
        if (identity.Enrolls)
        {
            unit.Enqueue(TransactionStore.CountCode(identity, attemptId));
        }

        return TransactionStore.FindAsync(unit, identity, attemptId, now, cancellationToken);
    }

    private async ValueTask<VerifyResult> EvaluateAsync(UnitOfWork unit, TransactionView view, Request request)
    {
        if (FindProof(view, request.Response) is not { } proof)
        {
            return Refuse(unit, view, request);
        }

        var (transaction, identity) = (view.Transaction, request.Identity);
        accept.Add(unit, request.Call, view, proof);
        audit.Add(unit, identity.Tenant, request.Entry(
            transaction,
            transaction.Enrolls ? AuditTypes.EnrollmentComplete : catalog.TraitsOf(proof.Authenticator).LogTypes.Succeeded));
        return await unit.TryCommitAsync()
            ? new VerifyResult(VerifyOutcome.Accepted) { RecoveryCode = proof.Acceptance.NewRecoveryCode }
            : new VerifyResult(transaction.Enrolls ? VerifyOutcome.EnrolledElsewhere : VerifyOutcome.Refused);
    }

    private Proof? FindProof(TransactionView view, FactorResponse response)
    {
        if (!view.Transaction.TakesResponses)
        {
            return null;
        }

        foreach (var candidate in view.Candidates)
        {
            if (catalog.Find(candidate.Factor) is { } factor && factor.ResponseKind == response.Kind
                && view.OpenChallenge(candidate) is var open && response.Answers?.Invoke(open) != false
                && factor.Verify(candidate, open, response, clock.GetUtcNow()) is { } acceptance)
            {
                return new Proof(candidate, acceptance, factor.Traits.Amr);
            }
        }

        return null;
    }

    private VerifyResult Refuse(UnitOfWork unit, TransactionView view, Request request)
    {
        var (transaction, now) = (view.Transaction, clock.GetUtcNow());
        if (!transaction.Enrolls)
        {
            unit.Enqueue(AttemptLimit.Take(request.Identity.Tenant, request.Identity.UserId, now));
        }
        else if (transaction is { TakesResponses: true, WrongCodes: >= Transaction.MaxWrongCodes })
        {
            unit.Enqueue(TransactionEndStore.End(transaction, now));
        }

        audit.Add(unit, request.Identity.Tenant, request.Entry(transaction, request.LogTypes.Failed));
        return new VerifyResult(VerifyOutcome.Refused)
        {
            AttemptsLeft = transaction.Enrolls
                ? transaction.WrongCodesLeft
                : AttemptLimit.LeftAfterOneMore(view.AttemptsFullAt ?? now, now),
        };
    }

    private sealed record Request(CallContext Call, TransactionIdentity Identity, FactorResponse Response, FactorLogTypes LogTypes)
    {
        public AuditEntry Entry(Transaction transaction, string type) => new(type, transaction.SourceOf(Call.Source)) { UserId = Identity.UserId };
    }
}

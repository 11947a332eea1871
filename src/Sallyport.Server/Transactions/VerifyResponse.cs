using Sallyport.Server.Audit;
using Sallyport.Server.Factors;
using Sallyport.Server.Security;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Transactions;

internal enum VerifyOutcome
{
    Accepted,

    /// <summary>The response is genuine and says no.</summary>
    Rejected,
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
    Database database, AuditLog audit, FactorCatalog catalog, ResponseOutcomes outcomes, TimeProvider clock)
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
        var view = await CountAndFindAsync(unit, request, now, cancellationToken);
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

        if (request.IsCounted ? !view.AttemptWasTaken : view.AttemptsFullAt is { } full && AttemptLimit.Wait(full, now) > TimeSpan.Zero)
        {
            audit.AddRefusal(unit, request.Identity.Tenant, request.Entry(view.Transaction, request.LogTypes.Exhausted), cause: "attempts exhausted");
            return new VerifyResult(VerifyOutcome.TooManyAttempts)
            {
                RetryAfter = AttemptLimit.Wait(view.AttemptsFullAt ?? now, now),
            };
        }

        if (view.IsSuperseded || (view.IsEnrolling && view.Transaction.TakesResponses && !view.Transaction.MayEnroll(view.Enrolled.Any())))
        {
            unit.Abandon();
            return new VerifyResult(view.Enrolled.Any() ? VerifyOutcome.EnrolledElsewhere : VerifyOutcome.TransactionGone);
        }

        return await EvaluateAsync(unit, view, request, cancellationToken);
    }

    /// <summary>
    /// Wrong codes in an enrollment count against its transaction, all others against the user. A signature cannot be guessed, so it is not
    /// counted.
    /// </summary>
    private static ValueTask<TransactionView?> CountAndFindAsync(
        UnitOfWork unit, Request request, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (identity, attemptId) = (request.Identity, Tokens.NewHex(32));
        if (!request.IsCounted)
        {
            unit.Enqueue(AttemptLimit.Hold(identity.Tenant, identity.UserId));
        }
        else if (identity.Enrolls)
        {
            unit.Enqueue(AttemptLimit.Hold(identity.Tenant, identity.UserId));
            unit.Enqueue(TransactionStore.CountCode(identity, attemptId));
        }
        else
        {
            unit.Enqueue(AttemptLimit.Take(identity.Tenant, identity.UserId, attemptId, now));
        }

        return TransactionStore.FindAsync(unit, identity, attemptId, now, cancellationToken);
    }

    private async ValueTask<VerifyResult> EvaluateAsync(
        UnitOfWork unit, TransactionView view, Request request, CancellationToken cancellationToken)
    {
        if (FindProof(view, request.Response) is not { } proof)
        {
            return Refuse(unit, view, request);
        }

        var (transaction, identity) = (view.Transaction, request.Identity);
        if (proof.Acceptance.Rejection is not null)
        {
            return await outcomes.Reject.TryAsync(unit, request.Call, view, proof, cancellationToken)
                ? new VerifyResult(VerifyOutcome.Rejected)
                : new VerifyResult(VerifyOutcome.Refused);
        }

        if (!await outcomes.Accept.TryAsync(unit, request.Call, view, proof, cancellationToken))
        {
            return new VerifyResult(view.IsEnrolling ? VerifyOutcome.EnrolledElsewhere : VerifyOutcome.Refused);
        }

        if (request.IsCounted && !transaction.Enrolls)
        {
            unit.Enqueue(AttemptLimit.GiveBack(identity.Tenant, identity.UserId, clock.GetUtcNow()));
        }

        audit.Add(unit, identity.Tenant, request.Entry(
            transaction,
            view.IsEnrolling ? AuditTypes.EnrollmentComplete : catalog.TraitsOf(proof.Authenticator).LogTypes.Succeeded));
        return new VerifyResult(VerifyOutcome.Accepted) { RecoveryCode = proof.Acceptance.NewRecoveryCode };
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
        if (!request.IsCounted)
        {
            audit.AddRefusal(unit, request.Identity.Tenant, request.Entry(transaction, request.LogTypes.Failed), cause: "signature");
            return new VerifyResult(VerifyOutcome.Refused);
        }

        if (transaction is { Enrolls: true, TakesResponses: true, WrongCodes: >= Transaction.MaxWrongCodes })
        {
            unit.Enqueue(TransactionEndStore.End(transaction, now));
        }

        audit.Add(unit, request.Identity.Tenant, request.Entry(transaction, request.LogTypes.Failed));
        return new VerifyResult(VerifyOutcome.Refused)
        {
            AttemptsLeft = transaction.Enrolls
                ? transaction.WrongCodesLeft
                : AttemptLimit.Left(view.AttemptsFullAt ?? now, now),
        };
    }

    private sealed record Request(CallContext Call, TransactionIdentity Identity, FactorResponse Response, FactorLogTypes LogTypes)
    {
        public bool IsCounted => Response.Kind != ResponseKind.DeviceSignature;

        public AuditEntry Entry(Transaction transaction, string type) => new(type, transaction.SourceOf(Call.Source)) { UserId = Identity.UserId };
    }
}

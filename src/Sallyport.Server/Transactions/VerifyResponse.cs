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

    /// <summary>The name of the authenticator that was enrolled; null if the factor names none.</summary>
    public string? AuthenticatorName { get; init; }

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
        var request = new Request(call, identity, response, catalog.TraitsOf(response.Kind));
        try
        {
            return await database.WriteAsync(unit => RunAsync(unit, request, cancellationToken), cancellationToken);
        }
        catch (System.Data.Common.DbException exception) when (ConstraintViolation.IsForeignKey(exception))
        {
            return new VerifyResult(VerifyOutcome.TransactionGone);
        }
        catch (System.Data.Common.DbException exception) when (ConstraintViolation.IsUnique(exception))
        {
            // Another user has registered the same credential at the same time.
            return new VerifyResult(VerifyOutcome.Refused);
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

        if ((request.CountsAttempt || !request.Traits.IsGuessable) && !HasAttempt(view, request, now))
        {
            audit.AddRefusal(
                unit, request.Identity.Tenant, request.Entry(view.Transaction, request.Traits.LogTypes.Exhausted), cause: "attempts exhausted");
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
    /// Wrong responses in an enrollment count against its transaction, wrong codes at sign-in against the user. What cannot be guessed
    /// (<see cref="FactorTraits.IsGuessable"/>) is not counted.
    /// </summary>
    private static ValueTask<TransactionView?> CountAndFindAsync(
        UnitOfWork unit, Request request, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (identity, attemptId) = (request.Identity, Tokens.NewHex(32));
        unit.Enqueue(AttemptLimit.Hold(identity.Tenant, identity.UserId));
        if (identity.Enrolls && request.CountsAttempt)
        {
            unit.Enqueue(TransactionStore.CountCode(identity, attemptId));
        }

        return TransactionViewStore.FindAsync(unit, identity, attemptId, now, cancellationToken);
    }

    private static bool HasAttempt(TransactionView view, Request request, DateTimeOffset now) =>
        view.Transaction.Enrolls && request.CountsAttempt ? view.CodeWasCounted : AttemptLimit.Wait(view.AttemptsFullAt ?? now, now) == TimeSpan.Zero;

    private async ValueTask<VerifyResult> EvaluateAsync(
        UnitOfWork unit, TransactionView view, Request request, CancellationToken cancellationToken)
    {
        if (request.Traits.IsAnsweredByBrowser && !await UseChallengeAsync(unit, view, request, cancellationToken))
        {
            return Refuse(unit, view, request, new Refusal("no_challenge"));
        }

        var (proof, refusal) = FindProof(view, request.Response);
        if (proof is null)
        {
            return Refuse(unit, view, request, refusal);
        }

        var (transaction, identity) = (view.Transaction, request.Identity);
        if (proof.Acceptance.UniqueKey is { } key && await AuthenticatorStore.IsTakenAsync(unit, identity.Tenant, key, cancellationToken))
        {
            return Refuse(unit, view, request, new Refusal("already_registered", proof.Authenticator.Id));
        }

        if (proof.Acceptance.Rejection is not null)
        {
            return await outcomes.Reject.TryAsync(unit, request.Call, view, proof, cancellationToken)
                ? new VerifyResult(VerifyOutcome.Rejected)
                : new VerifyResult(VerifyOutcome.Refused);
        }

        outcomes.Accept.Add(unit, request.Call, view, proof);
        audit.Add(unit, identity.Tenant, AuthenticatorEvent.Of(
            view.IsEnrolling ? AuditTypes.EnrollmentComplete : catalog.TraitsOf(proof.Authenticator).LogTypes.Succeeded,
            proof.Authenticator,
            transaction.SourceOf(request.Call.Source)));
        return await unit.TryCommitAsync()
            ? new VerifyResult(VerifyOutcome.Accepted)
            {
                RecoveryCode = proof.Acceptance.NewRecoveryCode,
                AuthenticatorName = proof.Acceptance.Name,
            }
            : new VerifyResult(view.IsEnrolling ? VerifyOutcome.EnrolledElsewhere : VerifyOutcome.Refused);
    }

    /// <summary>Before the response is evaluated: whatever it is, no other one is evaluated with the same challenge.</summary>
    private async ValueTask<bool> UseChallengeAsync(
        UnitOfWork unit, TransactionView view, Request request, CancellationToken cancellationToken) =>
        view.Transaction.TakesResponses
        && await unit.ExecuteAsync(
            ChallengeStore.AnswerAll(view.Transaction.Tenant, view.Transaction.Id, catalog.NamesOf(request.Response.Kind), clock.GetUtcNow()),
            cancellationToken) > 0;

    /// <returns>Why it is refused, if a factor says so and none accepts it.</returns>
    private (Proof? Proof, Refusal? Refusal) FindProof(TransactionView view, FactorResponse response)
    {
        Refusal? refusal = null;
        foreach (var candidate in view.Transaction.TakesResponses ? view.Candidates : [])
        {
            if (catalog.Find(candidate.Factor) is not { } factor || factor.ResponseKind != response.Kind
                || view.OpenChallenge(candidate, factor.Traits) is var open && response.Answers?.Invoke(open) == false)
            {
                continue;
            }

            var evaluation = factor.Evaluate(candidate, open, response, clock.GetUtcNow());
            if (evaluation.Acceptance is { } acceptance)
            {
                return (new Proof(candidate, acceptance, acceptance.Amr ?? factor.Traits.Amr), null);
            }

            refusal = evaluation.RefusalReason is { } reason ? new Refusal(reason, candidate.Id) : refusal;
        }

        return (null, refusal);
    }

    private VerifyResult Refuse(UnitOfWork unit, TransactionView view, Request request, Refusal? refusal)
    {
        var (transaction, now) = (view.Transaction, clock.GetUtcNow());
        if (!request.Traits.IsGuessable)
        {
            // Their number is not limited, so all of one minute share a log entry.
            audit.AddRefusal(unit, request.Identity.Tenant, request.Entry(transaction, request.Traits.LogTypes.Failed), cause: "signature");
            return new VerifyResult(VerifyOutcome.Refused);
        }

        if (request.CountsAttempt && !transaction.Enrolls)
        {
            unit.Enqueue(AttemptLimit.Take(request.Identity.Tenant, request.Identity.UserId, now));
        }
        else if (transaction is { Enrolls: true, TakesResponses: true, WrongCodes: >= Transaction.MaxWrongCodes })
        {
            unit.Enqueue(TransactionEndStore.End(transaction, now));
        }

        var types = request.Traits.LogTypes;
        audit.Add(unit, request.Identity.Tenant, request.Entry(transaction, (transaction.Enrolls ? types.EnrollmentFailed : null) ?? types.Failed) with
        {
            Details = refusal?.ToJson(),
        });
        return new VerifyResult(VerifyOutcome.Refused)
        {
            AttemptsLeft = transaction.Enrolls ? transaction.WrongCodesLeft
                : request.CountsAttempt ? AttemptLimit.LeftAfterOneMore(view.AttemptsFullAt ?? now, now)
                : null,
        };
    }

    /// <summary>Why a response is refused. Neither text needs escaping: the reason is a constant of a factor, and the id is generated.</summary>
    private readonly record struct Refusal(string Reason, string? AuthenticatorId = null)
    {
        public string ToJson() => AuthenticatorId is null
            ? $$"""{"reason":"{{Reason}}"}"""
            : $$"""{"reason":"{{Reason}}","authenticator_id":"{{AuthenticatorId}}"}""";
    }

    /// <param name="Traits">Those that all factors with this kind of response share.</param>
    private sealed record Request(CallContext Call, TransactionIdentity Identity, FactorResponse Response, FactorTraits Traits)
    {
        /// <summary>The response takes an attempt. Without one, the limit on challenges bounds the failures.</summary>
        public bool CountsAttempt => Traits.IsGuessable && (Identity.Enrolls || !Traits.IsAnsweredByBrowser);

        public AuditEntry Entry(Transaction transaction, string type) => new(type, transaction.SourceOf(Call.Source)) { UserId = Identity.UserId };
    }
}

using Sallyport.Server.Audit;
using Sallyport.Server.Factors;
using Sallyport.Server.Security;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Transactions;

internal enum VerifyOutcome
{
    Accepted,
    Refused,

    /// <summary>Too many wrong codes: this one was not even looked at.</summary>
    TooManyAttempts,

    /// <summary>The user has been enrolled by another transaction meanwhile.</summary>
    EnrolledElsewhere,

    /// <summary>The transaction has expired, or its user is gone or blocked.</summary>
    TransactionGone,
}

/// <summary>
/// Looks at a code. Counting the attempt, looking, accepting, spending the ticket and writing the log are one database
/// transaction, which holds the user's attempts from its first statement on: codes of one user are looked at one by one.
/// </summary>
internal sealed class VerifyCode(
    Database database, AuditLog audit, FactorCatalog catalog, AcceptTransaction accept, TimeProvider clock)
{
    public async ValueTask<VerifyResult> RunAsync(VerifyRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await database.WriteAsync(unit => RunAsync(unit, request, cancellationToken), cancellationToken);
        }
        catch (System.Data.Common.DbException exception) when (ConstraintViolation.IsForeignKey(exception))
        {
            return new VerifyResult(VerifyOutcome.TransactionGone);
        }
    }

    private async ValueTask<VerifyResult> RunAsync(
        UnitOfWork unit, VerifyRequest request, CancellationToken cancellationToken)
    {
        var (identity, now) = (request.Identity, clock.GetUtcNow());
        var attemptId = Tokens.NewHex(32);
        unit.Enqueue(AttemptLimit.Take(identity.Tenant, identity.UserId, attemptId, now));
        var view = await TransactionStore.FindAsync(unit, identity, attemptId, cancellationToken);

        if (view is null || !view.Transaction.IsAlive(now))
        {
            unit.Abandon();
            return new VerifyResult(VerifyOutcome.TransactionGone);
        }

        if (!view.AttemptWasTaken)
        {
            audit.Add(unit, identity.Tenant, Entry(request, Exhausted(request)));
            return new VerifyResult(VerifyOutcome.TooManyAttempts)
            {
                RetryAfter = AttemptLimit.Wait(view.AttemptsFullAt ?? now, now),
            };
        }

        if (view.IsEnrolling && !view.Transaction.MayEnroll(view.Enrolled.Any()))
        {
            unit.Abandon();
            return new VerifyResult(VerifyOutcome.EnrolledElsewhere);
        }

        return await LookAsync(unit, view, request, cancellationToken);
    }

    private async ValueTask<VerifyResult> LookAsync(
        UnitOfWork unit, TransactionView view, VerifyRequest request, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var factor = catalog.Get(request.Factor);
        var (authenticator, acceptance) = view.Transaction.TakesCodes
            ? view.Candidates(request.Factor)
                .Select(candidate => (candidate, factor.Accept(candidate, request.Code, now)))
                .FirstOrDefault(pair => pair.Item2 is not null)
            : default;
        if (acceptance is null)
        {
            audit.Add(unit, request.Identity.Tenant, Entry(request, Failed(request)));
            return new VerifyResult(VerifyOutcome.Refused);
        }

        var enrolls = view.IsEnrolling;
        if (!await accept.TryAsync(unit, view, new Proof(authenticator!, acceptance), cancellationToken))
        {
            return new VerifyResult(enrolls ? VerifyOutcome.EnrolledElsewhere : VerifyOutcome.Refused);
        }

        foreach (var recoveryCode in view.Pending.Where(a => a.Factor == FactorNames.RecoveryCode))
        {
            // Another enrollment that began when this one did may have been confirmed, with a code of its own.
            unit.Enqueue(AuthenticatorStore.DeleteRecoveryCode(request.Identity.Tenant, request.Identity.UserId));
            unit.Enqueue(AuthenticatorStore.Confirm(recoveryCode, besideOthers: true, now));
        }

        unit.Enqueue(AttemptLimit.GiveBack(request.Identity.Tenant, request.Identity.UserId, now));
        audit.Add(unit, request.Identity.Tenant, Entry(request, Succeeded(request, enrolls)));
        return new VerifyResult(VerifyOutcome.Accepted) { RecoveryCode = acceptance.Replacement };
    }

    private static AuditEntry Entry(VerifyRequest request, string type) =>
        new(type, request.Source) { UserId = request.Identity.UserId };

    private static string Exhausted(VerifyRequest request) =>
        request.IsRecovery ? AuditTypes.RecoveryAttemptsExhausted : AuditTypes.AttemptsExhausted;

    private static string Failed(VerifyRequest request) =>
        request.IsRecovery ? AuditTypes.RecoveryFailed : AuditTypes.AuthenticationFailed;

    private static string Succeeded(VerifyRequest request, bool enrolls) =>
        enrolls ? AuditTypes.EnrollmentComplete
        : request.IsRecovery ? AuditTypes.RecoverySucceeded
        : AuditTypes.AuthenticationSucceeded;
}

internal sealed record VerifyRequest(TransactionIdentity Identity, string Factor, string Code, AuditSource Source)
{
    public bool IsRecovery => Factor == FactorNames.RecoveryCode;

    public override string ToString() => $"{Factor} ***";
}

internal readonly record struct VerifyResult(VerifyOutcome Outcome)
{
    /// <summary>The recovery code that takes the place of the one just used, in clear.</summary>
    public string? RecoveryCode { get; init; }

    public TimeSpan RetryAfter { get; init; }

    public override string ToString() => Outcome.ToString();
}

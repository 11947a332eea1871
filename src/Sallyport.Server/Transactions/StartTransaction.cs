using Sallyport.Server.Audit;
using Sallyport.Server.Factors;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Transactions;

internal enum StartOutcome
{
    Started,

    /// <summary>The credential allows nothing.</summary>
    Refused,

    /// <summary>The credential has started so many that it may start another when one of them has expired.</summary>
    TooManyTransactions,
}

/// <summary>
/// Starts a transaction: an enrollment with a pending authenticator for a user who may enroll, else an authentication.
/// Nothing that it writes counts for anything until a code is right.
/// </summary>
internal sealed class StartTransaction(Database database, AuditLog audit, FactorCatalog catalog, TimeProvider clock)
{
    private static readonly TenantId Tenant = TenantId.Default;

    public async ValueTask<(StartOutcome Outcome, StartedTransaction? Started)> RunAsync(
        StartTransactionRequest request, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var grant = await database.ReadAsync(
            session => request.Credential.Origin.FindGrantAsync(session, request.Credential.Value, now, cancellationToken),
            cancellationToken);
        if (grant is not { MayStart: true })
        {
            return (grant is null ? StartOutcome.Refused : StartOutcome.TooManyTransactions, null);
        }

        var started = Prepare(request, grant, now);
        try
        {
            await database.WriteAsync(unit => Write(unit, started, request.Source), cancellationToken);
            return (StartOutcome.Started, started);
        }
        catch (System.Data.Common.DbException exception) when (ConstraintViolation.IsForeignKey(exception))
        {
            // The user was deleted in this moment.
            return (StartOutcome.Refused, null);
        }
    }

    private StartedTransaction Prepare(
        StartTransactionRequest request, TransactionGrant grant, DateTimeOffset now)
    {
        var user = grant.Factors;
        var transaction = new Transaction
        {
            Tenant = Tenant,
            Id = Transaction.NewId(),
            UserId = grant.UserId,
            Origin = request.Credential.Origin.Name,
            OriginId = grant.OriginId,
            AllowMultipleEnrollments = grant.AllowMultipleEnrollments,
            State = TransactionState.Pending,
            StateTransport = request.StateTransport,
            CreatedAt = now,
            ExpiresAt = now + Transaction.Lifetime < grant.ExpiresAt ? now + Transaction.Lifetime : grant.ExpiresAt,
        };
        var enrollable = catalog.Enrollable(user.Enabled).Where(factor => grant.Factor is null || factor.Name == grant.Factor).ToList();
        var created = new NewAuthenticatorRequest(Tenant, grant.UserId, transaction.Id, now);
        var enrolls = transaction.MayEnroll(user.IsEnrolled) && enrollable.Count > 0;
        var needsRecoveryCode = enrolls
            && user.Enabled.Contains(FactorNames.RecoveryCode)
            && !user.Confirmed.Any(a => a.Factor == FactorNames.RecoveryCode);
        return new StartedTransaction(transaction, user)
        {
            EnrollmentMethods = [.. enrollable.Select(factor => factor.Method)],
            Authenticator = enrolls ? enrollable[0].Create(created) : null,
            RecoveryCode = needsRecoveryCode ? catalog.Get(FactorNames.RecoveryCode).Create(created) : null,
        };
    }

    private ValueTask Write(UnitOfWork unit, StartedTransaction started, AuditSource source)
    {
        unit.Enqueue(TransactionStore.Insert(started.Transaction));
        foreach (var created in new[] { started.Authenticator, started.RecoveryCode }.OfType<NewAuthenticator>())
        {
            unit.Enqueue(AuthenticatorStore.Insert(created.Authenticator));
        }

        var type = started.Authenticator is null ? AuditTypes.AuthenticationStarted : AuditTypes.EnrollmentStarted;
        audit.Add(unit, started.Transaction.Tenant, new AuditEntry(type, source) { UserId = started.Transaction.UserId });
        return ValueTask.CompletedTask;
    }
}

internal sealed record StartTransactionRequest(GuardianCredential Credential, string? StateTransport, AuditSource Source);

internal sealed record StartedTransaction(Transaction Transaction, UserFactors User)
{
    public required IReadOnlyList<string> EnrollmentMethods { get; init; }

    /// <summary>Of a user who is not enrolled no transaction is one, even where no factor can be enrolled.</summary>
    public bool IsAuthentication => Authenticator is null && User.IsEnrolled;

    /// <summary>Only where the transaction enrolls.</summary>
    public NewAuthenticator? Authenticator { get; init; }

    /// <summary>Only with a user's first authenticator.</summary>
    public NewAuthenticator? RecoveryCode { get; init; }
}

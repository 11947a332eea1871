using Sallyport.Server.Audit;
using Sallyport.Server.Factors;
using Sallyport.Server.Security;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Transactions;

internal enum StartOutcome
{
    Started,

    /// <summary>The credential allows nothing.</summary>
    Refused,

    /// <summary>The credential has too many live transactions.</summary>
    TooManyTransactions,
}

/// <param name="Credential">In clear.</param>
internal sealed record StartTransactionRequest(ITransactionOrigin Origin, string Credential, string? StateTransport)
{
    /// <summary>The only factor that the caller wants to enroll; null for any that the credential allows.</summary>
    public string? Factor { get; init; }

    public override string ToString() => $"{Origin.Name} ***";
}

/// <summary>A started transaction with what its client is shown once.</summary>
internal sealed record StartedTransaction(Transaction Transaction, UserFactors User)
{
    /// <summary>The Guardian methods of the factors that may be enrolled, in the order in which they are offered.</summary>
    public required IReadOnlyList<string> EnrollmentMethods { get; init; }

    /// <summary>Pending authenticators, the preferred one first; empty unless the transaction enrolls.</summary>
    public required IReadOnlyList<NewAuthenticator> Begun { get; init; }

    /// <summary>
    /// The settings of the codes that enabled factors send, by <see cref="FactorTraits.MethodType"/>. Factors that send none are left out.
    /// </summary>
    public IReadOnlyDictionary<string, SentCodeSettings> Codes { get; init; } = new Dictionary<string, SentCodeSettings>();

    /// <summary>The app that a device needs to enroll itself; null if no device may enroll.</summary>
    public DeviceApp? App { get; init; }

    /// <summary>Another transaction was started by the same origin before, perhaps by somebody else, and showed another key.</summary>
    public bool IsReopened { get; init; }

    /// <summary>The user has no authenticator, and may enroll one by ticket only.</summary>
    public bool NeedsInvitation { get; init; }

    /// <summary>The <c>enrollment_tx_id</c>; null for an authentication.</summary>
    public string? EnrollmentId { get; init; }

    /// <summary>A user who is not enrolled never gets an authentication transaction, even if no factor can be enrolled.</summary>
    public bool IsAuthentication => !Transaction.Enrolls && User.IsEnrolled;
}

/// <summary>
/// Starts a transaction: an enrollment with pending authenticators if the user may enroll, otherwise an authentication. Nothing that it
/// writes has an effect until a response is right.
/// </summary>
internal sealed class StartTransaction(Database database, AuditLog audit, FactorCatalog catalog, SecretHash hash, TimeProvider clock)
{
    public async ValueTask<(StartOutcome Outcome, StartedTransaction? Started)> RunAsync(
        CallContext call, StartTransactionRequest request, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var (grant, codes, app) = await database.ReadAsync(session => ReadAsync(session, call.Tenant, request, now, cancellationToken), cancellationToken);
        if (grant is not { MayStart: true })
        {
            return (grant is null ? StartOutcome.Refused : StartOutcome.TooManyTransactions, null);
        }

        var started = Prepare(call.Tenant, request, grant, now) with { Codes = codes, App = app };
        try
        {
            var isStarted = await database.WriteAsync(
                unit => WriteAsync(unit, started, isCreated: grant.Created is not null, call.Source), cancellationToken);
            return isStarted ? (StartOutcome.Started, started) : (StartOutcome.Refused, null);
        }
        catch (System.Data.Common.DbException exception) when (ConstraintViolation.IsForeignKey(exception))
        {
            // The user was deleted after the grant was read.
            return (StartOutcome.Refused, null);
        }
    }

    private async ValueTask<(TransactionGrant? Grant, Dictionary<string, SentCodeSettings> Codes, DeviceApp? App)> ReadAsync(
        Session session, TenantId tenant, StartTransactionRequest request, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var grant = await request.Origin.FindGrantAsync(session, tenant, request.Credential, now, cancellationToken);
        if (grant is { MayStart: true })
        {
            grant = grant with { Factors = await catalog.WithoutUnconfiguredAsync(session, tenant, grant.Factors, cancellationToken) };
        }

        var codes = new Dictionary<string, SentCodeSettings>();
        DeviceApp? app = null;
        foreach (var factor in grant is { MayStart: true } ? catalog.Enrollable(grant.Factors) : [])
        {
            if (factor is IDeviceFactor device && grant!.Enrolls)
            {
                app = await device.FindAppAsync(session, tenant, cancellationToken);
            }

            if (await factor.FindCodeSettingsAsync(session, tenant, cancellationToken) is { } settings)
            {
                codes.Add(factor.Traits.MethodType, settings);
            }
        }

        return (grant, codes, app);
    }

    private StartedTransaction Prepare(TenantId tenant, StartTransactionRequest request, TransactionGrant grant, DateTimeOffset now)
    {
        var (user, id) = (grant.Factors, grant.Created?.Id ?? Transaction.NewId());
        var enrollable = catalog.Enrollable(user, grant.Factor)
            .Where(factor => request.Factor is null || factor.Traits.Name == request.Factor).ToList();
        var begun = grant.Enrolls ? Begin(enrollable, user, new EnrollmentRequest(tenant, grant.User, id, now)) : [];
        var offered = begun.Where(created => enrollable.Exists(factor => factor.Traits.Name == created.Authenticator.Factor)).ToList();
        var enrollmentId = user.IsEnrolled && begun.Count == 0 ? null : Transaction.NewEnrollmentId();
        var transaction = (grant.Created ?? New(tenant, id, request.Origin, grant, now)) with
        {
            Enrolls = begun.Count > 0,
            EnrollmentIdHash = enrollmentId is not null && begun.Exists(created => catalog.IsOfDevice(created.Authenticator))
                ? hash.EnrollmentTransaction(enrollmentId)
                : null,
            StateTransport = request.StateTransport,
        };
        return new StartedTransaction(transaction, user)
        {
            EnrollmentMethods = grant.Enrolls
                ? [.. offered.Select(created => catalog.TraitsOf(created.Authenticator).Method)]
                : [.. enrollable.Where(_ => grant.MayEnroll).Select(factor => factor.Traits.Method)],
            Begun = begun,
            IsReopened = grant.WasOpened,
            NeedsInvitation = !grant.MayEnroll && !user.IsEnrolled,
            EnrollmentId = enrollmentId,
        };
    }

    private static Transaction New(TenantId tenant, string id, ITransactionOrigin origin, TransactionGrant grant, DateTimeOffset now) => new()
    {
        Tenant = tenant,
        Id = id,
        UserId = grant.User.UserId,
        Origin = origin.Name,
        OriginId = grant.OriginId,
        Enrolls = false,
        AllowMultipleEnrollments = grant.AllowMultipleEnrollments,
        State = TransactionState.Pending,
        Starts = 1,
        CreatedAt = now,
        ExpiresAt = now + Transaction.Lifetime < grant.ExpiresAt ? now + Transaction.Lifetime : grant.ExpiresAt,
    };

    /// <summary>
    /// Companions are begun even if their factor is off: then only their device can confirm them. Fallbacks are begun with the first enrollment
    /// only, and never alone.
    /// </summary>
    private List<NewAuthenticator> Begin(List<IFactor> enrollable, UserFactors user, EnrollmentRequest request)
    {
        var companions = enrollable.Select(factor => factor.Traits.Companion).OfType<string>().Select(catalog.Find).OfType<IFactor>();
        var begun = enrollable.Union(companions).Select(factor => factor.Begin(request)).OfType<NewAuthenticator>().ToList();
        if (begun.Any(created => catalog.TraitsOf(created.Authenticator).HasRecoveryCode))
        {
            begun.AddRange(catalog.Fallbacks
                .Where(factor => user.Enabled.Contains(factor.Traits.Name) && !user.Confirmed.Any(a => a.Factor == factor.Traits.Name))
                .Select(factor => factor.Begin(request))
                .OfType<NewAuthenticator>());
        }

        return begun;
    }

    /// <param name="isCreated">The transaction was created before. What an earlier start of it has begun is replaced.</param>
    private ValueTask<bool> WriteAsync(UnitOfWork unit, StartedTransaction started, bool isCreated, AuditSource source)
    {
        var transaction = started.Transaction;
        if (!isCreated)
        {
            unit.Enqueue(TransactionStore.Insert(transaction));
        }
        else
        {
            unit.Require(TransactionStore.Start(transaction, clock.GetUtcNow()));
            unit.Enqueue(TransactionEndStore.DeletePendingAuthenticators(
                "t.transaction_id = @transaction_id", transaction.Tenant, ("user_id", transaction.UserId), ("transaction_id", transaction.Id)));
        }

        foreach (var created in started.Begun)
        {
            unit.Enqueue(AuthenticatorStore.Insert(created.Authenticator));
        }

        var type = transaction.Enrolls ? AuditTypes.EnrollmentStarted : AuditTypes.AuthenticationStarted;
        audit.Add(unit, transaction.Tenant, new AuditEntry(type, transaction.SourceOf(source)) { UserId = transaction.UserId });
        return unit.TryCommitAsync();
    }
}

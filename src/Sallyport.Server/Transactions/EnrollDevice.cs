using Sallyport.Server.Audit;
using Sallyport.Server.Factors;
using Sallyport.Server.Security;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Transactions;

internal enum EnrollDeviceOutcome
{
    Enrolled,

    /// <summary>The credential names no transaction in which a device can be enrolled, or it has expired.</summary>
    NotFound,

    /// <summary>The transaction, or another one, has enrolled the user already.</summary>
    EnrolledAlready,
}

/// <param name="Credential">The id of an enrollment, or a ticket as it stands in the header.</param>
/// <param name="EnrollmentId">The bare id, without the rest of the header.</param>
internal sealed record EnrollDeviceRequest(ITransactionOrigin Origin, string Credential, string EnrollmentId, DeviceRegistration Device)
{
    public override string ToString() => "***";
}

internal readonly record struct EnrollDeviceResult(EnrollDeviceOutcome Outcome)
{
    public Authenticator? Authenticator { get; init; }

    /// <summary>The token with which the device changes or removes itself.</summary>
    public string? DeviceToken { get; init; }

    /// <summary>The key of the codes that the device shows, Base32; null if it shows none.</summary>
    public string? OtpSecret { get; init; }

    public override string ToString() => Outcome.ToString();
}

/// <summary>
/// Confirms a device, and the authenticator app in it, by a request of the device itself. The transaction stays pending, because a sign-in
/// still has to be answered, unless its origin ends with the enrollment.
/// </summary>
internal sealed class EnrollDevice(Database database, StartTransaction start, DeviceEnrollment enrollment, SecretHash hash, TimeProvider clock)
{
    public async ValueTask<EnrollDeviceResult> RunAsync(CallContext call, EnrollDeviceRequest request, CancellationToken cancellationToken)
    {
        if (await FindAsync(call, request, cancellationToken) is not { Enrolls: true } identity)
        {
            return new EnrollDeviceResult(EnrollDeviceOutcome.NotFound);
        }

        try
        {
            return await database.WriteAsync(unit => WriteAsync(unit, call, identity, request.Device, cancellationToken), cancellationToken);
        }
        catch (System.Data.Common.DbException exception) when (ConstraintViolation.IsForeignKey(exception))
        {
            // The user was deleted meanwhile.
            return new EnrollDeviceResult(EnrollDeviceOutcome.NotFound);
        }
    }

    /// <summary>A ticket starts a transaction of its own.</summary>
    private async ValueTask<TransactionIdentity?> FindAsync(CallContext call, EnrollDeviceRequest request, CancellationToken cancellationToken)
    {
        var idHash = hash.EnrollmentTransaction(request.EnrollmentId);
        var known = await database.ReadAsync(
            session => TransactionStore.FindByEnrollmentAsync(session, call.Tenant, idHash, cancellationToken), cancellationToken);
        if (known is not null)
        {
            return known;
        }

        var (_, started) = await start.RunAsync(
            call, new StartTransactionRequest(request.Origin, request.Credential, StateTransport: null), cancellationToken);
        return started?.Transaction is { EnrollmentIdHash: not null } transaction
            ? new TransactionIdentity(call.Tenant, transaction.Id, transaction.UserId) { Enrolls = transaction.Enrolls }
            : null;
    }

    private async ValueTask<EnrollDeviceResult> WriteAsync(
        UnitOfWork unit, CallContext call, TransactionIdentity identity, DeviceRegistration device, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        unit.Enqueue(AttemptLimit.Hold(identity.Tenant, identity.UserId));
        var view = await TransactionViewStore.FindAsync(unit, identity, attemptId: "", now, cancellationToken);
        if (view is null || !view.Transaction.IsAlive(now))
        {
            unit.Abandon();
            return new EnrollDeviceResult(EnrollDeviceOutcome.NotFound);
        }

        if (view.IsEnrolling && !view.IsSuperseded && view.Transaction.TakesResponses && view.Transaction.MayEnroll(view.Enrolled.Any()))
        {
            return await enrollment.TryAsync(unit, call, view, device, cancellationToken);
        }

        unit.Abandon();
        return new EnrollDeviceResult(EnrollDeviceOutcome.EnrolledAlready);
    }
}

/// <summary>Confirms the pending device of a transaction with its companion, as one device.</summary>
internal sealed class DeviceEnrollment(
    FactorCatalog catalog, ConfirmEnrollment enrollment, ITransactionChangePublisher publisher, FactorChangeNotices notices, AuditLog audit)
{
    public async ValueTask<EnrollDeviceResult> TryAsync(
        UnitOfWork unit, CallContext call, TransactionView view, DeviceRegistration device, CancellationToken cancellationToken)
    {
        var transaction = view.Transaction;
        if (view.Candidates.FirstOrDefault(catalog.IsOfDevice) is not { } pending || catalog.Find(pending.Factor) is not IDeviceFactor factor)
        {
            unit.Abandon();
            return new EnrollDeviceResult(EnrollDeviceOutcome.NotFound);
        }

        var (completed, deviceToken) = factor.Complete(pending with { LinkId = pending.Id }, device);
        var companion = view.Pending.FirstOrDefault(known => known.Factor == factor.Traits.Companion);
        List<Statement> once =
        [
            AuthenticatorStore.Register(completed),
            .. CompleteCompanion(completed, companion),
            .. enrollment.Once(transaction, completed, companion),
            .. enrollment.Accept(transaction, new Proof(completed, new Acceptance(), factor.Traits.Amr)),
        ];
        if (!await unit.TryApplyAsync(once, cancellationToken))
        {
            return new EnrollDeviceResult(EnrollDeviceOutcome.EnrolledAlready);
        }

        enrollment.Follow(unit, view, completed);
        audit.Add(unit, call.Tenant, new AuditEntry(AuditTypes.EnrollmentComplete, transaction.SourceOf(call.Source)) { UserId = transaction.UserId });
        notices.Add(unit, call, new FactorChange(transaction.UserId, view.UserEmail) { Added = [pending.Factor] });
        publisher.Publish(unit, transaction);
        return new EnrollDeviceResult(EnrollDeviceOutcome.Enrolled)
        {
            Authenticator = completed,
            DeviceToken = deviceToken,
            OtpSecret = companion is null ? null : catalog.Find(companion.Factor)!.ShowOtpSecret(companion),
        };
    }

    /// <summary>It is removed with the device, and is no enrollment of its own.</summary>
    private static IEnumerable<Statement> CompleteCompanion(Authenticator device, Authenticator? companion) =>
        companion is null ? [] : [AuthenticatorStore.Register(companion with { Name = device.Name, LinkId = device.LinkId, IsEnrollment = false })];
}

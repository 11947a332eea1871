using Sallyport.Server.Factors;

namespace Sallyport.Server.Transactions;

/// <summary>A transaction with what decides about it.</summary>
internal sealed record TransactionView(Transaction Transaction)
{
    /// <summary>The confirmed ones of the user, newest first, and those that this transaction made.</summary>
    public IReadOnlyList<Authenticator> Authenticators { get; init; } = [];

    /// <summary>Of the factors of <see cref="Authenticators"/>, those that the tenant has switched on.</summary>
    public IReadOnlySet<string> EnabledFactors { get; init; } = new HashSet<string>();

    public bool AttemptWasTaken { get; init; }

    public DateTimeOffset? AttemptsFullAt { get; init; }

    /// <summary>The confirmed authenticators that count as enrolled: a recovery code alone does not.</summary>
    public IEnumerable<Authenticator> Enrolled =>
        Confirmed.Where(a => a.IsEnrollment);

    public bool IsEnrolling => Pending.Any();

    public bool IsAccepted => Transaction.State == TransactionState.Accepted;

    /// <summary>
    /// The authenticator that answered is still there: the one that was enrolled, or one that the user had and has used since.
    /// One that was removed vouches for nobody any more.
    /// </summary>
    public bool IsProved => Confirmed.Any(a =>
        a.TransactionId == Transaction.Id
        || (a.EnrolledAt <= Transaction.CreatedAt && a.LastAuthAt >= Transaction.CreatedAt));

    /// <summary>There is something to be told about it.</summary>
    public bool IsAlive(DateTimeOffset now) => Transaction.IsAlive(now) && (!IsAccepted || IsProved);

    public UserFactors UserFactors => new(EnabledFactors, [.. Confirmed]);

    /// <summary>
    /// What clients are told is enrolled. They report an enrollment when one is there that was not there before
    /// (docs/wire.md §1.10), so while one more is enrolled the others are left out: they would hide it.
    /// </summary>
    public Authenticator? NewsOfEnrollment =>
        IsEnrolling && Transaction.AllowMultipleEnrollments ? null : Enrolled.FirstOrDefault();

    /// <summary>
    /// The enrollment of which a transaction that enrolls is told: its own, or the one that made it void. Of an
    /// authentication, that its user is enrolled is no news.
    /// </summary>
    public Authenticator? NewsWhileEnrolling =>
        Authenticators.Any(a => a.TransactionId == Transaction.Id)
            ? Enrolled.FirstOrDefault(a => a.TransactionId == Transaction.Id) ?? NewsOfEnrollment
            : null;

    /// <summary>What this transaction is enrolling.</summary>
    public IEnumerable<Authenticator> Pending =>
        Authenticators.Where(a => a.Status == AuthenticatorStatus.Pending && a.TransactionId == Transaction.Id);

    /// <summary>
    /// The authenticators to which a code of this factor may belong. While a transaction enrolls, only the one that it
    /// enrolls: a code of another one would prove nothing about it.
    /// </summary>
    public IEnumerable<Authenticator> Candidates(string factor) =>
        (IsEnrolling ? Pending.Where(a => a.Factor != FactorNames.RecoveryCode) : Confirmed)
        .Where(a => a.Factor == factor && EnabledFactors.Contains(factor));

    private IEnumerable<Authenticator> Confirmed => Authenticators.Where(a => a.Status == AuthenticatorStatus.Confirmed);
}

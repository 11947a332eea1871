using Sallyport.Server.Factors;

namespace Sallyport.Server.Transactions;

/// <summary>A transaction with the rows that decide about it.</summary>
internal sealed record TransactionView(Transaction Transaction)
{
    /// <summary>The user's confirmed authenticators, newest first, and those that this transaction has made.</summary>
    public IReadOnlyList<Authenticator> Authenticators { get; init; } = [];

    /// <summary>The open challenges of this transaction: at most one for each authenticator.</summary>
    public IReadOnlyList<Challenge> Challenges { get; init; } = [];

    /// <summary>The factors of <see cref="Authenticators"/> that the tenant has switched on.</summary>
    public IReadOnlySet<string> EnabledFactors { get; init; } = new HashSet<string>();

    /// <summary>The code of the current request was counted by <see cref="TransactionStore.CountCode"/>. False if no attempt was left.</summary>
    public bool CodeWasCounted { get; init; }

    /// <summary>When the user's sign-in attempts are all available again.</summary>
    public DateTimeOffset? AttemptsFullAt { get; init; }

    /// <summary>The confirmed authenticators that make the user enrolled: a recovery code alone does not.</summary>
    public IEnumerable<Authenticator> Enrolled => Confirmed.Where(a => a.IsEnrollment);

    public bool IsAccepted => Transaction.State == TransactionState.Accepted;

    /// <summary>The authenticator that answered still exists. One that was removed vouches for nobody.</summary>
    public bool IsProved => Confirmed.Any(a => a.Id == Transaction.ProvedBy);

    /// <summary>
    /// A response still has to confirm an authenticator. False once a device has enrolled itself: then the transaction authenticates with what
    /// was enrolled.
    /// </summary>
    public bool IsEnrolling => Transaction.Enrolls && !EnrolledHere.Any();

    /// <summary>
    /// An enrollment whose pending authenticators are gone: another transaction has enrolled the user, or the enrollment was withdrawn.
    /// </summary>
    public bool IsSuperseded => IsEnrolling && Transaction.TakesResponses && !Pending.Any();

    /// <summary>Its state may be reported to whoever holds its token.</summary>
    public bool IsAlive(DateTimeOffset now) =>
        Transaction.IsAlive(now) && (IsAccepted ? IsProved : !IsSuperseded || Enrolled.Any());

    /// <summary>
    /// It can still be accepted, or the application can use its result. Unlike <see cref="IsAlive"/> this includes one that was accepted without
    /// a second factor: its result is for the remembered browser alone, and whoever holds the token may be in another browser.
    /// </summary>
    public bool IsUsable(DateTimeOffset now) => IsAlive(now) || (Transaction.WaivedBy is not null && Transaction.IsAlive(now));

    /// <summary>The email address of the user; null if there is none.</summary>
    public string? UserEmail { get; init; }

    public UserFactors UserFactors => new(EnabledFactors, [.. Confirmed]);

    /// <summary>
    /// The enrollment that polling clients see. They report an enrollment that was not there before (docs/wire.md §1.10), so while
    /// one more is being enrolled the others are left out: they would hide it.
    /// </summary>
    public Authenticator? PolledEnrollment =>
        Transaction.AllowMultipleEnrollments && Pending.Any() ? null : Enrolled.FirstOrDefault();

    /// <summary>
    /// The enrollment of which sockets are told: the transaction's own, or the one that superseded it. Null for an authentication.
    /// </summary>
    public Authenticator? AnnouncedEnrollment =>
        Transaction.Enrolls ? Enrolled.FirstOrDefault(a => a.TransactionId == Transaction.Id) ?? PolledEnrollment : null;

    /// <summary>The authenticators that this transaction may confirm.</summary>
    public IEnumerable<Authenticator> Pending =>
        Authenticators.Where(a => a.Status == AuthenticatorStatus.Pending && a.TransactionId == Transaction.Id);

    /// <summary>
    /// The authenticators that may be challenged and may answer. While a transaction enrolls, only those that it enrolls: a code of
    /// another one would prove nothing about them, and a pending recovery code confirms nothing. The one that the user prefers is the first.
    /// </summary>
    public IEnumerable<Authenticator> Candidates =>
        (!Transaction.Enrolls ? Confirmed : IsEnrolling ? Pending.Where(a => a.IsEnrollment) : EnrolledHere)
            .Where(IsUsable).OrderByDescending(a => a.PreferredAt);

    /// <summary>The challenge that a response of the authenticator answers: its own, or that of any authenticator of the factor.</summary>
    public Challenge? OpenChallenge(Authenticator authenticator, FactorTraits traits) => traits.IsAnsweredByBrowser
        ? Challenges.Where(challenge => challenge.Factor == authenticator.Factor).MaxBy(challenge => challenge.CreatedAt)
        : Challenges.FirstOrDefault(challenge => challenge.AuthenticatorId == authenticator.Id);

    /// <summary>The confirmed authenticators that this transaction has made.</summary>
    private IEnumerable<Authenticator> EnrolledHere => Transaction.Enrolls ? Confirmed.Where(a => a.TransactionId == Transaction.Id) : [];

    private bool IsUsable(Authenticator authenticator) =>
        Transaction.Admits(authenticator.Factor) && authenticator.HaltedAt is null
        && (authenticator.Status == AuthenticatorStatus.Confirmed ? UserFactors.IsUsable(authenticator) : EnabledFactors.Contains(authenticator.Factor));

    private IEnumerable<Authenticator> Confirmed => Authenticators.Where(a => a.Status == AuthenticatorStatus.Confirmed);
}

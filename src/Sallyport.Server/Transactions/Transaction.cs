using Sallyport.Server.Audit;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Transactions;

internal enum TransactionState
{
    Pending,
    Accepted,
    Rejected,
}

/// <summary>The reasons for which a sign-in is accepted without a second factor.</summary>
internal static class Waiver
{
    public const string Policy = "policy";
    public const string RememberedBrowser = "remembered-browser";
}

/// <summary>
/// One attempt at a second factor, from start to a final state (docs/wire.md §6). What may happen to it is decided here and in
/// <see cref="TransactionView"/>, without I/O.
/// </summary>
internal sealed record Transaction
{
    /// <summary>Long enough to install an app on the way.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(30);

    /// <summary>
    /// Live transactions of one origin, or starts of a transaction that was created before. Approximate for the former: concurrent requests do
    /// not see each other.
    /// </summary>
    public const int MaxOfOneOrigin = 100;

    /// <summary>So many wrong codes for a pending authenticator end the enrollment's transaction.</summary>
    public const int MaxWrongCodes = 10;

    private const int IdLength = 30;
    private const int EnrollmentIdLength = 32;

    public required TenantId Tenant { get; init; }

    public required string Id { get; init; }

    public required string UserId { get; init; }

    /// <summary>The application that the person signs in to; null for a ticket.</summary>
    public string? ClientId { get; init; }

    /// <summary>The source that started it: <see cref="ITransactionOrigin.Name"/>.</summary>
    public required string Origin { get; init; }

    public required byte[] OriginId { get; init; }

    /// <summary>JSON that only the origin reads.</summary>
    public string? OriginData { get; init; }

    /// <summary>It was started to confirm a new authenticator (see <see cref="TransactionView.IsEnrolling"/>). Otherwise it authenticates with one that the user has.</summary>
    public required bool Enrolls { get; init; }

    /// <summary>A hash of the <c>enrollment_tx_id</c> (docs/wire.md §1.4), which a device presents to enroll; null unless a device may.</summary>
    public byte[]? EnrollmentIdHash { get; init; }

    public required bool AllowMultipleEnrollments { get; init; }

    /// <summary>The names of the only factors that may prove it, separated by spaces; null for any.</summary>
    public string? Factors { get; init; }

    public required TransactionState State { get; init; }

    public string? StateTransport { get; init; }

    /// <summary>How often it was started. Only one that is created before its start is started more than once.</summary>
    public int Starts { get; init; }

    /// <summary>Wrong codes for its pending authenticators. Sign-in attempts count per user instead (<see cref="Security.AttemptLimit"/>).</summary>
    public int WrongCodes { get; init; }

    public int WrongCodesLeft => Math.Max(0, MaxWrongCodes - WrongCodes);

    /// <summary>The authenticator whose response was accepted.</summary>
    public string? ProvedBy { get; init; }

    /// <summary>How it was proved (RFC 8176), separated by spaces.</summary>
    public string? Amr { get; init; }

    /// <summary>Why it was accepted without a second factor (<see cref="Waiver"/>); null if one was proved, or is still needed.</summary>
    public string? WaivedBy { get; init; }

    /// <summary>The person has had the browser remembered in which it was proved.</summary>
    public bool RemembersBrowser { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? AcceptedAt { get; init; }

    /// <summary>When the application took the result; null for a transaction that was not redeemed.</summary>
    public DateTimeOffset? RedeemedAt { get; init; }

    public static string NewId() => "txn_" + Security.Tokens.NewAlphaNumeric(IdLength);

    public static string NewEnrollmentId() => Security.Tokens.NewAlphaNumeric(EnrollmentIdLength);

    /// <summary>The source for log entries: the calls of a page name no client, but the transaction does.</summary>
    public AuditSource SourceOf(AuditSource caller) => caller.ClientId is null ? caller with { ClientId = ClientId } : caller;

    /// <summary>Whether an authenticator of this factor may prove it.</summary>
    public bool Admits(string factor) => Factors is null || Factors.Split(' ').Contains(factor, StringComparer.Ordinal);

    public bool IsAlive(DateTimeOffset now) => ExpiresAt > now;

    /// <summary>An accepted transaction is final; a rejected one may still be accepted by a right response.</summary>
    public bool TakesResponses => State is TransactionState.Pending or TransactionState.Rejected;

    /// <summary>A first enrollment is the only one, unless the origin allows more.</summary>
    public bool MayEnroll(bool userIsEnrolled) => AllowMultipleEnrollments || !userIsEnrolled;
}

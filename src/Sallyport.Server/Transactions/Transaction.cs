using Sallyport.Server.Storage;

namespace Sallyport.Server.Transactions;

internal enum TransactionState
{
    Pending,
    Accepted,
    Rejected,
}

/// <summary>
/// One attempt at a second factor, from start to a final state. What may happen to it is decided here, without I/O
/// (docs/wire.md §6).
/// </summary>
internal sealed record Transaction
{
    /// <summary>Long enough to install an app on the way.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(30);

    /// <summary>Alive at the same time. Approximately: requests that come in the same moment do not see each other.</summary>
    public const int MaxOfOneOrigin = 100;

    private const int IdLength = 30;

    public required TenantId Tenant { get; init; }

    public required string Id { get; init; }

    public required string UserId { get; init; }

    /// <summary>What it came from: <see cref="ITransactionOrigin.Name"/>.</summary>
    public required string Origin { get; init; }

    public required byte[] OriginId { get; init; }

    public required bool AllowMultipleEnrollments { get; init; }

    public required TransactionState State { get; init; }

    public string? StateTransport { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public static string NewId() => "txn_" + Security.Tokens.NewAlphaNumeric(IdLength);

    public bool IsAlive(DateTimeOffset now) => ExpiresAt > now;

    /// <summary>An accepted transaction stays as it is; a rejected one may still be accepted by a right code.</summary>
    public bool TakesCodes => State is TransactionState.Pending or TransactionState.Rejected;

    /// <summary>A first authenticator is the only one, unless what started the transaction allows more.</summary>
    public bool MayEnroll(bool userIsEnrolled) => AllowMultipleEnrollments || !userIsEnrolled;
}

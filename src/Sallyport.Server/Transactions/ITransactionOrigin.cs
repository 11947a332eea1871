using Sallyport.Server.Factors;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Transactions;

/// <summary>The source of a transaction: a ticket, a sign-in on a page, or the MFA API.</summary>
internal interface ITransactionOrigin
{
    string Name { get; }

    /// <summary>
    /// It invites its user to enroll, perhaps in place of an authenticator that was removed before. Otherwise the removal of an enrollment ends
    /// its open transactions: one that is still open could enroll the successor.
    /// </summary>
    bool IsInvitation { get; }

    /// <summary>The enrollment of a device accepts its transaction: no challenge is sent to the device afterwards.</summary>
    bool EndsWithEnrollment => false;

    /// <summary>The scheme of the <c>Authorization</c> header at start-flow; null if the Guardian API does not start it.</summary>
    string? Scheme { get; }

    /// <returns>What the credential allows, or null if it is unknown, used, withdrawn or expired.</returns>
    ValueTask<TransactionGrant?> FindGrantAsync(
        Session session, TenantId tenant, string credential, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Uses up the origin, because the transaction has enrolled an authenticator. Changes exactly one row, once.</summary>
    /// <returns>Null if accepting the transaction uses it up.</returns>
    Statement? Spend(Transaction transaction, DateTimeOffset now);

    /// <summary>Ends the user's other origins of this kind that do not allow more enrollments, whatever the origin of the transaction.</summary>
    /// <returns>Null if there is nothing beside the transactions.</returns>
    Statement? Supersede(Transaction transaction, DateTimeOffset now);

    /// <summary>The claims in the signed result of an accepted transaction, beside <c>iss</c>, <c>sub</c>, <c>txid</c> and <c>status</c>.</summary>
    TransactionResult ResultOf(Transaction transaction);
}

/// <summary>The transaction that the holder of a credential may start. The user comes from here and from nowhere else.</summary>
/// <param name="Factors">Read together with the origin, in one round trip.</param>
internal sealed record TransactionGrant(EnrollingUser User, UserFactors Factors, byte[] OriginId, DateTimeOffset ExpiresAt)
{
    /// <summary>The only factor that may be enrolled; null for any.</summary>
    public string? Factor { get; init; }

    public bool AllowMultipleEnrollments { get; init; }

    /// <summary>False if a user without an authenticator may not enroll one here.</summary>
    public bool MayEnroll { get; init; } = true;

    /// <summary>An authenticator is enrolled, if there is one that can be.</summary>
    public bool Enrolls => MayEnroll && (AllowMultipleEnrollments || !Factors.IsEnrolled);

    /// <summary>The transaction to start, if it was created before; null to create one.</summary>
    public Transaction? Created { get; init; }

    /// <summary>The origin has started a transaction before.</summary>
    public bool WasOpened { get; init; }

    /// <summary>How many transactions of this origin have not expired.</summary>
    public long LiveTransactions { get; init; }

    /// <summary>
    /// A bound on what one credential can fill the tables with, far beyond what a person and the scanners of their mail
    /// start. Whoever could reach it to annoy that person could as well enroll in their place.
    /// </summary>
    public bool MayStart => LiveTransactions < Transaction.MaxOfOneOrigin;
}

/// <param name="Lifetime">How long the signed result is valid from the moment it is fetched.</param>
internal sealed record TransactionResult(IReadOnlyDictionary<string, object> Claims, TimeSpan Lifetime);

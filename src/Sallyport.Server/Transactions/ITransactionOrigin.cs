using Sallyport.Server.Factors;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Transactions;

/// <summary>What a transaction comes from: a ticket today, a sign-in later.</summary>
internal interface ITransactionOrigin
{
    string Name { get; }

    /// <summary>The scheme of the <c>Authorization</c> header at start-flow.</summary>
    string Scheme { get; }

    /// <returns>What the credential allows, or null where it is unknown, used, or expired.</returns>
    ValueTask<TransactionGrant?> FindGrantAsync(
        Session session, string credential, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Uses up the origin, because the transaction has enrolled an authenticator. Changes exactly one row, once.</summary>
    Statement Spend(Transaction transaction, DateTimeOffset now);
}

/// <summary>Who may do what with the transactions of one origin. The user comes from here and from nowhere else.</summary>
/// <param name="Factors">Read together with the origin, in one round trip.</param>
internal sealed record TransactionGrant(string UserId, UserFactors Factors, byte[] OriginId, DateTimeOffset ExpiresAt)
{
    /// <summary>The only factor that may be enrolled; null for any.</summary>
    public string? Factor { get; init; }

    public bool AllowMultipleEnrollments { get; init; }

    /// <summary>How many transactions of this origin have not expired.</summary>
    public long LiveTransactions { get; init; }

    /// <summary>
    /// A bound on what one credential can fill the tables with, far beyond what a person and the scanners of their mail
    /// start. Whoever could reach it to annoy that person could as well enroll in their place.
    /// </summary>
    public bool MayStart => LiveTransactions < Transaction.MaxOfOneOrigin;
}

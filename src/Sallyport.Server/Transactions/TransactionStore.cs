using System.Data.Common;
using Sallyport.Server.Factors;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Transactions;

/// <summary>Table <c>transaction</c>.</summary>
internal static class TransactionStore
{
    public const string Columns = """
        t.user_id, t.client_id, t.origin, t.origin_id, t.origin_data, t.enrolls, t.allow_multiple_enrollments, t.state, t.wrong_codes,
        t.last_attempt, t.proved_by, t.amr, t.created_at, t.expires_at, t.accepted_at, t.factors, t.redeemed_at,
        t.waived_by, t.remembers_browser, t.starts
        """;

    public const int LastAttempt = 9;
    public const int ColumnCount = 20;

    public static Statement Insert(Transaction transaction) =>
        new("""
            INSERT INTO "transaction" (tenant_id, transaction_id, user_id, client_id, origin, origin_id, origin_data, enrolls, enrollment_tx_hash,
                allow_multiple_enrollments, factors, state, state_transport, starts, wrong_codes, created_at, expires_at, accepted_at, waived_by)
            VALUES (@tenant_id, @transaction_id, @user_id, @client_id, @origin, @origin_id, @origin_data, @enrolls, @enrollment_tx_hash,
                @allow_multiple_enrollments, @factors, @state, @state_transport, @starts, 0, @created_at, @expires_at, @accepted_at, @waived_by)
            """,
            ("tenant_id", transaction.Tenant.Value),
            ("transaction_id", transaction.Id),
            ("user_id", transaction.UserId),
            ("client_id", transaction.ClientId),
            ("origin", transaction.Origin),
            ("origin_id", transaction.OriginId),
            ("origin_data", transaction.OriginData),
            ("enrolls", transaction.Enrolls),
            ("enrollment_tx_hash", transaction.EnrollmentIdHash),
            ("allow_multiple_enrollments", transaction.AllowMultipleEnrollments),
            ("factors", transaction.Factors),
            ("state", StateName(transaction.State)),
            ("state_transport", transaction.StateTransport),
            ("starts", (long)transaction.Starts),
            ("created_at", transaction.CreatedAt.ToUnixTimeMilliseconds()),
            ("expires_at", transaction.ExpiresAt.ToUnixTimeMilliseconds()),
            ("accepted_at", transaction.AcceptedAt?.ToUnixTimeMilliseconds()),
            ("waived_by", transaction.WaivedBy));

    /// <summary>A transaction with its user, to start it. Finds nothing if its user does not exist or is blocked.</summary>
    public static Query<StartableTransaction> FindWithUser(TransactionIdentity identity) =>
        new(
            new Statement(
                $"""
                SELECT {Columns}, u.email, u.email_verified
                FROM "transaction" t
                JOIN "user" u ON u.tenant_id = t.tenant_id AND u.user_id = t.user_id
                WHERE t.tenant_id = @tenant_id AND t.transaction_id = @transaction_id AND t.user_id = @user_id
                    AND NOT coalesce(u.blocked, false)
                """,
                ("tenant_id", identity.Tenant.Value),
                ("transaction_id", identity.TransactionId),
                ("user_id", identity.UserId)),
            row => new StartableTransaction(
                Read(row, identity.Tenant, identity.TransactionId),
                new EnrollingUser(identity.UserId) { VerifiedEmail = row.GetBoolean(ColumnCount + 1) ? row.GetStringOrNull(ColumnCount) : null }));

    /// <returns>The transaction that a device may enroll in; null if there is none.</returns>
    public static async ValueTask<TransactionIdentity?> FindByEnrollmentAsync(
        Session session, TenantId tenant, byte[] enrollmentIdHash, CancellationToken cancellationToken) =>
        (await session.QueryAsync(
            new Statement(
                "SELECT transaction_id, user_id, enrolls FROM \"transaction\" WHERE tenant_id = @tenant_id AND enrollment_tx_hash = @enrollment_tx_hash",
                ("tenant_id", tenant.Value),
                ("enrollment_tx_hash", enrollmentIdHash)),
            row => (TransactionIdentity?)new TransactionIdentity(tenant, row.GetString(0), row.GetString(1)) { Enrolls = row.GetBoolean(2) },
            cancellationToken)).FirstOrDefault();

    /// <summary>A transaction of one origin by its id alone, whatever its state.</summary>
    public static ValueTask<Transaction?> FindAsync(
        Session session, TenantId tenant, string origin, string transactionId, CancellationToken cancellationToken) =>
        session.FindAsync(
            new Statement(
                $"SELECT {Columns} FROM \"transaction\" t WHERE t.tenant_id = @tenant_id AND t.transaction_id = @transaction_id AND t.origin = @origin",
                ("tenant_id", tenant.Value),
                ("transaction_id", transactionId),
                ("origin", origin)),
            row => Read(row, tenant, transactionId),
            cancellationToken);

    /// <returns>The id of the newest transaction that something has started; null if there is none.</returns>
    public static ValueTask<string?> FindNewestIdAsync(
        Session session, TenantId tenant, (string UserId, string Origin, byte[] OriginId) key, CancellationToken cancellationToken) =>
        session.FindAsync(
            new Statement(
                """
                SELECT transaction_id FROM "transaction"
                WHERE tenant_id = @tenant_id AND user_id = @user_id AND origin = @origin AND origin_id = @origin_id
                ORDER BY created_at DESC, transaction_id LIMIT 1
                """,
                ("tenant_id", tenant.Value),
                ("user_id", key.UserId),
                ("origin", key.Origin),
                ("origin_id", key.OriginId)),
            row => row.GetString(0),
            cancellationToken);

    /// <summary>
    /// Counts a code for a pending authenticator, before it is evaluated. Afterwards <c>last_attempt</c> equals
    /// <paramref name="attemptId"/> if, and only if, one was left.
    /// </summary>
    public static Statement CountCode(TransactionIdentity identity, string attemptId) =>
        new("""
            UPDATE "transaction" SET wrong_codes = wrong_codes + 1, last_attempt = @attempt_id
            WHERE tenant_id = @tenant_id AND transaction_id = @transaction_id AND wrong_codes < @max_wrong_codes
            """,
            ("attempt_id", attemptId),
            ("tenant_id", identity.Tenant.Value),
            ("transaction_id", identity.TransactionId),
            ("max_wrong_codes", (long)Transaction.MaxWrongCodes));

    /// <summary>Changes one row for the first right response, none afterwards.</summary>
    public static Statement Accept(Transaction transaction, Proof proof, DateTimeOffset now) =>
        new("""
            UPDATE "transaction" SET state = 'accepted', proved_by = @proved_by, amr = @amr, accepted_at = @now
            WHERE tenant_id = @tenant_id AND transaction_id = @transaction_id AND state <> 'accepted' AND expires_at > @now
            """,
            ("proved_by", proof.Authenticator.Id),
            ("amr", string.Join(' ', proof.Amr)),
            ("now", now.ToUnixTimeMilliseconds()),
            ("tenant_id", transaction.Tenant.Value),
            ("transaction_id", transaction.Id));

    /// <summary>
    /// Starts a transaction that was created before: it enrolls or not, as its user needs now. Changes no row if it was accepted or has expired.
    /// </summary>
    public static Statement Start(Transaction transaction, DateTimeOffset now) =>
        new("""
            UPDATE "transaction" SET enrolls = @enrolls, enrollment_tx_hash = @enrollment_tx_hash, state_transport = @state_transport, state = 'pending',
                starts = starts + 1
            WHERE tenant_id = @tenant_id AND transaction_id = @transaction_id AND state <> 'accepted' AND expires_at > @now AND starts < @max_starts
            """,
            ("enrolls", transaction.Enrolls),
            ("enrollment_tx_hash", transaction.EnrollmentIdHash),
            ("state_transport", transaction.StateTransport),
            ("max_starts", (long)Transaction.MaxOfOneOrigin),
            ("now", now.ToUnixTimeMilliseconds()),
            ("tenant_id", transaction.Tenant.Value),
            ("transaction_id", transaction.Id));

    /// <summary>
    /// Hands out the result of an accepted transaction whose authenticator still exists. Changes one row for the first request, none afterwards.
    /// </summary>
    public static Statement Redeem(Transaction transaction, DateTimeOffset now) =>
        new("""
            UPDATE "transaction" SET redeemed_at = @now
            WHERE tenant_id = @tenant_id AND transaction_id = @transaction_id AND state = 'accepted' AND redeemed_at IS NULL AND expires_at > @now
                AND (client_id IS NULL OR EXISTS (
                    SELECT 1 FROM client c WHERE c.tenant_id = @tenant_id AND c.client_id = "transaction".client_id))
                AND (waived_by IS NOT NULL OR EXISTS (
                    SELECT 1 FROM authenticator a
                    WHERE a.tenant_id = @tenant_id AND a.authenticator_id = "transaction".proved_by AND a.status = 'confirmed'))
            """,
            ("now", now.ToUnixTimeMilliseconds()),
            ("tenant_id", transaction.Tenant.Value),
            ("transaction_id", transaction.Id));

    /// <summary>Keeps a transaction that has not ended alive until then, or ends it earlier than it would have.</summary>
    public static Statement ExpireAt(Transaction transaction, DateTimeOffset expiresAt, DateTimeOffset now) =>
        new("""
            UPDATE "transaction" SET expires_at = @expires_at
            WHERE tenant_id = @tenant_id AND transaction_id = @transaction_id AND expires_at > @now
            """,
            ("expires_at", expiresAt.ToUnixTimeMilliseconds()),
            ("tenant_id", transaction.Tenant.Value),
            ("transaction_id", transaction.Id),
            ("now", now.ToUnixTimeMilliseconds()));

    /// <summary>A new challenge makes a rejected transaction pending again (docs/wire.md §6.2).</summary>
    public static Statement Reopen(Transaction transaction) =>
        new("""
            UPDATE "transaction" SET state = 'pending'
            WHERE tenant_id = @tenant_id AND transaction_id = @transaction_id AND state = 'rejected'
            """,
            ("tenant_id", transaction.Tenant.Value),
            ("transaction_id", transaction.Id));

    /// <summary>Changes one row for a response that says no in time, none if the transaction was answered before.</summary>
    public static Statement Reject(Transaction transaction, DateTimeOffset now) =>
        new("""
            UPDATE "transaction" SET state = 'rejected'
            WHERE tenant_id = @tenant_id AND transaction_id = @transaction_id AND state = 'pending' AND expires_at > @now
            """,
            ("tenant_id", transaction.Tenant.Value),
            ("transaction_id", transaction.Id),
            ("now", now.ToUnixTimeMilliseconds()));

    public static string StateName(TransactionState state) => state switch
    {
        TransactionState.Pending => "pending",
        TransactionState.Accepted => "accepted",
        TransactionState.Rejected => "rejected",
    };

    /// <param name="row">Begins with <see cref="Columns"/>.</param>
    public static Transaction Read(DbDataReader row, TenantId tenant, string transactionId) => new()
    {
        Tenant = tenant,
        Id = transactionId,
        UserId = row.GetString(0),
        ClientId = row.GetStringOrNull(1),
        Origin = row.GetString(2),
        OriginId = row.GetBytes(3),
        OriginData = row.GetStringOrNull(4),
        Enrolls = row.GetBoolean(5),
        AllowMultipleEnrollments = row.GetBoolean(6),
        State = Enum.Parse<TransactionState>(row.GetString(7), ignoreCase: true),
        WrongCodes = (int)row.GetInt64(8),
        ProvedBy = row.GetStringOrNull(10),
        Amr = row.GetStringOrNull(11),
        CreatedAt = row.GetInstant(12),
        ExpiresAt = row.GetInstant(13),
        AcceptedAt = row.GetInstantOrNull(14),
        Factors = row.GetStringOrNull(15),
        RedeemedAt = row.GetInstantOrNull(16),
        WaivedBy = row.GetStringOrNull(17),
        RemembersBrowser = row.GetBoolean(18),
        Starts = (int)row.GetInt64(19),
    };
}

/// <summary>A transaction that was created before it is started, and its user.</summary>
internal sealed record StartableTransaction(Transaction Transaction, EnrollingUser User);

using System.Data.Common;
using System.Text.Json;
using Sallyport.Server.Factors;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Transactions;

/// <summary>Table <c>transaction</c>.</summary>
internal static class TransactionStore
{
    private const string Columns = """
        t.user_id, t.origin, t.origin_id, t.allow_multiple_enrollments, t.state, t.created_at, t.expires_at
        """;

    private const int ColumnCount = 7;

    public static Statement Insert(Transaction transaction) =>
        new("""
            INSERT INTO "transaction" (tenant_id, transaction_id, user_id, origin, origin_id, allow_multiple_enrollments, state,
                state_transport, created_at, expires_at)
            VALUES (@tenant_id, @transaction_id, @user_id, @origin, @origin_id, @allow_multiple_enrollments, @state,
                @state_transport, @created_at, @expires_at)
            """,
            ("tenant_id", transaction.Tenant.Value),
            ("transaction_id", transaction.Id),
            ("user_id", transaction.UserId),
            ("origin", transaction.Origin),
            ("origin_id", transaction.OriginId),
            ("allow_multiple_enrollments", transaction.AllowMultipleEnrollments),
            ("state", StateName(transaction.State)),
            ("state_transport", transaction.StateTransport),
            ("created_at", transaction.CreatedAt.ToUnixTimeMilliseconds()),
            ("expires_at", transaction.ExpiresAt.ToUnixTimeMilliseconds()));

    /// <summary>
    /// The transaction with its user's confirmed authenticators and those that it made itself, and with the attempt that
    /// was taken a moment ago. Null where its user has been blocked meanwhile.
    /// </summary>
    public static async ValueTask<TransactionView?> FindAsync(
        Session session, TransactionIdentity identity, string attemptId, CancellationToken cancellationToken)
    {
        var rows = await session.QueryAsync(
            new Statement(
                $"""
                SELECT {Columns}, n.last_attempt, n.full_at, f.enabled, {AuthenticatorStore.Columns}
                FROM "transaction" t
                JOIN "user" u ON u.tenant_id = t.tenant_id AND u.user_id = t.user_id
                LEFT JOIN attempt n ON n.tenant_id = t.tenant_id AND n.user_id = t.user_id
                LEFT JOIN authenticator a ON a.tenant_id = t.tenant_id AND a.user_id = t.user_id
                    AND (a.status = 'confirmed' OR a.transaction_id = t.transaction_id)
                LEFT JOIN factor f ON f.tenant_id = a.tenant_id AND f.name = a.factor
                WHERE t.tenant_id = @tenant_id AND t.transaction_id = @transaction_id AND t.user_id = @user_id
                    AND NOT coalesce(u.blocked, false)
                ORDER BY a.enrolled_at DESC, a.authenticator_id
                """,
                ("tenant_id", identity.Tenant.Value),
                ("transaction_id", identity.TransactionId),
                ("user_id", identity.UserId)),
            row => Read(row, identity, attemptId),
            cancellationToken);
        return rows.Count == 0 ? null : Combine([.. rows]);
    }

    /// <summary>Many at once, by their ids. Missing are those that are gone, and those whose user has been blocked meanwhile.</summary>
    public static async ValueTask<Dictionary<string, TransactionView>> FindManyAsync(
        Session session, TenantId tenant, IReadOnlyCollection<string> transactionIds, CancellationToken cancellationToken)
    {
        var wanted = session.Engine == Engine.PostgreSql
            ? "(SELECT jsonb_array_elements_text(CAST(@transaction_ids AS jsonb)) AS value)"
            : "json_each(@transaction_ids)";
        var rows = await session.QueryAsync(
            new Statement(
                $"""
                SELECT {Columns}, NULL, NULL, f.enabled, {AuthenticatorStore.Columns}, t.transaction_id
                FROM {wanted} wanted
                JOIN "transaction" t ON t.tenant_id = @tenant_id AND t.transaction_id = wanted.value
                JOIN "user" u ON u.tenant_id = t.tenant_id AND u.user_id = t.user_id
                LEFT JOIN authenticator a ON a.tenant_id = t.tenant_id AND a.user_id = t.user_id
                    AND (a.status = 'confirmed' OR a.transaction_id = t.transaction_id)
                LEFT JOIN factor f ON f.tenant_id = a.tenant_id AND f.name = a.factor
                WHERE NOT coalesce(u.blocked, false)
                ORDER BY t.transaction_id, a.enrolled_at DESC, a.authenticator_id
                """,
                ("tenant_id", tenant.Value),
                ("transaction_ids", JsonSerializer.Serialize(transactionIds, TransactionJson.Default.IReadOnlyCollectionString))),
            row => Read(row, new TransactionIdentity(tenant, row.GetString(ColumnCount + 3 + AuthenticatorStore.ColumnCount), row.GetString(0)), attemptId: ""),
            cancellationToken);
        return rows
            .GroupBy(row => row.View.Transaction.Id, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => Combine([.. group]), StringComparer.Ordinal);
    }

    private static TransactionView Combine(
        IReadOnlyList<(TransactionView View, bool IsEnabled, Authenticator? Authenticator)> rows) =>
        rows[0].View with
        {
            Authenticators = [.. rows.Select(row => row.Authenticator).OfType<Authenticator>()],
            EnabledFactors = rows.Where(row => row.IsEnabled).Select(row => row.Authenticator!.Factor).ToHashSet(StringComparer.Ordinal),
        };

    /// <summary>Changes one row for the first right answer, none for anybody after.</summary>
    public static Statement Accept(Transaction transaction) =>
        new("""
            UPDATE "transaction" SET state = 'accepted'
            WHERE tenant_id = @tenant_id AND transaction_id = @transaction_id AND state <> 'accepted'
            """,
            ("tenant_id", transaction.Tenant.Value),
            ("transaction_id", transaction.Id));

    private static (TransactionView View, bool IsEnabled, Authenticator? Authenticator) Read(
        DbDataReader row, TransactionIdentity identity, string attemptId)
    {
        var transaction = new Transaction
        {
            Tenant = identity.Tenant,
            Id = identity.TransactionId,
            UserId = row.GetString(0),
            Origin = row.GetString(1),
            OriginId = row.GetBytes(2),
            AllowMultipleEnrollments = row.GetBoolean(3),
            State = Enum.Parse<TransactionState>(row.GetString(4), ignoreCase: true),
            CreatedAt = row.GetInstant(5),
            ExpiresAt = row.GetInstant(6),
        };
        var view = new TransactionView(transaction)
        {
            AttemptWasTaken = row.GetStringOrNull(ColumnCount) == attemptId,
            AttemptsFullAt = row.GetInstantOrNull(ColumnCount + 1),
        };
        const int First = ColumnCount + 3;
        return (
            view,
            row.GetBooleanOrNull(First - 1) ?? false,
            row.IsDBNull(First) ? null : AuthenticatorStore.Read(row, identity.Tenant, First));
    }

    public static string StateName(TransactionState state) => state switch
    {
        TransactionState.Pending => "pending",
        TransactionState.Accepted => "accepted",
        TransactionState.Rejected => "rejected",
    };
}

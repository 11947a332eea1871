using System.Data.Common;
using System.Text.Json;
using Sallyport.Server.Factors;
using Sallyport.Server.Storage;
using Sallyport.Server.Transactions.Guardian;

namespace Sallyport.Server.Transactions;

/// <summary>Reads transactions with the rows that decide about them: authenticators, open challenges, attempts.</summary>
internal static class TransactionViewStore
{
    /// <summary>The columns behind those of the transaction: the user's attempts and address, the factor's switch, the authenticator, its challenge.</summary>
    private const int UserAttempts = TransactionStore.ColumnCount;

    private const int UserEmail = TransactionStore.ColumnCount + 1;
    private const int FactorEnabled = TransactionStore.ColumnCount + 2;
    private const int AuthenticatorColumns = TransactionStore.ColumnCount + 3;
    private const int ChallengeColumns = AuthenticatorColumns + AuthenticatorStore.ColumnCount;
    private const int TransactionIdColumn = ChallengeColumns + ChallengeStore.ColumnCount;

    private const string Joins = $"""
        JOIN "user" u ON u.tenant_id = t.tenant_id AND u.user_id = t.user_id
        LEFT JOIN attempt n ON n.tenant_id = t.tenant_id AND n.user_id = t.user_id
        LEFT JOIN authenticator a ON a.tenant_id = t.tenant_id AND a.user_id = t.user_id
            AND (a.status = 'confirmed' OR a.transaction_id = t.transaction_id)
        LEFT JOIN factor f ON f.tenant_id = a.tenant_id AND f.name = a.factor
        {ChallengeStore.JoinOpen}
        """;

    private const string Selected = $"{TransactionStore.Columns}, n.full_at, u.email, f.enabled, {AuthenticatorStore.Columns}, {ChallengeStore.Columns}";

    /// <summary>
    /// The transaction with its user's confirmed authenticators, those that it has made itself, their open challenges, and whether the
    /// attempt <paramref name="attemptId"/> was counted. Null if its user does not exist or is blocked.
    /// </summary>
    public static async ValueTask<TransactionView?> FindAsync(
        Session session, TransactionIdentity identity, string attemptId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var rows = await session.QueryAsync(
            new Statement(
                $"""
                SELECT {Selected}
                FROM "transaction" t
                {Joins}
                WHERE t.tenant_id = @tenant_id AND t.transaction_id = @transaction_id AND t.user_id = @user_id
                    AND NOT coalesce(u.blocked, false)
                ORDER BY a.enrolled_at DESC, a.authenticator_id
                """,
                ("tenant_id", identity.Tenant.Value),
                ("transaction_id", identity.TransactionId),
                ("user_id", identity.UserId),
                ("now", now.ToUnixTimeMilliseconds())),
            row => Read(row, identity.Tenant, identity.TransactionId, attemptId),
            cancellationToken);
        return rows.Count == 0 ? null : Combine(rows);
    }

    /// <summary>
    /// A transaction of one origin by its id alone, with the rows that decide about it. Also one of a blocked user: the block has ended it.
    /// </summary>
    public static async ValueTask<TransactionView?> FindAsync(
        Session session, TenantId tenant, (string Origin, string TransactionId) key, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var rows = await session.QueryAsync(
            new Statement(
                $"""
                SELECT {Selected}
                FROM "transaction" t
                {Joins}
                WHERE t.tenant_id = @tenant_id AND t.transaction_id = @transaction_id AND t.origin = @origin
                ORDER BY a.enrolled_at DESC, a.authenticator_id
                """,
                ("tenant_id", tenant.Value),
                ("transaction_id", key.TransactionId),
                ("origin", key.Origin),
                ("now", now.ToUnixTimeMilliseconds())),
            row => Read(row, tenant, key.TransactionId, attemptId: ""),
            cancellationToken);
        return rows.Count == 0 ? null : Combine(rows);
    }

    /// <summary>Many transactions by their ids. Those that do not exist, or whose user is blocked, are missing.</summary>
    public static async ValueTask<Dictionary<string, TransactionView>> FindManyAsync(
        Session session, TenantId tenant, IReadOnlyCollection<string> transactionIds, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var wanted = session.Engine == Engine.PostgreSql
            ? "(SELECT jsonb_array_elements_text(CAST(@transaction_ids AS jsonb)) AS value)"
            : "json_each(@transaction_ids)";
        var rows = await session.QueryAsync(
            new Statement(
                $"""
                SELECT {Selected}, t.transaction_id
                FROM {wanted} wanted
                JOIN "transaction" t ON t.tenant_id = @tenant_id AND t.transaction_id = wanted.value
                {Joins}
                WHERE NOT coalesce(u.blocked, false)
                ORDER BY t.transaction_id, a.enrolled_at DESC, a.authenticator_id
                """,
                ("tenant_id", tenant.Value),
                ("transaction_ids", JsonSerializer.Serialize(transactionIds, GuardianJson.Default.IReadOnlyCollectionString)),
                ("now", now.ToUnixTimeMilliseconds())),
            row => Read(row, tenant, row.GetString(TransactionIdColumn), attemptId: ""),
            cancellationToken);
        return rows
            .GroupBy(row => row.View.Transaction.Id, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => Combine([.. group]), StringComparer.Ordinal);
    }

    private static TransactionView Combine(IReadOnlyList<TransactionRow> rows) =>
        rows[0].View with
        {
            Authenticators = [.. rows.Select(row => row.Authenticator).OfType<Authenticator>()],
            Challenges = [.. rows.Select(row => row.Challenge).OfType<Challenge>()],
            EnabledFactors = rows
                .Where(row => row.IsEnabled && row.View.Transaction.Admits(row.Authenticator!.Factor))
                .Select(row => row.Authenticator!.Factor)
                .ToHashSet(StringComparer.Ordinal),
        };

    private static TransactionRow Read(DbDataReader row, TenantId tenant, string transactionId, string attemptId)
    {
        var transaction = TransactionStore.Read(row, tenant, transactionId);
        var view = new TransactionView(transaction)
        {
            CodeWasCounted = row.GetStringOrNull(TransactionStore.LastAttempt) == attemptId,
            AttemptsFullAt = row.GetInstantOrNull(UserAttempts),
            UserEmail = row.GetStringOrNull(UserEmail),
        };
        var authenticator = row.IsDBNull(AuthenticatorColumns) ? null : AuthenticatorStore.Read(row, tenant, AuthenticatorColumns);
        return new TransactionRow(
            view,
            row.GetBooleanOrNull(FactorEnabled) ?? false,
            authenticator,
            authenticator is null || row.IsDBNull(ChallengeColumns)
                ? null
                : ChallengeStore.Read(row, authenticator, transactionId, ChallengeColumns));
    }

    private readonly record struct TransactionRow(TransactionView View, bool IsEnabled, Authenticator? Authenticator, Challenge? Challenge);
}

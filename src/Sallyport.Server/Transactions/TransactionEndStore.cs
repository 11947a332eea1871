using Sallyport.Server.Storage;

namespace Sallyport.Server.Transactions;

/// <summary>The statements that end transactions, their results and their pending authenticators (docs/wire.md §6.3).</summary>
internal static class TransactionEndStore
{
    public static Statement End(Transaction transaction, DateTimeOffset now) =>
        EndWhere("transaction_id = @transaction_id", transaction.Tenant, now, ("transaction_id", transaction.Id));

    public static Statement EndAll(TenantId tenant, string userId, DateTimeOffset now) =>
        EndWhere("user_id = @user_id", tenant, now, ("user_id", userId));

    /// <summary>Ends the transactions of a client. By the index by expiry: a client has many more that have expired.</summary>
    public static Statement EndOfClient(TenantId tenant, string clientId, DateTimeOffset now) =>
        new("UPDATE \"transaction\" SET expires_at = @now WHERE tenant_id = @tenant_id AND client_id = @client_id AND expires_at > @now",
            ("now", now.ToUnixTimeMilliseconds()),
            ("tenant_id", tenant.Value),
            ("client_id", clientId));

    /// <summary>Ends a user's transactions of one origin that are not accepted.</summary>
    public static Statement EndOpen(TenantId tenant, string userId, string origin, DateTimeOffset now) =>
        EndWhere("user_id = @user_id AND origin = @origin AND state <> 'accepted'", tenant, now, ("user_id", userId), ("origin", origin));

    /// <summary>Ends a user's transactions of one origin, and the results of those that are accepted.</summary>
    public static Statement EndAllOf(TenantId tenant, string userId, string origin, DateTimeOffset now) =>
        EndWhere("user_id = @user_id AND origin = @origin", tenant, now, ("user_id", userId), ("origin", origin));

    /// <summary>
    /// Ends the results that an authenticator has vouched for, and those of remembered browsers: what a stolen phone has opened does not
    /// stay open (CVE-2024-21722).
    /// </summary>
    public static Statement EndProvedBy(TenantId tenant, string userId, string authenticatorId, DateTimeOffset now) =>
        EndWhere(
            $"user_id = @user_id AND state = 'accepted' AND (proved_by = @proved_by OR waived_by = '{Waiver.RememberedBrowser}')",
            tenant,
            now,
            ("user_id", userId),
            ("proved_by", authenticatorId));

    /// <summary>Ends what the user's tickets, or other origins, have started.</summary>
    /// <param name="origins">SQL for the ids of the origins.</param>
    public static Statement EndStartedBy(string origins, TenantId tenant, DateTimeOffset now, params (string Name, SqlValue Value)[] parameters) =>
        EndWhere($"user_id = @user_id AND origin_id IN ({origins})", tenant, now, parameters);

    /// <summary>Deletes the pending authenticators of a user's transactions.</summary>
    /// <param name="condition">SQL that is true for a transaction <c>t</c>.</param>
    public static Statement DeletePendingAuthenticators(string condition, TenantId tenant, params (string Name, SqlValue Value)[] parameters) =>
        new($"""
            DELETE FROM authenticator
            WHERE tenant_id = @tenant_id AND user_id = @user_id AND status = 'pending' AND transaction_id IN (
                SELECT t.transaction_id FROM "transaction" t
                WHERE t.tenant_id = @tenant_id AND t.user_id = @user_id AND ({condition}))
            """,
            [("tenant_id", tenant.Value), .. parameters]);

    /// <summary>The plus keeps SQLite from the index by expiry, which all users share: one user has few transactions.</summary>
    private static Statement EndWhere(string condition, TenantId tenant, DateTimeOffset now, params (string Name, SqlValue Value)[] parameters) =>
        new($"""
            UPDATE "transaction" SET expires_at = @now
            WHERE tenant_id = @tenant_id AND {condition} AND +expires_at > @now
            """,
            [("tenant_id", tenant.Value), ("now", now.ToUnixTimeMilliseconds()), .. parameters]);
}

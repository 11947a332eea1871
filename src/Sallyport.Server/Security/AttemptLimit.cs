using Sallyport.Server.Storage;

namespace Sallyport.Server.Security;

/// <summary>
/// Table <c>attempt</c>: a user's budget of wrong codes at sign-in, one for all factors, transactions, nodes and addresses. The row is locked
/// before the budget is read, and until the unit that counts a wrong code is committed: a user's codes are evaluated one after the other, and
/// each is answered only after it was counted.
/// </summary>
internal static class AttemptLimit
{
    public const int Budget = 10;

    /// <summary>One attempt comes back this often.</summary>
    public static readonly TimeSpan Refill = TimeSpan.FromMinutes(6);

    /// <summary>
    /// Locks the rows of many users on PostgreSQL, for their removal. The order is always the same, so two removals do not wait for each other.
    /// Parameters: <c>@tenant_id</c> and <c>@keys</c>, a JSON array of user ids.
    /// </summary>
    public const string LockMany = """
        SELECT user_id FROM attempt
        WHERE tenant_id = @tenant_id AND user_id IN (SELECT jsonb_array_elements_text(CAST(@keys AS jsonb)))
        ORDER BY user_id FOR UPDATE
        """;

    private static readonly long RefillMilliseconds = (long)Refill.TotalMilliseconds;

    /// <summary>Counts a wrong code, in a unit that holds the user (<see cref="Hold"/>) and has found an attempt left (<see cref="Wait"/>).</summary>
    public static Statement Take(TenantId tenant, string userId, DateTimeOffset now) =>
        new("""
            UPDATE attempt SET full_at = CASE WHEN full_at > @now THEN full_at ELSE @now END + @refill
            WHERE tenant_id = @tenant_id AND user_id = @user_id
            """,
            ("now", now.ToUnixTimeMilliseconds()),
            ("refill", RefillMilliseconds),
            ("tenant_id", tenant.Value),
            ("user_id", userId));

    /// <summary>
    /// Takes an attempt at a password, before it is evaluated. Passwords have a budget of their own, so that a stranger who guesses them does
    /// not lock the user's second factor. It belongs to the identifier and not to the user, so that an unknown user is locked out like a known
    /// one.
    /// </summary>
    /// <returns>A statement that changes no row if no attempt is left.</returns>
    public static Statement TakePassword(TenantId tenant, string identifierHash, DateTimeOffset now) =>
        new("""
            INSERT INTO password_attempt (tenant_id, identifier_hash, full_at)
            VALUES (@tenant_id, @identifier_hash, @now + @refill)
            ON CONFLICT (tenant_id, identifier_hash) DO UPDATE
            SET full_at = CASE WHEN password_attempt.full_at > @now THEN password_attempt.full_at ELSE @now END + @refill
            WHERE password_attempt.full_at <= @now + @reserve
            """,
            ("tenant_id", tenant.Value),
            ("identifier_hash", identifierHash),
            ("now", now.ToUnixTimeMilliseconds()),
            ("refill", RefillMilliseconds),
            ("reserve", (Budget - 1) * RefillMilliseconds));

    /// <summary>A full budget is stored as 0 and not as an instant: a clock that is set back takes nothing from it.</summary>
    public static Statement GivePasswordBack(TenantId tenant, string identifierHash, DateTimeOffset now) =>
        new("""
            UPDATE password_attempt SET full_at = CASE WHEN full_at - @refill > @now THEN full_at - @refill ELSE 0 END
            WHERE tenant_id = @tenant_id AND identifier_hash = @identifier_hash
            """,
            ("tenant_id", tenant.Value),
            ("identifier_hash", identifierHash),
            ("now", now.ToUnixTimeMilliseconds()),
            ("refill", RefillMilliseconds));

    public static Statement RestorePasswords(TenantId tenant, string identifierHash) =>
        new("DELETE FROM password_attempt WHERE tenant_id = @tenant_id AND identifier_hash = @identifier_hash",
            ("tenant_id", tenant.Value),
            ("identifier_hash", identifierHash));

    /// <returns>When the password attempts for an identifier are all available again; null if none was counted.</returns>
    public static async ValueTask<DateTimeOffset?> FindPasswordsFullAtAsync(
        Session session, TenantId tenant, string identifierHash, CancellationToken cancellationToken) =>
        (await session.QueryAsync(
            new Statement(
                "SELECT full_at FROM password_attempt WHERE tenant_id = @tenant_id AND identifier_hash = @identifier_hash",
                ("tenant_id", tenant.Value),
                ("identifier_hash", identifierHash)),
            row => (DateTimeOffset?)row.GetInstant(0),
            cancellationToken)).FirstOrDefault();

    /// <summary>
    /// Locks the user's row until the unit ends, and changes nothing: PostgreSQL also locks the rows that the last condition excludes. Operations
    /// that change a user's factors or credentials run it first, so they run before or after a verification and never at the same time. Violates
    /// <c>attempt_user_id_fkey</c> if there is no such user.
    /// </summary>
    public static Statement Hold(TenantId tenant, string userId) =>
        new("""
            INSERT INTO attempt (tenant_id, user_id, full_at) VALUES (@tenant_id, @user_id, 0)
            ON CONFLICT (tenant_id, user_id) DO UPDATE SET full_at = attempt.full_at WHERE false
            """,
            ("tenant_id", tenant.Value),
            ("user_id", userId));

    /// <returns>How many attempts are left after one more was counted.</returns>
    public static int LeftAfterOneMore(DateTimeOffset fullAt, DateTimeOffset now) => Left((fullAt > now ? fullAt : now) + Refill, now);

    /// <returns>How many attempts are left.</returns>
    public static int Left(DateTimeOffset fullAt, DateTimeOffset now) =>
        fullAt <= now ? Budget : Math.Max(0, Budget - (int)Math.Ceiling((fullAt - now) / Refill));

    /// <summary>Makes the budget full.</summary>
    public static Statement Restore(TenantId tenant, string userId) =>
        new("UPDATE attempt SET full_at = 0 WHERE tenant_id = @tenant_id AND user_id = @user_id",
            ("tenant_id", tenant.Value),
            ("user_id", userId));

    /// <summary>The user has no attempt left, and is locked out of every factor until one comes back.</summary>
    public static async ValueTask<bool> IsExhaustedAsync(
        Session session, TenantId tenant, string userId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var rows = await session.QueryAsync(
            new Statement(
                "SELECT full_at FROM attempt WHERE tenant_id = @tenant_id AND user_id = @user_id",
                ("tenant_id", tenant.Value),
                ("user_id", userId)),
            row => row.GetInstant(0),
            cancellationToken);
        return rows.Count > 0 && Wait(rows[0], now) > TimeSpan.Zero;
    }

    /// <summary>
    /// Like <see cref="Hold"/>, for the removal of a user who may be gone already. A verification locks this row first, so a removal that
    /// began elsewhere could deadlock with it.
    /// </summary>
    public static Statement HoldIfExists(TenantId tenant, string userId) =>
        new("""
            INSERT INTO attempt (tenant_id, user_id, full_at)
            SELECT u.tenant_id, u.user_id, 0 FROM "user" u WHERE u.tenant_id = @tenant_id AND u.user_id = @user_id
            ON CONFLICT (tenant_id, user_id) DO UPDATE SET full_at = attempt.full_at WHERE false
            """,
            ("tenant_id", tenant.Value),
            ("user_id", userId));

    /// <returns>How long until an attempt is left again.</returns>
    public static TimeSpan Wait(DateTimeOffset fullAt, DateTimeOffset now)
    {
        var wait = fullAt - now - ((Budget - 1) * Refill);
        return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
    }
}

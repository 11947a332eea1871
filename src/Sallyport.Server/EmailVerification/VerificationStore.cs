using Sallyport.Server.Storage;

namespace Sallyport.Server.EmailVerification;

/// <summary>Table <c>email_verification</c>.</summary>
internal static class VerificationStore
{
    public static Statement Insert(TenantId tenant, byte[] hash, Verification verification, DateTimeOffset now) =>
        new("""
            INSERT INTO email_verification (tenant_id, link_hash, user_id, email, client_id, created_at, expires_at)
            VALUES (@tenant_id, @link_hash, @user_id, @email, @client_id, @now, @expires_at)
            """,
            ("tenant_id", tenant.Value),
            ("link_hash", hash),
            ("user_id", verification.UserId),
            ("email", verification.Email),
            ("client_id", verification.ClientId),
            ("now", now.ToUnixTimeMilliseconds()),
            ("expires_at", verification.ExpiresAt.ToUnixTimeMilliseconds()));

    public static ValueTask<Verification?> FindAsync(Session session, TenantId tenant, byte[] hash, CancellationToken cancellationToken) =>
        session.FindAsync(
            new Statement("""
                SELECT v.user_id, v.email, v.client_id, u.email, u.blocked, v.expires_at, v.used_at
                FROM email_verification v
                JOIN "user" u ON u.tenant_id = v.tenant_id AND u.user_id = v.user_id
                WHERE v.tenant_id = @tenant_id AND v.link_hash = @link_hash
                """,
                ("tenant_id", tenant.Value),
                ("link_hash", hash)),
            row => new Verification(row.GetString(0), row.GetString(1), row.GetStringOrNull(2), row.GetStringOrNull(3), row.GetBooleanOrNull(4) ?? false)
            {
                ExpiresAt = row.GetInstant(5),
                UsedAt = row.GetInstantOrNull(6),
            },
            cancellationToken);

    /// <summary>Other links of a user are as good as used once one was.</summary>
    public static Statement SpendOthers(TenantId tenant, string userId, DateTimeOffset now) =>
        new("UPDATE email_verification SET used_at = @now WHERE tenant_id = @tenant_id AND user_id = @user_id AND used_at IS NULL",
            ("tenant_id", tenant.Value),
            ("user_id", userId),
            ("now", now.ToUnixTimeMilliseconds()));

    /// <summary>Changes one row for the first who comes in time, none for anybody after.</summary>
    public static Statement Spend(TenantId tenant, byte[] hash, DateTimeOffset now) =>
        new("""
            UPDATE email_verification SET used_at = @now
            WHERE tenant_id = @tenant_id AND link_hash = @link_hash AND used_at IS NULL AND expires_at > @now
            """,
            ("tenant_id", tenant.Value),
            ("link_hash", hash),
            ("now", now.ToUnixTimeMilliseconds()));
}

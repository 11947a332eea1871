using Sallyport.Server.Security;
using Sallyport.Server.Storage;

namespace Sallyport.Server.EmailVerification;

/// <summary>Table <c>email_verification</c>.</summary>
internal static class VerificationStore
{
    public static readonly OneTimeLinks Links = new("email_verification", "link_hash");

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
            row => new Verification(row.GetString(0), row.GetString(1), row.GetStringOrNull(2))
            {
                UserEmail = row.GetStringOrNull(3),
                IsBlocked = row.GetBooleanOrNull(4) ?? false,
                ExpiresAt = row.GetInstant(5),
                UsedAt = row.GetInstantOrNull(6),
            },
            cancellationToken);

    /// <summary>Ends the user's unused links.</summary>
    public static Statement SpendAll(TenantId tenant, string userId, DateTimeOffset now) =>
        new("UPDATE email_verification SET used_at = @now WHERE tenant_id = @tenant_id AND user_id = @user_id AND used_at IS NULL",
            ("tenant_id", tenant.Value),
            ("user_id", userId),
            ("now", now.ToUnixTimeMilliseconds()));
}

/// <summary>A link that was sent, in any state, with the current state of its user.</summary>
/// <param name="Email">The address that the link was sent to.</param>
/// <param name="ClientId">The application that the mail names; null if it names the tenant.</param>
internal sealed record Verification(string UserId, string Email, string? ClientId)
{
    /// <summary>The user's address now, which may differ from <see cref="Email"/>.</summary>
    public string? UserEmail { get; init; }

    public bool IsBlocked { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? UsedAt { get; init; }

    /// <summary>The link of a blocked user, or of an address that the user no longer has, looks like one that never existed.</summary>
    public VerificationState StateAt(DateTimeOffset now) =>
        IsBlocked || UserEmail != Email ? VerificationState.Unknown
        : OneTimeLinks.StateAt(now, ExpiresAt, UsedAt) switch
        {
            LinkState.Open => VerificationState.Open,
            LinkState.Used => VerificationState.Used,
            LinkState.Expired => VerificationState.Expired,
        };
}

internal enum VerificationState
{
    Open,
    Verified,
    Unknown,
    Used,
    Expired,
}

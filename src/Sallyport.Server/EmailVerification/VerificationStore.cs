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
            ("expires_at", verification.Times.ExpiresAt.ToUnixTimeMilliseconds()));

    public static ValueTask<Verification?> FindAsync(Session session, TenantId tenant, byte[] hash, CancellationToken cancellationToken) =>
        session.FindAsync(
            new Statement("""
                SELECT v.user_id, v.email, v.client_id, u.email, u.blocked, v.expires_at, v.used_at, v.ended_at
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
                Times = new LinkTimes(row.GetInstant(5), row.GetInstantOrNull(6), row.GetInstantOrNull(7)),
            },
            cancellationToken);
}

/// <summary>A link that was sent, in any state, with the current state of its user.</summary>
/// <param name="Email">The address that the link was sent to.</param>
/// <param name="ClientId">The application that the mail names; null if it names the tenant.</param>
internal sealed record Verification(string UserId, string Email, string? ClientId)
{
    /// <summary>The user's address now, which may differ from <see cref="Email"/>.</summary>
    public string? UserEmail { get; init; }

    public bool IsBlocked { get; init; }

    public required LinkTimes Times { get; init; }

    /// <summary>The link of a blocked user, or of an address that the user no longer has, looks like one that never existed.</summary>
    public VerificationState StateAt(DateTimeOffset now) =>
        IsBlocked || UserEmail != Email ? VerificationState.Unknown
        : Times.StateAt(now) switch
        {
            LinkState.Open => VerificationState.Open,
            // Another link has verified the address.
            LinkState.Used or LinkState.Ended => VerificationState.Used,
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

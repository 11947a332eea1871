using System.Data.Common;
using Sallyport.Server.Factors;
using Sallyport.Server.Security;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Tickets;

/// <summary>Table <c>ticket</c>.</summary>
internal static class TicketStore
{
    public static readonly OneTimeLinks Links = new("ticket", "ticket_hash");

    /// <summary>SQL for the hashes of a user's tickets that were issued up to an instant, with <c>@user_id</c> and <c>@issued_until</c>.</summary>
    public const string IssuedUntil = """
        SELECT k.ticket_hash FROM ticket k
        WHERE k.tenant_id = @tenant_id AND k.user_id = @user_id AND k.created_at <= @issued_until
        """;

    /// <summary>Violates <c>ticket_user_id_fkey</c> if there is no such user.</summary>
    public static Statement Insert(Ticket ticket) =>
        new("""
            INSERT INTO ticket (tenant_id, ticket_hash, user_id, factor, allow_multiple_enrollments, created_at, expires_at)
            VALUES (@tenant_id, @ticket_hash, @user_id, @factor, @allow_multiple_enrollments, @created_at, @expires_at)
            """,
            ("tenant_id", ticket.Tenant.Value),
            ("ticket_hash", ticket.Hash),
            ("user_id", ticket.UserId),
            ("factor", ticket.Factor),
            ("allow_multiple_enrollments", ticket.AllowMultipleEnrollments),
            ("created_at", ticket.CreatedAt.ToUnixTimeMilliseconds()),
            ("expires_at", ticket.Times.ExpiresAt.ToUnixTimeMilliseconds()));

    /// <summary>SQL for the id of a ticket's user, with <c>@tenant_id</c> and <c>@ticket_hash</c>.</summary>
    public const string Holder = "(SELECT h.user_id FROM ticket h WHERE h.tenant_id = @tenant_id AND h.ticket_hash = @ticket_hash)";

    /// <summary>
    /// The ticket with its holder, whatever its state, and the number of its live transactions, and whether it ever started one. The plus keeps SQLite from the index
    /// by expiry, which all users share: one user has few transactions.
    /// </summary>
    public static Query<TicketWithHolder> Find(TenantId tenant, byte[] hash, DateTimeOffset now) =>
        new(
            new Statement("""
                SELECT t.user_id, t.factor, t.allow_multiple_enrollments, t.created_at, t.expires_at, t.used_at,
                    t.ended_at, u.email, u.email_verified, u.name, u.blocked,
                    (SELECT count(*) FROM "transaction" x
                        WHERE x.tenant_id = t.tenant_id AND x.user_id = t.user_id AND x.origin_id = t.ticket_hash
                            AND +x.expires_at > @now),
                    EXISTS (SELECT 1 FROM "transaction" x
                        WHERE x.tenant_id = t.tenant_id AND x.user_id = t.user_id AND x.origin_id = t.ticket_hash)
                FROM ticket t
                JOIN "user" u ON u.tenant_id = t.tenant_id AND u.user_id = t.user_id
                WHERE t.tenant_id = @tenant_id AND t.ticket_hash = @ticket_hash
                """,
                ("tenant_id", tenant.Value),
                ("ticket_hash", hash),
                ("now", now.ToUnixTimeMilliseconds())),
            row => Read(row, tenant, hash));

    /// <summary>The tickets of a user that can still be used, newest first.</summary>
    public static ValueTask<List<Ticket>> ListOpenAsync(
        Session session, TenantId tenant, string userId, DateTimeOffset now, CancellationToken cancellationToken) =>
        session.QueryAsync(
            new Statement(
                """
                SELECT t.user_id, t.factor, t.allow_multiple_enrollments, t.created_at, t.expires_at, t.used_at, t.ended_at, t.ticket_hash
                FROM ticket t
                WHERE t.tenant_id = @tenant_id AND t.user_id = @user_id AND t.used_at IS NULL AND t.ended_at IS NULL AND +t.expires_at > @now
                ORDER BY t.created_at DESC, t.ticket_hash
                """,
                ("tenant_id", tenant.Value),
                ("user_id", userId),
                ("now", now.ToUnixTimeMilliseconds())),
            row => ReadTicket(row, tenant, row.GetBytes(7)),
            cancellationToken);

    public static Statement EndIssuedUntil(TenantId tenant, string userId, DateTimeOffset issuedUntil, DateTimeOffset now) =>
        Links.End(tenant, userId, now, "created_at <= @issued_until", ("issued_until", issuedUntil.ToUnixTimeMilliseconds()));

    /// <summary>Ends the tickets that allow one enrollment only, except the one that has enrolled.</summary>
    public static Statement EndSuperseded(TenantId tenant, string userId, byte[] usedHash, DateTimeOffset now) =>
        Links.End(tenant, userId, now, "NOT allow_multiple_enrollments AND ticket_hash <> @used_hash", ("used_hash", usedHash));

    private static TicketWithHolder Read(DbDataReader row, TenantId tenant, byte[] hash) =>
        new(
            ReadTicket(row, tenant, hash),
            row.GetStringOrNull(7),
            row.GetBoolean(8),
            row.GetStringOrNull(9),
            row.GetBooleanOrNull(10) ?? false,
            row.GetInt64(11),
            row.GetBoolean(12));

    private static Ticket ReadTicket(DbDataReader row, TenantId tenant, byte[] hash) => new()
    {
        Tenant = tenant,
        Hash = hash,
        UserId = row.GetString(0),
        Factor = row.GetStringOrNull(1),
        AllowMultipleEnrollments = row.GetBoolean(2),
        CreatedAt = row.GetInstant(3),
        Times = new LinkTimes(row.GetInstant(4), row.GetInstantOrNull(5), row.GetInstantOrNull(6)),
    };
}

internal sealed record TicketWithHolder(Ticket Ticket, string? Email, bool EmailIsVerified, string? Name, bool IsBlocked, long LiveTransactions, bool WasOpened)
{
    public EnrollingUser Holder => new(Ticket.UserId) { VerifiedEmail = EmailIsVerified ? Email : null };
}

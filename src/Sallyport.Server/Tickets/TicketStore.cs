using System.Data.Common;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Tickets;

/// <summary>Table <c>ticket</c>.</summary>
internal static class TicketStore
{
    /// <summary>Breaks <c>ticket_user_id_fkey</c> where there is no such user.</summary>
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
            ("expires_at", ticket.ExpiresAt.ToUnixTimeMilliseconds()));

    /// <summary>SQL for the id of a ticket's user, with <c>@tenant_id</c> and <c>@ticket_hash</c>.</summary>
    public const string Holder = "(SELECT h.user_id FROM ticket h WHERE h.tenant_id = @tenant_id AND h.ticket_hash = @ticket_hash)";

    /// <summary>
    /// The ticket with its holder, whatever state it is in, and with how many transactions of it are alive. The plus keeps
    /// SQLite from the index by expiry, under which everybody's live transactions lie: a user has few.
    /// </summary>
    public static Query<TicketWithHolder> Find(TenantId tenant, byte[] hash, DateTimeOffset now) =>
        new(
            new Statement("""
                SELECT t.user_id, t.factor, t.allow_multiple_enrollments, t.created_at, t.expires_at, t.used_at,
                    u.email, u.name, u.blocked,
                    (SELECT count(*) FROM "transaction" x
                        WHERE x.tenant_id = t.tenant_id AND x.user_id = t.user_id AND x.origin_id = t.ticket_hash
                            AND +x.expires_at > @now)
                FROM ticket t
                JOIN "user" u ON u.tenant_id = t.tenant_id AND u.user_id = t.user_id
                WHERE t.tenant_id = @tenant_id AND t.ticket_hash = @ticket_hash
                """,
                ("tenant_id", tenant.Value),
                ("ticket_hash", hash),
                ("now", now.ToUnixTimeMilliseconds())),
            row => Read(row, tenant, hash));

    /// <summary>Changes one row for the first who comes in time, none for anybody after.</summary>
    public static Statement Spend(TenantId tenant, byte[] hash, DateTimeOffset now) =>
        new("""
            UPDATE ticket SET used_at = @now
            WHERE tenant_id = @tenant_id AND ticket_hash = @ticket_hash AND used_at IS NULL AND expires_at > @now
            """,
            ("tenant_id", tenant.Value),
            ("ticket_hash", hash),
            ("now", now.ToUnixTimeMilliseconds()));

    private static TicketWithHolder Read(DbDataReader row, TenantId tenant, byte[] hash) =>
        new(
            new Ticket
            {
                Tenant = tenant,
                Hash = hash,
                UserId = row.GetString(0),
                Factor = row.GetStringOrNull(1),
                AllowMultipleEnrollments = row.GetBoolean(2),
                CreatedAt = row.GetInstant(3),
                ExpiresAt = row.GetInstant(4),
                UsedAt = row.GetInstantOrNull(5),
            },
            row.GetStringOrNull(6),
            row.GetStringOrNull(7),
            row.GetBooleanOrNull(8) ?? false,
            row.GetInt64(9));
}

internal sealed record TicketWithHolder(Ticket Ticket, string? Email, string? Name, bool IsBlocked, long LiveTransactions);

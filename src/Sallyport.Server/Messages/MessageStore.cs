using Sallyport.Server.Storage;

namespace Sallyport.Server.Messages;

/// <summary>Table <c>message</c>.</summary>
internal static class MessageStore
{
    public static Statement Insert(TenantId tenant, string id, string channel, byte[] sealedContent, DateTimeOffset now) =>
        new("""
            INSERT INTO message (tenant_id, message_id, channel, sealed_content, created_at, due_at, attempts)
            VALUES (@tenant_id, @message_id, @channel, @sealed_content, @now, @now, 0)
            """,
            ("tenant_id", tenant.Value),
            ("message_id", id),
            ("channel", channel),
            ("sealed_content", sealedContent),
            ("now", now.ToUnixTimeMilliseconds()));

    /// <summary>
    /// Takes messages that are due and sets them aside until <paramref name="leaseUntil"/>: if this node dies, another
    /// takes them then.
    /// </summary>
    public static ValueTask<List<DueMessage>> TakeDueAsync(
        UnitOfWork unit, TenantId tenant, DateTimeOffset now, DateTimeOffset leaseUntil, CancellationToken cancellationToken) =>
        unit.QueryAsync(
            new Statement(
                $"""
                UPDATE message SET due_at = @lease_until, attempts = attempts + 1
                WHERE tenant_id = @tenant_id AND message_id IN (
                    SELECT message_id FROM message
                    WHERE tenant_id = @tenant_id AND delivered_at IS NULL AND failed_at IS NULL AND due_at <= @now
                    ORDER BY due_at, message_id
                    LIMIT 20
                    {(unit.Engine == Engine.PostgreSql ? "FOR UPDATE SKIP LOCKED" : "")})
                RETURNING message_id, channel, sealed_content, created_at, attempts
                """,
                ("tenant_id", tenant.Value),
                ("now", now.ToUnixTimeMilliseconds()),
                ("lease_until", leaseUntil.ToUnixTimeMilliseconds())),
            row => new DueMessage(row.GetString(0), row.GetString(1), row.GetBytes(2), row.GetInstant(3), row.GetInt64(4)),
            cancellationToken);

    /// <summary>The content is not kept: it may hold a ticket or a code.</summary>
    public static Statement Delivered(TenantId tenant, string id, DateTimeOffset now) =>
        new("""
            UPDATE message SET delivered_at = @now, sealed_content = NULL WHERE tenant_id = @tenant_id AND message_id = @message_id
            """,
            ("tenant_id", tenant.Value),
            ("message_id", id),
            ("now", now.ToUnixTimeMilliseconds()));

    public static Statement Retry(TenantId tenant, string id, string error, DateTimeOffset dueAt) =>
        new("UPDATE message SET last_error = @error, due_at = @due_at WHERE tenant_id = @tenant_id AND message_id = @message_id",
            ("tenant_id", tenant.Value),
            ("message_id", id),
            ("error", error),
            ("due_at", dueAt.ToUnixTimeMilliseconds()));

    public static Statement GiveUp(TenantId tenant, string id, string error, DateTimeOffset now) =>
        new("""
            UPDATE message SET last_error = @error, failed_at = @now, sealed_content = NULL
            WHERE tenant_id = @tenant_id AND message_id = @message_id
            """,
            ("tenant_id", tenant.Value),
            ("message_id", id),
            ("error", error),
            ("now", now.ToUnixTimeMilliseconds()));
}

internal sealed record DueMessage(string Id, string Channel, byte[] SealedContent, DateTimeOffset CreatedAt, long Attempts);

using Sallyport.Server.Security;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Messages;

/// <summary>Table <c>message</c>.</summary>
internal static class MessageStore
{
    public static Statement Insert(TenantId tenant, string id, Message message, byte[] sealedContent, DateTimeOffset now) =>
        new("""
            INSERT INTO message (tenant_id, message_id, channel, user_id, destination, sealed_content, created_at, due_at, expires_at, attempts)
            VALUES (@tenant_id, @message_id, @channel, @user_id, @destination, @sealed_content, @now, @now, @expires_at, 0)
            """,
            ("tenant_id", tenant.Value),
            ("message_id", id),
            ("channel", message.Channel),
            ("user_id", message.UserId),
            ("destination", message.Destination),
            ("sealed_content", sealedContent),
            ("now", now.ToUnixTimeMilliseconds()),
            ("expires_at", message.ExpiresAt?.ToUnixTimeMilliseconds()));

    /// <summary>
    /// Leases messages that are due to this node until <paramref name="leaseEnd"/>. If the node stops, another one takes them then.
    /// </summary>
    public static ValueTask<List<DueMessage>> TakeDueAsync(
        UnitOfWork unit, DueQuery query, DateTimeOffset now, DateTimeOffset leaseEnd, CancellationToken cancellationToken) =>
        unit.QueryAsync(
            new Statement(
                $"""
                UPDATE message SET due_at = @lease_end, attempts = attempts + 1
                WHERE tenant_id = @tenant_id AND message_id IN (
                    SELECT message_id FROM message
                    WHERE tenant_id = @tenant_id AND channel = @channel AND delivered_at IS NULL AND failed_at IS NULL AND due_at <= @now
                    ORDER BY due_at
                    LIMIT @count
                    {(unit.Engine == Engine.PostgreSql ? "FOR UPDATE SKIP LOCKED" : "")})
                RETURNING message_id, user_id, sealed_content, created_at, expires_at, attempts, destination
                """,
                ("tenant_id", query.Tenant.Value),
                ("channel", query.Channel),
                ("count", query.Count),
                ("now", now.ToUnixTimeMilliseconds()),
                ("lease_end", leaseEnd.ToUnixTimeMilliseconds())),
            row => new DueMessage(query.Tenant, row.GetString(0), query.Channel)
            {
                UserId = row.GetStringOrNull(1),
                SealedContent = row.GetBytes(2),
                CreatedAt = row.GetInstant(3),
                ExpiresAt = row.GetInstantOrNull(4),
                Attempts = row.GetInt64(5),
                Destination = row.GetStringOrNull(6),
                LeaseEnd = leaseEnd,
            },
            cancellationToken);

    /// <summary>Deletes the content, because it may contain a link or a code.</summary>
    public static Statement Delivered(DueMessage message, DateTimeOffset now) =>
        new("""
            UPDATE message SET delivered_at = @now, sealed_content = NULL WHERE tenant_id = @tenant_id AND message_id = @message_id
            """,
            ("tenant_id", message.Tenant.Value),
            ("message_id", message.Id),
            ("now", now.ToUnixTimeMilliseconds()));

    public static Statement Delete(DueMessage message) =>
        new("DELETE FROM message WHERE tenant_id = @tenant_id AND message_id = @message_id",
            ("tenant_id", message.Tenant.Value),
            ("message_id", message.Id));

    /// <param name="maxAttempts">No more attempts than these count.</param>
    public static Statement Retry(DueMessage message, string error, DateTimeOffset dueAt, int maxAttempts) =>
        new("""
            UPDATE message SET last_error = @error, due_at = @due_at, attempts = CASE WHEN attempts > @max_attempts THEN @max_attempts ELSE attempts END
            WHERE tenant_id = @tenant_id AND message_id = @message_id
            """,
            ("tenant_id", message.Tenant.Value),
            ("message_id", message.Id),
            ("error", error),
            ("due_at", dueAt.ToUnixTimeMilliseconds()),
            ("max_attempts", (long)maxAttempts));

    /// <summary>Ends the lease of a message that was not tried. Does nothing if another node has the message by now.</summary>
    public static Statement Release(DueMessage message, DateTimeOffset now) =>
        new("""
            UPDATE message SET attempts = attempts - 1, due_at = @now
            WHERE tenant_id = @tenant_id AND message_id = @message_id AND due_at = @lease_end AND delivered_at IS NULL AND failed_at IS NULL
            """,
            ("tenant_id", message.Tenant.Value),
            ("message_id", message.Id),
            ("lease_end", message.LeaseEnd.ToUnixTimeMilliseconds()),
            ("now", now.ToUnixTimeMilliseconds()));

    public static Statement GiveUp(DueMessage message, string error, DateTimeOffset now) =>
        new("""
            UPDATE message SET last_error = @error, failed_at = @now, sealed_content = NULL
            WHERE tenant_id = @tenant_id AND message_id = @message_id
            """,
            ("tenant_id", message.Tenant.Value),
            ("message_id", message.Id),
            ("error", error),
            ("now", now.ToUnixTimeMilliseconds()));

    public static AssociatedData AssociatedDataOf(TenantId tenant, string id) => new(tenant, "message", "sealed_content", id);
}

internal readonly record struct DueQuery(TenantId Tenant, string Channel, int Count);

/// <summary>A message that is leased to this node.</summary>
internal sealed record DueMessage(TenantId Tenant, string Id, string Channel)
{
    public string? UserId { get; init; }

    /// <summary><see cref="Message.Destination"/>.</summary>
    public string? Destination { get; init; }

    public required byte[] SealedContent { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Including the one that is due now.</summary>
    public required long Attempts { get; init; }

    public required DateTimeOffset LeaseEnd { get; init; }
}

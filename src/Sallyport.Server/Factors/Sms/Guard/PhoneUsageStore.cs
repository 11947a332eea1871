using Sallyport.Server.Storage;

namespace Sallyport.Server.Factors.Sms.Guard;

/// <param name="HaltedAt">Null if it is not halted.</param>
/// <param name="SentThisHour">Messages, also those that were sent again.</param>
internal sealed record DestinationFigures(DestinationUsage Usage, long SentThisHour, DateTimeOffset? HaltedAt);

/// <summary>Tables <c>phone_usage</c> and <c>phone_halt</c>.</summary>
internal static class PhoneUsageStore
{
    /// <summary>The period whose codes are counted when destinations are judged.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromDays(1);

    /// <summary>The row that counts all messages of a tenant.</summary>
    private const string WholeTenant = "";

    private const long HourInMilliseconds = 3_600_000;

    /// <summary>A country has the two letters of its code.</summary>
    private const string CountryOf = "substr(c.destination, 1, 2)";

    public static DateTimeOffset HourOf(DateTimeOffset now) =>
        DateTimeOffset.FromUnixTimeMilliseconds(now.ToUnixTimeMilliseconds() / HourInMilliseconds * HourInMilliseconds);

    public static Statement CountForTenant(TenantId tenant, int max, DateTimeOffset now) =>
        new("""
            INSERT INTO phone_usage (tenant_id, destination, hour_at, sent) VALUES (@tenant_id, @destination, @hour_at, 1)
            ON CONFLICT (tenant_id, destination, hour_at) DO UPDATE SET sent = phone_usage.sent + 1 WHERE phone_usage.sent < @max
            """,
            ("tenant_id", tenant.Value),
            ("destination", WholeTenant),
            ("hour_at", HourOf(now).ToUnixTimeMilliseconds()),
            ("max", (long)max));

    /// <summary>Changes no row while the prefix or its country is halted.</summary>
    public static Statement CountForPrefix(TenantId tenant, PhoneDestination destination, int max, DateTimeOffset now) =>
        new("""
            INSERT INTO phone_usage (tenant_id, destination, hour_at, sent)
            SELECT @tenant_id, @destination, @hour_at, 1
            WHERE NOT EXISTS (
                SELECT 1 FROM phone_halt h
                WHERE h.tenant_id = @tenant_id AND h.destination IN (@destination, @country) AND h.resumed_at IS NULL)
            ON CONFLICT (tenant_id, destination, hour_at) DO UPDATE SET sent = phone_usage.sent + 1 WHERE phone_usage.sent < @max
            """,
            ("tenant_id", tenant.Value),
            ("destination", destination.Prefix),
            ("country", destination.Country),
            ("hour_at", HourOf(now).ToUnixTimeMilliseconds()),
            ("max", (long)max));

    /// <summary>
    /// Counts transactions, because a person who waits for a code asks for it again. A code that can still be entered does not count, nor does one that was
    /// sent before an administrator resumed the destination, nor one that no provider has accepted: its failure says nothing about the destination.
    /// </summary>
    /// <returns>The figures of each prefix and of each country.</returns>
    public static async ValueTask<List<DestinationUsage>> ListUsageAsync(
        Session session, TenantId tenant, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var prefixes = await session.QueryAsync(Usage(tenant, "c.destination", now), Read, cancellationToken);
        var countries = await session.QueryAsync(Usage(tenant, CountryOf, now), Read, cancellationToken);
        return [.. countries, .. prefixes];

        static DestinationUsage Read(System.Data.Common.DbDataReader row) => new(row.GetString(0), row.GetInt64(1), row.GetInt64(2));
    }

    /// <returns>A statement that changes one row, unless the destination is halted already.</returns>
    public static Statement Halt(TenantId tenant, DestinationUsage usage, DateTimeOffset now) =>
        new("""
            INSERT INTO phone_halt (tenant_id, destination, halted_at, sent, entered) VALUES (@tenant_id, @destination, @now, @sent, @entered)
            ON CONFLICT (tenant_id, destination) DO UPDATE SET halted_at = @now, sent = @sent, entered = @entered, resumed_at = NULL
            WHERE phone_halt.resumed_at IS NOT NULL
            """,
            ("tenant_id", tenant.Value),
            ("destination", usage.Destination),
            ("now", now.ToUnixTimeMilliseconds()),
            ("sent", usage.Sent),
            ("entered", usage.Entered));

    /// <returns>A statement that changes one row if the destination is halted.</returns>
    public static Statement Resume(TenantId tenant, string destination, DateTimeOffset now) =>
        new("""
            UPDATE phone_halt SET resumed_at = @now WHERE tenant_id = @tenant_id AND destination = @destination AND resumed_at IS NULL
            """,
            ("tenant_id", tenant.Value),
            ("destination", destination),
            ("now", now.ToUnixTimeMilliseconds()));

    /// <returns>The destinations that are halted, and since when.</returns>
    public static async ValueTask<Dictionary<string, DestinationFigures>> ListHaltedAsync(
        Session session, TenantId tenant, CancellationToken cancellationToken) =>
        (await session.QueryAsync(
            new Statement(
                "SELECT destination, sent, entered, halted_at FROM phone_halt WHERE tenant_id = @tenant_id AND resumed_at IS NULL",
                ("tenant_id", tenant.Value)),
            row => new DestinationFigures(new DestinationUsage(row.GetString(0), row.GetInt64(1), row.GetInt64(2)), 0, row.GetInstant(3)),
            cancellationToken)).ToDictionary(figures => figures.Usage.Destination, StringComparer.Ordinal);

    /// <returns>Why <see cref="CountForTenant"/> or <see cref="CountForPrefix"/> has refused a message: <c>halted</c> or <c>ceiling</c>.</returns>
    public static async ValueTask<string> FindRefusalReasonAsync(
        Session session, TenantId tenant, PhoneDestination destination, CancellationToken cancellationToken)
    {
        var halted = await ListHaltedAsync(session, tenant, cancellationToken);
        return halted.ContainsKey(destination.Prefix) || halted.ContainsKey(destination.Country) ? "halted" : "ceiling";
    }

    /// <returns>The messages of this hour, by prefix; with an empty key those of the tenant.</returns>
    public static async ValueTask<Dictionary<string, long>> ListHourAsync(
        Session session, TenantId tenant, DateTimeOffset now, CancellationToken cancellationToken) =>
        (await session.QueryAsync(
            new Statement(
                "SELECT destination, sent FROM phone_usage WHERE tenant_id = @tenant_id AND hour_at = @hour_at",
                ("tenant_id", tenant.Value),
                ("hour_at", HourOf(now).ToUnixTimeMilliseconds())),
            row => (Destination: row.GetString(0), Sent: row.GetInt64(1)),
            cancellationToken)).ToDictionary(row => row.Destination, row => row.Sent, StringComparer.Ordinal);

    private static Statement Usage(TenantId tenant, string key, DateTimeOffset now) =>
        new($"""
            SELECT {key}, count(DISTINCT c.transaction_id), count(DISTINCT CASE WHEN c.answered_at IS NOT NULL THEN c.transaction_id END)
            FROM challenge c
            LEFT JOIN phone_halt h ON h.tenant_id = c.tenant_id AND h.destination = {key}
            WHERE c.tenant_id = @tenant_id AND c.destination IS NOT NULL AND c.created_at > @since
                AND (c.answered_at IS NOT NULL OR (c.expires_at <= @now AND EXISTS (
                    SELECT 1 FROM message m
                    WHERE m.tenant_id = c.tenant_id AND m.message_id = c.message_id AND m.delivered_at IS NOT NULL)))
                AND (h.resumed_at IS NULL OR c.created_at > h.resumed_at)
            GROUP BY 1
            """,
            ("tenant_id", tenant.Value),
            ("since", (now - Period).ToUnixTimeMilliseconds()),
            ("now", now.ToUnixTimeMilliseconds()));
}

using Sallyport.Server.Audit;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Stats;

/// <summary>Counts over the tables <c>log</c> and <c>user</c>. A login is a second factor that somebody has passed.</summary>
internal static class StatsStore
{
    private const string Logins = $"('{AuditTypes.AuthenticationSucceeded}', '{AuditTypes.RecoverySucceeded}')";

    private const long DayLength = 24 * 60 * 60 * 1000;

    public static async ValueTask<long> CountActiveUsersAsync(
        Session session, TenantId tenant, DateTimeOffset since, CancellationToken cancellationToken)
    {
        var rows = await session.QueryAsync(
            new Statement(
                $"SELECT count(DISTINCT user_id) FROM log WHERE tenant_id = @tenant_id AND type IN {Logins} AND log_id >= @since",
                ("tenant_id", tenant.Value),
                ("since", LogIds.Lowest(since))),
            row => row.GetInt64(0),
            cancellationToken);
        return rows[0];
    }

    public static ValueTask<List<DayCount>> ListLoginsAsync(
        Session session, TenantId tenant, (DateTimeOffset From, DateTimeOffset Until) span, CancellationToken cancellationToken) =>
        session.QueryAsync(
            new Statement(
                $"""
                SELECT date / @day, count(*), max(date) FROM log
                WHERE tenant_id = @tenant_id AND type IN {Logins} AND log_id >= @from AND log_id < @until
                GROUP BY 1 ORDER BY 1
                """,
                ("day", DayLength),
                ("tenant_id", tenant.Value),
                ("from", LogIds.Lowest(span.From)),
                ("until", LogIds.Lowest(span.Until))),
            DayCount.Read,
            cancellationToken);

    public static ValueTask<List<DayCount>> ListSignupsAsync(
        Session session, TenantId tenant, (DateTimeOffset From, DateTimeOffset Until) span, CancellationToken cancellationToken) =>
        session.QueryAsync(
            new Statement(
                """
                SELECT created_at / @day, count(*), max(created_at) FROM "user"
                WHERE tenant_id = @tenant_id AND created_at >= @from AND created_at < @until
                GROUP BY 1 ORDER BY 1
                """,
                ("day", DayLength),
                ("tenant_id", tenant.Value),
                ("from", span.From.ToUnixTimeMilliseconds()),
                ("until", span.Until.ToUnixTimeMilliseconds())),
            DayCount.Read,
            cancellationToken);

    public static DateTimeOffset Start(long day) => DateTimeOffset.FromUnixTimeMilliseconds(day * DayLength);
}

/// <param name="Day">Days since the Unix epoch.</param>
internal sealed record DayCount(long Day, long Count, DateTimeOffset LastAt)
{
    public static DayCount Read(System.Data.Common.DbDataReader row) => new(row.GetInt64(0), row.GetInt64(1), row.GetInstant(2));
}

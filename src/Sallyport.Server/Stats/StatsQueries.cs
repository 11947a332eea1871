using System.Data.Common;
using System.Text.Json.Serialization;
using Sallyport.Server.Audit;
using Sallyport.Server.Http;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Stats;

/// <summary>Counts over the tables <c>log</c> and <c>user</c>. A login is a second factor that a user has passed.</summary>
internal sealed class StatsQueries(Database database, TimeProvider clock)
{
    private const string LoginTypes = $"('{AuditTypes.AuthenticationSucceeded}', '{AuditTypes.RecoverySucceeded}')";

    private const long DayLength = 24 * 60 * 60 * 1000;

    private static readonly TimeSpan ActivePeriod = TimeSpan.FromDays(30);

    public async ValueTask<long> CountActiveUsersAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        var rows = await database.QueryAsync(
            new Statement(
                $"SELECT count(DISTINCT user_id) FROM log WHERE tenant_id = @tenant_id AND type IN {LoginTypes} AND log_id >= @since",
                ("tenant_id", tenant.Value),
                ("since", LogIds.Lowest(clock.GetUtcNow() - ActivePeriod))),
            row => row.GetInt64(0),
            cancellationToken);
        return rows[0];
    }

    /// <returns>Days with activity only.</returns>
    public async ValueTask<IReadOnlyList<DayStats>> ListDaysAsync(
        TenantId tenant, (DateTimeOffset From, DateTimeOffset Until) span, CancellationToken cancellationToken)
    {
        var (logins, signups) = await database.ReadAsync(
            async session => (
                await ListLoginsAsync(session, tenant, span, cancellationToken),
                await ListSignupsAsync(session, tenant, span, cancellationToken)),
            cancellationToken);
        return Merge(logins, signups);
    }

    private static ValueTask<List<DayCount>> ListLoginsAsync(
        Session session, TenantId tenant, (DateTimeOffset From, DateTimeOffset Until) span, CancellationToken cancellationToken) =>
        session.QueryAsync(
            new Statement(
                $"""
                SELECT date / @day, count(*), max(date) FROM log
                WHERE tenant_id = @tenant_id AND type IN {LoginTypes} AND log_id >= @from AND log_id < @until
                GROUP BY 1 ORDER BY 1
                """,
                ("day", DayLength),
                ("tenant_id", tenant.Value),
                ("from", LogIds.Lowest(span.From)),
                ("until", LogIds.Lowest(span.Until))),
            DayCount.Read,
            cancellationToken);

    private static ValueTask<List<DayCount>> ListSignupsAsync(
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

    private static IReadOnlyList<DayStats> Merge(List<DayCount> logins, List<DayCount> signups) =>
    [
        .. logins.Select(count => count.Day).Union(signups.Select(count => count.Day)).Order().Select(day =>
        {
            var (login, signup) = (logins.Find(count => count.Day == day), signups.Find(count => count.Day == day));
            var last = login?.LastAt > signup?.LastAt || signup is null ? login!.LastAt : signup.LastAt;
            return new DayStats(Start(day), login?.Count ?? 0, signup?.Count ?? 0, Start(day), last);
        }),
    ];

    private static DateTimeOffset Start(long day) => DateTimeOffset.FromUnixTimeMilliseconds(day * DayLength);

    /// <param name="Day">Days since the Unix epoch.</param>
    private sealed record DayCount(long Day, long Count, DateTimeOffset LastAt)
    {
        public static DayCount Read(DbDataReader row) => new(row.GetInt64(0), row.GetInt64(1), row.GetInstant(2));
    }
}

/// <summary>The activity of one day, by UTC.</summary>
/// <param name="CreatedAt">The beginning of the day.</param>
/// <param name="UpdatedAt">The last activity of the day.</param>
public sealed record DayStats(
    [property: JsonPropertyName("date")] DateTimeOffset Date,
    [property: JsonPropertyName("logins")] long Logins,
    [property: JsonPropertyName("signups")] long Signups,
    [property: JsonPropertyName("created_at")] DateTimeOffset CreatedAt,
    [property: JsonPropertyName("updated_at")] DateTimeOffset UpdatedAt)
{
    /// <summary>Always 0: this server does not compare passwords with leaked ones.</summary>
    [JsonPropertyName("leaked_passwords")]
    public long LeakedPasswords => 0;
}

[JsonSourceGenerationOptions(Converters = [typeof(InstantConverter)])]
[JsonSerializable(typeof(long))]
[JsonSerializable(typeof(IReadOnlyList<DayStats>))]
internal sealed partial class StatsJson : JsonSerializerContext;

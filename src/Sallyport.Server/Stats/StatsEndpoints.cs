using Microsoft.AspNetCore.Http.HttpResults;
using Sallyport.Server.Http;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Stats;

internal static class StatsEndpoints
{
    private static readonly TenantId Tenant = TenantId.Default;
    private static readonly TimeSpan ActiveWithin = TimeSpan.FromDays(30);

    public static void MapStats(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/stats").WithTags("Stats").RequireScope(ManagementScopes.ReadStats);
        group.MapGet("/active-users", CountActiveUsersAsync).WithName("CountActiveUsers");
        group.MapGet("/daily", ListDaysAsync).WithName("ListDailyStats");
    }

    /// <summary>A bare number.</summary>
    private static async Task<Ok<long>> CountActiveUsersAsync(Database database, TimeProvider clock, CancellationToken cancellationToken) =>
        TypedResults.Ok(await database.ReadAsync(
            session => StatsStore.CountActiveUsersAsync(session, Tenant, clock.GetUtcNow() - ActiveWithin, cancellationToken),
            cancellationToken));

    /// <summary>Days on which nothing happened are left out.</summary>
    private static async Task<Results<Ok<IReadOnlyList<DayStats>>, ApiError>> ListDaysAsync(
        StatsRange range, Database database, TimeProvider clock, CancellationToken cancellationToken)
    {
        var span = range.Span(clock.GetUtcNow());
        if (span.From > span.Until)
        {
            return ApiError.Query("Must not be after to", "from");
        }

        var (logins, signups) = await database.ReadAsync(
            async session => (
                await StatsStore.ListLoginsAsync(session, Tenant, span, cancellationToken),
                await StatsStore.ListSignupsAsync(session, Tenant, span, cancellationToken)),
            cancellationToken);
        return TypedResults.Ok(Merge(logins, signups));
    }

    private static IReadOnlyList<DayStats> Merge(List<DayCount> logins, List<DayCount> signups) =>
    [
        .. logins.Select(count => count.Day).Union(signups.Select(count => count.Day)).Order().Select(day =>
        {
            var (login, signup) = (logins.Find(count => count.Day == day), signups.Find(count => count.Day == day));
            var last = login?.LastAt > signup?.LastAt || signup is null ? login!.LastAt : signup.LastAt;
            return new DayStats(StatsStore.Start(day), login?.Count ?? 0, signup?.Count ?? 0, StatsStore.Start(day), last);
        }),
    ];
}

using System.Globalization;
using System.Reflection;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.OpenApi;
using Sallyport.Server.Audit;
using Sallyport.Server.Http;
using Sallyport.Server.Http.OpenApi;

namespace Sallyport.Server.Stats;

internal static class StatsEndpoints
{
    public static void AddStats(this IServiceCollection services)
    {
        services.AddSingleton<StatsQueries>();
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, StatsJson.Default));
    }

    public static void MapStats(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/stats").WithTags("Stats").RequireScope(ManagementScopes.ReadStats);
        group.MapGet("/active-users", CountActiveUsersAsync).WithName("CountActiveUsers");
        group.MapGet("/daily", ListDaysAsync).WithName("ListDailyStats");
    }

    /// <summary>The answer is a number, not an object.</summary>
    private static async Task<Ok<long>> CountActiveUsersAsync(CallContext call, StatsQueries stats, CancellationToken cancellationToken) =>
        TypedResults.Ok(await stats.CountActiveUsersAsync(call.Tenant, cancellationToken));

    private static async Task<Results<Ok<IReadOnlyList<DayStats>>, ApiError>> ListDaysAsync(
        StatsRange range, CallContext call, StatsQueries stats, TimeProvider clock, CancellationToken cancellationToken)
    {
        var span = range.Span(clock.GetUtcNow());
        return span.From > span.Until
            ? ApiError.Query("Must not be after to", "from")
            : TypedResults.Ok(await stats.ListDaysAsync(call.Tenant, span, cancellationToken));
    }
}

/// <summary>The days of the parameters <c>from</c> and <c>to</c>, both included.</summary>
internal sealed record StatsRange(DateTimeOffset? From, DateTimeOffset? To) : IEndpointParameterMetadataProvider
{
    private const int DefaultDays = 30;

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        builder.Metadata.Add(new QueryParameter("from", JsonSchemaType.String));
        builder.Metadata.Add(new QueryParameter("to", JsonSchemaType.String));
    }

    /// <exception cref="ApiException">400 that names the parameter.</exception>
    public static ValueTask<StatsRange> BindAsync(HttpContext context, ParameterInfo _) =>
        ValueTask.FromResult(new StatsRange(Day(context.Request.Query, "from"), Day(context.Request.Query, "to")));

    /// <returns>The first instant of the range, and the first after it. By default it is the 30 days that end today.</returns>
    public (DateTimeOffset From, DateTimeOffset Until) Span(DateTimeOffset now)
    {
        var last = To ?? new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero);
        return (From ?? last.AddDays(1 - DefaultDays), last.AddDays(1));
    }

    private static DateTimeOffset? Day(IQueryCollection query, string name)
    {
        if (QueryValues.Text(query, name) is not { } text)
        {
            return null;
        }

        return DateTimeOffset.TryParseExact(text, "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var day)
            && day.Year is > 1970 and < 9999
            ? day
            : throw new ApiException(ApiError.Query("String does not match pattern YYYYMMDD", name));
    }
}

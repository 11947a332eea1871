using Sallyport.Server.Http.OpenApi;
using System.Globalization;
using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.OpenApi;
using Sallyport.Server.Http;

namespace Sallyport.Server.Stats;

/// <summary>Days, both ends included, as <c>from</c> and <c>to</c> name them.</summary>
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

    /// <returns>The first instant, and the first that is too late. Where an end is not named: until today, and a month.</returns>
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

using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.OpenApi;
using Sallyport.Protocols.UserQuery;
using Sallyport.Server.Http;
using Sallyport.Server.Http.OpenApi;
using Sallyport.Server.Http.Paging;
using Sallyport.Server.Search;

namespace Sallyport.Server.Audit;

/// <summary>The parameters of a list of log entries: a page of a search, or the entries after a checkpoint.</summary>
internal sealed partial record LogListing(Page Page, string OrderBy) : IEndpointParameterMetadataProvider
{
    private const int MaxResults = 1000;
    public const string NewestFirst = LogFields.ByDate + " DESC";

    /// <summary>Null for all entries.</summary>
    public QueryNode? Query { get; init; }

    /// <summary>Null for the entries of all users.</summary>
    public string? UserId { get; init; }

    /// <summary>If it is set, all other parameters are ignored, as by the published API.</summary>
    public LogCheckpoint? Checkpoint { get; init; }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        foreach (var (name, type) in new[]
        {
            ("page", JsonSchemaType.Integer), ("per_page", JsonSchemaType.Integer), ("include_totals", JsonSchemaType.Boolean),
            ("sort", JsonSchemaType.String), ("q", JsonSchemaType.String), ("search", JsonSchemaType.String),
            ("from", JsonSchemaType.String), ("take", JsonSchemaType.Integer),
        })
        {
            builder.Metadata.Add(new QueryParameter(name, type));
        }
    }

    /// <exception cref="ApiException">400 that names the parameter.</exception>
    public static async ValueTask<LogListing> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var query = context.Request.Query;
        if (LogCheckpoint.Find(query) is { } checkpoint)
        {
            return new LogListing(new Page(0, checkpoint.Take, IncludeTotals: false), LogFields.ByDate) { Checkpoint = checkpoint };
        }

        var listing = await BindPageAsync(context, parameter);
        return listing with { Query = SearchText.Parse(QueryValues.Text(query, "q") ?? QueryValues.Text(query, "search")) };
    }

    /// <exception cref="ApiException">400 that names the parameter.</exception>
    public static async ValueTask<LogListing> BindPageAsync(HttpContext context, ParameterInfo parameter)
    {
        var page = await Page.BindAsync(context, parameter);
        if ((long)page.Start + page.Size > MaxResults)
        {
            throw new ApiException(ApiError.BadRequest(
                $"You can only page through the first {MaxResults} records. Read on with from and take.", ErrorCodes.InvalidQueryString));
        }

        return new LogListing(page, ReadSort(context.Request.Query["sort"]));
    }

    private static string ReadSort(string? sort)
    {
        if (string.IsNullOrEmpty(sort))
        {
            return NewestFirst;
        }

        var match = SortPattern().Match(sort);
        if (!match.Success || LogFields.Find(match.Groups[1].Value)?.Column is not { Length: > 0 } column)
        {
            throw new ApiException(ApiError.Query("Must be field:1 or field:-1 with a sortable field", "sort"));
        }

        var direction = match.Groups[2].Value == "1" ? "" : " DESC";
        return column == LogFields.ByDate ? column + direction : $"{column}{direction}, {NewestFirst}";
    }

    [GeneratedRegex(@"^([a-z_]{1,40}):(1|-1)\z")]
    private static partial Regex SortPattern();
}

/// <summary>The parameters of <c>GET /users/{id}/logs</c>: those of the whole log, without search and checkpoint.</summary>
internal sealed record UserLogListing(LogListing Listing, FieldSelection Fields) : IEndpointParameterMetadataProvider
{
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        foreach (var (name, type) in new[]
        {
            ("page", JsonSchemaType.Integer), ("per_page", JsonSchemaType.Integer), ("include_totals", JsonSchemaType.Boolean),
            ("sort", JsonSchemaType.String),
        })
        {
            builder.Metadata.Add(new QueryParameter(name, type));
        }

        FieldSelection.PopulateMetadata(parameter, builder);
    }

    /// <exception cref="ApiException">400 that names the parameter.</exception>
    public static async ValueTask<UserLogListing> BindAsync(HttpContext context, ParameterInfo parameter) =>
        new(await LogListing.BindPageAsync(context, parameter), await FieldSelection.BindAsync(context, parameter));

    public LogListing Of(string userId) => Listing with { UserId = userId };
}

/// <summary>Continues through the whole log, oldest first (docs/management-api.md §E.3).</summary>
/// <param name="From">The id of the last entry that was read; empty to begin with the oldest.</param>
internal sealed record LogCheckpoint(string From, int Take)
{
    private const int DefaultTake = 50;
    private const int MaxTake = 100;

    /// <returns>Null if neither parameter was sent.</returns>
    /// <exception cref="ApiException">400 that names the parameter.</exception>
    public static LogCheckpoint? Find(IQueryCollection query)
    {
        if (!query.ContainsKey("from") && !query.ContainsKey("take"))
        {
            return null;
        }

        var from = QueryValues.Text(query, "from") ?? "";
        if (from.Length > LogIds.Length || !from.All(char.IsAsciiDigit))
        {
            throw new ApiException(ApiError.Query("Must be the id of a log entry", "from"));
        }

        var take = QueryValues.Int(query, "take", DefaultTake, MaxTake);
        return take > 0
            ? new LogCheckpoint(from, take)
            : throw new ApiException(ApiError.Query("Value must not be less than 1", "take"));
    }

    /// <summary>There is always a next page, because the log grows.</summary>
    public string Link(string publicUrl, string? last)
    {
        var next = last ?? From;
        var from = next.Length > 0 ? $"from={next}&" : "";
        return $"<{publicUrl}/api/v2/logs?{from}take={Take}>; rel=\"next\"";
    }
}

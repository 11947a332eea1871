using Sallyport.Server.Http.OpenApi;
using Sallyport.Server.Http.Paging;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.OpenApi;
using Sallyport.Protocols.UserQuery;
using Sallyport.Server.Http;
using Sallyport.Server.Search;

namespace Sallyport.Server.Audit;

/// <summary>What a list of log entries is asked for: a page of a search, or what comes after a checkpoint.</summary>
internal sealed partial record LogListing(Page Page, string OrderBy) : IEndpointParameterMetadataProvider
{
    private const int MaxResults = 1000;
    private const string NewestFirst = LogFields.ByDate + " DESC";

    /// <summary>Null for everything.</summary>
    public QueryNode? Query { get; init; }

    /// <summary>Null for those of everybody.</summary>
    public string? UserId { get; init; }

    /// <summary>Where it is set, everything else is ignored, as the published API does.</summary>
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

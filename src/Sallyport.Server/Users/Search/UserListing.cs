using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.OpenApi;
using Sallyport.Protocols.UserQuery;
using Sallyport.Server.Http;
using Sallyport.Server.Http.OpenApi;
using Sallyport.Server.Http.Paging;
using Sallyport.Server.Search;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Users.Search;

/// <summary>The parameters of <c>GET /users</c>.</summary>
/// <param name="Query">Null for all users.</param>
/// <param name="Order">Null for any order.</param>
internal sealed record UserListing(Page Page, string? Connection, QueryNode? Query, UserOrder? Order) : IEndpointParameterMetadataProvider
{
    private const int MaxResults = 1000;

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        foreach (var (name, type) in new[]
        {
            ("page", JsonSchemaType.Integer), ("per_page", JsonSchemaType.Integer), ("include_totals", JsonSchemaType.Boolean),
            ("sort", JsonSchemaType.String), ("connection", JsonSchemaType.String), ("q", JsonSchemaType.String),
            ("search_engine", JsonSchemaType.String), ("primary_order", JsonSchemaType.Boolean),
        })
        {
            builder.Metadata.Add(new QueryParameter(name, type));
        }
    }

    /// <exception cref="ApiException">400 that names the parameter.</exception>
    public static async ValueTask<UserListing> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var query = context.Request.Query;
        var page = await Page.BindAsync(context, parameter);
        if ((long)page.Start + page.Size > MaxResults)
        {
            throw new ApiException(ApiError.BadRequest(
                $"You can only page through the first {MaxResults} records.", ErrorCodes.InvalidQueryString));
        }

        RequireEngine(QueryValues.Text(query, "search_engine"));
        return new UserListing(page, QueryValues.Text(query, "connection"), SearchText.Parse(QueryValues.Text(query, "q")), UserOrder.Read(query));
    }

    private static void RequireEngine(string? engine)
    {
        var fault = engine switch
        {
            null or "v3" => null,
            "v1" or "v2" => $"The search engine {engine} is not supported; use v3",
            _ => "Must be v3",
        };
        if (fault is not null)
        {
            throw new ApiException(ApiError.Query(fault, "search_engine"));
        }
    }
}

/// <summary>The order of a list of users. Ties are ordered by id, so that pages neither overlap nor omit a user.</summary>
internal sealed partial record UserOrder(SearchField Field, bool IsDescending)
{
    public static readonly UserOrder Newest = new(SearchFields.Find("created_at")!, IsDescending: true);

    private static readonly UserOrder Oldest = new(SearchFields.Find("created_at")!, IsDescending: false);

    /// <returns>Null for any order.</returns>
    /// <exception cref="ApiException">400 that names the parameter.</exception>
    public static UserOrder? Read(IQueryCollection query)
    {
        var isPrimary = QueryValues.Bool(query, "primary_order", fallback: true);
        if (QueryValues.Text(query, "sort") is not { } sort)
        {
            return isPrimary ? Oldest : null;
        }

        var match = SortPattern().Match(sort);
        return match.Success && SearchFields.Find(match.Groups[1].Value) is { IsSortable: true } field
            ? new UserOrder(field, match.Groups[2].Value == "-1")
            : throw new ApiException(ApiError.Query("Must be field:1 or field:-1 with a sortable field", "sort"));
    }

    /// <summary>A missing value sorts before all others.</summary>
    public string ToSql(Engine engine)
    {
        var direction = IsDescending ? " DESC" : "";
        if (Field.Column == "user_id")
        {
            return $"ORDER BY u.user_id{(engine == Engine.PostgreSql ? " COLLATE \"C\"" : "")}{direction}";
        }

        var nulls = !Field.IsNullable ? "" : IsDescending ? " NULLS LAST" : " NULLS FIRST";
        return $"ORDER BY u.{Field.Column}{direction}{nulls}, u.user_id{direction}";
    }

    [GeneratedRegex(@"^([a-zA-Z0-9_.]{1,40}):(1|-1)\z")]
    private static partial Regex SortPattern();
}

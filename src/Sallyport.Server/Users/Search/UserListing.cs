using Sallyport.Server.Http.OpenApi;
using Sallyport.Server.Http.Paging;
using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.OpenApi;
using Sallyport.Protocols.UserQuery;
using Sallyport.Server.Http;
using Sallyport.Server.Search;

namespace Sallyport.Server.Users.Search;

/// <summary>What <c>GET /users</c> is asked for.</summary>
/// <param name="Query">Null for everybody.</param>
/// <param name="Order">Null where any will do.</param>
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
            "v1" or "v2" => $"The search engine {engine} is switched off; use v3",
            _ => "Must be v3",
        };
        if (fault is not null)
        {
            throw new ApiException(ApiError.Query(fault, "search_engine"));
        }
    }
}

using Sallyport.Server.Http.OpenApi;
using Sallyport.Server.Http.Paging;
using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.OpenApi;
using Sallyport.Server.Http;

namespace Sallyport.Server.Connections;

/// <summary>What <c>GET /connections</c> is asked for. <paramref name="Strategies"/> has commas on both sides of each.</summary>
internal sealed record ConnectionListing(ListWindow Window, string? Name, string? Strategies) : IEndpointParameterMetadataProvider
{
    /// <summary>No connection here is chosen by the domain of an address.</summary>
    public bool IsOfADomain { get; private init; }

    private const int DefaultSize = 100;

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        ListWindow.PopulateMetadata(parameter, builder);
        builder.Metadata.Add(new QueryParameter("name", JsonSchemaType.String));
        builder.Metadata.Add(new QueryParameter("strategy", JsonSchemaType.String));
        builder.Metadata.Add(new QueryParameter("domain_alias", JsonSchemaType.String));
    }

    /// <exception cref="ApiException">400 that names the parameter.</exception>
    public static async ValueTask<ConnectionListing> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var query = context.Request.Query;
        var window = await ListWindow.BindAsync(context, parameter);
        return new ConnectionListing(
            query["per_page"].ToString().Length > 0 ? window : window with { Page = window.Page with { Size = DefaultSize } },
            QueryValues.Text(query, "name"),
            QueryValues.Text(query, "strategy") is { } strategies ? $",{strategies}," : null)
        {
            IsOfADomain = QueryValues.Text(query, "domain_alias") is not null,
        };
    }
}

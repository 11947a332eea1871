using Sallyport.Server.Http.OpenApi;
using Sallyport.Server.Http.Paging;
using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.OpenApi;
using Sallyport.Server.Http;

namespace Sallyport.Server.Clients;

/// <summary>What <c>GET /clients</c> is asked for.</summary>
internal sealed record ClientListing(ListWindow Window, bool? IsGlobal, bool? IsFirstParty, string? AppTypes) : IEndpointParameterMetadataProvider
{
    /// <summary>No client here is registered by a document elsewhere.</summary>
    public bool IsOfAnExternalClient { get; private init; }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        ListWindow.PopulateMetadata(parameter, builder);
        builder.Metadata.Add(new QueryParameter("is_global", JsonSchemaType.Boolean));
        builder.Metadata.Add(new QueryParameter("is_first_party", JsonSchemaType.Boolean));
        builder.Metadata.Add(new QueryParameter("app_type", JsonSchemaType.String));
        builder.Metadata.Add(new QueryParameter("external_client_id", JsonSchemaType.String));
    }

    /// <exception cref="ApiException">400 that names the parameter.</exception>
    public static async ValueTask<ClientListing> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var query = context.Request.Query;
        if (QueryValues.Text(query, "q") is not null)
        {
            throw new ApiException(ApiError.Query("Clients are not searched by query here", "q"));
        }

        return new ClientListing(
            await ListWindow.BindAsync(context, parameter),
            Flag(query, "is_global"),
            Flag(query, "is_first_party"),
            // Commas on both sides of each, so that one is found whole.
            QueryValues.Text(query, "app_type") is { } types ? $",{types}," : null)
        {
            IsOfAnExternalClient = QueryValues.Text(query, "external_client_id") is not null,
        };
    }

    private static bool? Flag(IQueryCollection query, string name) =>
        query[name].ToString().Length == 0 ? null : QueryValues.Bool(query, name, fallback: false);
}

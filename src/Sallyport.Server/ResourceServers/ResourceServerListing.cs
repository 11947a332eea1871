using Sallyport.Server.Http.OpenApi;
using Sallyport.Server.Http.Paging;
using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.OpenApi;
using Sallyport.Server.Http;

namespace Sallyport.Server.ResourceServers;

/// <summary>What <c>GET /resource-servers</c> is asked for. <paramref name="Identifiers"/> has commas on both sides of each.</summary>
internal sealed record ResourceServerListing(ListWindow Window, string? Identifiers) : IEndpointParameterMetadataProvider
{
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        ListWindow.PopulateMetadata(parameter, builder);
        builder.Metadata.Add(new QueryParameter("identifiers", JsonSchemaType.String));
    }

    /// <exception cref="ApiException">400 that names the parameter.</exception>
    public static async ValueTask<ResourceServerListing> BindAsync(HttpContext context, ParameterInfo parameter) =>
        new(
            await ListWindow.BindAsync(context, parameter),
            QueryValues.Text(context.Request.Query, "identifiers") is { } identifiers ? $",{identifiers}," : null);
}

using Sallyport.Server.Http.OpenApi;
using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.OpenApi;
using Sallyport.Server.Http;

namespace Sallyport.Server.Audit;

/// <summary>What <c>GET /users/{id}/logs</c> is asked for: as the whole log, without search and checkpoint.</summary>
internal sealed record UserLogListing(LogListing Listing) : IEndpointParameterMetadataProvider
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
    }

    /// <exception cref="ApiException">400 that names the parameter.</exception>
    public static async ValueTask<UserLogListing> BindAsync(HttpContext context, ParameterInfo parameter) =>
        new(await LogListing.BindPageAsync(context, parameter));

    public LogListing Of(string userId) => Listing with { UserId = userId };
}

using Sallyport.Server.Http.OpenApi;
using Sallyport.Server.Http.Paging;
using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.OpenApi;
using Sallyport.Server.Http;

namespace Sallyport.Server.Clients;

/// <summary>What <c>GET /client-grants</c> is asked for.</summary>
internal sealed record ClientGrantListing(ListWindow Window, string? Audience, string? ClientId, string? SubjectType)
    : IEndpointParameterMetadataProvider
{
    /// <summary>No grant here is for organizations, or stands for those of many clients.</summary>
    public bool IsOfMany { get; private init; }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        ListWindow.PopulateMetadata(parameter, builder);
        foreach (var name in new[] { "audience", "client_id", "subject_type", "default_for" })
        {
            builder.Metadata.Add(new QueryParameter(name, JsonSchemaType.String));
        }

        builder.Metadata.Add(new QueryParameter("allow_any_organization", JsonSchemaType.Boolean));
    }

    /// <exception cref="ApiException">400 that names the parameter.</exception>
    public static async ValueTask<ClientGrantListing> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var query = context.Request.Query;
        return new ClientGrantListing(
            await ListWindow.BindAsync(context, parameter),
            QueryValues.Text(query, "audience"),
            QueryValues.Text(query, "client_id"),
            QueryValues.Text(query, "subject_type"))
        {
            IsOfMany = QueryValues.Bool(query, "allow_any_organization", fallback: false) || QueryValues.Text(query, "default_for") is not null,
        };
    }
}

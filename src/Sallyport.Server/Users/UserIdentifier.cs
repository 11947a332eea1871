using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.OpenApi;
using Sallyport.Server.Http;

namespace Sallyport.Server.Users;

/// <summary>The <c>identifier</c> of a query: an address, a user name or a number.</summary>
internal sealed record UserIdentifier(string Value) : IEndpointParameterMetadataProvider
{
    private const string Name = "identifier";

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new QueryParameter(Name, JsonSchemaType.String, IsRequired: true));

    /// <exception cref="ApiException">400 where it is missing.</exception>
    public static ValueTask<UserIdentifier> BindAsync(HttpContext context, ParameterInfo _) =>
        QueryValues.Text(context.Request.Query, Name) is { } identifier
            ? ValueTask.FromResult(new UserIdentifier(identifier))
            : throw new ApiException(ApiError.Query($"Missing required property: {Name}", Name));
}

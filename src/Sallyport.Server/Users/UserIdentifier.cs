using Sallyport.Server.Http.OpenApi;
using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.OpenApi;
using Sallyport.Server.Http;

namespace Sallyport.Server.Users;

/// <summary>What somebody signs in with: an e-mail, a user name or a phone number.</summary>
internal sealed record UserIdentifier(string Value) : IEndpointParameterMetadataProvider
{
    private const string Name = "identifier";

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new QueryParameter(Name, JsonSchemaType.String, IsRequired: true));

    /// <exception cref="ApiException">400: there is none.</exception>
    public static ValueTask<UserIdentifier> BindAsync(HttpContext context, ParameterInfo _) =>
        QueryValues.Text(context.Request.Query, Name) is { } text
            ? ValueTask.FromResult(new UserIdentifier(text))
            : throw new ApiException(ApiError.Query($"Missing required property: {Name}", Name));
}

using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;
using Sallyport.Server.Http.OpenApi;

namespace Sallyport.Server.AuthenticationMethods;

/// <summary>A page with totals, for the OpenAPI document the other shape of the list.</summary>
internal sealed class AuthenticationMethodPageResult(AuthenticationMethodPage page) : IResult, IEndpointMetadataProvider
{
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new AlternativeAnswer(typeof(AuthenticationMethodPage)));

    public Task ExecuteAsync(HttpContext httpContext) =>
        httpContext.Response.WriteAsJsonAsync(page);
}

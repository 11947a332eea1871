using Sallyport.Server.Http.OpenApi;
using Sallyport.Server.Http.Paging;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.Metadata;

namespace Sallyport.Server.Users;

/// <summary>A page with totals; the field selection applies to the users in it.</summary>
internal sealed class UserPageResult(UserPage page, FieldSelection fields) : IResult, IEndpointMetadataProvider
{
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new AlternativeAnswer(typeof(UserPage)));

    public Task ExecuteAsync(HttpContext httpContext)
    {
        if (fields.Names is null)
        {
            return httpContext.Response.WriteAsJsonAsync(page);
        }

        var node = JsonSerializer.SerializeToNode(page, UserJson.Default.UserPage)!.AsObject();
        foreach (var user in node["users"]!.AsArray().OfType<JsonObject>())
        {
            fields.Apply(user);
        }

        return httpContext.Response.WriteAsJsonAsync(node);
    }
}

using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.Metadata;

namespace Sallyport.Server.Http;

/// <summary>An answer with the members that it holds, in its order, <c>null</c> among them.</summary>
internal class JsonResult(JsonNode value) : IResult
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.ContentType = "application/json; charset=utf-8";
        return httpContext.Response.WriteAsync(value.ToJsonString(Plain), httpContext.RequestAborted);
    }
}

/// <summary>An answer with members of <typeparamref name="T"/>.</summary>
internal sealed class JsonResult<T>(JsonNode value) : JsonResult(value), IEndpointMetadataProvider
{
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(200, typeof(T), ["application/json"]));
}

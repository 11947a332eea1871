using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.Options;

namespace Sallyport.Server.Http.Paging;

/// <summary>An answer of which only the selected properties are shown.</summary>
internal sealed class Projection<T>(T value, FieldSelection fields) : IResult, IEndpointMetadataProvider
{
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(200, typeof(T), ["application/json"]));

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var options = httpContext.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        var contract = (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T));
        if (fields.Names is null)
        {
            return httpContext.Response.WriteAsJsonAsync(value, contract);
        }

        var node = JsonSerializer.SerializeToNode(value, contract);
        foreach (var item in node is JsonArray list ? list.OfType<JsonObject>() : [node!.AsObject()])
        {
            fields.Apply(item);
        }

        return httpContext.Response.WriteAsJsonAsync(node);
    }
}

internal static class Projection
{
    public static Projection<T> Of<T>(T value, FieldSelection fields) => new(value, fields);
}

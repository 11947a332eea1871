using Sallyport.Server.Http.OpenApi;
using Sallyport.Server.Http.Paging;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.Metadata;

namespace Sallyport.Server.Audit;

/// <summary>A page with totals; the field selection applies to the entries in it.</summary>
internal sealed class LogPageResult(LogPage page, FieldSelection fields) : IResult, IEndpointMetadataProvider
{
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new AlternativeAnswer(typeof(LogPage)));

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var node = JsonSerializer.SerializeToNode(page, LogJson.Default.LogPage)!.AsObject();
        foreach (var entry in node["logs"]!.AsArray().OfType<JsonObject>())
        {
            fields.Apply(entry);
        }

        return httpContext.Response.WriteAsJsonAsync(node);
    }
}

using Sallyport.Server.Http.OpenApi;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.Options;

namespace Sallyport.Server.Http.Paging;

/// <summary>A list as the query asked for it: an array, or a page around one. The field selection applies to the items.</summary>
/// <param name="page">Null for an array.</param>
internal sealed class ListAnswer<TItem, TPage>(IReadOnlyList<TItem> items, TPage? page, FieldSelection fields)
    : IResult, IEndpointMetadataProvider
    where TPage : class
{
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder)
    {
        builder.Metadata.Add(new ProducesResponseTypeMetadata(200, typeof(IReadOnlyList<TItem>), ["application/json"]));
        builder.Metadata.Add(new AlternativeAnswer(typeof(TPage)));
    }

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var options = httpContext.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        var (value, contract) = page is null
            ? ((object)items, options.GetTypeInfo(typeof(IReadOnlyList<TItem>)))
            : (page, options.GetTypeInfo(typeof(TPage)));
        if (fields.Names is null)
        {
            return httpContext.Response.WriteAsJsonAsync(value, contract);
        }

        var node = JsonSerializer.SerializeToNode(value, contract)!;
        var list = node as JsonArray ?? node.AsObject().Select(member => member.Value).OfType<JsonArray>().Single();
        foreach (var item in list.OfType<JsonObject>())
        {
            fields.Apply(item);
        }

        return httpContext.Response.WriteAsJsonAsync(node);
    }
}

internal static class ListAnswer
{
    public static ListAnswer<TItem, TPage> Of<TItem, TPage>(ListPart<TItem> part, Func<ListPart<TItem>, TPage> page, FieldSelection fields)
        where TPage : class =>
        new(part.Items, part.IsPage ? page(part) : null, fields);
}

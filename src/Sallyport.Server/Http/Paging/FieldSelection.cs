using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;
using Sallyport.Server.Http.OpenApi;

namespace Sallyport.Server.Http.Paging;

/// <summary>The query parameters <c>fields</c> and <c>include_fields</c>: which properties of an answer are shown.</summary>
internal sealed record FieldSelection(IReadOnlySet<string>? Names, bool Include) : IEndpointParameterMetadataProvider
{
    public static readonly FieldSelection Everything = new(null, Include: true);

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        builder.Metadata.Add(new QueryParameter("fields", JsonSchemaType.String));
        builder.Metadata.Add(new QueryParameter("include_fields", JsonSchemaType.Boolean));
    }

    public static ValueTask<FieldSelection> BindAsync(HttpContext context, ParameterInfo _)
    {
        string? fields = context.Request.Query["fields"];
        var names = string.IsNullOrWhiteSpace(fields)
            ? null
            : fields.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.Ordinal);
        return ValueTask.FromResult(new FieldSelection(names, QueryValues.Bool(context.Request.Query, "include_fields", fallback: true)));
    }

    public void Apply(JsonObject value)
    {
        if (Names is null)
        {
            return;
        }

        foreach (var name in value.Select(member => member.Key).Where(name => Names.Contains(name) != Include).ToList())
        {
            value.Remove(name);
        }
    }
}

/// <summary>An answer with only the selected properties.</summary>
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

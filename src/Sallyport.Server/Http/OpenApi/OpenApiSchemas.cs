using Sallyport.Server.Http.Payloads;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Sallyport.Server.Http.OpenApi;

/// <summary>The shapes of requests and answers as they are on the wire: what is not known is left out, never <c>null</c>.</summary>
internal static partial class OpenApiSchemas
{
    private const string NullIsMeant = "x-null-removes";

    /// <summary>What only our annotations and converters know.</summary>
    public static Task DescribeProperty(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        var type = Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type;
        if (type == typeof(DateTimeOffset))
        {
            schema.Type = JsonSchemaType.String;
        }
        else if (type == typeof(JsonElement))
        {
            schema.Type = JsonSchemaType.Object;
        }

        foreach (var rule in context.JsonPropertyInfo?.AttributeProvider?.GetCustomAttributes(inherit: true) ?? type.GetCustomAttributes(inherit: true))
        {
            Describe(schema, rule);
        }

        return Task.CompletedTask;
    }

    /// <summary>
    /// The generator takes every property that may be null here for one that may be null on the wire.
    /// </summary>
    public static Task TellAbsentFromNull(
        Microsoft.OpenApi.OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        foreach (var schema in document.Components?.Schemas?.Values ?? [])
        {
            Walk(schema);
        }

        return Task.CompletedTask;
    }

    private static void Walk(IOpenApiSchema? any)
    {
        if (any is not OpenApiSchema schema)
        {
            return;
        }

        schema.Description = Plain(schema.Description);
        Walk(schema.Items);
        foreach (var (name, property) in schema.Properties?.ToList() ?? [])
        {
            Walk(property);
            schema.Properties![name] = WithoutNull(schema, name, property);
        }
    }

    private static void Describe(OpenApiSchema schema, object rule)
    {
        switch (rule)
        {
            case MailAddressAttribute:
                schema.Format = "email";
                break;
            case WebAddressAttribute:
                schema.Format = "uri";
                break;
            case AllowedValuesAttribute allowed:
                schema.Enum = [.. allowed.Values.Select(value => (JsonNode)JsonValue.Create((string)value!)!)];
                break;
            case AllowedItemsAttribute allowed:
                schema.Items = new OpenApiSchema
                {
                    Type = JsonSchemaType.String,
                    Enum = [.. allowed.Allowed.Select(value => (JsonNode)JsonValue.Create(value)!)],
                };
                break;
            case UniqueItemsAttribute:
                schema.UniqueItems = true;
                break;
            case FilePartAttribute:
                schema.Format = "binary";
                break;
            case NullableOnWireAttribute:
                (schema.Extensions ??= new Dictionary<string, IOpenApiExtension>())[NullIsMeant] = new JsonNodeExtension(JsonValue.Create(true));
                break;
        }
    }

    private static IOpenApiSchema WithoutNull(OpenApiSchema owner, string name, IOpenApiSchema property)
    {
        if (property is not OpenApiSchema schema)
        {
            return property;
        }

        if (schema.Extensions?.Remove(NullIsMeant) == true)
        {
            schema.Type |= JsonSchemaType.Null;
            return schema;
        }

        if (schema.OneOf is { Count: 2 } choice && choice.FirstOrDefault(one => one.Type != JsonSchemaType.Null) is { } only)
        {
            owner.Required?.Remove(name);
            return only;
        }

        if (schema.Type is { } type && type.HasFlag(JsonSchemaType.Null) && type != JsonSchemaType.Null)
        {
            owner.Required?.Remove(name);
            schema.Type = type & ~JsonSchemaType.Null;
        }

        return schema;
    }

    /// <summary>Removes references to documents, which readers of the contract do not have.</summary>
    private static string? Plain(string? description) =>
        description is null ? null : ReferencePattern().Replace(description, "").ReplaceLineEndings(" ");

    [GeneratedRegex(@"\s*\(docs/[^)]*\)")]
    private static partial Regex ReferencePattern();
}

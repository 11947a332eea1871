using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Sallyport.Server.Http.Payloads;

namespace Sallyport.Server.Http.OpenApi;

/// <summary>Corrects the generated schemas: a member without a value is left out of answers, never <c>null</c>.</summary>
internal static partial class OpenApiSchemas
{
    private const string NullIsMeant = "x-null-removes";

    /// <summary>Adds what the generator cannot know: this project's annotations and converters.</summary>
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

        if (context.JsonPropertyInfo is { } property && IsNullableInSettingsDocument(property))
        {
            MarkNullable(schema);
        }

        return Task.CompletedTask;
    }

    /// <summary>Removes <c>null</c> from properties that are nullable in C# only, because null means absent there.</summary>
    public static Task RemoveImpliedNull(
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
                MarkNullable(schema);
                break;
        }
    }

    private static bool IsNullableInSettingsDocument(JsonPropertyInfo property) =>
        property.DeclaringType.IsDefined(typeof(SettingsDocumentAttribute), inherit: true)
        && property is { IsRequired: false, AttributeProvider: { } provider }
        && !provider.IsDefined(typeof(NeverNullAttribute), inherit: true);

    private static void MarkNullable(OpenApiSchema schema) =>
        (schema.Extensions ??= new Dictionary<string, IOpenApiExtension>())[NullIsMeant] = new JsonNodeExtension(JsonValue.Create(true));

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

    /// <summary>Removes citations of documents, which readers of the OpenAPI document do not have.</summary>
    private static string? Plain(string? description) =>
        description is null ? null : ReferencePattern().Replace(description, "").ReplaceLineEndings(" ");

    [GeneratedRegex(@"\s*\(docs/[^)]*\)")]
    private static partial Regex ReferencePattern();
}

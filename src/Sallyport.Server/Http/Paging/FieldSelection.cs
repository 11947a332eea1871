using Sallyport.Server.Http.OpenApi;
using System.Reflection;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.OpenApi;

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

using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.Options;

namespace Sallyport.Server.Http.Payloads;

/// <summary>A request body that is an array, of which each item has passed the closed schema of <typeparamref name="T"/>.</summary>
public sealed class ListBody<T> : IEndpointParameterMetadataProvider
    where T : class
{
    private const int MaxItems = 100;

    private ListBody(IReadOnlyList<T> items, JsonElement raw)
    {
        Items = items;
        Raw = raw;
    }

    public IReadOnlyList<T> Items { get; }

    /// <summary>As it was sent.</summary>
    public JsonElement Raw { get; }

    /// <exception cref="ApiException">400 that names the item, the property and the fault.</exception>
    public static async ValueTask<ListBody<T>> BindAsync(HttpContext context, ParameterInfo _)
    {
        var options = context.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        var contract = (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T));
        var schema = PayloadSchema.For(contract);
        var element = await PayloadReader.ReadAsync(context.Request, schema);
        if (element.ValueKind != JsonValueKind.Array)
        {
            throw new ApiException(ApiError.Payload($"Expected type array but found type {PayloadProperty.TypeName(element)}"));
        }

        if (element.GetArrayLength() > MaxItems)
        {
            throw new ApiException(ApiError.Payload($"Array is too long ({element.GetArrayLength()}), maximum {MaxItems}"));
        }

        var items = new List<T>();
        foreach (var item in element.EnumerateArray())
        {
            schema.Check(item, $"{items.Count}.");
            items.Add(item.Deserialize(contract)!);
        }

        context.Features.Set(new LoggableBody(element));
        return new ListBody<T>(items, element);
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new BodyMetadata(typeof(T)) { IsList = true });
}

using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.Options;

namespace Sallyport.Server.Http;

/// <summary>
/// A request body, JSON or form-urlencoded, that has passed the closed schema of <typeparamref name="T"/>: known
/// properties only, right types, required ones present, annotations kept.
/// </summary>
public sealed class Body<T> : IEndpointParameterMetadataProvider
    where T : class
{
    private Body(T value, JsonElement raw)
    {
        Value = value;
        Raw = raw;
    }

    public T Value { get; }

    /// <summary>As it was sent: what an echo or an audit entry repeats, and how <c>null</c> is told from absent.</summary>
    public JsonElement Raw { get; }

    /// <exception cref="ApiException">400 that names the property and the fault.</exception>
    public static async ValueTask<Body<T>> BindAsync(HttpContext context, ParameterInfo _)
    {
        var options = context.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        var contract = (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T));
        var schema = PayloadSchema.For(contract);
        var element = await PayloadReader.ReadAsync(context.Request, schema);
        schema.Check(element);
        try
        {
            return new Body<T>(element.Deserialize(contract)!, element);
        }
        catch (JsonException exception)
        {
            throw new ApiException(ApiError.Payload("Unexpected value", exception.Path));
        }
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new BodyMetadata(typeof(T)));
}

/// <summary>Tells the OpenAPI document what an endpoint reads.</summary>
internal sealed record BodyMetadata(Type Type, bool IsRequired = true)
{
    /// <summary>An array of them.</summary>
    public bool IsList { get; init; }

    /// <summary>A property that is not known is refused.</summary>
    public bool IsClosed { get; init; } =
        !Type.GetProperties().Any(property => property.IsDefined(typeof(JsonExtensionDataAttribute), inherit: true));
}

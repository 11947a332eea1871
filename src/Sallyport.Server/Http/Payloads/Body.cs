using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.Metadata;

namespace Sallyport.Server.Http.Payloads;

/// <summary>
/// A request body, JSON or form-urlencoded, that has passed the closed schema of <typeparamref name="T"/>: known
/// properties only, right types, required ones present, annotations kept.
/// </summary>
public sealed class Body<T> : IEndpointParameterMetadataProvider
    where T : class
{
    private Body(T value, JsonElement raw, JsonElement loggable)
    {
        Value = value;
        Raw = raw;
        Loggable = loggable;
    }

    public T Value { get; }

    /// <summary>As it was sent: what an echo repeats, and how <c>null</c> is told from absent.</summary>
    public JsonElement Raw { get; }

    /// <summary>As it was sent, without what is marked as a <see cref="SecretAttribute"/>: what an audit entry repeats.</summary>
    public JsonElement Loggable { get; }

    /// <exception cref="ApiException">400 that names the property and the fault.</exception>
    public static async ValueTask<Body<T>> BindAsync(HttpContext context, ParameterInfo _)
    {
        var (value, raw, loggable) = await CheckedPayload.ReadAsync(context, typeof(T));
        return new Body<T>((T)value, raw, loggable);
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new BodyMetadata(typeof(T)));
}

/// <summary>A request record with rules that no annotation of one property can say.</summary>
internal interface ICheckedBody
{
    /// <returns>What is wrong, without the value; null where nothing is.</returns>
    ApiError? FindFault();
}

/// <summary>Tells the OpenAPI document what an endpoint reads.</summary>
internal sealed record BodyMetadata(Type Type, bool IsRequired = true)
{
    /// <summary>An array of them.</summary>
    public bool IsList { get; init; }

    /// <summary>A form of which a part is a file.</summary>
    public bool IsFileForm { get; init; }

    /// <summary>A property that is not known is refused.</summary>
    public bool IsClosed { get; init; } =
        !Type.GetProperties().Any(property => property.IsDefined(typeof(JsonExtensionDataAttribute), inherit: true));
}

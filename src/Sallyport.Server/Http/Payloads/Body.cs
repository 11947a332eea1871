using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.Options;
using Sallyport.Server.Configuration;

namespace Sallyport.Server.Http.Payloads;

/// <summary>
/// A request body, JSON or form-urlencoded, that has passed the schema of <typeparamref name="T"/>: known properties only, right
/// types, required ones present, annotations satisfied.
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

    /// <summary>The body as it was sent. It shows whether a member is <c>null</c> or absent.</summary>
    public JsonElement Raw { get; }

    /// <exception cref="ApiException">400 that names the property and the fault.</exception>
    public static async ValueTask<Body<T>> BindAsync(HttpContext context, ParameterInfo _)
    {
        var (value, raw) = await CheckedPayload.ReadAsync(context, typeof(T));
        return new Body<T>((T)value, raw);
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new BodyMetadata(typeof(T)));
}

/// <summary>A body that some clients leave out, together with its content type (docs/wire.md §1.2).</summary>
public sealed class OptionalBody<T> : IEndpointParameterMetadataProvider
    where T : class
{
    private OptionalBody(T? value) => Value = value;

    public T? Value { get; }

    /// <exception cref="ApiException">400 that names the property and the fault.</exception>
    public static async ValueTask<OptionalBody<T>> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var hasBody = await HasBodyAsync(context);
        return new OptionalBody<T>(hasBody ? (await Body<T>.BindAsync(context, parameter)).Value : null);
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new BodyMetadata(typeof(T), IsRequired: false));

    /// <summary>A proxy may forward a missing body as a chunked body whose only chunk is empty.</summary>
    private static async ValueTask<bool> HasBodyAsync(HttpContext context)
    {
        if (context.Request.ContentLength is { } length)
        {
            return length > 0;
        }

        if (context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody != true)
        {
            return false;
        }

        var first = await context.Request.BodyReader.ReadAsync(context.RequestAborted);
        var isEmpty = first.Buffer.IsEmpty;
        context.Request.BodyReader.AdvanceTo(first.Buffer.Start);
        return !isEmpty;
    }
}

/// <summary>A request body that is an array. Each item has passed the schema of <typeparamref name="T"/>.</summary>
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

    /// <summary>The body as it was sent.</summary>
    public JsonElement Raw { get; }

    /// <exception cref="ApiException">400 that names the item, the property and the fault.</exception>
    public static async ValueTask<ListBody<T>> BindAsync(HttpContext context, ParameterInfo _)
    {
        var contract = (JsonTypeInfo<T>)CheckedPayload.ContractOf(context, typeof(T));
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

/// <summary>A request record with rules that no annotation of a single property can express.</summary>
internal interface ICheckedBody
{
    /// <returns>The fault, without the value; null if there is none.</returns>
    ApiError? FindFault();
}

/// <summary>A request record with rules that depend on the configuration of the server.</summary>
internal interface IConfigurationCheckedBody
{
    /// <returns>The fault, without the value; null if there is none.</returns>
    ApiError? FindFault(SallyportOptions options);
}

/// <summary>Describes the body of an endpoint for the OpenAPI document.</summary>
internal sealed record BodyMetadata(Type Type, bool IsRequired = true)
{
    /// <summary>The body is an array.</summary>
    public bool IsList { get; init; }

    /// <summary>The body is a form with a file.</summary>
    public bool IsFileForm { get; init; }

    /// <summary>Unknown properties are refused.</summary>
    public bool IsClosed { get; init; } =
        !Type.GetProperties().Any(property => property.IsDefined(typeof(JsonExtensionDataAttribute), inherit: true));
}

/// <summary>A request body that has passed the schema of its type.</summary>
/// <param name="Raw">As it was sent, without unsupported options that are off.</param>
internal readonly record struct CheckedPayload(object Value, JsonElement Raw)
{
    /// <exception cref="ApiException">400 that names the property and the fault.</exception>
    public static async ValueTask<CheckedPayload> ReadAsync(HttpContext context, Type type)
    {
        var contract = ContractOf(context, type);
        var schema = PayloadSchema.For(contract);
        var sent = await PayloadReader.ReadAsync(context.Request, schema);
        schema.Check(sent);
        var element = schema.WithoutDisabledOptions(sent);
        var value = Deserialize(element, contract);
        var fault = value switch
        {
            ICheckedBody body => body.FindFault(),
            IConfigurationCheckedBody body => body.FindFault(context.RequestServices.GetRequiredService<SallyportOptions>()),
            _ => null,
        };
        if (fault is not null)
        {
            throw new ApiException(fault);
        }

        context.Features.Set(new LoggableBody(schema.WithoutSecrets(element)));
        return new CheckedPayload(value, element);
    }

    public static JsonTypeInfo ContractOf(HttpContext context, Type type) =>
        context.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions.GetTypeInfo(type);

    private static object Deserialize(JsonElement element, JsonTypeInfo contract)
    {
        try
        {
            return element.Deserialize(contract)!;
        }
        catch (JsonException exception)
        {
            throw new ApiException(ApiError.Payload("Unexpected value", exception.Path));
        }
    }
}

/// <summary>A request feature: the body without secrets, for the log.</summary>
internal sealed record LoggableBody(JsonElement Value);

using System.Reflection;
using Microsoft.AspNetCore.Http.Features;

namespace Sallyport.Server.Http.Payloads;

/// <summary>A body that some clients leave out, together with its content type (docs/wire.md §1.2).</summary>
public sealed class OptionalBody<T> : Microsoft.AspNetCore.Http.Metadata.IEndpointParameterMetadataProvider
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

    /// <summary>A proxy may pass nothing on as chunks, of which the only one is empty.</summary>
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

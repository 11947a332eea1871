using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace Sallyport.Server.Http.Payloads;

/// <summary>A request body that has passed the schema of its type.</summary>
/// <param name="Raw">As it was sent.</param>
/// <param name="Loggable">As it was sent, without what is marked as a <see cref="SecretAttribute"/>.</param>
internal readonly record struct CheckedPayload(object Value, JsonElement Raw, JsonElement Loggable)
{
    /// <exception cref="ApiException">400 that names the property and the fault.</exception>
    public static async ValueTask<CheckedPayload> ReadAsync(HttpContext context, Type type)
    {
        var options = context.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        var contract = options.GetTypeInfo(type);
        var schema = PayloadSchema.For(contract);
        var element = await PayloadReader.ReadAsync(context.Request, schema);
        schema.Check(element);
        var value = Deserialize(element, contract);
        if (value is ICheckedBody body && body.FindFault() is { } fault)
        {
            throw new ApiException(fault);
        }

        var loggable = schema.WithoutSecrets(element);
        context.Features.Set(new LoggableBody(loggable));
        return new CheckedPayload(value, element, loggable);
    }

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

/// <summary>A request feature: the body as the log may repeat it.</summary>
internal sealed record LoggableBody(JsonElement Value);

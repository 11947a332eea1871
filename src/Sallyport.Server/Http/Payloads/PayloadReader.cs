using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Primitives;

namespace Sallyport.Server.Http.Payloads;

/// <summary>Reads a body as one JSON value. Accepts what real clients send: no content type, a trailing newline, forms.</summary>
internal static class PayloadReader
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 32, AllowDuplicateProperties = false };

    public static async ValueTask<JsonElement> ReadAsync(HttpRequest request, PayloadSchema schema)
    {
        if (await FormReader.IsFormAsync(request))
        {
            var form = await FormReader.ReadAsync(request) ?? throw new ApiException(ApiError.Payload("Malformed form"));
            return FromForm(form, schema);
        }

        if (request.ContentLength == 0)
        {
            throw new ApiException(ApiError.Payload("Expected type object but found no body"));
        }

        try
        {
            using var document = await JsonDocument.ParseAsync(request.Body, Options, request.HttpContext.RequestAborted);
            return document.RootElement.Clone();
        }
        catch (JsonException exception)
        {
            throw new ApiException(ApiError.Payload(Explain(exception)));
        }
        catch (InvalidOperationException)
        {
            // Thrown by the parser when it compares names and one contains half of a surrogate pair.
            throw new ApiException(ApiError.Payload("A property name is not valid Unicode"));
        }
    }

    private static string Explain(JsonException exception) =>
        exception.LineNumber is { } line
            ? $"Malformed JSON at line {line + 1}, byte {exception.BytePositionInLine + 1}"
            : "Malformed JSON";

    /// <summary>A form has only texts. For a property of another type the text is parsed as JSON; for an array of texts each value is an item.</summary>
    private static JsonElement FromForm(IFormCollection form, PayloadSchema schema)
    {
        var body = new JsonObject();
        foreach (var (name, values) in form)
        {
            body[name] = schema.IsText(name) ? JsonValue.Create(values.ToString())
                : schema.IsListOfTexts(name) ? (JsonNode)List(values)
                : Literal(values);
        }

        return JsonSerializer.SerializeToElement(body, PayloadJson.Default.JsonObject);
    }

    private static JsonArray List(StringValues values) =>
        values is [{ } one] && Literal(one) is JsonArray list ? list : new JsonArray([.. values.Select(value => JsonValue.Create(value))]);

    private static JsonNode? Literal(StringValues values)
    {
        try
        {
            return JsonNode.Parse(values.ToString(), documentOptions: Options);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return JsonValue.Create(values.ToString());
        }
    }
}

[System.Text.Json.Serialization.JsonSerializable(typeof(JsonObject))]
[System.Text.Json.Serialization.JsonSerializable(typeof(JsonNode))]
internal sealed partial class PayloadJson : System.Text.Json.Serialization.JsonSerializerContext;

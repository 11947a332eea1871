using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Sallyport.Server.Http;

namespace Sallyport.Server.Audit;

/// <summary>Entries for writes through the Management API, with the details that the published log shows (management-api C.4).</summary>
internal static class ApiOperation
{
    /// <param name="body">What was sent; secrets in it are left out.</param>
    public static AuditEntry Succeeded(HttpContext context, int statusCode, string? userId, JsonElement? body = null) =>
        new(AuditTypes.ApiOperation, AuditSource.Of(context)) { UserId = userId, Details = Details(context, statusCode, body) };

    /// <param name="answer">Repeated in the entry; secrets in it are left out.</param>
    public static AuditEntry WithAnswer<T>(AuditEntry entry, T answer, JsonTypeInfo<T> contract)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            LoggableJson.Write(json, JsonSerializer.SerializeToElement(answer, contract));
        }

        var details = JsonNode.Parse(entry.Details!)!;
        details["response"]!["body"] = JsonNode.Parse(buffer.WrittenSpan);
        return entry with { Details = details.ToJsonString() };
    }

    public static AuditEntry Failed(HttpContext context)
    {
        var entry = new AuditEntry(AuditTypes.FailedApiOperation, AuditSource.Of(context))
        {
            Details = Details(context, context.Response.StatusCode, null),
        };
        return context.Features.Get<ApiErrorBody>() is { } error ? WithAnswer(entry, error, HttpJson.Default.ApiErrorBody) : entry;
    }

    private static string Details(HttpContext context, int statusCode, JsonElement? body)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartObject("request");
            WriteRequest(json, context, body);
            json.WriteEndObject();
            json.WriteStartObject("response");
            json.WriteNumber("statusCode", statusCode);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void WriteRequest(Utf8JsonWriter json, HttpContext context, JsonElement? body)
    {
        var source = AuditSource.Of(context);
        json.WriteString("method", context.Request.Method);
        json.WriteString("path", context.Request.Path.Value);
        json.WriteStartObject("query");
        foreach (var (name, values) in context.Request.Query)
        {
            LoggableJson.WriteText(json, name, values.ToString());
        }

        json.WriteEndObject();
        json.WriteString("userAgent", source.UserAgent);
        if (body is { } value)
        {
            json.WritePropertyName("body");
            LoggableJson.Write(json, value);
        }

        json.WriteString("channel", "api");
        json.WriteString("ip", source.Address);
        json.WriteStartObject("auth");
        json.WriteString("strategy", "jwt");
        json.WriteEndObject();
    }
}

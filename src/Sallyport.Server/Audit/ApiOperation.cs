using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Sallyport.Server.Audit;

/// <summary>Entries for writes through the Management API, with the details that the published log shows (management-api C.4).</summary>
internal static class ApiOperation
{
    /// <param name="body">What was sent; secrets in it are left out.</param>
    public static AuditEntry Succeeded(HttpContext context, int statusCode, string? userId, JsonElement? body = null) =>
        new(AuditTypes.ApiOperation, AuditSource.Of(context)) { UserId = userId, Details = Details(context, statusCode, body) };

    public static AuditEntry Failed(HttpContext context) =>
        new(AuditTypes.FailedApiOperation, AuditSource.Of(context))
        {
            Details = Details(context, context.Response.StatusCode, null),
        };

    private static string Details(HttpContext context, int statusCode, JsonElement? body)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartObject("request");
            json.WriteString("method", context.Request.Method);
            json.WriteString("path", context.Request.Path.Value);
            if (body is { ValueKind: JsonValueKind.Object } value)
            {
                WriteBody(json, value);
            }

            json.WriteEndObject();
            json.WriteStartObject("response");
            json.WriteNumber("statusCode", statusCode);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void WriteBody(Utf8JsonWriter json, JsonElement body)
    {
        json.WriteStartObject("body");
        foreach (var member in body.EnumerateObject())
        {
            if (IsSecret(member.Name))
            {
                json.WriteString(member.Name, "***");
            }
            else
            {
                member.WriteTo(json);
            }
        }

        json.WriteEndObject();
    }

    private static bool IsSecret(string name) =>
        name.Contains("password", StringComparison.OrdinalIgnoreCase) || name.Contains("secret", StringComparison.OrdinalIgnoreCase);
}

using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Sallyport.Server.Audit;

/// <summary>Entries for writes through the Management API, with the details that the published log shows (management-api C.4).</summary>
internal static class ApiOperation
{
    /// <summary>Of a body that is repeated in the log.</summary>
    private const int MaxBodyLength = 16 * 1024;

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
            if (body is { } value)
            {
                json.WritePropertyName("body");
                if (value.GetRawText().Length <= MaxBodyLength)
                {
                    WriteWithoutSecrets(json, value);
                }
                else
                {
                    json.WriteStringValue("(too long)");
                }
            }

            json.WriteEndObject();
            json.WriteStartObject("response");
            json.WriteNumber("statusCode", statusCode);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void WriteWithoutSecrets(Utf8JsonWriter json, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Array)
        {
            json.WriteStartArray();
            foreach (var item in value.EnumerateArray())
            {
                WriteWithoutSecrets(json, item);
            }

            json.WriteEndArray();
            return;
        }

        if (value.ValueKind != JsonValueKind.Object)
        {
            value.WriteTo(json);
            return;
        }

        json.WriteStartObject();
        foreach (var member in value.EnumerateObject())
        {
            json.WritePropertyName(member.Name);
            if (IsSecret(member.Name))
            {
                json.WriteStringValue("***");
            }
            else
            {
                WriteWithoutSecrets(json, member.Value);
            }
        }

        json.WriteEndObject();
    }

    private static bool IsSecret(string name) =>
        name.Contains("password", StringComparison.OrdinalIgnoreCase) || name.Contains("secret", StringComparison.OrdinalIgnoreCase);
}

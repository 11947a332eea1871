using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Sallyport.Server.Http;

namespace Sallyport.Server.Audit;

/// <summary>Entries for writes through the Management API, with the details that the published log shows (docs/management-api.md §C.4).</summary>
internal static class ApiOperation
{
    /// <summary>The entry that a successful operation writes for its caller.</summary>
    public static AuditEntry Succeeded(CallContext call, string? userId) =>
        new(AuditTypes.ApiOperation, call.Source)
        {
            UserId = userId,
            Details = call.Request is { } request ? Details(call, request, request.SuccessStatus) : ChannelOnly(call.Channel),
        };

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

    /// <summary>The entry for a refused request, with the error that was sent and without the request's body.</summary>
    public static AuditEntry Refused(CallContext call, int statusCode, ApiErrorBody? error)
    {
        var entry = new AuditEntry(AuditTypes.FailedApiOperation, call.Source)
        {
            Details = Details(call, call.Request! with { ReadBody = () => null }, statusCode),
        };
        return error is null ? entry : WithAnswer(entry, error, HttpJson.Default.ApiErrorBody);
    }

    private static string ChannelOnly(CallChannel channel) =>
        $$"""{"request":{ "channel":"{{Name(channel)}}" },"response":{} }""";

    private static string Name(CallChannel channel) => channel switch
    {
        CallChannel.Api => "api",
        CallChannel.CommandLine => "command-line",
        CallChannel.Worker => "worker",
        CallChannel.Dashboard => "dashboard",
    };

    private static string Details(CallContext call, ApiRequest request, int statusCode)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartObject("request");
            WriteRequest(json, call, request);
            json.WriteEndObject();
            json.WriteStartObject("response");
            json.WriteNumber("statusCode", statusCode);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void WriteRequest(Utf8JsonWriter json, CallContext call, ApiRequest request)
    {
        json.WriteString("method", request.Method);
        json.WriteString("path", request.Path);
        json.WriteStartObject("query");
        foreach (var (name, value) in request.Query)
        {
            LoggableJson.WriteText(json, name, value);
        }

        json.WriteEndObject();
        json.WriteString("userAgent", call.Source.UserAgent);
        if (request.ReadBody() is { } body)
        {
            json.WritePropertyName("body");
            LoggableJson.Write(json, body);
        }

        json.WriteString("channel", Name(call.Channel));
        json.WriteString("ip", call.Source.Address);
        json.WriteStartObject("auth");
        json.WriteString("strategy", call.Actor is null ? "jwt" : "session");
        if (call.Actor is { } actor)
        {
            json.WriteStartObject("user");
            json.WriteString("user_id", actor.UserId);
            json.WriteString("email", actor.Email);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }
}

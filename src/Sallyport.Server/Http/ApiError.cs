using System.Reflection;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.WebUtilities;

namespace Sallyport.Server.Http;

/// <summary>The error envelope of the Management and Guardian APIs (docs/management-api.md §E.1, docs/wire.md §1.6).</summary>
public sealed record ApiError(int StatusCode, string Message, string? ErrorCode) : IResult, IEndpointMetadataProvider
{
    /// <summary>Only on a refused access token, where the published API repeats the message.</summary>
    public ApiErrorAttributes? Attributes { get; init; }

    /// <summary>Of the payload, where the fault lies in one.</summary>
    public string? Property { get; init; }

    public string Error => ReasonPhrases.GetReasonPhrase(StatusCode);

    public static ApiError BadRequest(string message, string errorCode) => new(400, message, errorCode);

    public static ApiError Unauthorized(string message, string? errorCode) => new(401, message, errorCode);

    public static ApiError Forbidden(string message, string errorCode) => new(403, message, errorCode);

    public static ApiError NotFound(string message, string? errorCode) => new(404, message, errorCode);

    public static ApiError Conflict(string message, string errorCode) => new(409, message, errorCode);

    public static ApiError TooManyRequests(string message, string errorCode) => new(429, message, errorCode);

    /// <param name="reason">What is wrong, without the value: it may be a secret.</param>
    public static ApiError Payload(string reason, string? property = null) =>
        BadRequest(Explain("Payload", reason, property), ErrorCodes.InvalidBody) with { Property = property };

    public static ApiError Query(string reason, string property) =>
        BadRequest(Explain("Query", reason, property), ErrorCodes.InvalidQueryString);

    public static ApiError Path(string reason, string property) =>
        BadRequest(Explain("Path", reason, property), ErrorCodes.InvalidUri);

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(400, typeof(ApiErrorBody), ["application/json"]));

    /// <summary>In the words of the surface that was called.</summary>
    public Task ExecuteAsync(HttpContext httpContext)
    {
        if (httpContext.GetEndpoint()?.Metadata.GetMetadata<OAuthSurface>() is not null)
        {
            return OAuthError.Of(this).ExecuteAsync(httpContext);
        }

        var body = new ApiErrorBody(StatusCode, Error, Message, ErrorCode, Attributes);
        httpContext.Response.StatusCode = StatusCode;
        // For the log, which says why something was refused.
        httpContext.Features.Set(body);
        return httpContext.Response.WriteAsJsonAsync(body);
    }

    private static string Explain(string part, string reason, string? property) =>
        property is null
            ? $"{part} validation error: '{reason}'."
            : $"{part} validation error: '{reason}' on property {property}.";
}

public sealed record ApiErrorBody(
    [property: JsonPropertyName("statusCode")] int StatusCode,
    [property: JsonPropertyName("error")] string Error,
    [property: JsonPropertyName("message")] string Message,
    [property: JsonPropertyName("errorCode")] string? ErrorCode,
    [property: JsonPropertyName("attributes")] ApiErrorAttributes? Attributes);

public sealed record ApiErrorAttributes([property: JsonPropertyName("error")] string Error);

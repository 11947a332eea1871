using System.Reflection;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.WebUtilities;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Http;

/// <summary>The error envelope of the Management and Guardian APIs (docs/management-api.md §E.1, docs/wire.md §1.6).</summary>
public sealed record ApiError(int StatusCode, string Message, string? ErrorCode) : IResult, IEndpointMetadataProvider
{
    /// <summary>Only for a refused access token; the published API repeats the message there.</summary>
    public ApiErrorAttributes? Attributes { get; init; }

    /// <summary>The property of the payload that is wrong, if it is one.</summary>
    public string? Property { get; init; }

    public string Error => ReasonPhrases.GetReasonPhrase(StatusCode);

    public static ApiError BadRequest(string message, string errorCode) => new(400, message, errorCode);

    public static ApiError Unauthorized(string message, string? errorCode) => new(401, message, errorCode);

    public static ApiError Forbidden(string message, string errorCode) => new(403, message, errorCode);

    public static ApiError MissingScope(params string[] scopes) =>
        Forbidden($"Insufficient scope, expected any of: {string.Join(',', scopes)}", ErrorCodes.InsufficientScope);

    public static ApiError NotFound(string message, string? errorCode) => new(404, message, errorCode);

    public static ApiError Conflict(string message, string errorCode) => new(409, message, errorCode);

    public static ApiError TooManyRequests(string message, string errorCode) => new(429, message, errorCode);

    public static readonly ApiError SettingsTooLarge =
        Payload($"The properties must not have more than {StoredSettings.MaxLength} characters in all");

    /// <param name="reason">Never contains the value, because it may be a secret.</param>
    public static ApiError Payload(string reason, string? property = null) =>
        BadRequest(Explain("Payload", reason, property), ErrorCodes.InvalidBody) with { Property = property };

    public static ApiError Query(string reason, string property) =>
        BadRequest(Explain("Query", reason, property), ErrorCodes.InvalidQueryString);

    public static ApiError Path(string reason, string property) =>
        BadRequest(Explain("Path", reason, property), ErrorCodes.InvalidUri);

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(400, typeof(ApiErrorBody), ["application/json"]));

    /// <summary>Writes the error in the format of the API that was called.</summary>
    public Task ExecuteAsync(HttpContext httpContext)
    {
        if (httpContext.GetEndpoint()?.Metadata.GetMetadata<OAuthSurface>() is not null)
        {
            return OAuthError.Of(this).ExecuteAsync(httpContext);
        }

        var body = new ApiErrorBody(StatusCode, Error, Message, ErrorCode, Attributes);
        httpContext.Response.StatusCode = StatusCode;
        // The log repeats why a request was refused.
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

/// <summary>A mistake of the caller that is found while its request is read, before any handler runs.</summary>
internal sealed class ApiException(ApiError error) : Exception(error.Message)
{
    public ApiError Error { get; } = error;
}

using System.Reflection;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.Metadata;

namespace Sallyport.Server.Http;

/// <summary>The error body of the OAuth endpoints (RFC 6749 section 5.2).</summary>
internal sealed record OAuthError(int StatusCode, string Error, string Description) : IResult, IEndpointMetadataProvider
{
    public static OAuthError InvalidRequest(string description) => new(400, "invalid_request", description);

    /// <summary>The same for an unknown client and for a wrong secret.</summary>
    public static readonly OAuthError Unauthorized = new(401, "access_denied", "Unauthorized");

    /// <summary>Converts an error that any API may give (RFC 6749 sections 4.1.2.1 and 5.2).</summary>
    public static OAuthError Of(ApiError error) => new(
        error.StatusCode,
        error.StatusCode switch
        {
            StatusCodes.Status429TooManyRequests => "too_many_requests",
            StatusCodes.Status503ServiceUnavailable => "temporarily_unavailable",
            >= 500 => "server_error",
            _ => "invalid_request",
        },
        error.Message);

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(400, typeof(OAuthErrorBody), ["application/json"]));

    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = StatusCode;
        if (StatusCode == 401)
        {
            httpContext.Response.Headers.WWWAuthenticate = "Basic";
        }

        return httpContext.Response.WriteAsJsonAsync(new OAuthErrorBody(Error, Description));
    }
}

/// <summary>Marks the endpoints whose errors have this format.</summary>
internal sealed record OAuthSurface;

internal sealed record OAuthErrorBody(
    [property: JsonPropertyName("error")] string Error,
    [property: JsonPropertyName("error_description")] string ErrorDescription);

using System.Reflection;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.Metadata;

namespace Sallyport.Server.Http;

/// <summary>The error body of the OAuth endpoints (RFC 6749 section 5.2).</summary>
internal sealed record OAuthError(int StatusCode, string Error, string Description) : IResult, IEndpointMetadataProvider
{
    /// <summary>The scheme that the endpoint takes, for a 401.</summary>
    public string Scheme { get; init; } = "Basic";

    /// <summary>When the request may be repeated, for a 429.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Names the sign-in that needs a second factor.</summary>
    public MfaRequirement? Mfa { get; init; }

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
            httpContext.Response.Headers.WWWAuthenticate = Scheme;
        }

        if (RetryAfter is { } wait)
        {
            httpContext.Response.Headers.RetryAfter =
                Math.Max(1, Math.Ceiling(wait.TotalSeconds)).ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        return httpContext.Response.WriteAsJsonAsync(new OAuthErrorBody(Error, Description)
        {
            MfaToken = Mfa?.Token,
            MfaRequirements = Mfa?.Requirements,
        });
    }

    public override string ToString() => $"{StatusCode} {Error}";
}

internal sealed record MfaRequirement(string Token, MfaRequirements Requirements)
{
    public override string ToString() => "***";
}

/// <summary>The factors that may be challenged, or those that may be enrolled: one of the two lists.</summary>
internal sealed record MfaRequirements(
    [property: JsonPropertyName("challenge")] IReadOnlyList<MfaFactorType>? Challenge,
    [property: JsonPropertyName("enroll")] IReadOnlyList<MfaFactorType>? Enroll);

internal sealed record MfaFactorType([property: JsonPropertyName("type")] string Type);

/// <summary>Marks the endpoints whose errors have this format.</summary>
internal sealed record OAuthSurface;

internal sealed record OAuthErrorBody(
    [property: JsonPropertyName("error")] string Error,
    [property: JsonPropertyName("error_description")] string ErrorDescription)
{
    /// <summary>Only with <c>mfa_required</c>.</summary>
    [JsonPropertyName("mfa_token")]
    public string? MfaToken { get; init; }

    /// <summary>Only with <c>mfa_required</c>.</summary>
    [JsonPropertyName("mfa_requirements")]
    public MfaRequirements? MfaRequirements { get; init; }

    public override string ToString() => Error;
}

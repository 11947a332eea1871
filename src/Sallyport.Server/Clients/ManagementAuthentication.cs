using Sallyport.Server.Http.RateLimiting;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Sallyport.Server.Http;

namespace Sallyport.Server.Clients;

/// <summary>Bearer access tokens of the Management API (docs/management-api.md §E.1, §E.7).</summary>
internal sealed class ManagementAuthentication(
    AccessTokens tokens, IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    private static readonly ApiError Malformed =
        ApiError.BadRequest("Bad HTTP authentication header format", ErrorCodes.BearerFormat);

    private ApiError refusal = ApiError.Unauthorized("Missing authentication", null);

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        string? header = Request.Headers.Authorization;
        if (string.IsNullOrEmpty(header) || TakesNoAccessTokens(Context.GetEndpoint()))
        {
            return AuthenticateResult.NoResult();
        }

        var token = header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? header["Bearer ".Length..].Trim() : "";
        if (token.AsSpan().Count('.') != 2)
        {
            refusal = Malformed;
            return AuthenticateResult.Fail(Malformed.Message);
        }

        var result = await tokens.ValidateAsync(token);
        if (result.Principal is not null)
        {
            return AuthenticateResult.Success(new AuthenticationTicket(result.Principal, ICaller.AuthenticationScheme));
        }

        refusal = ApiError.Unauthorized(result.Fault!, null) with { Attributes = new ApiErrorAttributes(result.Fault!) };
        return AuthenticateResult.Fail(result.Fault!);
    }

    /// <summary>The Guardian API has tokens of its own under the same header. They are nobody's failed attempt at this one.</summary>
    private static bool TakesNoAccessTokens(Endpoint? endpoint) =>
        endpoint?.Metadata.GetMetadata<RateLimitMetadata>() is { Kind: RateLimitKind.Address };

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (refusal.StatusCode == 401)
        {
            Response.Headers.WWWAuthenticate = "Bearer";
        }

        return refusal.ExecuteAsync(Context);
    }
}

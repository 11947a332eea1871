using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Sallyport.Server.Http;
using Sallyport.Server.Http.RateLimiting;

namespace Sallyport.Server.Clients;

/// <summary>
/// Authenticates the Management API with bearer access tokens (docs/management-api.md §E.1, §E.7). A refused token writes one log line; the
/// framework's handler would write three messages of its own.
/// </summary>
internal sealed class ManagementAuthentication(
    AccessTokens tokens, IOptionsMonitor<AuthenticationSchemeOptions> options, ILogger<ManagementAuthentication> logger, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, NullLoggerFactory.Instance, encoder)
{
    private static readonly ApiError Malformed =
        ApiError.BadRequest("Bad HTTP authentication header format", ErrorCodes.BearerFormat);

    private ApiError refusal = ApiError.Unauthorized("Missing authentication", null);

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        string? header = Request.Headers.Authorization;
        if (string.IsNullOrEmpty(header) || !TakesAccessTokens(Context.GetEndpoint()))
        {
            return AuthenticateResult.NoResult();
        }

        var token = header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? header["Bearer ".Length..].Trim() : "";
        if (token.AsSpan().Count('.') != 2)
        {
            return Refuse(Malformed);
        }

        var result = await tokens.ValidateAsync(token);
        return result.Principal is not null
            ? AuthenticateResult.Success(new AuthenticationTicket(result.Principal, ICaller.AuthenticationScheme))
            : Refuse(ApiError.Unauthorized(result.Fault!, null) with { Attributes = new ApiErrorAttributes(result.Fault!) });
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (refusal.StatusCode == 401)
        {
            Response.Headers.WWWAuthenticate = "Bearer";
        }

        return refusal.ExecuteAsync(Context);
    }

    /// <summary>The Guardian API has its own tokens in the same header.</summary>
    private static bool TakesAccessTokens(Endpoint? endpoint) =>
        endpoint?.Metadata.GetMetadata<RateLimitMetadata>() is not { Kind: RateLimitKind.Address };

    private AuthenticateResult Refuse(ApiError error)
    {
        refusal = error;
        ClientsLog.TokenRefused(logger, ClientAddress.Of(Context), error.Message);
        return AuthenticateResult.Fail(error.Message);
    }
}

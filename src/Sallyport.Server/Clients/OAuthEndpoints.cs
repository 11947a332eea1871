using Sallyport.Server.Http.Payloads;
using Sallyport.Server.Http.RateLimiting;
using Microsoft.AspNetCore.Http.HttpResults;
using Sallyport.Server.Audit;
using Sallyport.Server.Configuration;
using Sallyport.Server.Http;
using Sallyport.Server.Security;

namespace Sallyport.Server.Clients;

internal static class OAuthEndpoints
{
    public static void MapOAuth(this IEndpointRouteBuilder routes)
    {
        // Limited by address: before its secret is checked, nobody is anybody.
        var group = routes.MapGroup("").WithTags("OAuth").WithMetadata(new OAuthSurface()).RequireRateLimit(RateLimitKind.Address);
        group.MapPost("/oauth/token", ExchangeAsync).WithName("ExchangeToken")
            .WithMetadata(new BodyMetadata(typeof(TokenParameters)) { IsClosed = false }).Produces<OAuthErrorBody>(401).Produces<OAuthErrorBody>(403);
        group.MapGet("/.well-known/openid-configuration", Discover).WithName("GetDiscoveryDocument");
        group.MapGet("/.well-known/jwks.json", ListKeys).WithName("GetJsonWebKeySet");
    }

    private static async Task<Results<Ok<TokenResponse>, OAuthError>> ExchangeAsync(
        HttpContext context, ExchangeClientCredentials exchange, CancellationToken cancellationToken)
    {
        // RFC 6749 section 5.1
        context.Response.Headers.CacheControl = "no-store";
        var (request, fault) = await TokenRequest.ReadAsync(context);
        if (fault is not null)
        {
            return fault;
        }

        switch (request!.GrantType)
        {
            case null or "":
                return OAuthError.InvalidRequest("Parameter grant_type is missing");
            case "client_credentials":
                break;
            default:
                return new OAuthError(400, "unsupported_grant_type", "This grant_type is not supported");
        }

        var (token, error) = await exchange.RunAsync(request, AuditSource.Of(context, request.ClientId), cancellationToken);
        return error is not null ? error : TypedResults.Ok(token);
    }

    private static Ok<DiscoveryDocument> Discover(SallyportOptions options) =>
        TypedResults.Ok(DiscoveryDocument.For(options));

    private static Ok<JsonWebKeySetResponse> ListKeys(HttpContext context, KeyRing ring)
    {
        // Long enough to spare us most requests, short enough that a revoked key is soon forgotten.
        context.Response.Headers.CacheControl = "public, max-age=300";
        return TypedResults.Ok(new JsonWebKeySetResponse([.. ring.Current.VerificationKeys.Select(PublicKey.Of)]));
    }
}

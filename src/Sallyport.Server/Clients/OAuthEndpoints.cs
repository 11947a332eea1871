using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;
using Sallyport.Server.Audit;
using Sallyport.Server.Configuration;
using Sallyport.Server.Http;
using Sallyport.Server.Http.Payloads;
using Sallyport.Server.Http.RateLimiting;
using Sallyport.Server.Security;

namespace Sallyport.Server.Clients;

/// <summary>The token endpoint, the discovery document and the public keys (docs/management-api.md §D).</summary>
internal static class OAuthEndpoints
{
    public static void MapOAuth(this IEndpointRouteBuilder routes)
    {
        // Rate limits count by address, because callers are not authenticated yet.
        var group = routes.MapGroup("").WithTags("OAuth").WithMetadata(new OAuthSurface()).RequireRateLimit(RateLimitKind.Address);
        group.MapPost("/oauth/token", ExchangeAsync).WithName("ExchangeToken").RequireCors(ClientCors.Clients)
            .WithMetadata(new BodyMetadata(typeof(TokenParameters)) { IsClosed = false }).Produces<OAuthErrorBody>(401).Produces<OAuthErrorBody>(403);
        group.MapGet("/.well-known/openid-configuration", Discover).WithName("GetDiscoveryDocument").RequireCors(ClientCors.Documents);
        group.MapGet("/.well-known/jwks.json", ListKeys).WithName("GetJsonWebKeySet").RequireCors(ClientCors.Documents);
    }

    private static async Task<Results<Ok<TokenResponse>, OAuthError>> ExchangeAsync(
        HttpContext context, CallContext call, ExchangeClientCredentials exchange, IEnumerable<ITokenGrant> grants, CancellationToken cancellationToken)
    {
        // RFC 6749 section 5.1
        context.Response.Headers.CacheControl = "no-store";
        var (request, fault) = await TokenRequestReader.ReadAsync(context);
        if (fault is not null)
        {
            return fault;
        }

        if (request!.GrantType is not { } grantType)
        {
            return OAuthError.InvalidRequest("Parameter grant_type is missing");
        }

        call = call with { Source = AuditSource.Of(context, request.ClientId) };
        if (grantType == GrantType.ClientCredentials)
        {
            return await ExchangeClientAsync(request, call, exchange, cancellationToken);
        }

        return grants.FirstOrDefault(grant => grant.GrantTypes.Contains(grantType, StringComparer.Ordinal)) is { } other
            ? await other.ExchangeAsync(request, call, cancellationToken)
            : new OAuthError(400, "unsupported_grant_type", "This grant_type is not supported");
    }

    private static async Task<Results<Ok<TokenResponse>, OAuthError>> ExchangeClientAsync(
        TokenRequest request, CallContext call, ExchangeClientCredentials exchange, CancellationToken cancellationToken)
    {
        var (outcome, token, reason) = await exchange.RunAsync(request, call, cancellationToken);
        return outcome switch
        {
            ExchangeOutcome.Issued => TypedResults.Ok(token),
            ExchangeOutcome.Unauthorized => OAuthError.Unauthorized,
            ExchangeOutcome.GrantTypeNotAllowed => new OAuthError(403, "unauthorized_client", reason!),
            ExchangeOutcome.AudienceMissing or ExchangeOutcome.ApiNotFound or ExchangeOutcome.NotGranted =>
                new OAuthError(403, "access_denied", reason!),
        };
    }

    /// <summary>With its length, because Microsoft Entra wants to know it before it reads the document.</summary>
    private static Ok<DiscoveryDocument> Discover(
        HttpContext context, IOptions<JsonOptions> json, SallyportOptions options, IEnumerable<ITokenGrant> grants, IEnumerable<IDiscoveryPart> parts)
    {
        var document = DiscoveryDocument.For(options, [GrantType.ClientCredentials, .. grants.SelectMany(grant => grant.GrantTypes)]);
        document = parts.Aggregate(document, (known, part) => part.AddTo(known, options));
        context.Response.ContentLength = JsonSerializer.SerializeToUtf8Bytes(document, json.Value.SerializerOptions.GetTypeInfo(typeof(DiscoveryDocument))).Length;
        return TypedResults.Ok(document);
    }

    private static Ok<JsonWebKeySetResponse> ListKeys(HttpContext context, KeyRing ring)
    {
        // Long enough to save most requests, short enough that a revoked key soon leaves the caches.
        context.Response.Headers.CacheControl = "public, max-age=300";
        var keys = ring.Current;
        var certificates = keys.Keys.Where(key => key.Certificate is not null).ToDictionary(key => key.Id, key => key.Certificate!);
        return TypedResults.Ok(new JsonWebKeySetResponse([.. keys.VerificationKeys.Select(key => PublicKey.Of(key, certificates[key.KeyId]))]));
    }
}

using Microsoft.AspNetCore.Cors.Infrastructure;
using Sallyport.Server.Configuration;
using Sallyport.Server.Http.RateLimiting;

namespace Sallyport.Server.Http;

/// <summary>The base paths of the APIs, with what applies to all of their endpoints.</summary>
internal static class Surfaces
{
    private static readonly string[] GuardianBases = ["/appliance-mfa/api", "/api"];

    /// <summary>Requires access tokens; rate limits count by client.</summary>
    public static RouteGroupBuilder MapManagementApi(this IEndpointRouteBuilder routes) =>
        routes.MapGroup("/api/v2").RequireRateLimit(RateLimitKind.Client);

    /// <summary>
    /// The two base paths that published clients use, with the same handlers (docs/wire.md §1.1). Rate limits count by address, because
    /// tickets could be guessed here.
    /// </summary>
    public static IEnumerable<RouteGroupBuilder> MapGuardianApi(this IEndpointRouteBuilder routes) =>
        GuardianBases.Select(prefix => routes.MapGroup(prefix).RequireCors(GuardianCors.Policy).RequireRateLimit(RateLimitKind.Address));
}

/// <summary>Pages of any origin may call the Guardian API. It uses no cookies, so a foreign page gains nothing.</summary>
internal static class GuardianCors
{
    public const string Policy = "guardian";

    public static void Build(CorsPolicyBuilder policy, SallyportOptions options)
    {
        policy
            .WithMethods("POST")
            .WithHeaders("authorization", "content-type", "accept", "x-global-tracking-id", "auth0-client")
            .WithExposedHeaders("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset", "Retry-After")
            .SetPreflightMaxAge(TimeSpan.FromHours(1));
        if (options.AllowedOrigins.Count == 0)
        {
            policy.AllowAnyOrigin();
        }
        else
        {
            policy.WithOrigins([.. options.AllowedOrigins]);
        }
    }
}

using Sallyport.Server.Http.RateLimiting;

namespace Sallyport.Server.Http;

/// <summary>The base paths of the surfaces, with what holds for all of their endpoints.</summary>
internal static class Surfaces
{
    private static readonly string[] GuardianBases = ["/appliance-mfa/api", "/api"];

    /// <summary>Access tokens only, counted by client, answers never cached.</summary>
    public static RouteGroupBuilder MapManagementApi(this IEndpointRouteBuilder routes) =>
        routes.MapGroup("/api/v2").RequireRateLimit(RateLimitKind.Client);

    /// <summary>
    /// Both bases that published clients use (docs/wire.md §1.1), the same handlers. Limited by address, since a ticket
    /// can be guessed at only here.
    /// </summary>
    public static IEnumerable<RouteGroupBuilder> MapGuardianApi(this IEndpointRouteBuilder routes) =>
        GuardianBases.Select(prefix => routes.MapGroup(prefix).RequireCors(GuardianCors.Policy).RequireRateLimit(RateLimitKind.Address));
}

using System.Globalization;
using Sallyport.Server.Configuration;

namespace Sallyport.Server.Http.RateLimiting;

internal enum RateLimitKind
{
    /// <summary>Each address: for surfaces whose callers have shown nothing yet.</summary>
    Address,

    /// <summary>Each client of the Management API.</summary>
    Client,

    /// <summary>Also each client, and less often.</summary>
    EmailTemplates,

    /// <summary>Also each client, and less often.</summary>
    AuthenticationMethods,
}

/// <summary>The innermost of an endpoint counts: it may be narrower than that of its surface.</summary>
internal sealed record RateLimitMetadata(RateLimitKind Kind);

/// <summary>Counts a request before it is worked on, and tells the caller where it stands (docs/management-api.md §E.6).</summary>
internal sealed class RateLimitMiddleware(RequestDelegate next, RateLimiter limiter, SallyportOptions options)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<RateLimitMetadata>() is not { } metadata)
        {
            return next(context);
        }

        if (Take(context, metadata.Kind) is not { } decision)
        {
            return next(context);
        }

        var reset = decision.FullAt.ToUnixTimeSeconds() + 1;
        var headers = context.Response.Headers;
        headers["X-RateLimit-Limit"] = decision.Limit.ToString(CultureInfo.InvariantCulture);
        headers["X-RateLimit-Remaining"] = decision.Remaining.ToString(CultureInfo.InvariantCulture);
        headers["X-RateLimit-Reset"] = reset.ToString(CultureInfo.InvariantCulture);
        if (decision.IsAllowed)
        {
            return next(context);
        }

        headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(decision.Wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        return ApiError.TooManyRequests("Global limit has been reached", ErrorCodes.TooManyRequests).ExecuteAsync(context);
    }

    /// <returns>Null where there is no limit.</returns>
    private RateLimitDecision? Take(HttpContext context, RateLimitKind kind) => kind switch
    {
        RateLimitKind.Address => Take(Caller(context, kind), options.GuardianRateLimit),
        RateLimitKind.Client => Take(Caller(context, kind), options.ManagementRateLimit),
        RateLimitKind.EmailTemplates => TakeBoth(
            context, "email-templates of ", options.EmailTemplateRateLimit, RateLimit.PerMinute),
        RateLimitKind.AuthenticationMethods => TakeBoth(
            context, "authentication-methods of ", options.AuthenticationMethodRateLimit, RateLimit.PerSecond),
    };

    private RateLimitDecision? Take(string caller, int perSecond) => perSecond > 0 ? limiter.Take(caller, perSecond) : null;

    /// <summary>A request counts among all of its client, and among those of its kind: the answer says where it stands with these.</summary>
    private RateLimitDecision? TakeBoth(HttpContext context, string bucket, int requests, Func<int, RateLimit> limit)
    {
        var caller = Caller(context, RateLimitKind.Client);
        var ofClient = Take(caller, options.ManagementRateLimit);
        return requests == 0 || ofClient is { IsAllowed: false } ? ofClient : limiter.Take(bucket + caller, limit(requests));
    }

    private static string Caller(HttpContext context, RateLimitKind kind) =>
        kind == RateLimitKind.Client && context.User is ICaller caller
            ? "client " + caller.ClientId
            : "address " + ClientAddress.Of(context);
}

internal static class RateLimitExtensions
{
    public static TBuilder RequireRateLimit<TBuilder>(this TBuilder builder, RateLimitKind kind)
        where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new RateLimitMetadata(kind));
}

using System.Globalization;
using Sallyport.Server.Configuration;

namespace Sallyport.Server.Http.RateLimiting;

internal enum RateLimitKind
{
    /// <summary>Counts by address, for APIs whose callers are not authenticated yet.</summary>
    Address,

    /// <summary>Counts by client of the Management API.</summary>
    Client,

    /// <summary>Counts by client too, with a lower limit of its own, as the published API has it.</summary>
    EmailTemplates,

    /// <summary>Counts by client too, with a lower limit of its own, as the published API has it.</summary>
    AuthenticationMethods,
}

/// <summary>The innermost metadata of an endpoint counts: its limit may be narrower than the one of its API.</summary>
internal sealed record RateLimitMetadata(RateLimitKind Kind);

/// <summary>Counts a request before it is processed, and adds the rate limit headers (docs/management-api.md §E.6).</summary>
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

    /// <returns>Null if there is no limit.</returns>
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

    /// <summary>The request counts for its client and for its kind. The headers show the limit of the kind.</summary>
    private RateLimitDecision? TakeBoth(HttpContext context, string bucket, int requests, Func<int, RateLimit> limit)
    {
        var caller = Caller(context, RateLimitKind.Client);
        var forClient = Take(caller, options.ManagementRateLimit);
        return requests == 0 || forClient is { IsAllowed: false } ? forClient : limiter.Take(bucket + caller, limit(requests));
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

using System.Globalization;
using Sallyport.Server.Configuration;

namespace Sallyport.Server.Http;

internal enum RateLimitKind
{
    /// <summary>Each address: for surfaces whose callers have shown nothing yet.</summary>
    Address,

    /// <summary>Each client of the Management API.</summary>
    Client,
}

internal sealed record RateLimitMetadata(RateLimitKind Kind);

/// <summary>Counts a request before it is worked on, and tells the caller where it stands (management-api E.6).</summary>
internal sealed class RateLimitMiddleware(RequestDelegate next, RateLimiter limiter, SallyportOptions options)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<RateLimitMetadata>() is not { } metadata)
        {
            return next(context);
        }

        var perSecond = metadata.Kind == RateLimitKind.Client ? options.ManagementRateLimit : options.GuardianRateLimit;
        if (perSecond == 0)
        {
            return next(context);
        }

        var decision = limiter.Take(Caller(context, metadata.Kind), perSecond);
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

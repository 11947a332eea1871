using Microsoft.AspNetCore.Cors.Infrastructure;
using Sallyport.Server.Configuration;

namespace Sallyport.Server.Http;

/// <summary>The Guardian API is called by pages of any origin: it knows no cookies, so a foreign page gains nothing by it.</summary>
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

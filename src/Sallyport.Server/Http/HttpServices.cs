using System.Text.Encodings.Web;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.HttpOverrides;
using Sallyport.Server.Configuration;
using Sallyport.Server.Http.OpenApi;
using Sallyport.Server.Http.Payloads;
using Sallyport.Server.Http.RateLimiting;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Http;

internal static class HttpServices
{
    private const long MaxBodySize = 1024 * 1024;

    public static void AddHttp(this IServiceCollection services, SallyportOptions options)
    {
        services.AddSingleton<RateLimiter>();
        services.AddHostedService<RateLimitExchange>();
        services.AddSingleton(new RetentionRule("rate_bucket", "caller", "full_at < @before", TimeSpan.FromMinutes(1)));
        services.AddSingleton<IAuthorizationMiddlewareResultHandler, ScopeRefusal>();
        services.AddAuthorization();
        services.AddCors(cors => cors.AddPolicy(GuardianCors.Policy, policy => GuardianCors.Build(policy, options)));
        services.Configure<Microsoft.AspNetCore.Server.Kestrel.Core.KestrelServerOptions>(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = MaxBodySize;
            kestrel.AddServerHeader = false;
        });
        services.Configure<HostOptions>(host => host.ShutdownTimeout = options.DrainTime + TimeSpan.FromSeconds(8));
        services.AddSingleton<Draining>();
        services.AddHostedService(provider => provider.GetRequiredService<Draining>());
        services.Configure<ForwardedHeadersOptions>(forwarded => Trust(forwarded, options.TrustedProxies));
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.PropertyNamingPolicy = null;
            // Names are compared exactly when they are checked, so they are bound exactly too.
            json.SerializerOptions.PropertyNameCaseInsensitive = false;
            json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
            json.SerializerOptions.AllowDuplicateProperties = false;
            json.SerializerOptions.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
            json.SerializerOptions.Converters.Add(new InstantConverter());
            // Answers are application/json and never sniffed as HTML, so apostrophes need no escaping.
            json.SerializerOptions.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, HttpJson.Default);
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, PayloadJson.Default);
        });
        services.AddOpenApiDocument();
    }

    /// <summary>Only the client's address is taken from a proxy. Scheme and host come from the configuration.</summary>
    private static void Trust(ForwardedHeadersOptions forwarded, IReadOnlyList<System.Net.IPNetwork> proxies)
    {
        forwarded.ForwardedHeaders = proxies.Count > 0 ? ForwardedHeaders.XForwardedFor : ForwardedHeaders.None;
        forwarded.KnownIPNetworks.Clear();
        forwarded.KnownProxies.Clear();
        foreach (var network in proxies)
        {
            forwarded.KnownIPNetworks.Add(network);
        }
    }
}

using Sallyport.Server.Http.RateLimiting;
using Sallyport.Server.Security;
using Scalar.AspNetCore;

namespace Sallyport.Server;

/// <summary>
/// The API reference at <c>/docs</c>, made from <c>/openapi.json</c>. All of its scripts come from this server, so it works without
/// the internet, and what a reader types in goes to this server only.
/// </summary>
internal static class ApiReference
{
    private const string Path = "/docs";

    public static void MapApiReference(this IEndpointRouteBuilder routes) =>
        routes.MapScalarApiReference(Path, Configure).ExcludeFromDescription().RequireRateLimit(RateLimitKind.Address);

    private static void Configure(ScalarOptions options, HttpContext context)
    {
        var nonce = Tokens.NewHex(32);
        options.WithTitle("Sallyport API")
            .WithOpenApiRoutePattern("/openapi.json")
            .WithNonce(nonce)
            .DisableDefaultFonts()
            .DisableTelemetry()
            .DisableAgent()
            .DisableMcp()
            .HideClientButton()
            .HideDeveloperTools();
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = $"default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'unsafe-inline'; connect-src 'self'; "
            + "img-src 'self' data: blob:; font-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        headers["Referrer-Policy"] = "no-referrer";
    }
}

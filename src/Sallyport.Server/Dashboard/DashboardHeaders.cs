namespace Sallyport.Server.Dashboard;

/// <summary>The headers of every response of the dashboard.</summary>
internal static class DashboardHeaders
{
    /// <summary>No inline scripts or styles. Logos and pictures of users come from anywhere over https.</summary>
    public const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: https:; connect-src 'self'; form-action 'self'; base-uri 'none'; "
        + "frame-ancestors 'none'";

    public static void Set(IHeaderDictionary headers)
    {
        headers.ContentSecurityPolicy = Policy;
        headers.CacheControl = "no-store";
        headers.XFrameOptions = "DENY";
        headers.XContentTypeOptions = "nosniff";
        // Forms name their origin; other sites learn nothing.
        headers["Referrer-Policy"] = "same-origin";
        // Cuts the tie to the window that has opened the dashboard, also to one of the same origin: a hosted page with scripts of others.
        headers["Cross-Origin-Opener-Policy"] = "noopener-allow-popups";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()";
        headers["X-Robots-Tag"] = "noindex, nofollow";
    }
}

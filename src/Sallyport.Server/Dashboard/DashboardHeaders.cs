namespace Sallyport.Server.Dashboard;

/// <summary>The headers of every response of the dashboard.</summary>
internal static class DashboardHeaders
{
    /// <summary>No inline scripts or styles. Logos and pictures of users come from anywhere over https.</summary>
    public const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: https:; connect-src 'self'; form-action 'self'; base-uri 'none'; "
        + "frame-ancestors 'none'";

    /// <summary>For a page with an editor: it shows previews in a frame, and the code editor adds its styles with a nonce.</summary>
    public static void AllowEditor(IHeaderDictionary headers, string nonce) =>
        headers.ContentSecurityPolicy = Policy.Replace("style-src 'self'", $"style-src 'self' 'nonce-{nonce}'; frame-src 'self'", StringComparison.Ordinal);

    /// <summary>For a page that an editor shows in its frame.</summary>
    public static void AllowFrame(IHeaderDictionary headers, string policy)
    {
        headers.ContentSecurityPolicy = $"{policy}; frame-ancestors 'self'";
        headers.XFrameOptions = "SAMEORIGIN";
    }

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

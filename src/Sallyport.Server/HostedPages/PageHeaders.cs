namespace Sallyport.Server.HostedPages;

/// <summary>The headers of a page with a secret in its address: not stored, not framed, no referrer.</summary>
internal static class PageHeaders
{
    /// <summary>For a page that another page of this server may show in a frame, as its policy says.</summary>
    public static void SetFramed(IHeaderDictionary headers, string policy)
    {
        Set(headers, policy);
        headers.XFrameOptions = "SAMEORIGIN";
    }

    public static void Set(IHeaderDictionary headers, string policy)
    {
        headers.ContentSecurityPolicy = policy;
        headers["Referrer-Policy"] = "no-referrer";
        headers.CacheControl = "no-store";
        headers.XFrameOptions = "DENY";
        headers.XContentTypeOptions = "nosniff";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Permissions-Policy"] =
            "camera=(), microphone=(), geolocation=(), publickey-credentials-create=(self), publickey-credentials-get=(self)";
        headers["X-Robots-Tag"] = "noindex, nofollow";
    }
}

/// <summary>The content security policy of a page (ADR 7).</summary>
/// <param name="formUrl">The address to which the form of the page leads; null for a page without one.</param>
internal sealed class PagePolicy(ShownPage shown, string publicUrl, string? formUrl = null)
{
    /// <summary>A page with a form that leads back here and at last to an address.</summary>
    /// <param name="scriptUrl">Its only script; null if it has none.</param>
    public static string ForForm(string formUrl, string? scriptUrl = null) =>
        $"default-src 'none'; {(scriptUrl is null ? "" : $"script-src {scriptUrl}; ")}"
        + "style-src 'self'; img-src 'self' data: https:; "
        + $"form-action 'self' https: {OriginOf(new Uri(formUrl))}; base-uri 'none'; frame-ancestors 'none'";

    /// <summary>Runs the page's scripts in an opaque origin and without any connection. The editor of the dashboard shows it in a frame.</summary>
    public string ForPreview() => $"sandbox allow-scripts; {Sources("'none'", "'none'", $"'self' {publicUrl}")}";

    public override string ToString() => shown.IsOwn
        ? Sources($"'self' {publicUrl} https: wss:", $"'self' {publicUrl} https:{Target}")
        : Sources($"'self' {publicUrl}", formUrl is null ? "'none'" : $"'self' https:{Target}");

    /// <summary>Browsers also check the redirects that follow the form; the application may answer with one to another https address.</summary>
    private string Target => formUrl is null ? "" : " " + OriginOf(new Uri(formUrl));

    /// <summary>In ASCII, because it stands in a header.</summary>
    private static string OriginOf(Uri address)
    {
        if (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps)
        {
            return address.Scheme + ":";
        }

        var host = address.HostNameType == UriHostNameType.IPv6 ? $"[{address.IdnHost}]" : address.IdnHost;
        return $"{address.Scheme}://{host}{(address.IsDefaultPort ? "" : $":{address.Port}")}";
    }

    private string Sources(string connect, string formAction, string frameAncestors = "'none'") =>
        $"default-src 'none'; {(shown.IsOwn ? OwnPage() : DefaultPage())}; connect-src {connect}; form-action {formAction}; "
        + $"base-uri 'none'; frame-ancestors {frameAncestors}";

    private string DefaultPage() => $"script-src 'self' 'nonce-{shown.Page.Nonce}'; style-src 'self'; img-src 'self' data: blob: https:";

    /// <summary>
    /// The template's scripts carry the nonce. Its event handlers in attributes may run as well: only the template can write one, because no
    /// value ends an attribute. Anything may be loaded over https, nothing may be evaluated.
    /// </summary>
    private string OwnPage() =>
        $"script-src 'self' {publicUrl} 'nonce-{shown.Page.Nonce}' https:; script-src-attr 'unsafe-inline'; style-src 'self' 'unsafe-inline' https:; "
        + "img-src 'self' data: blob: https:; font-src 'self' data: https:; media-src 'self' https:; frame-src https:";
}
